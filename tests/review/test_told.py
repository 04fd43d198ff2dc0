"""Changes in words: who is said to be what, from which evidence, without ids of rows."""

import pytest

from kb.records import changes as do
from kb.review.changes import standing
from kb.review.told import told
from tests import build
from tests.review.desk import filed, make_world

pytestmark = pytest.mark.django_db


def test_a_filing_is_told_as_what_it_would_say() -> None:
    world = make_world()
    proposal = filed(world, title="Painter repeats faces")
    issue, described, impact = told(standing(proposal))
    assert (issue.act, issue.subject and issue.subject.name) == ("New record", "Painter repeats faces")
    assert described.value.startswith("The model repeats photographs")
    assert impact.subject and impact.object
    assert (impact.subject.name, impact.reads, impact.object.record) == ("Painter repeats faces", "is present in", world.model)
    assert [word.report.record for word in impact.evidence] == [world.study]


def test_an_amendment_is_told_with_the_statement_that_it_is_about() -> None:
    world = make_world()
    link = build.state(world.app, "depends_on", world.data)
    amended, taken_back = told(
        [do.AmendStatement(statement=link.id, fields={"note": "Since 2023."}), do.RetractStatement(statement=link.id)]
    )
    assert amended.subject and amended.object
    assert (amended.subject.record, amended.reads, amended.object.record) == (world.app, "depends on", world.data)
    assert amended.details == (("Note", "Since 2023."),)
    assert taken_back.act == "Take a statement back"


def test_a_merge_is_told_with_both_records() -> None:
    one, other = build.model("Painter"), build.model("Painter again")
    (merge,) = told([do.MergeRecord(record=other.id, into=one.id)])
    assert merge.subject and merge.object
    assert (merge.subject.record, merge.reads, merge.object.record) == (other, "is spoken for by", one)


def test_codes_are_told_in_words_and_what_is_usual_is_not_told() -> None:
    proposal = filed(make_world())
    issue, described, impact = told(standing(proposal))
    assert dict(issue.details) == {
        "Kind of issue": "M01 Memorisation of training data", "Fields of harm": "Privacy", "Harm": "Harm on record",
        "Found by": "Outsiders",
    }  # fmt: skip
    assert [label for label, _ in described.details] == ["Note"]
    assert impact.details == ()
    assert [(word.kind, word.stance) for word in impact.evidence] == [("Paper", "supports")]


def test_a_qualifier_that_the_predicate_does_not_read_follows_it() -> None:
    one = build.dataset("Clean Index")
    (figure,) = told([do.AddStatement(subject=one.id, predicate="figure", qualifier="links", value=585)])
    assert "(" in figure.reads and figure.value == "585"
    (checked,) = told([do.AddStatement(subject=one.id, predicate="checked_against_known_list", value="not_done")])
    assert checked.value == "Not done"
