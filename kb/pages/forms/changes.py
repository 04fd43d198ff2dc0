"""Forms for one typed change each, made from the shape of the change and the registries: what a person fills in becomes
the JSON that `kb.review.wire` reads.

    form = change_form("add_alias", subject=record, data=request.POST)
    if form.is_valid(): send_changes([form.body()], ...)

Whether the change may be published is asked by review; only gaps and what is no number are said here.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from django import forms

from kb.core.errors import InvalidInput
from kb.core.vocabulary import Vocabulary
from kb.pages.forms.labels import HELP, LABELS
from kb.pages.forms.parts import EVIDENCE, FIELDS, Part, parts_of
from kb.records import changes as do
from kb.records import vocabularies as words
from kb.records.apply.statements import EVIDENCE_FIELDS, STATEMENT_FIELDS
from kb.records.detail import DETAILS, PARTS
from kb.records.identifiers import SCHEMES
from kb.records.issue_codes import ISSUE_CODES
from kb.records.kinds import KINDS
from kb.records.models import Evidence, Record, Statement
from kb.records.models.issue import DECIDED_FIELDS
from kb.records.predicates import GROUP_TITLES, PREDICATES, Predicate
from kb.review.wire import CHANGES, NEW, Json

Choices = list[tuple[str, Any]]
Subject = Record | Statement | Evidence | None
# What of a piece of evidence no form asks for.
NOT_ASKED = frozenset({"start", "end", "first_seen", "accessed"})
# Fields of details that only imports and editors of the desk set elsewhere.
_LEFT_OUT = DECIDED_FIELDS | {"override", "override_reason"}
_LONG = frozenset({"gist", "note", "reason", "text", "quotation", "value", "official_title", "confidence_reason"})

_A_RECORD = "Its id or the last part of its address, such as UP-D-7 or laion-5b."


def _of(vocabulary: Vocabulary) -> Choices:
    return vocabulary.choices


def _kinds(subject: Subject) -> Choices:
    return [(kind.code, kind.label) for kind in KINDS.values()]


def _predicates(subject: Subject) -> Choices:
    """The predicates that may be said of the subject, by their groups."""
    kind = subject.kind if isinstance(subject, Record) else ""
    fitting = [row for row in PREDICATES.values() if not kind or kind in row.subjects]
    groups = {row.group: GROUP_TITLES[row.group] for row in fitting}
    return [(title, [(row.code, row.label) for row in fitting if row.group == group]) for group, title in groups.items()]


def _qualifiers(subject: Subject) -> Choices:
    """The qualifiers of the predicates that may be said of the subject, by the predicates that take them."""
    kind = subject.kind if isinstance(subject, Record) else ""
    groups: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for row in PREDICATES.values():
        if row.qualifiers and (not kind or kind in row.subjects):
            groups.setdefault(tuple(row.qualifiers.choices), []).append(row.label)
    return [(f"For {', '.join(names)}", list(choices)) for choices, names in groups.items()]


# The closed sets of words, by field; where a name means two things, by the kind of record it is a field of.
CHOICES: Mapping[str, Callable[[Subject], Choices]] = {
    "kind": _kinds,
    "predicate": _predicates,
    "qualifier": _qualifiers,
    "rank": lambda _: _of(words.RANKS),
    "scheme": lambda _: [(scheme.code, scheme.label) for scheme in SCHEMES.values()],
    "part": lambda _: [(part, part.capitalize()) for part in PARTS],
    f"{EVIDENCE}kind": lambda _: _of(words.EVIDENCE_KINDS),
    f"{EVIDENCE}stance": lambda _: _of(words.STANCES),
    f"{EVIDENCE}confidence": lambda _: _of(words.CONFIDENCES),
    "confidence": lambda _: _of(words.CONFIDENCES),
    "report.type": lambda _: _of(words.REPORT_TYPES),
    "report.independence": lambda _: _of(words.INDEPENDENCE),
    "report.stage": lambda _: _of(words.REPORT_STAGES),
    "party.type": lambda _: _of(words.PARTY_TYPES),
    "issue.code": lambda _: [(row.code, f"{row.code} {row.label}") for row in ISSUE_CODES.values()],
    "issue.frames": lambda _: _of(words.FRAMES),
    "issue.harm_status": lambda _: _of(words.HARM_STATUSES),
    "issue.found_by": lambda _: _of(words.FOUND_BY),
}


class ChangeForm(forms.Form):
    """One typed change. Made by `change_form`; `body()` is its JSON."""

    code = ""
    given: Mapping[str, Json] = {}

    def body(self) -> Json:
        """Return the change as JSON. Raises InvalidInput for a value that is not of the predicate's kind."""
        filled = {name: value for name, value in self.cleaned_data.items() if _is_filled(value)}
        body: dict[str, Json] = {"change": self.code, **self.given}
        for name, value in filled.items():
            if not name.startswith((EVIDENCE, FIELDS)):
                body[name] = _WRITTEN.get(name, _as_it_is)(value)
        body |= self._nested(filled)
        if self.code == "add_statement":
            body = _typed(body)
        return body

    @property
    def parts(self) -> list[Part]:
        """The fields as they are shown: what is usually filled in first, the rest folded."""
        return parts_of(self)

    def _nested(self, filled: Mapping[str, Any]) -> dict[str, Json]:
        nested: dict[str, Json] = {}
        if draft := _below(filled, EVIDENCE):
            nested["evidence"] = [draft] if self.code == "add_statement" else draft
        if holder := _FIELDS_IN.get(self.code):
            changed = self._changed() if self.code.startswith("amend") else _below(filled, FIELDS)
            nested |= {holder: changed} if changed else {}
        return nested

    def _changed(self) -> dict[str, Json]:
        """The fields of an amendment that differ from what is on record, emptied ones too."""
        asked = {name: self.cleaned_data[name] for name in self.fields if name.startswith(FIELDS)}
        was = {name: self.get_initial_for_field(self.fields[name], name) for name in asked}
        changed = {name: value for name, value in asked.items() if _plain(value) != _plain(was[name])}
        return {name.removeprefix(FIELDS): _plain(value) for name, value in changed.items()}


