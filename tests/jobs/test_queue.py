"""Ordering work: in the caller's transaction, once for each key, and with a hint that may fail."""

from datetime import timedelta

import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from kb.core.clock import now
from kb.jobs import hints
from kb.jobs.models import Job
from kb.jobs.queue import MAX_PAYLOAD, cancel, enqueue, reschedule
from kb.jobs.run import run
from tests.jobs.conftest import Declare
from tests.jobs.marks import leave_mark, let_lease_lapse

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kind(declare: Declare) -> None:
    declare("mark", leave_mark)


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_no_job_and_sends_no_hint(hinted: list[int]) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        enqueue("mark", key="a")
        raise RuntimeError
    assert not Job.objects.exists()
    assert hinted == []


@pytest.mark.django_db(transaction=True)
def test_a_hint_is_sent_when_the_caller_commits_and_not_before(hinted: list[int]) -> None:
    with transaction.atomic():
        job = enqueue("mark", key="a")
        assert hinted == []
    assert hinted == [job]


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_fails_no_caller_and_is_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def refuse(_name: str, args: list[int], **_: object) -> None:
        tried.extend(args)
        raise ConnectionRefusedError

    monkeypatch.setattr(hints.current_app, "send_task", refuse)
    first, second = enqueue("mark", key="a"), enqueue("mark", key="b")
    assert Job.objects.filter(pk__in=(first, second), state="waiting").count() == 2
    assert tried == [first]


def test_the_same_key_is_ordered_once_whatever_became_of_it() -> None:
    job = enqueue("mark", key="a", payload={"n": 1})
    assert enqueue("mark", key="a", payload={"n": 2}) == job
    assert run(job) == "done"
    assert enqueue("mark", key="a") == job
    assert Job.objects.get().state == "done"


def test_work_for_later_is_not_due_and_nobody_is_told(
    hinted: list[int], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue("mark", key="a", run_after=now() + timedelta(hours=1))
    assert hinted == []
    assert run(job) is None
    with django_capture_on_commit_callbacks(execute=True):
        assert reschedule("mark", "a", now())
    assert hinted == [job]
    assert run(job) == "done"


def test_only_waiting_work_can_be_put_off() -> None:
    job = enqueue("mark", key="a")
    run(job)
    assert not reschedule("mark", "a", now())
    assert not reschedule("mark", "never ordered", now())


def test_work_that_was_called_off_is_gone_and_can_be_ordered_anew() -> None:
    first = enqueue("mark", key="a")
    assert cancel("mark", "a")
    assert not cancel("mark", "a")
    assert run(first) is None
    assert run(enqueue("mark", key="a")) == "done"
    assert not cancel("mark", "a")


def test_a_lapsed_lease_does_not_keep_work_from_being_called_off(declare: Declare) -> None:
    declare("stopped", lambda job, _payload: let_lease_lapse(job.id) or cancel("stopped", job.key) or None, outside=True)
    assert run(enqueue("stopped", key="a")) == "lost"
    assert not Job.objects.exists()


@pytest.mark.parametrize("key", ["", "x" * 201, "nul\0"])
def test_a_key_that_no_row_can_hold_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        enqueue("mark", key=key)


def test_a_kind_that_nobody_declared_is_refused() -> None:
    with pytest.raises(LookupError, match="'unheard-of'"):
        enqueue("unheard-of", key="a")


def test_a_payload_that_is_too_large_or_no_json_is_refused() -> None:
    with pytest.raises(ValueError, match="payload"):
        enqueue("mark", key="a", payload={"text": "x" * MAX_PAYLOAD})
    with pytest.raises(ValueError, match="JSON"):
        enqueue("mark", key="a", payload={"number": float("nan")})
    with pytest.raises(TypeError):
        enqueue("mark", key="a", payload={"set": {1}})
    assert not Job.objects.exists()


@pytest.mark.parametrize("text", ["NUL \0", "half \ud800", "\u202e", "é 漢 \U0001f600", '"\\'])
def test_a_payload_comes_back_as_it_was_given(declare: Declare, text: str) -> None:
    seen: list[str] = []
    declare("look", lambda _job, payload: seen.append(payload["text"]))
    assert run(enqueue("look", key="a", payload={"text": text})) == "done"
    assert seen == [text]
