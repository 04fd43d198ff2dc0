"""A purge takes a text out for good: on record, in every version, in private tables and in the bytes of the database."""

from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from kb.core.errors import Conflict, InvalidInput, NotFound
from kb.jobs.models import Job
from kb.ledger.models import Edition, Payload
from kb.ledger.verify import faults
from kb.records.apply.redaction import TOMBSTONE, is_tombstone
from kb.records.changes import Redact
from kb.records.models import Identifier, Record, SourceKey, Statement, StatementVersion
from kb.records.queries import find_record
from kb.review.edit import add_note
from kb.review.models import Approval, Decision, DisputeCase, Note, Proposal
from kb.review.purge import Wanted, purge
from kb.review.submit import Sender, send_changes, start_filing
from kb.review.words import Words
from tests import build
from tests.raw_files import files_with, site_files
from tests.review.desk import act, filing, make_world, person, reviewed
from tests.review.marked import MARKED, marked_row, marked_world, marker, stored

pytestmark = pytest.mark.django_db

REASON = "A text had to go."
WORDS = "the quagga stood at the gate"


@pytest.mark.parametrize(("table", "column"), MARKED)
def test_every_text_on_record_can_be_taken_out_and_nothing_holds_it_afterwards(table: str, column: str) -> None:
    marked_world()
    row, word = marked_row(table, column), marker(table, column)
    assert word in stored()
    # A former slug stands in the former versions of its record as well.
    done = purge(Wanted(table=table, row=row, column=column, everywhere=table == "records_retiredslug"), REASON)
    assert word not in stored()
    assert done.versions >= 1
    assert done.elsewhere == []
    assert list(faults()) == []


def test_a_whole_row_is_taken_out_where_no_column_is_named() -> None:
    marked_world()
    row = marked_row("records_evidence", "gist")
    purge(Wanted(table="records_evidence", row=row), REASON)
    assert "zebraevidence" not in stored()
    assert list(faults()) == []


def test_a_unique_text_leaves_a_tombstone_with_the_number_of_its_row() -> None:
    data = build.dataset("Data", aliases={"one word": False, "another word": False})
    for name in data.names.all():
        purge(Wanted(table="records_name", row=name.id), REASON)
    assert [name.text for name in data.names.order_by("id")] == [f"[removed {name.id}]" for name in data.names.order_by("id")]


def test_two_statements_of_one_kind_can_both_lose_their_words() -> None:
    data = build.dataset("Data")
    said = [build.state(data, "licence", text) for text in ("a first licence", "a second licence")]
    for statement in said:
        purge(Wanted(table="records_statement", row=statement.id), REASON)
    assert Statement.objects.filter(predicate="licence", value_text__startswith="[removed").count() == 2
    assert list(faults()) == []


def test_a_record_without_its_name_keeps_its_id_and_loses_its_slug() -> None:
    data = build.dataset("A name that has to go")
    purge(Wanted(table="records_record", row=data.id), REASON)
    found = find_record(data.public_id)
    assert (found.name, is_tombstone(found.slug)) == (TOMBSTONE, True)
    with pytest.raises(NotFound):
        find_record(data.slug)


def test_a_slug_of_a_tombstone_is_nobody_elses() -> None:
    other = build.dataset("Another name")
    build.dataset("Taken", slug=f"removed-{other.id}")
    purge(Wanted(table="records_record", row=other.id), REASON)
    assert Record.objects.get(id=other.id).slug == f"removed-{other.id}-2"


def test_an_identifier_that_was_taken_out_leads_nowhere(client: Client) -> None:
    data = build.dataset("Data", identifiers=(("doi", "10.1234/quagga"),))
    purge(Wanted(table="records_identifier", row=Identifier.objects.get().id), REASON)
    assert "doi.org" not in client.get(data.path).content.decode()


