"""Withdrawing a record leaves a tombstone and takes back what was said of it; restoring revives no statement by itself."""

import json

import pytest

from kb.core.clock import today
from kb.core.errors import Conflict, Gone
from kb.exchange.drafts import EvidenceSaid, RecordDraft, Said
from kb.exchange.sync import sync
from kb.ledger.models import Change, Edition, Payload
from kb.ledger.verify import _row_fault, faults
from kb.ledger.write import purge
from kb.lineage.ask import Question, ask, root_record
from kb.lineage.named import named_artifact
from kb.lineage.reach import issues_reaching
from kb.records import changes as do
from kb.records.evidence import evidence_by_statement
from kb.records.models import Evidence, Record, Statement
from kb.records.queries import any_record, find_record, listed, matching, same_name
from kb.records.sources import FOUNDING
from kb.records.tombstone import refuse_withdrawn_ends
from tests import build

pytestmark = pytest.mark.django_db

REASON = "The name stood for two things."


@pytest.fixture
def index() -> Record:
    return build.dataset("LAION-5B")


def status(statement: Statement) -> str:
    return Statement.objects.get(id=statement.id).status


def test_a_withdrawn_record_keeps_its_id_slug_and_history(index: Record) -> None:
    build.publishing(do.RenameRecord(record=index.id, slug="laion-five-b"))
    gone = build.withdraw(index, REASON)
    assert (gone.withdrawn, gone.public_id, gone.slug) == (today(), "UP-D-1", "laion-five-b")
    for key in ("UP-D-1", "up-d-1", "laion-five-b", "laion-5b"):
        with pytest.raises(Gone) as error:
            find_record(key)
        day = today().isoformat()
        assert error.value.tombstone == {"id": "UP-D-1", "name": "LAION-5B", "date": day, "reason": REASON}
        assert str(error.value).startswith("UP-D-1 LAION-5B was withdrawn on ")
        assert str(error.value).endswith(f"Reason: {REASON}")
        assert any_record(key) == gone
    assert build.dataset("LAION-5B").slug == "laion-5b-2"
    assert list(faults()) == []


def test_what_stands_at_either_end_of_it_is_taken_back_in_the_same_edition(index: Record) -> None:
    net, crawl = build.model("Net"), build.dataset("Crawl")
    issue = build.issue("Bias")
    statements = [
        build.state(net, "trained_on", index), build.state(index, "collected_from", crawl),
        build.state(index, "figure", 585, qualifier="links"), build.state(issue, "impact", index, qualifier="affected"),
    ]  # fmt: skip
    other = build.state(net, "trained_on", crawl)
    edition = build.withdraw(index).edition
    assert {status(statement) for statement in statements} == {"retracted"}
    assert {Statement.objects.get(id=statement.id).edition for statement in statements} == {edition}
    assert status(other) == "reported"
    assert [node.record for node in ask(Question(net, "upstream")).outline.nodes] == [crawl.id]
    assert issues_reaching(net) == []


def test_what_the_same_edition_says_of_it_is_taken_back_too(index: Record) -> None:
    build.publishing(do.AddStatement(subject=index.id, predicate="licence", value="MIT"), do.WithdrawRecord(record=index.id))
    assert Statement.objects.get().status == "retracted"


def test_lists_searches_and_names_leave_it_out(index: Record) -> None:
    other = build.model("LAION-5B")
    assert named_artifact("LAION-5B").candidates
    build.withdraw(index)
    assert list(listed()) == [other]
    assert list(matching(Record.objects.all(), "laion")) == [other]
    assert list(matching(Record.objects.all(), "UP-D-1")) == []
    assert same_name(other) == []
    assert named_artifact("LAION-5B").record == other
    with pytest.raises(Gone):
        root_record("laion-5b")
    with pytest.raises(Gone):
        root_record("laion-5b", 1)


def test_nothing_is_said_of_it_until_it_is_restored(index: Record) -> None:
    net, party = build.model("Net"), build.party()
    link = build.state(net, "trained_on", index)
    twin = build.dataset("LAION 5B")
    build.withdraw(index)
    refused = [
        do.AddStatement(subject=net.id, predicate="evaluated_on", object=index.id),
        do.RenameRecord(record=index.id, name="Another"),
        do.AddAlias(record=index.id, text="Another"),
        do.MergeRecord(record=twin.id, into=index.id),
        do.MergeRecord(record=index.id, into=twin.id),
        do.WithdrawRecord(record=index.id),
        do.RestoreStatement(statement=link.id),
        do.RecordReply(record=index.id, party=party.id, state="waived", reason="Gone."),
        do.OpenDispute(record=index.id, ground="Wrong.", opened=today()),
        do.CreateRecord(ref="part", kind="dataset", name="Part", split_from=index.id),
    ]
    for change in refused:
        with pytest.raises(Conflict, match=r"UP-D-1 LAION-5B was withdrawn\. Restore it first"):
            build.publishing(change)


