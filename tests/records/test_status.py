"""The rule that derives a status, clause by clause, and what holds for any evidence at all."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.records import vocabularies as words
from kb.records.status import CONFIRMING_KINDS, DISCLOSING_KINDS, ORDER, STRENGTH, Case, Row, corroborates, derive

MAKER = 900
NEWS = Row("supports", "journalism", report=1, publisher=101, voice=101, independent=True)
OTHER = replace(NEWS, report=2, publisher=102, voice=102)


def case(*rows: Row, **more: object) -> Case:
    return Case(rows=rows, **more)  # type: ignore[arg-type]


def test_no_evidence_needs_a_source() -> None:
    assert derive(case()) == "needs_source"
    assert derive(case(replace(NEWS, stance="mentions"))) == "needs_source"


@pytest.mark.parametrize("kind", sorted(set(words.EVIDENCE_KINDS) - CONFIRMING_KINDS - {"inference"}))
def test_one_source_reports(kind: str) -> None:
    assert derive(case(replace(NEWS, kind=kind))) == "reported"


def test_two_independent_sources_corroborate() -> None:
    assert derive(case(NEWS, OTHER)) == "corroborated"


@pytest.mark.parametrize(
    "other",
    [
        replace(OTHER, publisher=101),
        replace(OTHER, independent=False),
        replace(OTHER, publisher=None),
        replace(OTHER, kind="inference"),
        replace(OTHER, read_directly=False),
        replace(OTHER, report=1),
    ],
    ids=["same publisher", "unknown independence", "unknown publisher", "inference", "cited only", "same report"],
)
def test_what_is_not_known_to_be_independent_counts_once(other: Row) -> None:
    assert derive(case(NEWS, other)) == "reported"


@pytest.mark.parametrize("relies_on", [{1: {2}}, {2: {1}}, {1: {9}, 2: {9}}, {1: {8}, 8: {7}, 7: {2}}, {1: {2}, 2: {1}}])
def test_reports_that_rely_on_one_another_or_on_the_same_origin_count_once(relies_on: dict[int, set[int]]) -> None:
    reliance = {report: frozenset(origins) for report, origins in relies_on.items()}
    assert derive(case(NEWS, OTHER, relies_on=reliance)) == "reported"


def test_a_third_report_that_repeats_two_independent_ones_takes_nothing_from_them() -> None:
    digest = replace(NEWS, report=3, publisher=103)
    assert derive(case(NEWS, OTHER, digest, relies_on={3: frozenset({1, 2})})) == "corroborated"


@pytest.mark.parametrize("kind", sorted(CONFIRMING_KINDS))
def test_a_court_a_regulator_or_an_audit_confirms(kind: str) -> None:
    assert derive(case(replace(NEWS, kind=kind))) == "confirmed"
    assert derive(case(replace(NEWS, kind=kind), self_report_confirms=False)) == "confirmed"


@pytest.mark.parametrize("kind", sorted(DISCLOSING_KINDS))
def test_the_responsible_party_confirms_by_its_own_disclosure(kind: str) -> None:
    own = replace(NEWS, kind=kind, voice=MAKER)
    assert derive(case(own, responsible=frozenset({MAKER}))) == "confirmed"
    assert derive(case(own)) == "reported"
    assert derive(case(own, responsible=frozenset({MAKER}), self_report_confirms=False)) == "reported"


@pytest.mark.parametrize("kind", ["journalism", "database_entry", "leak"])
def test_a_newsroom_does_not_confirm_even_where_it_answers_for_the_artifact(kind: str) -> None:
    assert derive(case(replace(NEWS, kind=kind, voice=MAKER), responsible=frozenset({MAKER}))) == "reported"


def test_what_was_read_only_as_cited_by_another_does_not_confirm() -> None:
    assert derive(case(replace(NEWS, kind="court_record", read_directly=False))) == "reported"


def test_inference_alone_is_inferred_and_gives_way_to_a_source() -> None:
    guess = replace(NEWS, kind="inference")
    assert derive(case(guess, replace(guess, report=2, publisher=102))) == "inferred"
    assert derive(case(guess, OTHER)) == "reported"


def test_support_that_is_contradicted_is_disputed_however_strong() -> None:
    against = replace(OTHER, stance="disputes")
    assert derive(case(NEWS, against)) == "disputed"
    assert derive(case(replace(NEWS, kind="court_record"), against)) == "disputed"
    assert derive(case(NEWS, replace(against, kind="court_record"))) == "disputed"


def test_contradiction_alone_refutes_where_it_confirms_by_itself() -> None:
    against = replace(NEWS, stance="disputes")
    assert derive(case(against)) == "disputed"
    assert derive(case(replace(against, kind="technical_audit"))) == "refuted"
    denial = replace(against, kind="official_disclosure", voice=MAKER)
    assert derive(case(denial, responsible=frozenset({MAKER}))) == "refuted"
    assert derive(case(denial, responsible=frozenset({MAKER}), self_report_confirms=False)) == "disputed"


# whatever the evidence

rows = st.builds(
    Row,
    stance=st.sampled_from(sorted(words.STANCES)),
    kind=st.sampled_from(sorted(words.EVIDENCE_KINDS)),
    report=st.integers(1, 6),
    publisher=st.none() | st.integers(101, 104),
    voice=st.none() | st.integers(101, 104),
    independent=st.booleans(),
    read_directly=st.booleans(),
)
reliances = st.dictionaries(st.integers(1, 6), st.frozensets(st.integers(1, 6), max_size=3), max_size=4)
cases = st.builds(
    Case,
    rows=st.lists(rows, max_size=6).map(tuple),
    responsible=st.frozensets(st.integers(101, 104), max_size=2),
    self_report_confirms=st.booleans(),
    relies_on=reliances,
)


@given(cases, st.randoms())
def test_the_order_of_rows_does_not_matter(one: Case, dice: object) -> None:
    shuffled = list(one.rows)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert derive(replace(one, rows=tuple(shuffled))) == derive(one)


@given(cases, rows)
def test_a_mention_changes_nothing(one: Case, row: Row) -> None:
    assert derive(replace(one, rows=(*one.rows, replace(row, stance="mentions")))) == derive(one)


@given(cases, rows)
def test_more_support_never_weakens(one: Case, row: Row) -> None:
    more = replace(one, rows=(*one.rows, replace(row, stance="supports")))
    assert STRENGTH[derive(more)] >= STRENGTH[derive(one)]


@given(cases, rows)
def test_a_contradiction_never_strengthens_what_is_supported(one: Case, row: Row) -> None:
    if any(known.stance == "supports" for known in one.rows):
        assert derive(replace(one, rows=(*one.rows, replace(row, stance="disputes")))) == "disputed"


@given(cases)
def test_unknown_independence_never_corroborates(one: Case) -> None:
    unknown = tuple(replace(row, independent=False) for row in one.rows)
    assert not corroborates(unknown, one.relies_on)
    assert derive(replace(one, rows=unknown)) != "corroborated"


@given(cases, reliances)
def test_a_reliance_more_never_corroborates(one: Case, more: dict[int, frozenset[int]]) -> None:
    both = {report: one.relies_on.get(report, frozenset()) | more.get(report, frozenset()) for report in {*one.relies_on, *more}}
    if corroborates(one.rows, both):
        assert corroborates(one.rows, one.relies_on)


@given(cases, st.sampled_from(ORDER))
def test_retraction_wins_over_an_override_and_an_override_over_evidence(one: Case, status: str) -> None:
    assert derive(replace(one, override=status)) == status
    assert derive(replace(one, override=status, retracted=True)) == "retracted"


def test_the_order_of_strength_is_that_of_the_vocabulary() -> None:
    assert tuple(words.STATUSES) == ORDER
    assert STRENGTH["confirmed"] > STRENGTH["corroborated"] > STRENGTH["reported"] > STRENGTH["inferred"] > STRENGTH["disputed"]
