"""What a change must fulfil, check by check: each refusal is one sentence, and what is right passes."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.core.errors import InvalidInput
from kb.core.safety import find_rule
from kb.records import checks
from kb.records import vocabularies as words
from kb.records.changes import AddStatement, EvidenceDraft
from kb.records.detail import DETAILS, PARTS
from kb.records.identifiers import SCHEMES, check_identifier, identifier_link
from kb.records.kinds import KINDS
from kb.records.predicates import PREDICATES


def draft(**more: Any) -> EvidenceDraft:
    return EvidenceDraft(**({"report": 1, "kind": "journalism", "gist": "The source says so."} | more))


def stated(predicate: str, **more: Any) -> AddStatement:
    return AddStatement(subject=1, predicate=predicate, **more)


def test_a_kind_is_one_of_the_registry() -> None:
    for kind in KINDS:
        checks.check_kind(kind)
    with pytest.raises(InvalidInput, match="not a kind"):
        checks.check_kind("gadget")


@pytest.mark.parametrize("code", ["", "Confirmed", None, 3, ["confirmed"], {}])
def test_a_code_is_a_term_of_its_vocabulary(code: object) -> None:
    checks.check_code(words.STATUSES, "confirmed")
    with pytest.raises(InvalidInput, match="not a status"):
        checks.check_code(words.STATUSES, code)


@pytest.mark.parametrize(
    ("start", "end"), [("", ""), ("2022", ""), ("", "2022"), ("2022", "2022"), ("2022-06", "2022"), ("2022", "2022-01-01")]
)
def test_a_period_may_end_where_it_starts(start: str, end: str) -> None:
    checks.check_period(start, end)


@pytest.mark.parametrize(("start", "end"), [("2023", "2022"), ("2022-06", "2022-05"), ("2022-06-02", "2022-06-01"), ("soon", "")])
def test_a_period_does_not_end_before_it_starts(start: str, end: str) -> None:
    with pytest.raises(InvalidInput):
        checks.check_period(start, end)


def test_a_predicate_is_one_of_the_registry() -> None:
    assert checks.known_predicate("trained_on").code == "trained_on"
    with pytest.raises(InvalidInput, match="not a known predicate"):
        checks.known_predicate("trainedOn")


@pytest.mark.parametrize("code", sorted(PREDICATES))
def test_a_predicate_joins_the_kinds_that_its_row_names_and_no_others(code: str) -> None:
    row = PREDICATES[code]
    party_type = min(row.party_types) if row.party_types else ""
    right_object = min(row.objects) if row.objects else None
    for kind in KINDS:
        if kind in row.subjects:
            checks.check_ends(row, kind, right_object, party_type)
        else:
            with pytest.raises(InvalidInput, match="cannot be said of"):
                checks.check_ends(row, kind, right_object, party_type)
        if row.column == "object" and kind not in row.objects:
            with pytest.raises(InvalidInput, match="cannot point to"):
                checks.check_ends(row, min(row.subjects), kind, party_type)


@pytest.mark.parametrize(
    ("predicate", "party_type"), [("affected_group", "person"), ("annotator", "person"), ("annotator", "group")]
)
def test_private_persons_are_neither_affected_groups_nor_named_annotators(predicate: str, party_type: str) -> None:
    subject = "dataset"
    with pytest.raises(InvalidInput, match="takes a party of type"):
        checks.check_ends(PREDICATES[predicate], subject, "party", party_type)


@pytest.mark.parametrize(
    "change",
    [
        stated("trained_on"),
        stated("trained_on", object=2, value="x"),
        stated("trained_on", value="x"),
        stated("figure", object=2, qualifier="links"),
        stated("trained_on", object=2, qualifier="links"),
        stated("figure", value=3),
        stated("figure", value=3, qualifier="bananas"),
        stated("impact", object=2),
        stated("trained_on", object=2, rank="best"),
        stated("trained_on", object=2, start="2023", end="2022"),
    ],
    ids=str,
)
def test_a_statement_that_does_not_fit_its_predicate_is_refused(change: AddStatement) -> None:
    with pytest.raises(InvalidInput):
        checks.check_statement(change, PREDICATES[change.predicate])


def test_a_statement_that_fits_its_predicate_passes() -> None:
    for change in (stated("trained_on", object=2, start="2022"), stated("figure", value=3, qualifier="links")):
        checks.check_statement(change, PREDICATES[change.predicate])


@pytest.mark.parametrize(
    ("predicate", "value", "typed"),
    [
        ("figure", 5_850_000_000, 5_850_000_000),
        ("rate", "1.5", Decimal("1.5000")),
        ("rate", 2, Decimal("2.0000")),
        ("rate", "-0", Decimal("0.0000")),
        ("released_on", "2022-03", "2022-03"),
        ("licence", "  MIT ", "MIT"),
        ("availability", "gated", "gated"),
    ],
)
def test_a_value_is_typed_as_its_column_holds_it(predicate: str, value: Any, typed: object) -> None:
    found = checks.typed_value(PREDICATES[predicate], value)
    assert (found, str(found)) == (typed, str(typed))


@pytest.mark.parametrize(
    ("predicate", "value"),
    [("figure", "3"), ("figure", 3.0), ("figure", True), ("figure", 2**63), ("figure", -(2**63) - 1)]
    + [("rate", "many"), ("rate", "NaN"), ("rate", "Infinity"), ("rate", 10**11), ("rate", True)]
    + [("rate", "1e99"), ("rate", "1e999999")]
    + [("released_on", "last year"), ("released_on", 2024.5), ("licence", ""), ("licence", "  "), ("licence", 4)]
    + [("availability", "gone")],
)  # fmt: skip
def test_a_value_that_does_not_fit_its_column_is_refused(predicate: str, value: Any) -> None:
    with pytest.raises(InvalidInput):
        checks.typed_value(PREDICATES[predicate], value)


@given(st.decimals(allow_nan=False) | st.integers() | st.floats() | st.text(max_size=20))
def test_any_number_fits_into_fifteen_digits_or_is_refused(value: object) -> None:
    try:
        number = checks.typed_value(PREDICATES["rate"], value)
    except InvalidInput:
        return
    assert isinstance(number, Decimal)
    assert len(number.as_tuple().digits) <= 15


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "rumour"},
        {"stance": "likes"},
        {"gist": " "},
        {"quotation": "x" * 301},
        {"confidence": "certain", "confidence_reason": "It is."},
        {"confidence": "high"},
        {"start": "2023", "end": "2022"},
    ],
    ids=str,
)
def test_evidence_that_lacks_something_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        checks.check_evidence(draft(**wrong), PREDICATES["trained_on"])


def test_evidence_with_everything_passes() -> None:
    checks.check_evidence(draft(quotation="x" * 300, confidence="low", confidence_reason="One source."), PREDICATES["trained_on"])


@pytest.mark.parametrize("role", ["plaintiff", "defendant", "intervenor"])
def test_roles_before_a_court_rest_on_court_records_only(role: str) -> None:
    checks.check_evidence(draft(kind="court_record"), PREDICATES[role])
    checks.check_evidence(draft(stance="mentions"), PREDICATES[role])
    with pytest.raises(InvalidInput, match="court_record"):
        checks.check_evidence(draft(), PREDICATES[role])


def test_an_override_names_a_status_and_a_reason() -> None:
    checks.check_override("", "")
    checks.check_override("disputed", "Both parties were heard.")
    for status, reason in (("disputed", " "), ("settled", "Both parties were heard.")):
        with pytest.raises(InvalidInput):
            checks.check_override(status, reason)


# fields of a kind

WRONG_FIELDS = [
    ("report", {"type": "poem"}), ("report", {"url": "ftp://example.org"}), ("report", {"published": "soon"}),
    ("report", {"independence": "yes"}), ("report", {"stage": "lost"}), ("report", {"title": "x"}),
    ("issue", {"code": "D99"}), ("issue", {"code": ["D01"]}), ("issue", {"code": ""}), ("issue", {"frames": []}),
    ("issue", {"frames": "privacy"}), ("issue", {"frames": ["fame"]}), ("issue", {"frames": [["privacy"]]}),
    ("issue", {"harm_status": "bad"}), ("issue", {"found_by": "me"}), ("issue", {"reviewers": -1}),
    ("issue", {"reviewers": True}), ("issue", {"credit": 7}), ("issue", {"severity_override": "S9"}),
    ("issue", {"severity_reason": None}),
    ("issue", {"reviewers": 10**6}), ("issue", {"reviewers": "2"}), ("issue", {"gravity": 4}), ("issue", {"scale": -1}),
    ("issue", {"irreversibility": "2"}), ("issue", {"downstream_reach": True}),
    ("legislation", {"jurisdiction": ""}), ("legislation", {"number": 7}), ("legislation", {"session": None}),
    ("legislation", {"official_title": ["x"]}), ("party", {"type": "gang"}), ("party", {"country": "Germany"}),
    ("party", {"country": "de"}), ("party", {"country": "D1"}), ("party", {"country": 49}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "fields"), WRONG_FIELDS, ids=str)
def test_a_field_with_a_wrong_value_is_refused(kind: str, fields: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        DETAILS[kind].check(fields, complete=False)


def test_every_checked_field_of_a_kind_is_refused_something() -> None:
    tried = {(kind, name) for kind, fields in WRONG_FIELDS for name in fields}
    assert {(kind, name) for kind, detail in DETAILS.items() for name in detail.checks} <= tried


@pytest.mark.parametrize(
    ("part", "fields"),
    [
        ("provision", {"locator": ""}), ("provision", {"kind": "wish"}), ("provision", {"gist": ""}),
        ("provision", {"heading": 3}),
        ("provision", {"effective_from": "soon"}), ("provision", {"effective_to": "2024-13"}), ("provision", {"body": "x"}),
        ("action", {"date": ""}), ("action", {"date": "soon"}), ("action", {"text": ""}), ("action", {"stage": "asleep"}),
    ],
    ids=str,
)  # fmt: skip
def test_a_part_with_a_wrong_value_is_refused(part: str, fields: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        PARTS[part].check(fields, complete=False)


@pytest.mark.parametrize("detail", [*DETAILS.values(), *PARTS.values()], ids=lambda detail: detail.model.__name__)
def test_required_fields_must_be_given_at_first_and_need_not_be_given_again(detail: Any) -> None:
    detail.check({}, complete=False)
    if detail.required:
        with pytest.raises(InvalidInput, match=", ".join(sorted(detail.required))):
            detail.check({}, complete=True)


# identifiers


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_the_example_of_a_scheme_is_one_and_passes_the_safety_guard(scheme: str) -> None:
    example = SCHEMES[scheme].example
    check_identifier(scheme, example)
    assert find_rule(example) is None


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
@pytest.mark.parametrize("value", ["", " ", "\n", "a@b", "a b\tc?", "\u202e"])
def test_what_a_scheme_does_not_write_is_refused(scheme: str, value: str) -> None:
    with pytest.raises(InvalidInput, match="identifier"):
        check_identifier(scheme, value)


def test_an_unknown_scheme_is_refused() -> None:
    with pytest.raises(InvalidInput, match="not a known identifier scheme"):
        check_identifier("isbn", "978")


def test_a_link_leads_to_the_value_and_nowhere_else() -> None:
    assert (
        identifier_link("doi", "10.1002/(SICI)1<2>3.0.CO;2-2#x?") == "https://doi.org/10.1002/(SICI)1%3C2%3E3.0.CO%3B2-2%23x%3F"
    )
    assert identifier_link("arxiv", "2110.01963") == "https://arxiv.org/abs/2110.01963"
    assert identifier_link("huggingface", "a/b") == identifier_link("isbn", "978") == ""
