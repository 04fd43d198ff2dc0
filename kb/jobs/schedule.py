"""Periodic work: when its time slots begin, and the jobs made for them.

A slot's job is known by kind and slot, so however often and from wherever the sweeper runs, a slot is worked on once.
Slots that passed while nothing ran are not made up for, but for the newest.
"""

from datetime import UTC, datetime, time, timedelta

from django.db import transaction

from kb.jobs.models import Seen
from kb.jobs.queue import enqueue
from kb.jobs.registry import WORK, When

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PREFIX = "slot:"


def every(period: timedelta) -> When:
    """Slots of equal length, counted from midnight of 1 January 1970."""

    def slot(moment: datetime) -> datetime:
        return moment - (moment - _EPOCH) % period

    return slot


def daily(at: time) -> When:
    """Slots that begin each day at a time of UTC."""

    def slot(moment: datetime) -> datetime:
        today = datetime.combine(moment.date(), at, tzinfo=UTC)
        return today if today <= moment else today - timedelta(days=1)

    return slot


def make_slots(moment: datetime) -> int:
    """Order the work of every slot that has begun and was not ordered yet. Returns how many jobs that made."""
    newest = {seen.name: seen.at for seen in Seen.objects.filter(name__startswith=_PREFIX)}
    slots = {kind: done_by.when(moment) for kind, done_by in WORK.items() if done_by.when}
    begun = {kind: slot for kind, slot in slots.items() if newest.get(_PREFIX + kind, _EPOCH) < slot}
    for kind, slot in begun.items():
        _order(kind, slot)
    return len(begun)


def _order(kind: str, slot: datetime) -> None:
    """Order a slot's work, and remember the slot for longer than its job is kept."""
    with transaction.atomic():
        enqueue(kind, key=slot.isoformat(), payload={"slot": slot.isoformat()}, run_after=slot)
        Seen.objects.update_or_create(name=_PREFIX + kind, defaults={"at": slot})