def test_a_former_version_is_emptied_and_the_row_on_record_stays() -> None:
    statement = build.state(build.dataset("Data"), "licence", "MIT", note=WORDS)
    build.amend(statement, note="Better words.")
    purge(Wanted(table="records_statement", row=statement.id, version=1), REASON)
    assert WORDS not in stored()
    assert Statement.objects.get(id=statement.id).note == "Better words."
    assert StatementVersion.objects.get(statement=statement, version=1).value_text is None
    assert list(faults()) == []


def test_the_version_on_record_is_not_emptied_beneath_its_row() -> None:
    statement = build.state(build.dataset("Data"), "licence", "MIT", note=WORDS)
    with pytest.raises(Conflict, match="stands on record"):
        purge(Wanted(table="records_statement", row=statement.id, version=statement.version), REASON)
    assert list(faults()) == []


def test_words_that_were_amended_away_are_taken_out_of_the_versions_alone() -> None:
    statement = build.state(build.dataset("Data"), "licence", "MIT", note=WORDS)
    build.amend(statement, note="")
    before = Statement.objects.get(id=statement.id).version
    purge(Wanted(table="records_statement", row=statement.id, column="note"), REASON)
    assert WORDS not in stored()
    assert Statement.objects.get(id=statement.id).version == before
    assert list(faults()) == []


def test_a_reason_of_an_edition_can_be_taken_out() -> None:
    build.publishing(build.do.CreateRecord(ref="a", kind="dataset", name="Data"), reason=f"Because {WORDS}.")
    number = Edition.objects.latest("number").number
    purge(Wanted(table="ledger_edition", row=number), REASON)
    assert WORDS not in stored()
    assert list(faults()) == []


def test_the_same_words_elsewhere_are_named_and_taken_out_where_that_is_wanted() -> None:
    first = build.state(build.dataset("First"), "licence", "MIT", note=WORDS)
    other = build.state(build.dataset("Other"), "licence", "MIT", note=f"They say {WORDS}, too.")
    build.publishing(build.do.CreateRecord(ref="a", kind="dataset", name="Data"), reason=f"Because {WORDS}.")
    done = purge(Wanted(table="records_statement", row=first.id, column="note"), REASON)
    assert {(place.table, place.column) for place in done.elsewhere} == {
        ("records_statement", "note"),
        ("ledger_edition", "reason"),
    }
    assert {place.row for place in done.elsewhere if place.table == "records_statement"} == {other.id}
    purge(Wanted(table="records_statement", row=other.id, column="note", everywhere=True), REASON)
    assert f"They say {WORDS}" not in stored()


def test_everywhere_means_rows_versions_and_reasons() -> None:
    first = build.state(build.dataset("First"), "licence", "MIT", note=WORDS)
    other = build.state(build.dataset("Other"), "licence", "MIT", note=f"They say {WORDS}, too.")
    build.amend(other, note="Better words.")
    build.state(build.dataset("Third"), "licence", "MIT", note=f"And {WORDS}.")
    build.publishing(build.do.CreateRecord(ref="a", kind="dataset", name="Data"), reason=f"Because {WORDS}.")
    done = purge(Wanted(table="records_statement", row=first.id, column="note", everywhere=True), REASON)
    assert (WORDS in stored(), done.elsewhere) == (False, [])
    assert Statement.objects.get(id=other.id).note == "Better words."
    assert list(faults()) == []


def test_a_former_slug_made_of_the_name_is_named() -> None:
    data = build.dataset("The quagga at the gate")
    build.publishing(build.do.RenameRecord(record=data.id, slug="another-slug"))
    done = purge(Wanted(table="records_record", row=data.id, column="name", everywhere=True), REASON)
    assert done.elsewhere == []
    assert "quagga" not in stored()


def test_one_text_can_go_while_another_that_the_guard_refuses_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    statement = build.state(build.dataset("Data"), "licence", "MIT", note=WORDS, unit="units")
    monkeypatch.setattr("kb.records.workspace.check_text", lambda *_, **__: pytest.fail("the guard was asked"))
    build.publishing(Redact(table="records_statement", row=statement.id, columns=("unit",)))
    assert Statement.objects.get(id=statement.id).unit == TOMBSTONE


# private tables


