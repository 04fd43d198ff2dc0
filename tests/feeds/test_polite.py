"""Politeness towards hosts."""

import threading
from collections import defaultdict

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
