"""`manage.py run_jobs`: all work gets done without Celery."""

import signal
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from kb.core.clock import now
from kb.jobs import tasks
from kb.jobs.management.commands import run_jobs
from kb.jobs.models import Job, Seen
from kb.jobs.queue import enqueue
from kb.jobs.registry import WORK, Payload
from kb.jobs.running import JobFailed, Running
from tests.jobs.conftest import Declare
from tests.jobs.marks import leave_mark, marks

pytestmark = pytest.mark.django_db


def run_once() -> str:
    out = StringIO()
    call_command("run_jobs", "--once", stdout=out)
    return out.getvalue()


def refuse(job: Running, payload: Payload) -> None:
    raise JobFailed("No.", final=True)


def test_all_that_is_due_is_done_and_what_that_orders_too(declare: Declare) -> None:
    def order_more(job: Running, payload: Payload) -> None:
        enqueue("mark", key=f"{job.key} again")

    declare("mark", leave_mark)
    declare("more", order_more)
    enqueue("more", key="a")
    enqueue("mark", key="later", run_after=now() + timedelta(hours=1))
    periodic = sum(one.when is not None for one in WORK.values())  # each kind has a slot that has begun
    assert run_once() == f"{2 + periodic} done, 0 to be tried again, 0 dead.\n"
    assert marks() == 1
    assert Job.objects.filter(state="waiting").count() == 1
    assert run_once() == "0 done, 0 to be tried again, 0 dead.\n"


def test_it_fails_in_one_line_where_a_job_died_and_still_does_the_rest(declare: Declare) -> None:
    declare("mark", leave_mark)
    declare("refuse", refuse)
    enqueue("refuse", key="a")
    enqueue("mark", key="a")
    with pytest.raises(CommandError, match=r"^1 of the jobs died; the operators' page says which and why\.$"):
        run_once()
    assert marks() == 1


def test_the_loop_works_until_it_is_told_to_stop(declare: Declare, monkeypatch: pytest.MonkeyPatch) -> None:
    declare("mark", leave_mark)
    enqueue("mark", key="a")
    handlers: dict[int, Any] = {}
    monkeypatch.setattr(signal, "signal", handlers.__setitem__)
    monkeypatch.setattr(run_jobs.time, "sleep", lambda _seconds: handlers[signal.SIGTERM]())
    monkeypatch.setattr(run_jobs, "close_old_connections", lambda: None)
    call_command("run_jobs")
    assert marks() == 1
    assert Seen.objects.filter(name__startswith="worker:").exists()


def test_a_hint_wakes_a_worker_that_goes_on_with_what_else_is_due(declare: Declare) -> None:
    declare("mark", leave_mark)
    first, _ = enqueue("mark", key="a"), enqueue("mark", key="b")
    tasks.run_hinted(first)
    tasks.run_hinted(first)
    tasks.run_hinted(10**9)
    assert marks() == 2
    assert Seen.objects.filter(name__startswith="worker:").exists()
