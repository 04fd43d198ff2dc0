"""Politeness towards hosts: one connection at a time and a second between two requests, for every host. Pure.

It holds within one process. That no two processes poll the same host is seen to by `due.py`, which gives each host to one
job at a time; for the hosts that redirects lead to, by `visits.py`.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition
from typing import Generic, Protocol, TypeVar
from urllib.parse import urlsplit

# Two would be polite too, but then a server that is slow to read its first request would see both within a second.
MOST_CONNECTIONS = 1
GAP = 1.0  # seconds between two starts
T = TypeVar("T")
Clock = Callable[[], float]


def host_of(url: str) -> str:
    """Return the host of an address, without its port: that is who is asked to answer."""
    return (urlsplit(url).hostname or "").lower()


class Visits(Protocol):
    """Hosts that others may be asking too. `take` waits until one may be asked, or raises."""

    def take(self, host: str) -> None: ...

    def give_back(self, host: str) -> None: ...


class NoOthers:
    """Nobody else asks."""

    def take(self, host: str) -> None:
        """Take a host at once."""

    def give_back(self, host: str) -> None:
        """Nobody waits for it."""


@dataclass(slots=True)
class _Host:
    """How a host stands: requests under way, and when the next may start."""

    under_way: int = 0
    next_start: float = 0.0


@dataclass
class Turn(Generic[T]):
    """A host's leave to be asked, with what is to be polled. A redirect takes the leave along to the host it leads to."""

    item: T
    host: str
    turns: "Turns[T]"

    def move(self, url: str) -> None:
        """Give the present host back and wait until the host of an address may be asked."""
        self.turns.swap(self, host_of(url))


@dataclass
class Turns(Generic[T]):
    """What is to be polled, host by host. Several threads take from it; each gets what may start at once, or waits.

    `clock` counts seconds and never goes back. Hosts of what was added are asked by nobody else; others are taken as `visits`.
    """

    clock: Clock = time.monotonic
    gap: float = GAP
    visits: Visits = field(default_factory=NoOthers)
    _own: set[str] = field(default_factory=set)
    _hosts: dict[str, _Host] = field(default_factory=dict)
    _waiting: list[tuple[str, T]] = field(default_factory=list)
    _changed: Condition = field(default_factory=Condition)

    def add(self, url: str, item: T) -> None:
        """Put something up that is had from an address."""
        host = host_of(url)
        with self._changed:
            self._own.add(host)
            self._waiting.append((host, item))
            self._changed.notify()

    def rest(self, host: str) -> None:
        """Leave a host alone for the gap that follows a request, since somebody else asked it a moment ago."""
        with self._changed:
            self._hosts.setdefault(host, _Host()).next_start = self.clock() + self.gap

    def withdraw(self, host: str) -> list[T]:
        """Take back what waits for a host, and return it."""
        with self._changed:
            withdrawn = [item for waits_for, item in self._waiting if waits_for == host]
            self._waiting = [one for one in self._waiting if one[0] != host]
            self._changed.notify_all()
        return withdrawn

    @contextmanager
    def take(self) -> Iterator[Turn[T] | None]:
        """Hold the next thing whose host may be asked, waiting for it if need be; None where nothing is left."""
        turn = self._next()
        try:
            yield turn
        finally:
            if turn:
                self._leave(turn)

    def swap(self, turn: Turn[T], host: str) -> None:
        """Let a turn go on at another host. Raises whatever `visits` raises where that host cannot be had."""
        self._leave(turn)
        with self._changed:
            while (wait := self._wait(host)) > 0:
                self._changed.wait(wait)
            self._start(host)
        if host not in self._own:
            self._visit(host)
        turn.host = host

    def _visit(self, host: str) -> None:
        try:
            self.visits.take(host)
        except BaseException:
            with self._changed:
                self._ended(host)
            raise

    def _leave(self, turn: Turn[T]) -> None:
        """Give back the host that a turn holds; it holds none where it could not go on."""
        host, turn.host = turn.host, ""
        if host and host not in self._own:
            self.visits.give_back(host)
        if host:
            with self._changed:
                self._ended(host)

    def _next(self) -> Turn[T] | None:
        with self._changed:
            while self._waiting:
                place, wait = self._ready()
                if place is not None:
                    host, item = self._waiting.pop(place)
                    self._start(host)
                    return Turn(item, host, self)
                self._changed.wait(wait)
        return None

    def _ready(self) -> tuple[int | None, float]:
        """The place of the first thing whose host may start now, or how long it takes until one may."""
        least = self.gap
        for place, (host, _) in enumerate(self._waiting):
            wait = self._wait(host)
            if wait <= 0:
                return place, 0.0
            least = min(least, wait)
        return None, least

    def _wait(self, host: str) -> float:
        held = self._hosts.setdefault(host, _Host())
        return self.gap if held.under_way >= MOST_CONNECTIONS else held.next_start - self.clock()

    def _start(self, host: str) -> None:
        held = self._hosts[host]
        held.under_way += 1
        held.next_start = self.clock() + self.gap

    def _ended(self, host: str) -> None:
        """Count from the end as well: when a request reached its server is not known before the answer."""
        held = self._hosts[host]
        held.under_way -= 1
        held.next_start = max(held.next_start, self.clock() + self.gap)
        self._changed.notify_all()
