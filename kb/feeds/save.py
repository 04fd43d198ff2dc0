"""Saving what polls found: each feed's new state, its log and its entries, all in the caller's one transaction.

    found, reading -> outcome -> log row; entries and mentions; when to poll again

What was polled or altered by somebody else since is left as it is, so a poll counts once. What each outcome means for the
feed is said in `endings.py`, what a document brings in `documents.py`.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from kb.core.clock import now
from kb.feeds.documents import take_document
from kb.feeds.endings import ENDINGS
from kb.feeds.found import Found
from kb.feeds.models import Feed, Poll
from kb.feeds.reading import Reading
from kb.feeds.recognise import Recogniser
from kb.feeds.schedule import asked_for, scattered

_LONGEST = 300
_CHANCE = secrets.SystemRandom()
# What a poll begins with: a feed that was turned off or held meanwhile is no longer as it was.
_ASKED_WITH = ("url", "last_poll", "active", "gone", "held", "left_out")
_COLUMNS = tuple(field.name for field in Feed._meta.concrete_fields)


@dataclass(frozen=True, slots=True)
class Polled:
    """What came of one poll: the feed as it was when it was asked, what was found, and how the document reads."""

    feed: Feed
    found: Found
    reading: Reading | None


def save(polled: Sequence[Polled], recogniser: Recogniser) -> list[Poll]:
    """Save the outcomes of some polls, one for each feed, and return their rows of the log.

    There is none for a feed that was polled or altered meanwhile.
    """
    held = Feed.objects.select_for_update().in_bulk([one.feed.pk for one in polled])
    rows = [_saved(held[one.feed.pk], one, recogniser) for one in polled if _is_as_it_was(held.get(one.feed.pk), one.feed)]
    return Poll.objects.bulk_create(rows)


def _is_as_it_was(held: Feed | None, feed: Feed) -> bool:
    return held is not None and all(getattr(held, name) == getattr(feed, name) for name in _ASKED_WITH)


def _saved(held: Feed, polled: Polled, recogniser: Recogniser) -> Poll:
    """Save what one poll means for its feed and return the row of the log, which is not written yet."""
    found, before = polled.found, vars(held).copy()
    row = Poll(
        feed=held, at=now(), outcome=found.outcome, status=found.status, size=len(found.body), milliseconds=found.milliseconds,
        sentence=found.sentence,
    )  # fmt: skip
    if found.document:
        take_document(held, found, polled.reading, recogniser, row)
    row.sentence = row.sentence[:_LONGEST]
    pause = ENDINGS[row.outcome](held, found, row, asked_for(found.headers, row.at))
    held.next_poll = row.at + scattered(pause, _CHANCE.random())
    held.last_poll, held.outcome, held.problem = row.at, row.outcome, row.sentence
    held.save(update_fields=[name for name in _COLUMNS if getattr(held, name) != before[name]])
    return row
