"""Running jobs: leases, fences, backoff, dead letters, and effects that happen exactly once."""

import logging
import re
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import connection, connections

from kb.core.clock import now
from kb.jobs.claim import claim, claim_next, due_jobs
from kb.jobs.models import Job, Seen
from kb.jobs.queue import enqueue
from kb.jobs.registry import WORK, Payload
from kb.jobs.run import drain, execute, pause, run
from kb.jobs.running import JobFailed, LeaseLost, Running
from tests.jobs.conftest import Declare
from tests.jobs.marks import leave_mark, let_lease_lapse, make_due, marks

pytestmark = pytest.mark.django_db
SECRET = "correct horse battery"


def fail(job: Running, payload: Payload) -> None:
    leave_mark(job, payload)
    raise ValueError(payload["secret"])


def test_the_effect_and_the_end_are_written_together(declare: Declare) -> None:
    declare("mark", leave_mark)
    job = enqueue("mark", key="a", payload={"secret": SECRET})
    assert run(job) == "done"
    assert marks() == 1
    row = Job.objects.get()
    assert (row.state, row.payload, row.lease_until, row.attempts) == ("done", "", None, 1)
    assert row.started_at is not None
    assert row.ended_at is not None


def test_work_that_is_done_is_not_done_again(declare: Declare) -> None:
    declare("mark", leave_mark)
    job = enqueue("mark", key="a")
    assert [run(job), run(job)] == ["done", None]
    assert marks() == 1


def test_a_job_is_held_by_one_worker_at_a_time(declare: Declare) -> None:
    declare("mark", leave_mark)
    job = enqueue("mark", key="a")
    assert claim(job) is not None
    assert claim(job) is None
    assert claim_next() is None


def test_a_lapsed_lease_is_taken_over_with_a_new_fence_and_the_loss_is_told(declare: Declare) -> None:
    declare("mark", leave_mark, attempts=3)
    first = claim(enqueue("mark", key="a"))
    assert first
    let_lease_lapse(first.id)
    second = claim_next()
    assert second
    assert (second.id, second.attempt, second.fence) == (first.id, 2, first.fence + 1)
    assert Job.objects.get().last_error == "The worker was lost during attempt 1 of 3."


def test_a_worker_that_lost_its_lease_cannot_commit(declare: Declare) -> None:
    declare("mark", leave_mark)
    late = claim(enqueue("mark", key="a"))
    assert late
    let_lease_lapse(late.id)
    other = claim(late.id)
    assert other
    assert execute(late) == "lost"
    assert marks() == 0
    assert execute(other) == "done"
    assert marks() == 1


def test_a_worker_that_lost_its_lease_can_neither_renew_fail_nor_bury_the_job(declare: Declare) -> None:
    declare("fail", fail, attempts=1)
    late = claim(enqueue("fail", key="a", payload={"secret": SECRET}))
    assert late
    Job.objects.update(fence=late.fence + 1)
    with pytest.raises(LeaseLost):
        late.renew()
    assert execute(late) == "lost"
    row = Job.objects.get()
    assert (row.state, row.last_error) == ("running", "")


def test_a_renewed_lease_lasts_its_length_from_now(declare: Declare) -> None:
    declare("mark", leave_mark, lease=timedelta(minutes=5))
    job = claim(enqueue("mark", key="a"))
    assert job
    let_lease_lapse(job.id)
    job.renew()
    until = Job.objects.get().lease_until
    assert until
    assert until > now() + timedelta(minutes=4)
    assert claim(job.id) is None


@pytest.mark.django_db(transaction=True)
def test_a_living_worker_keeps_its_lease_for_longer_than_the_lease_lasts(declare: Declare) -> None:
    lease = timedelta(seconds=0.6)
    taken: list[bool] = []

    def work_on(job: Running, payload: Payload) -> None:
        for _ in range(6):
            Event().wait(0.25)
            taken.append(claim(job.id) is not None)

    declare("slow", work_on, lease=lease, outside=True)
    assert run(enqueue("slow", key="a")) == "done"
    assert taken == [False] * 6


@pytest.mark.django_db(transaction=True)
def test_work_that_hangs_beyond_its_limit_is_taken_over_and_cannot_commit(declare: Declare) -> None:
    taken_over, ended = Event(), []
    declare(
        "hang", lambda _job, _payload: taken_over.wait(20) and None, lease=timedelta(seconds=0.3), limit=timedelta(), outside=True
    )
    job = enqueue("hang", key="a")

    def hang() -> None:
        ended.append(run(job))
        connections.close_all()

    hanging = Thread(target=hang)
    hanging.start()
    other = None
    for _ in range(100):
        Event().wait(0.1)
        if other := claim(job) if Job.objects.filter(pk=job, state="running").exists() else None:
            break
    taken_over.set()
    hanging.join()
    assert other is not None
    assert other.attempt == 2
    assert ended == ["lost"]


def test_a_failure_undoes_the_effect_and_puts_the_job_off(declare: Declare) -> None:
    declare("fail", fail)
    job = enqueue("fail", key="a", payload={"secret": SECRET})
    began = now()
    assert run(job) == "waiting"
    assert marks() == 0
    row = Job.objects.get()
    assert (row.state, row.attempts, row.lease_until) == ("waiting", 1, None)
    assert row.run_after > began
    assert run(job) is None