def change_form(code: str, subject: Subject = None, kind: str = "", **form: Any) -> ChangeForm:
    """Make the form of a change. `subject` is what it is about; `kind`, of a record to be created, says which fields it has.

    Raises InvalidInput for a code that is no change.
    """
    if code not in CHANGES:
        raise InvalidInput(f"“{code[:40]}” is not a change.")
    given = _given(code, subject)
    made = {name: field for name, field in _fields(code, subject, kind).items() if name not in given}
    own = {**made, "code": code, "given": given | ({"kind": kind} if kind else {})}
    if kind:
        own.pop("kind", None)
    return type("OneChange", (ChangeForm,), own)(**form)  # type: ignore[no-any-return]


def _given(code: str, subject: Subject) -> dict[str, Json]:
    """What follows from the subject and is not asked."""
    if code == "create_record":
        return {"ref": f"{NEW}record"}
    if isinstance(subject, Statement):
        return {"statement": subject.pk}
    if isinstance(subject, Evidence):
        return {"evidence": subject.pk}
    if isinstance(subject, Record):
        return {"subject" if code == "add_statement" else "record": subject.public_id}
    return {}


def _fields(code: str, subject: Subject, kind: str) -> dict[str, forms.Field]:
    made: dict[str, forms.Field] = {}
    for field in fields(CHANGES[code]):
        if field.name in {"ref", "slug_stem", "source_keys", "detail", "fields"}:
            continue
        if field.name == "evidence" and code in _WITH_EVIDENCE:
            made |= _evidence_fields(required=code == "add_evidence")
            continue
        made[field.name] = _field(field.name, subject, required=field.name in _REQUIRED)
    return made | _fields_of(code, subject, kind)


def _evidence_fields(*, required: bool) -> dict[str, forms.Field]:
    names = [field.name for field in fields(do.EvidenceDraft) if field.name not in NOT_ASKED]
    needed = {"report", "kind", "gist"} if required else set()
    return {f"{EVIDENCE}{name}": _field(name, None, required=name in needed, key=f"{EVIDENCE}{name}") for name in names}


