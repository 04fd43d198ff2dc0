"""Fetching over HTTP what others name: bounded, guarded against the network that this stands in; used by all that fetches.

    address -> checked and resolved once -> connection to that very address -> bounded body; each redirect anew

The only importer of httpx. Which hosts may be asked is said in `addresses.py`, how it can fail in `fetch_failures.py`; what
comes back is never trusted here.
"""

import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from threading import Lock
from types import TracebackType
from urllib.parse import urlsplit

import certifi
import httpcore
import httpx
from django.conf import settings

from kb.core.addresses import is_allowed, is_public, odd_notation, usual_port
from kb.core.fetch_failures import BYTES, HEADER_BYTES, MOST_HEADERS, MOST_HOPS, SECONDS, FetchFailed, code_of
from kb.core.lookup import Resolver, SlowLookup, look_up, resolve
from kb.core.text import http_url
from kb.core.unpack import BadPacking, end, unpacked, unpackers

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Hop:
    """A redirect on the way: the status it had, and the address that led on."""

    status: int
    url: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer, whatever its status. Header names are in small letters, the body is decompressed."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    hops: tuple[Hop, ...] = ()


class Fetcher:
    """Fetches many things one after another. One for each thread.

    A connection is closed with the answer: kept for what may come, those of many threads would stand open at one host.
    `resolver` looks hosts up; tests give their own.
    """

    def __init__(self, *, resolver: Resolver = resolve, seconds: float = SECONDS, most: int = BYTES) -> None:
        self._resolver, self._seconds, self._most = resolver, seconds, most
        self._pool = httpcore.ConnectionPool(
            ssl_context=_context(), max_connections=4, max_keepalive_connections=0, network_backend=_Pinned(self)
        )  # fmt: skip
        self._pinned: dict[tuple[str, int], Sequence[str]] = {}
        self._until = 0.0

    def __enter__(self) -> "Fetcher":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._pool.close()

    def get(
        self, url: str, *, headers: Mapping[str, str] | None = None, before_hop: Callable[[str], None] | None = None
    ) -> Fetched:  # fmt: skip
        """Fetch an address. `before_hop` is called with the address of each redirect before it is followed.

        How long it takes is not counted: the seconds are those of the servers, over all hops. Raises FetchFailed.
        """
        self._until = time.monotonic() + self._seconds
        hops: list[Hop] = []
        while True:
            answer = self._one(url, headers or {})
            leads_to = answer.headers.get("location", "") if answer.status in _REDIRECTS else ""
            if not leads_to:
                return Fetched(answer.url, answer.status, answer.headers, answer.body, tuple(hops))
            hops.append(Hop(answer.status, url))
            url = _next(url, leads_to, len(hops))
            if before_hop:
                waits_since = time.monotonic()
                before_hop(url)
                self._until += time.monotonic() - waits_since

    def _one(self, url: str, headers: Mapping[str, str]) -> Fetched:
        host, port = self._checked(url)
        self._pin(host, port)
        try:
            told = {name.encode("ascii"): value.encode("latin-1") for name, value in (_own_headers() | dict(headers)).items()}
            return self._answer(url, httpx.Request("GET", url, headers=told))
        except (httpcore.TimeoutException, TimeoutError):
            raise FetchFailed("timeout") from None
        except BadPacking:
            raise FetchFailed("packing") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpx.InvalidURL, OSError, ValueError) as error:
            raise FetchFailed(code_of(error)) from None

    def _answer(self, url: str, request: httpx.Request) -> Fetched:
        target = httpcore.URL(
            scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
        )
        timeout = {name: self._left() for name in ("connect", "read", "write", "pool")}
        with self._pool.stream("GET", target, headers=request.headers.raw, extensions={"timeout": timeout}) as response:
            headers = _told(response.headers)
            if response.status in _REDIRECTS:
                return Fetched(url, response.status, headers, b"")
            return Fetched(url, response.status, headers, self._body(response.iter_stream(), headers.get("content-encoding", "")))

    def _body(self, stream: Iterator[bytes], encoding: str) -> bytes:
        """Read a body to its end, at most so large after decompression and in the time that is left."""
        decoders = unpackers(encoding)
        body = bytearray()
        raw = 0
        for data in stream:
            self._left()
            raw += len(data)
            if raw > self._most:
                raise FetchFailed("too_large")
            for piece in unpacked(data, decoders):
                body += piece
                if len(body) > self._most:
                    raise FetchFailed("too_large")
        end(decoders)
        return bytes(body)

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise FetchFailed("timeout")
        return left

    def _checked(self, url: str) -> tuple[str, int]:
        """Return host and port of an address that may be asked. Raises FetchFailed."""
        if not http_url(url):
            raise FetchFailed("bad_url")
        try:
            raw = httpx.URL(url)
        except httpx.InvalidURL:
            raise FetchFailed("bad_url") from None
        host, port = raw.raw_host.decode("ascii"), raw.port or (443 if raw.scheme == "https" else 80)
        if odd_notation(host) or (not usual_port(url) and not is_allowed(host, port, settings.FETCH_ALLOWED_HOSTS)):
            raise FetchFailed("refused_address")
        return host, port

    def _pin(self, host: str, port: int) -> None:
        """Look a host up and check every address it has: the connection is made to these and no other."""
        try:
            found = look_up(self._resolver, host, port, self._left())
        except SlowLookup:
            raise FetchFailed("slow_lookup") from None
        except (OSError, UnicodeError):
            raise FetchFailed("unresolved") from None
        if not found:
            raise FetchFailed("unresolved")
        allowed = settings.FETCH_ALLOWED_HOSTS
        if not all(is_public(one) or is_allowed(one, port, allowed) for one in found) and not is_allowed(host, port, allowed):
            raise FetchFailed("refused_address")
        self._pinned[host, port] = found

    def addresses_of(self, host: str, port: int) -> Sequence[str]:
        """Return the checked addresses of a host. Raises FetchFailed for one that was not checked."""
        if (host, port) not in self._pinned:
            raise FetchFailed("refused_address")
        return self._pinned[host, port]

    def left(self) -> float:
        """Return the seconds that are left. Raises FetchFailed where none are."""
        return self._left()