@pytest.fixture
def queued_mail(settings: Any) -> None:
    """Mail as the site sends it: as a job."""
    settings.EMAIL_BACKEND = "kb.jobs.mail.QueuedBackend"


@pytest.mark.usefixtures("queued_mail")
def test_private_tables_lose_the_words_too_and_keep_the_rest() -> None:
    world = make_world()
    editor = person("editor")
    proposal = reviewed(world, editor, summary=f"The model shows how {WORDS}.")
    add_note(proposal, f"I think that {WORDS}; ask the maker.", editor)
    EmailMessage("A letter", f"It says that {WORDS}.", to=["a@example.org"]).send()
    before = Proposal.objects.get(id=proposal.id).revision
    statement = build.state(world.data, "licence", "MIT", note=WORDS)
    purge(Wanted(table="records_statement", row=statement.id, column="note"), REASON)
    assert WORDS not in stored()
    assert TOMBSTONE in Job.objects.get(payload__contains="A letter").payload
    assert Note.objects.get().text == f"I think that {TOMBSTONE}; ask the maker."
    proposal.refresh_from_db()
    assert (proposal.filing["summary"], proposal.revision > before) == (f"The model shows how {TOMBSTONE}.", True)
    assert Decision.objects.filter(proposal=proposal, action="purge").exists()


def test_a_change_that_loses_its_words_loses_its_approvals() -> None:
    world, editor = make_world(), person("editor")
    proposal = reviewed(world, editor, summary=f"The model shows how {WORDS}.")
    act(proposal, "approve", editor)
    change = next(one for one in proposal.changes.all() if WORDS in str(one.body))
    purge(Wanted(table="review_proposedchange", row=change.id, column="body"), REASON)
    proposal.refresh_from_db()
    change.refresh_from_db()
    assert (change.state, change.body) == ("declined", {})
    assert not Approval.objects.filter(proposal=proposal, revision=proposal.revision).exists()
    assert WORDS not in stored()


def test_a_private_text_is_overwritten() -> None:
    case = DisputeCase.objects.create(key="k", sent_by="k", receipt="r", record_id=1, text=WORDS)
    purge(Wanted(table="review_disputecase", row=case.id, column="text"), REASON)
    assert DisputeCase.objects.get().text == TOMBSTONE


def test_short_words_are_taken_out_only_where_they_are_all() -> None:
    words = Words.of(["Net"])
    assert words.replaced("Net") == TOMBSTONE
    assert words.replaced("The Network of Net") == "The Network of Net"


def test_words_are_found_however_their_blanks_are_written() -> None:
    words = Words.of([WORDS])
    assert words.replaced(f"He said: {WORDS.replace(' ', chr(10), 1)}.") == TOMBSTONE
    assert words.within(f"It begins {WORDS}")


def test_the_beginning_of_a_long_text_is_found_as_well() -> None:
    long = "a long story of a quagga, " * 20
    assert Words.of([long]).replaced(f"Decided: {long[:200]}") == TOMBSTONE


def test_codes_and_ids_are_no_words() -> None:
    assert Words.of(["child_safety", "UP-D-7", "2024-01", "new:issue", TOMBSTONE, "[removed 7]"]).texts == ()


# what is refused


@pytest.mark.parametrize(
    ("wanted", "error", "message"),
    [
        (Wanted(table="nothing", row=1), InvalidInput, "holds no text"),
        (Wanted(table="records_record", row=1, column="kind"), InvalidInput, "is no text"),
        (Wanted(table="records_record", row=99), NotFound, "no row 99"),
        (Wanted(table="records_record", row=1, version=9), NotFound, "no version 9"),
        (Wanted(table="ledger_edition", row=99), NotFound, "no edition 99"),
        (Wanted(table="review_note", row=99), NotFound, "no row 99"),
        (Wanted(table="review_note", row=1, version=1), InvalidInput, "keeps no versions"),
        (Wanted(table="review_note", row=1, column="author"), InvalidInput, "is no text"),
    ],
)
def test_what_cannot_be_taken_out_is_said_and_nothing_changes(wanted: Wanted, error: type[Exception], message: str) -> None:
    build.dataset("Data")
    before = (Edition.objects.count(), Payload.objects.filter(body="").count())
    with pytest.raises(error, match=message):
        purge(wanted, REASON)
    assert (Edition.objects.count(), Payload.objects.filter(body="").count()) == before


