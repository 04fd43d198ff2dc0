"""Saving what a poll found: the feed's new state, its log and its entries, all in the caller's one transaction.

    found, reading -> outcome -> log row; entries and mentions; when to poll again

What was polled or altered by somebody else since is left as it is, so a poll counts once. What each outcome means for the
feed is said in `endings.py`, what a document brings in `documents.py`.
"""

import secrets

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


def save(feed: Feed, found: Found, reading: Reading | None, recogniser: Recogniser) -> Poll | None:
    """Save the outcome of one poll and return its log row, or None where the feed was polled or altered meanwhile."""
    held = Feed.objects.select_for_update().filter(id=feed.id).first()
    if held is None or (held.url, held.last_poll) != (feed.url, feed.last_poll):
        return None
    row = Poll(
        feed=held, at=now(), outcome=found.outcome, status=found.status, size=len(found.body), milliseconds=found.milliseconds,
        sentence=found.sentence,
    )  # fmt: skip
    if found.document:
        take_document(held, found, reading, recogniser, row)
    row.sentence = row.sentence[:_LONGEST]
    pause = ENDINGS[row.outcome](held, found, row, asked_for(found.headers, row.at))
    held.next_poll = row.at + scattered(pause, _CHANCE.random())
    held.last_poll, held.outcome, held.problem = row.at, row.outcome, row.sentence
    held.save()
    row.save()
    return row
