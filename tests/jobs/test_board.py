"""What operators see and may do: honest counts, no payloads, and a reason for each job that is dropped."""

from datetime import timedelta

import pytest

from kb.core.clock import now
from kb.core.errors import Conflict, InvalidInput, NotFound
from kb.jobs import board as boards
from kb.jobs.board import board
from kb.jobs.claim import claim
from kb.jobs.models import Job, Seen
from kb.jobs.queue import enqueue
from kb.jobs.registry import Payload
from kb.jobs.repair import drop, retry
from kb.jobs.run import run
from kb.jobs.running import JobFailed, Running
from tests.jobs.conftest import Declare
from tests.jobs.marks import leave_mark, let_lease_lapse, make_due, marks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds(declare: Declare) -> None:
    def refuse(job: Running, payload: Payload) -> None:
        raise JobFailed("No.", final=True)

    declare("mark", leave_mark)
    declare("refuse", refuse)


def dead() -> int:
    job = enqueue("refuse", key="a", payload={"secret": "12345"})
    assert run(job) == "dead"
    return job


def test_each_job_stands_in_the_list_of_its_state() -> None:
    late, running, silent = (enqueue("mark", key=key) for key in ("late", "running", "silent"))
    enqueue("mark", key="later", run_after=now() + timedelta(days=1))
    make_due(late)
    claim(running)
    claim(silent)
    let_lease_lapse(silent)
    died = dead()
    shown = board()
    assert [line.id for line in shown.late.lines] == [late]
    assert {(line.id, line.is_silent) for line in shown.running.lines} == {(running, False), (silent, True)}
    assert [(line.id, line.last_error, line.can_retry) for line in shown.dead.lines] == [(died, "No.", True)]
    assert [(one.kind, one.count, one.is_known) for one in shown.waiting] == [("mark", 2, True)]
    assert "12345" not in repr(shown)


def test_a_kind_that_nobody_declared_is_shown_as_unknown() -> None:
    Job.objects.create(kind="of-tomorrow", key="a", payload="{}", run_after=now() - timedelta(days=1), created_at=now())
    shown = board()
    assert [(one.kind, one.is_known) for one in shown.waiting] == [("of-tomorrow", False)]
    assert [line.attempts_of for line in shown.late.lines] == [0]


def test_a_long_list_is_cut_and_says_how_much_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boards, "MOST_SHOWN", 2)
    for number in range(5):
        make_due(enqueue("mark", key=str(number)))
    late = board().late
    assert (len(late.lines), late.count, late.left_out) == (2, 5, 3)


def test_what_was_not_seen_for_a_minute_is_silent() -> None:
    assert board().sweep.is_silent
    Seen.objects.create(name="sweep", at=now())
    Seen.objects.create(name="worker:gone", at=now() - timedelta(minutes=5))
    Seen.objects.create(name="worker:here", at=now())
    shown = board()
    assert not shown.sweep.is_silent
    assert [(sign.name, sign.is_silent) for sign in shown.workers] == [("here", False), ("gone", True)]


def test_a_dead_job_that_is_tried_again_has_all_its_attempts(declare: Declare) -> None:
    job = dead()
    retry(job, by="p-1")
    row = Job.objects.get()
    assert (row.state, row.attempts, row.ended_at) == ("waiting", 0, None)
    assert run(job) == "dead"


def test_only_a_dead_job_that_is_whole_can_be_tried_again() -> None:
    waiting = enqueue("mark", key="a")
    with pytest.raises(Conflict, match="is waiting: only a dead job"):
        retry(waiting, by="p-1")
    with pytest.raises(NotFound, match="There is no job 0"):
        retry(0, by="p-1")
    emptied = dead()
    Job.objects.filter(pk=emptied).update(payload="")
    with pytest.raises(Conflict, match="kept no longer"):
        retry(emptied, by="p-1")
    assert [line.can_retry for line in board().dead.lines] == [False]


def test_a_dropped_job_keeps_who_dropped_it_and_why_and_nothing_else() -> None:
    job = dead()
    drop(job, by="p-1", reason="  The address\nwas never right. ")
    row = Job.objects.get()
    assert (row.state, row.payload) == ("dropped", "")
    assert row.last_error == "Dropped by p-1: The address was never right."
    assert run(job) is None
    assert board().dead.count == 0


def test_waiting_work_can_be_dropped_and_is_not_done() -> None:
    job = enqueue("mark", key="a")
    drop(job, by="p-1", reason="Ordered by mistake.")
    assert run(job) is None
    assert marks() == 0


@pytest.mark.parametrize("reason", ["", " \n", "x" * 300, "see https://example.org/list", "nul \0"])
def test_a_reason_that_is_missing_too_long_or_refused_drops_nothing(reason: str) -> None:
    job = dead()
    with pytest.raises(InvalidInput):
        drop(job, by="p-1", reason=reason)
    assert Job.objects.get(pk=job).state == "dead"


def test_neither_running_nor_finished_work_can_be_dropped() -> None:
    running, done = enqueue("mark", key="a"), enqueue("mark", key="b")
    claim(running)
    run(done)
    for job in (running, done):
        with pytest.raises(Conflict, match="only a waiting or dead job"):
            drop(job, by="p-1", reason="No.")