def test_a_purge_is_not_done_twice() -> None:
    statement = build.state(build.dataset("Data"), "licence", "MIT", note=WORDS)
    purge(Wanted(table="records_statement", row=statement.id, column="note"), REASON)
    with pytest.raises(Conflict, match="holds no such text"):
        purge(Wanted(table="records_statement", row=statement.id, column="note"), REASON)


def test_the_reason_never_repeats_the_words() -> None:
    statement = build.state(build.dataset("Data"), "licence", "MIT", note=WORDS)
    with pytest.raises(InvalidInput, match="repeats the text"):
        purge(Wanted(table="records_statement", row=statement.id, column="note"), f"It said that {WORDS}.")
    assert Statement.objects.get(id=statement.id).note == WORDS


def test_nobody_proposes_a_redaction() -> None:
    data = build.dataset("Data")
    change = {"change": "redact", "table": "records_record", "row": data.id, "columns": ["name"]}
    with pytest.raises(InvalidInput, match="cannot be proposed"):
        send_changes([change], Sender(), title="A title", reason="A reason.")


# the command


def test_the_command_says_where_the_same_words_still_stand_and_fails(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.review.management.commands.purge.erase", lambda tables: None)
    first = build.state(build.dataset("First"), "licence", "MIT", note=WORDS)
    other = build.state(build.dataset("Other"), "licence", "MIT", note=WORDS)
    with pytest.raises(SystemExit) as stopped:
        call_command("purge", "records_statement", str(first.id), column="note", reason=REASON)
    said = capsys.readouterr()
    assert stopped.value.code == 1
    assert f"records_statement {other.id} v1 note: the same words (on record)" in said.out
    assert "quagga" not in said.out + said.err


def test_the_command_explains_what_it_cannot_do() -> None:
    with pytest.raises(CommandError, match="holds no text"):
        call_command("purge", "nothing", "1", reason=REASON)


@pytest.mark.usefixtures("queued_mail")
@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_purged_text_is_left_in_bytes_or_pages(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    world, editor = make_world(), person("editor")
    proposal = start_filing(filing(world, summary=f"It shows how {WORDS}."), Sender(user=editor))
    add_note(proposal, f"I think that {WORDS}.", person("editor"))
    EmailMessage("A letter", f"It says that {WORDS}.", to=["a@example.org"]).send()
    statement = build.state(world.data, "licence", "MIT", note=WORDS)
    build.amend(statement, note=f"Amended: {WORDS}.")
    key = build.dataset("Keyed", source_keys=(("founding", WORDS),))
    paths = [
        "/", "/search/?q=quagga", "/editions/", world.data.path, key.path, f"/lineage/{world.data.slug}/", "/datasets/",
        "/sources/", "/api/v1/statements/", f"/api/v1/statements/{statement.id}/", f"/api/v1/datasets/{world.data.public_id}/",
        "/api/v1/datasets/?q=quagga", "/api/v1/editions/", *(f"/editions/{one.number}/" for one in Edition.objects.all()),
    ]  # fmt: skip
    shown = [path for path in paths if WORDS in client.get(path).content.decode()]
    assert shown
    assert connection.vendor != "sqlite" or files_with(WORDS, site_files())
    call_command("purge", "records_statement", str(statement.id), column="note", reason=REASON, everywhere=True)
    assert is_tombstone(SourceKey.objects.get(record=key).external_id)
    assert WORDS not in stored()
    assert Job.objects.filter(kind="mail").exists()
    assert files_with(WORDS, site_files()) == []
    assert files_with("quagga stood", site_files()) == []
    assert [path for path in paths if "quagga stood" in client.get(path).content.decode()] == []
    call_command("verify")
    assert "emptied by a purge" in capsys.readouterr().out
