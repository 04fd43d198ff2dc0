"""The safety guard reads every word of every table before it is stored, strictly where a hazard issue is concerned."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.apps import apps

from kb.core.errors import InvalidInput
from kb.ledger.models import Counter, Head
from kb.records import changes as do
from kb.records.detail import TEXTS
from kb.records.models import Record, Statement
from tests import build

pytestmark = pytest.mark.django_db

UNSAFE = "see https://example.org/x"
MARK = "example.org/x"
# Mild: refused for a hazard issue and nowhere else.
STRICT = "The similarity threshold was 0.31."
DAY = date(2024, 2, 1)
FORBIDDEN = "It speaks of child pornography."


def provision(**fields: str) -> do.Change:
    given = {"locator": "Art. 1", "kind": "obligation", "gist": "Providers document."} | fields
    return do.AddPart(record=build.law("AI Act").id, part="provision", fields=given)


def evidence(**fields: str) -> do.Change:
    statement = build.state(build.model("Net"), "trained_on", build.dataset("Data"))
    return do.AddEvidence(statement=statement.id, evidence=build.says(**fields))


def said(**fields: Any) -> do.Change:
    return do.AddStatement(subject=build.dataset("Data").id, **({"predicate": "licence", "value": "MIT"} | fields))


def overridden(text: str) -> do.Change:
    statement = build.state(build.model("Net"), "trained_on", build.dataset("Data"))
    return do.AmendStatement(statement=statement.id, fields={"override": "disputed", "override_reason": text})


def law(**fields: str) -> do.Change:
    return do.CreateRecord(ref="law", kind="legislation", name="Act", detail={"jurisdiction": "EU"} | fields)


def named(**fields: Any) -> do.Change:
    return do.CreateRecord(ref="data", kind="dataset", **({"name": "Data"} | fields))


def replied(**fields: Any) -> do.Change:
    given = {"state": "received", "answered": DAY, "text": "We reply. […]"} | fields
    return do.RecordReply(record=build.issue("Bias").id, party=build.party().id, **given)


def disputed(text: str) -> do.Change:
    return do.OpenDispute(record=build.issue("Bias").id, ground=text, opened=DAY)


def decided(text: str) -> do.Change:
    dispute = build.dispute(build.issue("Bias"))
    return do.AmendDispute(dispute=dispute.id, fields={"state": "upheld", "decided": DAY, "outcome": text})


def found(**fields: object) -> do.Change:
    detail = {"code": "D06", "frames": ["discrimination"]}
    return do.CreateRecord(ref="issue", kind="issue", name="Bias", detail=detail | fields)


ENTRIES: dict[tuple[str, str], Callable[[str], do.Change]] = {
    ("Record", "name"): lambda text: named(name=text),
    ("Name", "text"): lambda text: named(aliases={text: False}),
    ("Identifier", "value"): lambda text: named(identifiers=(("case_number", "a.example.org/x"),)),
    ("SourceKey", "external_id"): lambda text: named(source_keys=(("founding", text),)),
    ("Statement", "value_text"): lambda text: said(value=text),
    ("Statement", "unit"): lambda text: said(unit=text),
    ("Statement", "note"): lambda text: said(note=text),
    ("Statement", "override_reason"): overridden,
    ("Evidence", "gist"): lambda text: evidence(gist=text),
    ("Evidence", "quotation"): lambda text: evidence(quotation=text),
    ("Evidence", "locator"): lambda text: evidence(locator=text),
    ("Evidence", "confidence_reason"): lambda text: evidence(confidence="low", confidence_reason=text),
    ("LegislationDetail", "jurisdiction"): lambda text: law(jurisdiction="example.org/x"),
    ("LegislationDetail", "number"): lambda text: law(number=text),
    ("LegislationDetail", "session"): lambda text: law(session=text),
    ("LegislationDetail", "official_title"): lambda text: law(official_title=text),
    ("IssueDetail", "severity_reason"): lambda text: found(severity_reason=text),
    ("IssueDetail", "credit"): lambda text: found(credit=text),
    ("Provision", "locator"): lambda text: provision(locator=text),
    ("Provision", "heading"): lambda text: provision(heading=text),
    ("Provision", "gist"): lambda text: provision(gist=text),
    ("Action", "text"): lambda text: do.AddPart(
        record=build.law("AI Act").id, part="action", fields={"date": "2024", "text": text}
    ),
    ("Reply", "text"): lambda text: replied(text=text),
    ("Reply", "reason"): lambda text: replied(cut=True, reason=text),
    ("Dispute", "ground"): disputed,
    ("Dispute", "outcome"): decided,
}


def stored() -> str:
    """Everything in every table, as one text."""
    return "\n".join(str(list(model._base_manager.values())) for model in apps.get_models() if not model._meta.proxy)


def test_every_column_of_text_has_an_entry_here() -> None:
    assert {(model.__name__, column) for model, columns in TEXTS.items() for column in columns} == set(ENTRIES)


@pytest.mark.parametrize("entry", ENTRIES, ids=".".join)
def test_an_unsafe_text_is_refused_by_name_and_nothing_of_it_is_stored(entry: tuple[str, str]) -> None:
    change = ENTRIES[entry](UNSAFE)
    before = (Head.objects.values().first(), list(Counter.objects.order_by("name").values()))
    with pytest.raises(InvalidInput, match=f"{entry[0].lower()} {entry[1]}: This text was discarded") as refusal:
        build.publishing(change)
    assert MARK not in str(refusal.value)
    assert MARK not in stored()
    assert (Head.objects.values().first(), list(Counter.objects.order_by("name").values())) == before


def test_an_address_may_stand_in_the_one_field_that_holds_it() -> None:
    assert build.report("Study", url="https://example.org/x").report.url == "https://example.org/x"


def test_a_slug_is_read_too() -> None:
    with pytest.raises(InvalidInput, match="discarded"):
        build.dataset("Data", slug="d41d8cd98f00b204e9800998ecf8427e")


def test_a_forbidden_term_stands_in_a_quotation_alone() -> None:
    with pytest.raises(InvalidInput, match="evidence gist"):
        build.publishing(evidence(gist=FORBIDDEN))
    build.publishing(do.AddEvidence(statement=Statement.objects.get().id, evidence=build.says(quotation=FORBIDDEN)))


@pytest.fixture
def hazard() -> Record:
    return build.issue("Unlawful links in an index", code="D01", frames=["child_safety"])


def test_the_strict_rules_hold_for_hazard_issues_alone(hazard: Record) -> None:
    other = build.issue("Bias")
    data = build.dataset("Data")
    assert build.state(other, "impact", data, qualifier="affected", note=STRICT).note == STRICT
    with pytest.raises(InvalidInput, match="statement note"):
        build.state(hazard, "impact", data, qualifier="affected", note=STRICT)


@pytest.mark.parametrize(
    "change",
    [
        lambda hazard, statement: do.AddAlias(record=hazard.id, text=STRICT),
        lambda hazard, statement: do.RenameRecord(record=hazard.id, name=STRICT),
        lambda hazard, statement: do.AddStatement(subject=hazard.id, predicate="outcome", value=STRICT),
        lambda hazard, statement: do.AmendStatement(statement=statement.id, fields={"note": STRICT}),
        lambda hazard, statement: do.AddEvidence(statement=statement.id, evidence=build.says(gist=STRICT)),
        lambda hazard, statement: do.AmendEvidence(evidence=statement.evidence.get().id, fields={"gist": STRICT}),
        lambda hazard, statement: do.AddStatement(subject=build.report().id, predicate="covers", object=hazard.id, note=STRICT),
    ],
)
def test_the_strict_rules_hold_for_every_text_that_comes_with_a_hazard_issue(
    hazard: Record, change: Callable[..., do.Change]
) -> None:
    statement = build.state(hazard, "impact", build.dataset("Data"), qualifier="affected")
    with pytest.raises(InvalidInput, match="discarded"):
        build.publishing(change(hazard, statement))


def test_the_strict_rules_hold_in_the_edition_that_creates_the_issue() -> None:
    detail = {"code": "M02", "frames": ["child_safety"]}
    for more in ({"name": STRICT}, {"name": "Issue", "aliases": {STRICT: False}}):
        with pytest.raises(InvalidInput, match="discarded"):
            build.publishing(do.CreateRecord(ref="issue", kind="issue", detail=detail, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize("where", ["note", "evidence", "alias"])
def test_an_issue_becomes_a_hazard_only_where_its_texts_stand_the_strict_rules(where: str) -> None:
    issue = build.issue("Bias", aliases={STRICT if where == "alias" else "Other name": False})
    build.state(
        issue, "impact", build.dataset("Data"), qualifier="affected", note=STRICT if where == "note" else "",
        evidence=[build.says(gist=STRICT if where == "evidence" else "The source says so.")],
    )  # fmt: skip
    with pytest.raises(InvalidInput, match="discarded"):
        build.publishing(do.AmendDetail(record=issue.id, fields={"code": "D01"}))
    assert Record.objects.get(id=issue.id).issue.code == "D06"


@pytest.mark.parametrize("where", ["note", "evidence", "alias", "credit"])
@pytest.mark.parametrize("into_hazard", [True, False])
def test_an_issue_is_merged_with_a_hazard_only_where_its_texts_stand_the_strict_rules(
    hazard: Record, where: str, into_hazard: bool
) -> None:
    said = {one: STRICT if where == one else "Of no weight." for one in ("note", "evidence", "alias", "credit")}
    issue = build.issue("Bias", aliases={said["alias"]: False}, credit=said["credit"])
    gist = build.says(gist=said["evidence"])
    build.state(issue, "impact", build.dataset("Data"), qualifier="affected", note=said["note"], evidence=[gist])
    record, into = (issue, hazard) if into_hazard else (hazard, issue)
    with pytest.raises(InvalidInput, match="discarded"):
        build.publishing(do.MergeRecord(record=record.id, into=into.id))


def test_the_strict_rules_hold_for_whatever_is_merged_with_a_hazard_from_then_on(hazard: Record) -> None:
    middle, issue = build.issue("Bias"), build.issue("The same bias")
    build.publishing(do.MergeRecord(record=issue.id, into=middle.id))
    build.publishing(do.MergeRecord(record=middle.id, into=hazard.id))
    for one in (middle, issue):
        with pytest.raises(InvalidInput, match="discarded"):
            build.state(one, "outcome", STRICT)
    build.publishing(do.UnmergeRecord(record=middle.id))
    assert build.state(issue, "outcome", STRICT).value_text == STRICT


def test_an_issue_becomes_a_hazard_only_where_what_is_merged_with_it_stands_the_strict_rules() -> None:
    issue, other = build.issue("Bias"), build.issue("The same bias", aliases={STRICT: False})
    build.publishing(do.MergeRecord(record=other.id, into=issue.id))
    with pytest.raises(InvalidInput, match="discarded"):
        build.publishing(do.AmendDetail(record=issue.id, fields={"code": "D01"}))


@pytest.mark.parametrize("slug", ["girl-aged-7-named-anna", "search-term-is-foo", "child-named-anna"])
def test_the_strict_rules_hold_for_the_words_of_a_slug(hazard: Record, slug: str) -> None:
    with pytest.raises(InvalidInput, match="slug: This text was discarded"):
        build.publishing(do.RenameRecord(record=hazard.id, slug=slug))
    issue = build.issue("Bias", slug=slug)
    with pytest.raises(InvalidInput, match="slug: This text was discarded"):
        build.publishing(do.AmendDetail(record=issue.id, fields={"code": "D01"}))


def test_the_strict_rules_hold_for_a_slug_that_is_made_of_a_name() -> None:
    assert build.issue("Aged (7)").slug == "aged-7"
    with pytest.raises(InvalidInput, match="slug: This text was discarded"):
        build.issue("Aged [7]", code="D01", frames=["child_safety"])


def test_the_reason_of_an_edition_is_read_strictly() -> None:
    with pytest.raises(InvalidInput, match="edition: This text was discarded"):
        build.publishing(named(), reason=STRICT)
