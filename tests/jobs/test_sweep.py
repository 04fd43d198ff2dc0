"""The sweep: lost hints are made up for, and each time slot of periodic work is worked on once."""

import os
import time as clock
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from kb.core.clock import now
from kb.jobs import hints
from kb.jobs.mail import KIND, is_undelivered
from kb.jobs.models import Job, Seen
from kb.jobs.queue import enqueue
from kb.jobs.run import drain, run
from kb.jobs.schedule import daily, every, make_slots
from kb.jobs.sweep import note, sweep, sweep_if_late
from tests.jobs.conftest import Declare
from tests.jobs.marks import leave_mark, let_lease_lapse, marks

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "moment", "begins"),
    [
        (every(timedelta(minutes=10)), NOON, datetime(2026, 3, 1, 12, 0, tzinfo=UTC)),
        (every(timedelta(minutes=10)), datetime(2026, 3, 1, 12, 10, tzinfo=UTC), datetime(2026, 3, 1, 12, 10, tzinfo=UTC)),
        (every(timedelta(days=1)), NOON, datetime(2026, 3, 1, tzinfo=UTC)),
        (daily(time(3, 30)), NOON, datetime(2026, 3, 1, 3, 30, tzinfo=UTC)),
        (daily(time(13, 0)), NOON, datetime(2026, 2, 28, 13, 0, tzinfo=UTC)),
        (daily(time(12, 0, 5)), NOON, NOON),
    ],
)
def test_a_slot_begins_at_its_time(when: Any, moment: datetime, begins: datetime) -> None:
    assert when(moment) == begins


def test_a_slot_is_ordered_once_however_often_the_sweeper_comes(declare: Declare) -> None:
    declare("tick", leave_mark, when=every(timedelta(hours=1)))
    for minutes in (0, 1, 59):
        make_slots(NOON + timedelta(minutes=minutes))
    assert Job.objects.filter(kind="tick").count() == 1
    make_slots(NOON + timedelta(minutes=61))
    assert [job.key for job in Job.objects.filter(kind="tick").order_by("key")] == [
        "2026-03-01T12:00:00+00:00",
        "2026-03-01T13:00:00+00:00",
    ]


def test_a_slot_is_not_ordered_again_after_its_job_was_pruned(declare: Declare) -> None:
    declare("tick", leave_mark, when=every(timedelta(days=30)))
    make_slots(NOON)
    assert list(drain()).count("done") >= 1
    Job.objects.all().delete()
    make_slots(NOON)
    assert not Job.objects.filter(kind="tick").exists()
    assert marks() == 1


def test_slots_that_passed_while_nothing_ran_are_not_made_up_for(declare: Declare) -> None:
    declare("tick", leave_mark, when=every(timedelta(hours=1)))
    make_slots(NOON)
    make_slots(NOON + timedelta(days=3))
    assert Job.objects.filter(kind="tick").count() == 2


def test_a_job_whose_hint_was_lost_is_hinted_at_by_the_sweep(declare: Declare, hinted: list[int]) -> None:
    declare("mark", leave_mark)
    waiting, lost = enqueue("mark", key="a"), enqueue("mark", key="b")
    later = enqueue("mark", key="c", run_after=now() + timedelta(hours=1))
    Job.objects.filter(pk=lost).update(state="running", lease_until=now())
    let_lease_lapse(lost)
    sweep()
    assert {waiting, lost} <= set(hinted)
    assert later not in hinted


def test_a_sweep_tells_of_few_jobs_however_many_wait(declare: Declare, hinted: list[int]) -> None:
    declare("mark", leave_mark)
    for number in range(60):
        enqueue("mark", key=str(number))
    sweep()
    assert 0 < len(hinted) <= 10


def test_a_worker_sweeps_where_beat_is_silent(declare: Declare, hinted: list[int]) -> None:
    sweep_if_late()
    assert Seen.objects.filter(name="sweep").exists()
    declare("mark", leave_mark)
    job = enqueue("mark", key="a")
    sweep_if_late()
    assert job not in hinted
    Seen.objects.filter(name="sweep").update(at=now() - timedelta(minutes=5))
    sweep_if_late()
    assert job in hinted


def test_a_sign_of_life_is_written_when_the_last_one_is_old() -> None:
    old = now() - timedelta(minutes=5)
    note("worker:here")
    first = Seen.objects.get(name="worker:here").at
    note("worker:here")
    assert Seen.objects.get(name="worker:here").at == first
    Seen.objects.filter(name="worker:here").update(at=old)
    note("worker:here")
    assert Seen.objects.get(name="worker:here").at > first


def test_what_is_long_over_is_forgotten_and_dead_payloads_are_emptied() -> None:
    long_ago = now() - timedelta(days=400)
    for state in ("done", "dropped", "dead", "waiting"):
        payload = "" if state in ("done", "dropped") else "{}"
        for age, ended in (("old", long_ago), ("new", now())):
            Job.objects.create(
                kind="k", key=f"{state} {age}", state=state, payload=payload, run_after=ended, created_at=ended, ended_at=ended
            )
    assert run(enqueue("jobs.forget", key="test")) == "done"
    kept = {job.key: job.payload for job in Job.objects.filter(kind="k")}
    assert kept == {
        "done new": "", "dropped new": "", "dead new": "{}", "dead old": "", "waiting new": "{}", "waiting old": "{}",
    }  # fmt: skip


def test_a_mail_that_was_dropped_never_counts_as_delivered(settings: Any) -> None:
    long_ago = now() - timedelta(days=settings.JOBS_KEPT_DAYS + 1)
    for state in ("done", "dropped"):
        Job.objects.create(kind=KIND, key=state, state=state, run_after=long_ago, created_at=long_ago, ended_at=long_ago)
    assert run(enqueue("jobs.forget", key="test")) == "done"
    assert (is_undelivered("done"), is_undelivered("dropped")) == (False, True)


def test_messages_that_nobody_took_are_deleted_and_fresh_ones_stay(tmp_path: Path, settings: Any) -> None:
    settings.BROKER_FOLDER = tmp_path
    for name, age in (("old.q.msg", hints.EXPIRES + 5), ("torn.q.part", hints.EXPIRES + 5), ("fresh.q.msg", 0)):
        (tmp_path / name).write_text("{}")
        os.utime(tmp_path / name, (clock.time() - age, clock.time() - age))
    hints.forget_old_messages()
    assert [path.name for path in tmp_path.iterdir()] == ["fresh.q.msg"]
