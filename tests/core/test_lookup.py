"""Looking hosts up: in time, and never in more threads than are set aside."""

import socket
import threading

import pytest

from kb.core import lookup
from kb.core.lookup import MOST_THREADS, SlowLookup, look_up


def test_what_a_resolver_answers_or_raises_is_told() -> None:
    assert look_up(lambda host, port: [f"{host}:{port}"], "a.example", 80, 5) == ["a.example:80"]

    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror("no")

    with pytest.raises(socket.gaierror):
        look_up(unknown, "a.example", 80, 5)


def test_a_resolver_that_sticks_keeps_no_more_than_so_many_threads_and_gives_them_back() -> None:
    let_go = threading.Event()
    begun: list[str] = []

    def stuck(host: str, port: int) -> list[str]:
        begun.append(host)
        let_go.wait()
        return [host]

    for number in range(MOST_THREADS + 5):
        with pytest.raises(SlowLookup):
            look_up(stuck, f"{number}.example", 80, 0.01)
    assert len(begun) == MOST_THREADS
    let_go.set()
    assert look_up(lambda host, port: ["93.184.216.34"], "a.example", 80, 5) == ["93.184.216.34"]


def test_a_system_that_gives_no_thread_is_told_as_a_slow_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoThread:
        def __init__(self, **_: object) -> None:
            pass

        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(lookup, "Thread", NoThread)
        for _ in range(MOST_THREADS + 1):
            with pytest.raises(SlowLookup):
                look_up(lambda host, port: [], "a.example", 80, 0.01)
    assert look_up(lambda host, port: [], "a.example", 80, 5) == []
