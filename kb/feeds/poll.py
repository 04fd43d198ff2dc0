"""Polling a batch of feeds: many are asked at once, one after the other is read and saved.

    feeds due -> threads ask, politely -> read (here) -> save with the feed's new state, in one transaction

A feed that was polled meanwhile is left alone, so a batch that was cut off goes on where it stopped.
"""

import logging
import threading
from collections.abc import Iterable, Iterator
from datetime import timedelta
from queue import Empty, Queue

from django.db import connections, transaction

from kb.core.clock import now
from kb.core.fetch import Fetcher
from kb.feeds.due import just_polled
from kb.feeds.found import Asking, Found, ask, not_asked
from kb.feeds.models import Feed
from kb.feeds.polite import GAP, Turns
from kb.feeds.reading import Reading, read
from kb.feeds.recognise import Recogniser
from kb.feeds.save import Polled, save
from kb.feeds.visits import Visits
from kb.jobs.running import Running

THREADS = 16
# Bodies that wait to be read are kept few: each may have 15 MB.
_MOST_WAITING = 8
# Feeds that share a transaction, which costs the database a flush and others a wait: so many, or so many bytes of documents.
# For those that are about to come it is waited a little.
_MOST_TOGETHER, _MOST_BYTES, _LINGER = 20, 15_000_000, 0.1

log = logging.getLogger(__name__)


def poll(job: Running, feeds: Iterable[int], *, gap: float = GAP) -> None:
    """Poll those of these feeds that are still due. Raises LeaseLost where another worker took the job over."""
    due = {feed.id: feed for feed in _due(feeds)}
    if not due:
        return
    recogniser = Recogniser()
    for together in _asked(due, gap):
        polled = [Polled(due[number], found, _read(due[number], found, recogniser)) for number, found in together]
        with transaction.atomic():
            job.renew()
            save(polled, recogniser)


def _due(feeds: Iterable[int]) -> Iterable[Feed]:
    return Feed.objects.filter(id__in=list(feeds), active=True, gone=False, next_poll__lte=now())


def _asked(due: dict[int, Feed], gap: float) -> Iterator[list[tuple[int, Found]]]:
    """Ask for all feeds at once and yield what came, in groups as they are ready."""
    turns: Turns[Asking] = Turns(gap=gap, visits=Visits(gap))
    for host in just_polled(now() - timedelta(seconds=gap)):
        turns.rest(host)
    for feed in due.values():
        fresh = feed.last_good is None
        turns.add(feed.url, Asking(feed.id, feed.url, feed.etag, feed.modified, feed.body_digest, fresh))
    came: Queue[tuple[int, Found] | BaseException] = Queue(_MOST_WAITING)
    stopped = threading.Event()
    threads = [threading.Thread(target=_work, args=(turns, came, stopped), daemon=True) for _ in range(min(THREADS, len(due)))]
    for thread in threads:
        thread.start()
    try:
        yield from _groups(came, len(due))
    finally:
        stopped.set()
        while any(thread.is_alive() for thread in threads):
            _emptied(came)
            threads[-1].join(0.05)
            threads = [thread for thread in threads if thread.is_alive()]


def _work(turns: Turns[Asking], came: "Queue[tuple[int, Found] | BaseException]", stopped: threading.Event) -> None:
    """Ask for feed after feed, until there is none left."""
    try:
        with Fetcher() as fetcher:
            while not stopped.is_set():
                with turns.take() as turn:
                    if turn is None:
                        return
                    found = ask(turn.item, fetcher, turn)
                came.put((turn.item.id, found))
                for item in turns.withdraw(found.silenced):
                    came.put((item.id, not_asked(found)))
    except BaseException as error:  # told where it can be raised: in the thread of the job
        came.put(error)
    finally:
        connections.close_all()  # what visits asked of the database


def _groups(came: "Queue[tuple[int, Found] | BaseException]", count: int) -> Iterator[list[tuple[int, Found]]]:
    while count:
        group = [_got(came.get())]
        while len(group) < min(_MOST_TOGETHER, count) and sum(len(found.body) for _, found in group) < _MOST_BYTES:
            try:
                group.append(_got(came.get(timeout=_LINGER)))
            except Empty:
                break
        count -= len(group)
        yield group


def _got(one: tuple[int, Found] | BaseException) -> tuple[int, Found]:
    if isinstance(one, BaseException):
        raise one
    return one


def _emptied(came: "Queue[tuple[int, Found] | BaseException]") -> None:
    """Make room, so that a thread which waits to hand something over can end."""
    while not came.empty():
        came.get_nowait()


def _read(feed: Feed, found: Found, recogniser: Recogniser) -> Reading | None:
    """Read a document. One that breaks the reading is unreadable, and costs no other feed its poll."""
    if not found.document:
        return None
    try:
        return read(
            found.body, url=found.url, content_type=found.headers.get("content-type", ""), known=frozenset(feed.item_digests),
            left_out=feed.left_out, matcher=recogniser.matcher,
        )  # fmt: skip
    except Exception as error:  # a feed is hostile input; its words stay out of the log
        log.error("The document of feed %s could not be read (%s).", feed.id, type(error).__name__)
        return None
