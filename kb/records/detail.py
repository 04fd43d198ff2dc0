"""The registry of details: which kinds have fields of their own, in which table, and how each field is checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db import models as django_models

from kb.core.dates import PartialDate
from kb.core.errors import InvalidInput
from kb.core.vocabulary import Vocabulary
from kb.core.web import check_address
from kb.ledger.models import PublicRow
from kb.records import models
from kb.records import vocabularies as words
from kb.records.checks import check_code
from kb.records.issue_codes import ISSUE_CODES
from kb.records.models.issue import SEVERITY_FACTORS

Check = Callable[[object], None]
_MOST_REVIEWERS = 100


@dataclass(frozen=True, slots=True)
class Detail:
    """A table of fields that one kind of record has.

    `records` maps the fields that point to other records to the kind of these, `identity` names those that make a part
    of a law itself.
    """

    model: type[PublicRow]
    checks: Mapping[str, Check]
    records: Mapping[str, str] = field(default_factory=dict)
    required: frozenset[str] = field(default_factory=frozenset)
    identity: tuple[str, ...] = ()

    def check(self, fields: Mapping[str, object], *, complete: bool) -> None:
        """Raise InvalidInput for a field that the kind does not have, a bad or emptied value or, if complete, a missing one."""
        for name, value in fields.items():
            if name in self.checks:
                self.checks[name](value)
            elif name not in self.records:
                raise InvalidInput(f"“{name[:40]}” is not a field here. Fields are: {', '.join([*self.checks, *self.records])}.")
        missing = {name for name in self.required if (complete or name in fields) and not fields.get(name)}
        if missing:
            raise InvalidInput(f"{', '.join(sorted(missing))} must be given.")


def _code(vocabulary: Vocabulary) -> Check:
    def check(value: object) -> None:
        check_code(vocabulary, value)

    return check


def _optional_code(vocabulary: Vocabulary) -> Check:
    def check(value: object) -> None:
        if value:
            check_code(vocabulary, value)

    return check


def _text(value: object) -> None:
    if not isinstance(value, str):
        raise InvalidInput("A text is expected.")


def _date(value: object) -> None:
    if value:
        PartialDate.parse(str(value))


def _address(value: object) -> None:
    if value:
        check_address(str(value))


def _issue_code(value: object) -> None:
    if not isinstance(value, str) or value not in ISSUE_CODES:
        raise InvalidInput(f"“{str(value)[:40]}” is not an issue code.")


def _frames(value: object) -> None:
    if not isinstance(value, list) or not value:
        raise InvalidInput("Frames are a list with at least one frame.")
    for frame in value:
        check_code(words.FRAMES, frame)


def _factor(value: object) -> None:
    if value is not None and (type(value) is not int or not 0 <= value <= 3):
        raise InvalidInput("A severity factor runs from 0 to 3.")


def _reviewers(value: object) -> None:
    if type(value) is not int or not 0 <= value <= _MOST_REVIEWERS:
        raise InvalidInput(f"Reviewers are a whole number of at most {_MOST_REVIEWERS}.")


def _country(value: object) -> None:
    if value and not (isinstance(value, str) and len(value) == 2 and value.isascii() and value.isalpha() and value.isupper()):
        raise InvalidInput("A country is its ISO code in two capitals.")


DETAILS: dict[str, Detail] = {
    "report": Detail(
        models.ReportDetail,
        {
            "type": _code(words.REPORT_TYPES), "url": _address, "published": _date,
            "independence": _code(words.INDEPENDENCE), "stage": _code(words.REPORT_STAGES),
        },
        records={"publisher": "party"},
    ),
    "issue": Detail(
        models.IssueDetail,
        {
            "code": _issue_code, "frames": _frames, "harm_status": _code(words.HARM_STATUSES),
            "found_by": _code(words.FOUND_BY), "reviewers": _reviewers, "credit": _text,
            "severity_override": _optional_code(words.SEVERITIES), "severity_reason": _text,
            **dict.fromkeys(SEVERITY_FACTORS, _factor),
        },
        required=frozenset({"code", "frames"}),
    ),
    "legislation": Detail(
        models.LegislationDetail,
        {"jurisdiction": _text, "number": _text, "session": _text, "official_title": _text},
        required=frozenset({"jurisdiction"}),
    ),
    "party": Detail(models.PartyDetail, {"type": _code(words.PARTY_TYPES), "country": _country}),
}  # fmt: skip

PARTS: dict[str, Detail] = {
    "provision": Detail(
        models.Provision,
        {
            "locator": _text, "heading": _text, "kind": _code(words.PROVISION_KINDS), "gist": _text,
            "effective_from": _date, "effective_to": _date,
        },
        records={"report": "report"}, required=frozenset({"locator", "kind", "gist"}), identity=("locator", "kind"),
    ),
    "action": Detail(
        models.Action,
        {"date": _date, "text": _text, "stage": _optional_code(words.LEGISLATION_STAGES)},
        records={"report": "report"}, required=frozenset({"date", "text"}), identity=("date", "text"),
    ),
}  # fmt: skip

# The columns of each table that hold words of people: the safety guard reads every one of them.
TEXTS: dict[type[django_models.Model], tuple[str, ...]] = {
    models.Record: ("name",),
    models.Name: ("text",),
    models.Identifier: ("value",),
    models.SourceKey: ("external_id",),
    models.Statement: ("value_text", "unit", "note", "override_reason"),
    models.Evidence: ("gist", "quotation", "locator", "confidence_reason"),
    models.IssueDetail: ("severity_reason", "credit"),
    models.LegislationDetail: ("jurisdiction", "number", "session", "official_title"),
    models.Provision: ("locator", "heading", "gist"),
    models.Action: ("text",),
    models.Reply: ("text", "reason"),
    models.Dispute: ("ground", "outcome"),
}

# Columns of characters that hold no words: codes, dates, slugs, digests, and the one address.
NOT_TEXTS: dict[type[django_models.Model], tuple[str, ...]] = {
    models.Record: ("kind", "folded", "slug"),
    models.Name: ("folded",),
    models.Identifier: ("scheme",),
    models.SourceKey: ("source",),
    models.RetiredSlug: ("slug",),
    models.Statement: (
        "predicate", "value_code", "value_date", "qualifier", "start", "end", "rank", "status", "identity", "override",
    ),
    models.Evidence: ("stance", "kind", "start", "end", "confidence", "archive_url", "archive_digest"),
    models.ReportDetail: ("type", "url", "published", "independence", "stage"),
    models.IssueDetail: ("code", "harm_status", "found_by", "severity_override"),
    models.Provision: ("kind", "effective_from", "effective_to"),
    models.Action: ("date", "stage"),
    models.PartyDetail: ("type", "country"),
    models.Reply: ("state",),
    models.Dispute: ("state",),
}  # fmt: skip