def _fields_of(code: str, subject: Subject, kind: str) -> dict[str, forms.Field]:
    """The fields of a detail, or those of a statement or an evidence row that may be amended."""
    if code == "amend_statement":
        return {f"{FIELDS}{name}": _field(name, subject, initial=_now(subject, name)) for name in _in_order(STATEMENT_FIELDS)}
    if code == "amend_evidence":
        return {f"{FIELDS}{name}": _field(name, subject, initial=_now(subject, name)) for name in _in_order(EVIDENCE_FIELDS)}
    if code not in {"create_record", "amend_detail"}:
        return {}
    of = kind or (subject.kind if isinstance(subject, Record) else "")
    detail = DETAILS.get(of)
    names = [name for name in (*detail.checks, *detail.records) if name not in _LEFT_OUT] if detail else []
    row = getattr(subject, of, None) if code == "amend_detail" else None
    needed = detail.required if detail and code == "create_record" else frozenset()
    return {
        f"{FIELDS}{name}": _field(name, subject, required=name in needed, initial=_now(row, name), key=f"{of}.{name}")
        for name in names
    }


def _in_order(names: frozenset[str]) -> list[str]:
    return [name for name in LABELS if name in names - _LEFT_OUT]


def _now(row: object, name: str) -> object:
    value = getattr(row, name, None) if row is not None else None
    return value.public_id if isinstance(value, Record) else value


def _field(name: str, subject: Subject, *, required: bool = False, initial: object = None, key: str = "") -> forms.Field:
    common: dict[str, Any] = {"label": LABELS.get(name, name), "required": required, "initial": initial}
    common["help_text"] = _A_RECORD if name in _RECORDS else HELP.get(name, "")
    choices = CHOICES.get(key or name)
    if choices and name == "frames":
        return forms.MultipleChoiceField(choices=choices(subject), widget=forms.CheckboxSelectMultiple, **common)
    if choices:
        return forms.ChoiceField(choices=[("", "Choose" if required else "Not said"), *choices(subject)], **common)
    if name in {"ambiguous"}:
        return forms.BooleanField(**common | {"required": False})
    if name in _DAYS:
        return forms.DateField(widget=forms.DateInput(attrs={"placeholder": "YYYY-MM-DD"}), **common)
    if name in _LONG or name in {"aliases", "identifiers"}:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=10_000, **common)
    return forms.CharField(max_length=1_000, **common)


_RECORDS = frozenset({"record", "into", "subject", "object", "report", "said_by", "cited_in", "publisher", "split_from", "to"})
_DAYS = frozenset({"accessed", "last_checked", "last_seen", "first_seen"})
_REQUIRED = frozenset({"kind", "text", "scheme", "value", "subject", "predicate", "into", "to", "record"}) - {"value"}
_WITH_EVIDENCE = frozenset({"add_statement", "add_evidence"})
# Where a change keeps the fields that depend on the kind of record.
_FIELDS_IN = {"create_record": "detail", "amend_detail": "fields", "amend_statement": "fields", "amend_evidence": "fields"}


def _is_filled(value: object) -> bool:
    return value not in (None, "", [], False)


def _plain(value: Any) -> Json:
    return value.isoformat() if hasattr(value, "isoformat") else "" if value is None else value


def _as_it_is(value: Any) -> Json:
    return _plain(value)


def _names(text: str) -> Json:
    return {line.strip(): False for line in text.splitlines() if line.strip()}


def _pairs(text: str) -> Json:
    pairs = [line.split(maxsplit=1) for line in text.splitlines() if line.strip()]
    if any(len(pair) < 2 for pair in pairs):
        raise InvalidInput("An identifier is a scheme, a blank and the value, such as: doi 10.25740/kh752sm9123")
    return pairs


_WRITTEN: Mapping[str, Callable[[Any], Json]] = {"aliases": _names, "identifiers": _pairs}


def _below(filled: Mapping[str, Any], prefix: str) -> dict[str, Json]:
    return {name.removeprefix(prefix): _plain(value) for name, value in filled.items() if name.startswith(prefix)}


def _typed(body: dict[str, Json]) -> dict[str, Json]:
    """A value as its predicate holds it: forms know only text."""
    row: Predicate | None = PREDICATES.get(str(body.get("predicate")))
    if row and row.codes and "value" in body:
        said = str(body["value"]).strip().casefold()
        return body | {"value": next((code for code, label in row.codes.choices if label.casefold() == said), body["value"])}
    if row and row.column == "value_integer" and "value" in body:
        try:
            return body | {"value": int(str(body["value"]).replace(",", "").strip())}
        except ValueError:
            raise InvalidInput(f"“{row.label}” takes a whole number.") from None
    return body