def fetch(url: str, *, headers: Mapping[str, str] | None = None) -> Fetched:
    """Fetch one address. Raises FetchFailed."""
    with Fetcher() as fetcher:
        return fetcher.get(url, headers=headers)


class _Pinned(httpcore.NetworkBackend):
    """Connects to checked addresses alone, and lets no single wait last longer than what is left of the whole."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher, self._real = fetcher, httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None, socket_options: object = None
    ) -> httpcore.NetworkStream:  # fmt: skip
        *others, last = self._fetcher.addresses_of(host.strip("[]"), port)
        for address in others:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return _Bounded(self._real.connect_tcp(address, port, self._fetcher.left() / 2), self._fetcher)
        return _Bounded(self._real.connect_tcp(last, port, self._fetcher.left()), self._fetcher)


class _Bounded(httpcore.NetworkStream):
    """A stream whose reads and writes end when the time of the whole is over: slow drips do not start it anew."""

    def __init__(self, stream: httpcore.NetworkStream, fetcher: Fetcher) -> None:
        self._stream, self._fetcher = stream, fetcher

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._fetcher.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._fetcher.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:  # fmt: skip
        return _Bounded(self._stream.start_tls(ssl_context, server_hostname, self._fetcher.left()), self._fetcher)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


_making = Lock()


@cache
def _made_context() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())


def _context() -> ssl.SSLContext:
    """One context for all threads, since making one reads every certificate."""
    with _making:
        return _made_context()


def _own_headers() -> dict[str, str]:
    return {"User-Agent": settings.FETCH_USER_AGENT, "Accept": "*/*", "Accept-Encoding": "gzip, deflate, br"}


def _told(raw: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by their names in small letters; of several with one name the first counts. Raises FetchFailed for too many."""
    if len(raw) > MOST_HEADERS or sum(len(name) + len(value) for name, value in raw) > HEADER_BYTES:
        raise FetchFailed("headers")
    found: dict[str, str] = {}
    for name, value in raw:
        found.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))
    return found


def _next(url: str, leads_to: str, hops: int) -> str:
    """Return where a redirect leads. Raises FetchFailed."""
    if hops > MOST_HOPS:
        raise FetchFailed("too_many_redirects")
    target = http_url(leads_to, url)
    if not target:
        raise FetchFailed("bad_url")
    if urlsplit(url).scheme == "https" and urlsplit(target).scheme == "http":
        raise FetchFailed("downgraded")
    return target
