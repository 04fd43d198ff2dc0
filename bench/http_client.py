"""A client that costs little: kept connections over plain sockets, so that what is measured is the server."""

import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle

TIMEOUT = 60


@dataclass
class Taken:
    """Milliseconds of each answer, and what went wrong."""

    times: list[float] = field(default_factory=list)
    bodies: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def add(self, other: "Taken") -> None:
        """Put another's answers to these."""
        self.times += other.times
        self.bodies += other.bodies
        self.faults += other.faults

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """The time that this share of the answers took at most."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0

    def __str__(self) -> str:
        if not self.times:
            return f"no answer; {len(self.faults)} faults {self.faults[:2]}"
        low, high, highest = (self.percentile(share) for share in (0.5, 0.95, 0.99))
        size = self.bodies / len(self.times) / 1024
        words = f"p50 {low:.1f}, p95 {high:.1f}, p99 {highest:.1f} ms; {self.per_second:.0f}/s; {size:.1f} KiB; {len(self.times)}"
        return words + (f"; {len(self.faults)} FAULTS {self.faults[:2]}" if self.faults else "")


class Connection:
    """One connection, opened anew where the server has closed it between two requests."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._socket: socket.socket | None = None

    def get(self, path: str) -> tuple[int, bytes]:
        """Return status and body. Raises OSError where there is no answer."""
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode()
        for fresh in (self._socket is None, True):
            try:
                return self._asked(request)
            except ConnectionError:
                self.close()
                if fresh:
                    raise
        raise AssertionError

    def _asked(self, request: bytes) -> tuple[int, bytes]:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        head, body = self._head()
        lines = head.lower().split(b"\r\n")
        status = int(lines[0].split()[1])
        length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), None)
        if length is None:
            raise OSError("an answer without a length")
        parts = [body]
        missing = length - len(body)
        while missing:
            parts.append(self._more(min(missing, 2**20)))
            missing -= len(parts[-1])
        if b"connection: close" in lines:
            self.close()
        return status, b"".join(parts)

    def _head(self) -> tuple[bytes, bytes]:
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._more(65536)
        head, _, body = got.partition(b"\r\n\r\n")
        return head, body

    def _more(self, most: int) -> bytes:
        assert self._socket is not None
        got = self._socket.recv(most)
        if not got:
            raise ConnectionResetError("the server has closed the connection")
        return got

    def close(self) -> None:
        """Close it; the next request opens a new one."""
        if self._socket is not None:
            self._socket.close()
        self._socket = None


def ask_for(seconds: float, port: int, paths: Sequence[str], readers: int = 1, most: int = 1_000_000) -> Taken:
    """Ask for the paths in turn over so many connections, for so long or so often; each waits for its answer."""
    ends = time.perf_counter() + seconds
    parts = [Taken() for _ in range(readers)]

    def read(place: int) -> None:
        turn = cycle(paths[place * len(paths) // readers :] + paths[: place * len(paths) // readers])
        _read(Connection(port), turn, parts[place], lambda: time.perf_counter() < ends and len(parts[place].times) < most)

    began = time.perf_counter()
    threads = [threading.Thread(target=read, args=(place,)) for place in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = Taken(seconds=time.perf_counter() - began)
    for part in parts:
        whole.add(part)
    return whole


def _read(connection: Connection, turn: Iterator[str], taken: Taken, goes_on: Callable[[], bool]) -> None:
    while goes_on():
        path = next(turn)
        began = time.perf_counter()
        try:
            status, body = connection.get(path)
        except OSError as fault:
            taken.faults.append(f"{type(fault).__name__} {path}")
            connection.close()
            continue
        taken.times.append((time.perf_counter() - began) * 1000)
        taken.bodies += len(body)
        if status != 200:
            taken.faults.append(f"{status} {path}")
    connection.close()


def median_rate(rounds: Sequence[Taken]) -> float:
    """Answers a second, as the median of several rounds."""
    return statistics.median(one.per_second for one in rounds)
