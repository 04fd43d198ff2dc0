"""Politeness towards hosts."""

import threading
from collections import defaultdict

import pytest

from kb.feeds.polite import MOST_CONNECTIONS, Turns, host_of


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def test_a_host_is_the_same_at_every_port_and_in_every_case() -> None:
    assert host_of("https://News.Example.org/feed") == host_of("http://news.example.org:8080/") == "news.example.org"


def test_another_host_goes_first_where_one_must_wait() -> None:
    clock = Hand()
    turns: Turns[str] = Turns(clock=clock)
    for url, item in (("https://a.example/1", "a1"), ("https://a.example/2", "a2"), ("https://b.example/1", "b1")):
        turns.add(url, item)
    order = []
    for _ in range(2):
        with turns.take() as turn:
            order.append(turn and turn.item)
    clock.at += 1
    for _ in range(2):
        with turns.take() as turn:
            order.append(turn and turn.item)
    assert order == ["a1", "b1", "a2", None]


def test_starts_at_one_host_lie_apart_and_few_are_under_way_at_once() -> None:
    turns: Turns[int] = Turns(gap=0.01)
    starts: dict[str, list[float]] = defaultdict(list)
    under_way: dict[str, int] = defaultdict(int)
    most: dict[str, int] = defaultdict(int)
    lock = threading.Lock()
    for number in range(24):
        turns.add(f"https://host{number % 3}.example/", number)

    def work() -> None:
        while True:
            with turns.take() as turn:
                if turn is None:
                    return
                host = f"host{turn.item % 3}"
                with lock:
                    starts[host].append(turns.clock())
                    under_way[host] += 1
                    most[host] = max(most[host], under_way[host])
                threading.Event().wait(0.03)
                with lock:
                    under_way[host] -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(map(len, starts.values())) == 24
    assert max(most.values()) <= MOST_CONNECTIONS
    for moments in starts.values():
        assert all(later - earlier >= 0.009 for earlier, later in zip(sorted(moments), sorted(moments)[1:], strict=False))


def test_a_redirect_waits_for_the_host_that_it_leads_to_and_holds_one_connection() -> None:
    clock = Hand()
    turns: Turns[str] = Turns(clock=clock)
    turns.add("https://a.example/", "a")
    turns.add("https://a.example/", "b")
    reached = threading.Event()

    def follow() -> None:
        with turns.take() as turn:
            assert turn
            turn.move("https://a.example/other")
            reached.set()

    thread = threading.Thread(target=follow)
    thread.start()
    assert not reached.wait(0.05)
    clock.at += 1
    with turns._changed:
        turns._changed.notify_all()
    assert reached.wait(5)
    thread.join()
    assert turns._hosts["a.example"].under_way == 0


class Noted:
    """Visits that are noted. A `shut` host cannot be had."""

    def __init__(self, shut: str = "") -> None:
        self.shut = shut
        self.seen: list[tuple[str, str]] = []

    def take(self, host: str) -> None:
        if host == self.shut:
            raise TimeoutError
        self.seen.append(("take", host))

    def give_back(self, host: str) -> None:
        self.seen.append(("give back", host))


def test_a_host_that_is_not_ones_own_is_visited_and_given_back() -> None:
    noted = Noted()
    turns: Turns[str] = Turns(gap=0.0, visits=noted)
    turns.add("https://a.example/", "a")
    with turns.take() as turn:
        assert turn
        for url in ("https://b.example/", "https://c.example/", "https://a.example/"):
            turn.move(url)
    assert noted.seen == [("take", "b.example"), ("give back", "b.example"), ("take", "c.example"), ("give back", "c.example")]


def test_a_host_that_cannot_be_had_is_not_held() -> None:
    noted = Noted(shut="b.example")
    turns: Turns[str] = Turns(gap=0.0, visits=noted)
    turns.add("https://a.example/", "a")
    with pytest.raises(TimeoutError), turns.take() as turn:
        assert turn
        turn.move("https://b.example/")
    assert noted.seen == []
    assert [host.under_way for host in turns._hosts.values()] == [0, 0]


def test_a_host_that_another_job_just_asked_rests_for_the_gap() -> None:
    clock = Hand()
    turns: Turns[str] = Turns(clock=clock)
    turns.add("https://a.example/", "a")
    turns.add("https://b.example/", "b")
    turns.rest("a.example")
    with turns.take() as turn:
        assert turn and turn.item == "b"