def test_restoring_brings_the_record_back_and_statements_one_by_one(index: Record) -> None:
    net = build.model("Net")
    link, licence = build.state(net, "trained_on", index), build.state(index, "licence", "MIT")
    build.withdraw(index)
    build.publishing(do.RestoreRecord(record=index.id))
    assert find_record("laion-5b").withdrawn is None
    assert (status(link), status(licence)) == ("retracted", "retracted")
    build.publishing(do.RestoreStatement(statement=link.id))
    assert (status(link), status(licence)) == ("reported", "retracted")
    assert [node.record for node in ask(Question(net, "upstream")).outline.nodes] == [index.id]
    assert list(faults()) == []


def test_only_what_was_taken_back_is_restored(index: Record) -> None:
    with pytest.raises(Conflict, match="was not withdrawn"):
        build.publishing(do.RestoreRecord(record=index.id))
    with pytest.raises(Conflict, match="was not taken back"):
        build.publishing(do.RestoreStatement(statement=build.state(index, "licence", "MIT").id))


def test_a_merge_is_taken_back_before_a_withdrawal(index: Record) -> None:
    twin = build.merge(build.dataset("LAION 5B"), index)
    for record in (index, twin):
        with pytest.raises(Conflict, match="Take the merge back first"):
            build.withdraw(record)
    build.publishing(do.UnmergeRecord(record=twin.id), do.WithdrawRecord(record=twin.id))
    assert list(listed()) == [index]


def test_what_a_withdrawn_report_says_counts_and_shows_no_more(index: Record) -> None:
    hoax, paper = build.report("Hoax"), build.report("Paper")
    alone = build.state(index, "licence", "MIT", evidence=[build.says(hoax)])
    shared = build.state(build.model("Net"), "trained_on", index, evidence=[build.says(hoax), build.says(paper)])
    assert status(shared) == "corroborated"
    build.withdraw(hoax)
    assert (status(alone), status(shared)) == ("needs_source", "reported")
    assert [row.report for row in evidence_by_statement([alone.id, shared.id])[shared.id]] == [paper]
    build.publishing(do.RestoreRecord(record=hoax.id))
    assert (status(alone), status(shared)) == ("reported", "corroborated")


def test_a_statement_at_which_a_withdrawn_record_stands_shows_its_tombstone(index: Record) -> None:
    link = build.state(build.model("Net"), "trained_on", index)
    refuse_withdrawn_ends(link)
    build.withdraw(index)
    with pytest.raises(Gone):
        refuse_withdrawn_ends(Statement.objects.get(id=link.id))


def test_a_tombstone_stands_where_its_reason_was_purged(index: Record) -> None:
    gone = build.withdraw(index, REASON)
    opening = Edition.objects.get(number=gone.edition).first_sequence
    purge([opening], "editor", "It named somebody.")
    with pytest.raises(Gone) as error:
        find_record("laion-5b")
    assert error.value.tombstone["reason"] == ""


def drafts() -> list[RecordDraft]:
    said = EvidenceSaid(report="card", kind="model_card", gist="It says so.")
    link = Said(predicate="trained_on", object="data", evidence=(said,))
    return [
        RecordDraft(key="maker", kind="party", name="Maker", detail={"type": "company"}),
        RecordDraft(key="card", kind="report", name="Card", detail={"publisher": "maker"}),
        RecordDraft(key="data", kind="dataset", name="Data"),
        RecordDraft(key="net", kind="model", name="Net", statements=[link, Said(predicate="creator", object="maker")]),
    ]


@pytest.mark.parametrize("name", ["Maker", "Card", "Data", "Net"])
def test_a_source_that_says_it_again_neither_revives_a_record_nor_fails(name: str) -> None:
    sync(FOUNDING, drafts(), actor="seed", reason="First.")
    build.withdraw(Record.objects.get(name=name))
    before = {row.id: (row.version, row.status) for row in Statement.objects.all()}
    more = [*drafts(), RecordDraft(key="news", kind="report", name="News", detail={"publisher": "maker"})]
    sync(FOUNDING, more, actor="seed", reason="Again.", closes="card")
    assert Record.objects.get(name=name).withdrawn
    assert {row.id: (row.version, row.status) for row in Statement.objects.all()} == before
    assert Record.objects.filter(name="News").exists()
    ends = {"statement__subject__withdrawn": None, "statement__object__withdrawn": None}
    assert name == "Card" or not Evidence.objects.filter(last_seen__isnull=False, **ends).exists()
    assert list(faults()) == []


def test_a_row_from_before_a_column_was_added_is_no_fault(index: Record) -> None:
    """An older edition announced fewer columns than the table has now; they are empty, so that nothing was edited."""
    payload = Payload.objects.get(change__table="records_record")
    body = json.loads(payload.body)
    assert {body.pop("withdrawn"), body.pop("split_from_id")} == {None}
    announced = Change.objects.select_related("payload").get(sequence=payload.change_id)
    announced.payload.body = json.dumps(body)
    assert _row_fault(index, announced.sequence, announced) == ""
    index.name = "Edited"
    assert "edited outside the ledger (name)" in _row_fault(index, announced.sequence, announced)
