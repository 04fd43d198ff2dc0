"""Editions are numbered without gaps, hold at most 5,000 row changes, and are made whole or not at all."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections

from kb.core.errors import Conflict, InvalidInput
from kb.ledger import history
from kb.ledger.models import Change, Counter, Edition, Head, Payload
from kb.ledger.verify import faults
from kb.ledger.write import EDITION_LIMIT, current_edition
from kb.records import changes as do
from kb.records import publish as publishing_module
from kb.records.models import Record
from kb.records.publish import publish, publish_run
from tests import build


def datasets(count: int, prefix: str = "Dataset") -> list[do.CreateRecord]:
    return [do.CreateRecord(ref=f"{prefix} {number}", kind="dataset", name=f"{prefix} {number}") for number in range(count)]


def everything() -> list[Any]:
    """What the tables of the ledger and the counters hold."""
    return [list(model._base_manager.order_by("pk").values()) for model in (Head, Edition, Change, Payload, Counter, Record)]


@pytest.mark.django_db
def test_an_edition_says_who_made_it_and_why() -> None:
    edition = publish(datasets(1), actor="editor-7", reason="First of its kind.")
    assert edition is not None
    assert (edition.number, edition.actor, current_edition()) == (1, "editor-7", 1)
    assert history.reason_of(edition) == "First of its kind."


@pytest.mark.django_db
def test_editions_and_changes_are_numbered_without_gaps() -> None:
    for number in range(4):
        publish(datasets(2, f"Set {number}"), actor="test", reason="More.")
    assert list(Edition.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4]
    assert list(Change.objects.order_by("sequence").values_list("sequence", flat=True)) == list(range(1, 13))


@pytest.mark.django_db
def test_what_changes_nothing_makes_no_edition() -> None:
    record = build.dataset("LAION-5B")
    before = everything()
    assert publish([do.RenameRecord(record=record.id, name="LAION-5B")], actor="test", reason="The same.") is None
    assert publish([], actor="test", reason="Nothing.") is None
    assert everything() == before


@pytest.mark.django_db
def test_an_edition_takes_no_more_rows_than_its_limit() -> None:
    with pytest.raises(Conflict, match="at most 5000 row changes; this one has 5001"):
        publish(datasets(EDITION_LIMIT + 1), actor="test", reason="Too much.")
    assert everything() == [[], [], [], [], [], []]


@pytest.mark.django_db
def test_a_run_is_split_into_editions_that_refer_to_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing_module, "EDITION_LIMIT", 20)
    links = [do.AddStatement(subject=f"Dataset {n}", predicate="subset_of", object=f"Dataset {n + 1}") for n in range(9)]
    told: list[int] = []
    editions = publish_run([*datasets(10), *links], actor="import", reason="A run.", progress=told.append)
    assert [edition.number for edition in editions] == list(range(1, len(editions) + 1))
    assert len(editions) > 1
    assert sum(told) == 19
    assert all(edition.last_sequence - edition.first_sequence <= 20 for edition in editions)
    assert list(faults()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("actor", "reason"),
    [
        ("test", ""),
        ("test", "  "),
        ("", "Why."),
        ("a" * 101, "Why."),
        ("test", "See https://example.org/x"),
        ("a@example.org", "Why."),
    ],
)
def test_an_edition_has_an_actor_and_a_public_reason_that_the_guard_has_read(actor: str, reason: str) -> None:
    with pytest.raises(InvalidInput):
        publish(datasets(1), actor=actor, reason=reason)
    assert not Record.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["write_edition", "record_versions", "derive_statuses"])
def test_a_failure_anywhere_leaves_nothing_behind(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = build.dataset("Kept")
    before, refs = everything(), {"kept": kept.id}
    original: Callable[..., Any] = getattr(publishing_module, step)

    def fail(*args: Any) -> None:
        original(*args)
        raise RuntimeError(step)

    monkeypatch.setattr(publishing_module, step, fail)
    wanted = [*datasets(3), do.AddStatement(subject="Dataset 0", predicate="subset_of", object="kept")]
    with pytest.raises(RuntimeError):
        publish(wanted, actor="test", reason="It fails.", refs=refs)
    assert everything() == before
    assert refs == {"kept": kept.id}


@pytest.mark.django_db
def test_a_refused_change_takes_the_whole_edition_with_it() -> None:
    refs: dict[str, int] = {}
    with pytest.raises(InvalidInput):
        publish([*datasets(2), do.CreateRecord(ref="bad", kind="thing", name="Bad")], actor="test", reason="Half.", refs=refs)
    assert (everything(), refs) == ([[], [], [], [], [], []], {})


@pytest.mark.django_db
def test_references_of_a_run_are_given_back() -> None:
    refs: dict[str, int] = {}
    publish(datasets(2), actor="test", reason="Two.", refs=refs)
    assert refs == {record.name: record.id for record in Record.objects.all()}


@pytest.mark.django_db(transaction=True)
def test_publishers_at_the_same_time_wait_for_one_another() -> None:
    def work(who: str) -> None:
        try:
            for number in range(6):
                publish(datasets(2, f"{who} {number}"), actor=who, reason="At the same time.")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, ["one", "other"]))
    assert list(Edition.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 13))
    assert sorted(Record.objects.values_list("number", flat=True)) == list(range(1, 25))
    assert list(faults()) == []
    assert connection.vendor in {"sqlite", "postgresql"}


@pytest.mark.django_db
@pytest.mark.parametrize("number", [0, -1, 2])
def test_an_edition_that_does_not_exist_is_refused(number: int) -> None:
    build.dataset("LAION-5B")
    assert history.check_edition(1) == 1
    with pytest.raises(InvalidInput, match="Editions run from 1 to 1"):
        history.check_edition(number)