def test_the_pause_doubles_up_to_an_hour_and_is_scattered() -> None:
    wait = timedelta(seconds=10)
    for attempt in range(1, 40):
        longest = min(10 * 2 ** (attempt - 1), 3600)
        found = {pause(attempt, wait).total_seconds() for _ in range(20)}
        assert len(found) > 1
        assert all(longest / 2 <= one <= longest for one in found)


def test_a_job_dies_after_its_last_attempt_and_keeps_its_payload_for_a_retry(declare: Declare) -> None:
    declare("fail", fail, attempts=3)
    job = enqueue("fail", key="a", payload={"secret": SECRET})
    ends = []
    for _ in range(3):
        ends.append(run(job))
        make_due(job)
    assert ends == ["waiting", "waiting", "dead"]
    assert run(job) is None
    row = Job.objects.get()
    assert row.ended_at is not None
    assert SECRET in row.payload


def test_a_job_whose_worker_is_lost_in_the_last_attempt_dies(declare: Declare) -> None:
    declare("mark", leave_mark, attempts=1)
    job = claim(enqueue("mark", key="a"))
    assert job
    let_lease_lapse(job.id)
    assert list(drain()) == []
    row = Job.objects.get()
    assert (row.state, row.last_error) == ("dead", "The worker was lost during attempt 1 of 1.")


def test_a_final_failure_is_not_tried_again(declare: Declare) -> None:
    def refuse(job: Running, payload: Payload) -> None:
        raise JobFailed("The address does\nnot exist.", final=True)

    declare("refuse", refuse)
    assert run(enqueue("refuse", key="a")) == "dead"
    assert Job.objects.get().last_error == "The address does not exist."


def test_neither_the_error_line_nor_the_log_holds_a_word_of_the_payload(
    declare: Declare, caplog: pytest.LogCaptureFixture
) -> None:
    declare("fail", fail)
    with caplog.at_level(logging.DEBUG):
        run(enqueue("fail", key="a", payload={"secret": SECRET}))
    line = Job.objects.get().last_error
    assert re.fullmatch(r"ValueError in [a-z_.]*test_run, line \d+\.", line)
    assert "ValueError" in caplog.text
    assert SECRET not in line + caplog.text


def test_an_error_of_the_system_is_told_in_the_systems_words(declare: Declare) -> None:
    def refuse(job: Running, payload: Payload) -> None:
        raise ConnectionRefusedError(111, SECRET)

    declare("refuse", refuse)
    run(enqueue("refuse", key="a"))
    assert Job.objects.get().last_error.startswith("ConnectionRefusedError (Connection refused) in ")


def test_a_kind_that_nobody_declared_here_stays_waiting() -> None:
    row = Job.objects.create(kind="of-tomorrow", key="a", payload="{}", run_after=now(), created_at=now())
    assert run(row.pk) is None
    assert list(drain()) == []
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("waiting", 0)


def test_work_outside_runs_in_no_transaction_of_its_own(declare: Declare) -> None:
    depth: list[int] = []
    declare("inside", lambda _job, _payload: depth.append(len(connection.savepoint_ids)))
    declare("outside", lambda _job, _payload: depth.append(len(connection.savepoint_ids)), outside=True)
    run(enqueue("inside", key="a"))
    run(enqueue("outside", key="a"))
    assert depth[1] == depth[0] - 1


def test_work_outside_writes_what_it_learned_together_with_its_end(declare: Declare) -> None:
    def learn(job: Running, payload: Payload) -> None:
        with job.finishing():
            leave_mark(job, payload)
        raise AssertionError("what comes after the end cannot undo it")

    declare("learn", learn, outside=True)
    job = enqueue("learn", key="a")
    assert run(job) == "done"
    assert marks() == 1
    assert Job.objects.get().state == "done"
    assert run(job) is None


def test_lost_jobs_come_first_then_those_that_wait_longest(declare: Declare) -> None:
    declare("mark", leave_mark)
    young, old, lost = (enqueue("mark", key=key) for key in "abc")
    claim(lost)
    let_lease_lapse(lost)
    make_due(old)
    assert due_jobs(10) == [lost, old, young]
    assert due_jobs(2) == [lost, old]


def test_what_is_due_is_found_by_index(declare: Declare) -> None:
    declare("mark", leave_mark)
    waiting = Job.objects.filter(kind__in=list(WORK), state="waiting", run_after__lte=now()).order_by("run_after")
    silent = Job.objects.filter(kind__in=list(WORK), state="running", lease_until__lt=now()).order_by("lease_until")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert "jobs_due" in waiting.values_list("pk")[:20].explain()
    assert "jobs_lapsed" in silent.values_list("pk")[:20].explain()


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_one_gets_each_job(declare: Declare) -> None:
    declare("mark", leave_mark)
    jobs = [enqueue("mark", key=str(number)) for number in range(12)]
    ended: list[str] = []

    def worker() -> None:
        ended.extend(drain())
        connections.close_all()

    workers = [Thread(target=worker) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    while any(True for _ in drain()):  # a worker may leave while another still holds what it saw
        continue
    assert Job.objects.filter(pk__in=jobs, state="done", attempts=1).count() == 12
    assert Seen.objects.filter(name__startswith="mark:").count() == 12
