"""Changes as JSON: every change goes both ways, and what is malformed is refused with one sentence."""

from dataclasses import fields
from datetime import date

import pytest

from kb.core.errors import InvalidInput
from kb.records import changes as do
from kb.review.open_changes import FOR_ALL, check_open
from kb.review.wire import _READERS, CHANGES, _shape, read_change, texts_of, write_change

IDS = {"UP-M-7": 7, "UP-D-9": 9, "UP-R-3": 3}
NAMES = {number: key for key, number in IDS.items()}
WORD = do.EvidenceDraft(report=3, kind="paper", gist="It says so.", quotation="so", last_checked=date(2026, 1, 2))
SAMPLES: list[do.Change] = [
    do.CreateRecord(
        ref="new:a", kind="report", name="A", detail={"publisher": 7, "url": "https://example.org/a"},
        aliases={"B": True}, identifiers=(("doi", "10.1/x"),),
    ),
    do.RenameRecord(record=7, name="New"),
    do.AmendDetail(record=7, fields={"code": "D01", "frames": ["privacy"]}),
    do.AddAlias(record="new:a", text="B", ambiguous=True),
    do.AddPart(record=7, part="provision", fields={"locator": "1", "kind": "right", "gist": "x", "report": 3}),
    do.MergeRecord(record=7, into=9),
    do.AddStatement(subject=7, predicate="trained_on", object=9, start="2022", evidence=(WORD, WORD)),
    do.AddStatement(subject=7, predicate="figure", value=5, qualifier="links"),
    do.AmendStatement(statement=4, fields={"note": "x"}),
    do.RetractStatement(statement=4),
    do.AddEvidence(statement=4, evidence=WORD),
    do.AmendEvidence(evidence=4, fields={"last_seen": date(2026, 1, 2), "gist": "x"}),
]  # fmt: skip


@pytest.mark.parametrize("change", SAMPLES, ids=lambda change: type(change).__name__)
def test_a_change_survives_the_way_there_and_back(change: do.Change) -> None:
    assert read_change(write_change(change, NAMES.__getitem__), IDS.__getitem__) == change


def test_every_field_of_every_change_can_be_read() -> None:
    for kind in (*CHANGES.values(), do.EvidenceDraft):
        for field in fields(kind):
            hint = _shape(kind)[field.name]
            assert hint in _READERS or hint in {do.EvidenceDraft, tuple[do.EvidenceDraft, ...]}, f"{kind.__name__}.{field.name}"


@pytest.mark.parametrize(("body", "sentence"), [
    ([], "object with its kind"),
    ({"change": "drop_tables"}, "is not a change"),
    ({"change": ["add_alias"]}, "is not a change"),
    ({"change": "add_alias", "record": "UP-M-7"}, "needs “text”"),
    ({"change": "add_alias", "record": "UP-M-7", "text": "B", "id": 3}, "has no “id”"),
    ({"change": "add_alias", "record": 7, "text": "B"}, "names a record"),
    ({"change": "add_alias", "record": "UP-M-7", "text": 3}, "is a text"),
    ({"change": "add_alias", "record": "UP-M-7", "text": "B", "ambiguous": 1}, "true or false"),
    ({"change": "retract_statement", "statement": "4"}, "number of a row"),
    ({"change": "retract_statement", "statement": True}, "number of a row"),
    ({"change": "retract_statement", "statement": 2**70}, "number of a row"),
    ({"change": "amend_statement", "statement": 4, "fields": []}, "is an object"),
    ({"change": "amend_statement", "statement": 4, "fields": {"note": {"a": 1}}}, "is a text, a number"),
    ({"change": "amend_evidence", "evidence": 4, "fields": {"last_seen": "soon"}}, "is a day"),
    ({"change": "add_statement", "subject": "UP-M-7", "predicate": "figure", "value": 1.5}, "decimal number is written as text"),
    ({"change": "add_statement", "subject": "UP-M-7", "predicate": "x", "evidence": [{"report": "UP-R-3"}]}, "needs “gist”"),
    ({"change": "add_statement", "subject": "UP-M-7", "predicate": "x", "evidence": [{}] * 101}, "at most 100"),
])  # fmt: skip
def test_a_malformed_change_is_refused_with_one_sentence(body: object, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        read_change(body, IDS.__getitem__)


@pytest.mark.django_db
def test_an_unknown_record_is_a_mistake_of_the_proposal() -> None:
    with pytest.raises(InvalidInput, match="There is no record"):
        read_change({"change": "add_alias", "record": "UP-M-99", "text": "B"})


def test_the_guard_sees_every_text_and_the_name_of_its_field() -> None:
    found = texts_of({"a": ["x", {"url": "y", "deep": {"quotation": "z"}}], "n": 3})
    assert {("a", "x"), ("url", "y"), ("quotation", "z"), ("(name)", "deep")} <= set(found)


def test_what_nests_too_deep_is_refused() -> None:
    body: object = "x"
    for _ in range(50):
        body = [body]
    with pytest.raises(InvalidInput, match="too deep"):
        texts_of(body)


@pytest.mark.parametrize("change", [
    do.CreateRecord(ref="new:a", kind="model", name="A", source_keys=(("founding", "a"),)),
    do.AddSourceKey(record=7, source="founding", external_id="a"),
    do.AmendStatement(statement=4, fields={"override": "confirmed", "override_reason": "I say so."}),
    do.AmendDetail(record=7, fields={"reviewers": 2}),
    do.CreateRecord(ref="new:a", kind="issue", name="A", detail={"code": "D06", "frames": ["privacy"], "gravity": 3}),
    do.RecordReply(record=7, party=9, state="received", text="We agree."),
    do.OpenDispute(record=7, ground="No.", opened=date(2026, 1, 1)),
], ids=lambda change: type(change).__name__)  # fmt: skip
def test_nobody_proposes_what_only_the_desk_decides(change: do.Change) -> None:
    with pytest.raises(InvalidInput):
        check_open([change], editor=False)


def test_changes_that_may_be_proposed_can_be_published() -> None:
    assert set(CHANGES.values()) >= FOR_ALL
