"""Looking hosts up in a time that is bounded: the system's own way waits as long as it likes.

A look-up that sticks keeps its thread, and there are only so many of them. Which addresses may be asked is said in
`addresses.py`.
"""

import socket
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Thread

# Takes host and port and returns the addresses of the host.
Resolver = Callable[[str, int], Sequence[str]]
_Answers = SimpleQueue[Sequence[str] | Exception]
# As many as poll at once (kb.feeds.poll); where all are stuck, nobody else is given one.
MOST_THREADS = 16
_free = BoundedSemaphore(MOST_THREADS)


class SlowLookup(Exception):
    """No answer came in time, or all threads wait for one."""


def resolve(host: str, port: int) -> list[str]:
    """Look a host up once, however long that takes. Raises OSError where it has no address."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def look_up(resolver: Resolver, host: str, port: int, seconds: float) -> Sequence[str]:
    """Return what a resolver answers. Raises SlowLookup after some seconds, and what the resolver raises."""
    until = time.monotonic() + seconds
    if not _free.acquire(timeout=seconds):
        raise SlowLookup
    answers: _Answers = SimpleQueue()
    try:
        Thread(target=_answer, args=(resolver, host, port, answers), daemon=True).start()
    except RuntimeError:  # the system gives no more threads
        _free.release()
        raise SlowLookup from None
    try:
        answer = answers.get(timeout=max(until - time.monotonic(), 0.0))
    except Empty:
        raise SlowLookup from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _answer(resolver: Resolver, host: str, port: int, answers: _Answers) -> None:
    try:
        answers.put(resolver(host, port))
    except Exception as error:  # told in the thread that asked
        answers.put(error)
    finally:
        _free.release()
