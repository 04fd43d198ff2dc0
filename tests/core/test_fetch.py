"""Fetching: bounded, pinned to checked addresses, and every failure a sentence."""

import gzip
import json
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import brotli
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from kb.core import fetch as fetching
from kb.core.fetch import Fetcher, Hop, fetch
from kb.core.fetch_failures import BYTES, FAILURES, HEADER_BYTES, MOST_HEADERS, FetchFailed
from tests.feedserver import FeedServer, needs_feedserver, running

SSRF = Path(__file__).parents[3] / "shared" / "corpus" / "inputs" / "ssrf_urls.json"


class Handler(BaseHTTPRequestHandler):
    """Answers each path as the test says."""

    protocol_version = "HTTP/1.1"
    answers: dict[str, Callable[["Handler"], tuple[int, dict[str, str | None], bytes]]] = {}
    seen: list[tuple[str, dict[str, str]]] = []

    def do_GET(self) -> None:
        self.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        status, headers, body = self.answers[self.path](self)
        self.send_response_only(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def site(settings: Any) -> Iterator[Callable[..., str]]:
    """A server of our own: called with a path and its answer it returns the address."""
    Handler.answers, Handler.seen = {}, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    settings.FETCH_ALLOWED_HOSTS = [f"127.0.0.1:{port}"]

    def serve(path: str, status: int = 200, body: bytes = b"", **headers: str | None) -> str:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        Handler.answers[path] = lambda _: (status, told, body)
        return f"http://127.0.0.1:{port}{path}"

    yield serve
    server.shutdown()
    server.server_close()


def failure(url: str, **options: Any) -> str:
    with pytest.raises(FetchFailed) as failed, Fetcher(**options) as fetcher:
        fetcher.get(url)
    assert str(failed.value) == FAILURES[failed.value.code]
    return failed.value.code


def test_no_connection_stays_open_after_its_answer(site: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Semaphore(0)
    monkeypatch.setattr(Handler, "finish", lambda self: (BaseHTTPRequestHandler.finish(self), ended.release())[0])
    url = site("/a", 200, b"x")
    with Fetcher() as fetcher:
        for _ in range(2):
            assert fetcher.get(url).body == b"x"
            assert ended.acquire(timeout=5)


def test_an_answer_comes_whole_with_its_headers_and_status(site: Callable[..., str]) -> None:
    found = fetch(site("/a", body=b"hello", ETag='"1"'), headers={"If-None-Match": '"0"'})
    assert (found.status, found.body, found.headers["etag"], found.hops) == (200, b"hello", '"1"', ())
    sent = Handler.seen[0][1]
    assert sent["if-none-match"] == '"0"' and "upstream" in sent["user-agent"].lower() and "cookie" not in sent
    assert fetch(site("/b", status=404)).status == 404


def test_cookies_are_never_kept(site: Callable[..., str]) -> None:
    url = site("/a", Set_Cookie="a=b")
    with Fetcher() as fetcher:
        fetcher.get(url)
        fetcher.get(url)
    assert all("cookie" not in headers for _, headers in Handler.seen)


def test_no_proxy_of_the_environment_is_used(site: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert fetch(site("/a", body=b"x")).body == b"x"


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", lambda body: zlib.compress(body)[2:-4]),
     ("br", brotli.compress), ("gzip, gzip", lambda body: gzip.compress(gzip.compress(body))), ("identity", bytes)],
)  # fmt: skip
def test_bodies_are_decompressed(site: Callable[..., str], encoding: str, pack: Callable[[bytes], bytes]) -> None:
    body = b"words " * 50_000
    assert fetch(site("/a", body=pack(body), Content_Encoding=encoding)).body == body


@pytest.mark.parametrize("pack", [gzip.compress, brotli.compress], ids=["gzip", "br"])
def test_what_unfolds_too_far_ends_early(site: Callable[..., str], pack: Callable[[bytes], bytes]) -> None:
    encoding = "gzip" if pack is gzip.compress else "br"
    assert failure(site("/a", body=pack(b"a" * (BYTES + 1)), Content_Encoding=encoding)) == "too_large"
    assert failure(site("/b", body=b"a" * (BYTES + 1))) == "too_large"


@pytest.mark.parametrize(
    ("encoding", "body"), [("gzip", b"no gzip"), ("rot13", b"x"), ("gzip, gzip, gzip", b"x"), ("br", b"\xff" * 9)]
)
def test_what_cannot_be_decompressed_is_told_as_badly_packed(site: Callable[..., str], encoding: str, body: bytes) -> None:
    assert failure(site("/a", body=body, Content_Encoding=encoding)) == "packing"


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress)])
def test_a_packed_body_of_no_told_length_that_is_cut_off_is_not_taken_for_whole(
    site: Callable[..., str], encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    packed = pack(b"".join(b"<item>%d</item>" % number for number in range(9_000)))
    for body, whole in ((packed, True), (packed[:-1], False), (packed[: len(packed) // 2], False)):
        url = site("/a", body=body, Content_Encoding=encoding, Content_Length=None, Connection="close")
        assert (len(fetch(url).body) > 9_000) if whole else failure(url) == "packing"


@pytest.mark.parametrize(
    "headers", [{f"X-{n}": "a" for n in range(MOST_HEADERS + 1)}, {"X-Long": "a" * HEADER_BYTES}, {"X": "a" * 110_000}]
)
def test_more_headers_than_are_read_end_with_a_sentence_of_their_own(site: Callable[..., str], headers: dict[str, str]) -> None:
    assert failure(site("/a", body=b"x", **headers)) == "headers"
    assert fetch(site("/b", body=b"x", X_Long="a" * 8_000)).body == b"x"


def test_redirects_are_told_hop_by_hop(site: Callable[..., str]) -> None:
    end = site("/end", body=b"x")
    middle = site("/middle", status=302, Location="/end")
    start = site("/start", status=301, Location=middle)
    asked: list[str] = []
    with Fetcher() as fetcher:
        found = fetcher.get(start, before_hop=asked.append)
    assert (found.url, found.hops, asked) == (end, (Hop(301, start), Hop(302, middle)), [middle, end])


class _Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.at = 50.0

    def monotonic(self) -> float:
        return self.at

    def passes(self, seconds: float) -> None:
        self.at += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    """A clock in the place of that by which a fetch ends."""
    made = _Clock()
    monkeypatch.setattr(fetching, "time", made)
    return made


def test_waiting_for_leave_to_follow_a_redirect_is_not_the_servers_time(site: Callable[..., str], clock: _Clock) -> None:
    site("/end", body=b"x")
    site("/middle", status=302, Location="/end")
    with Fetcher(seconds=20) as fetcher:
        found = fetcher.get(site("/start", status=302, Location="/middle"), before_hop=lambda _: clock.passes(60))
    assert (found.body, len(found.hops)) == (b"x", 2)


def test_the_seconds_of_the_servers_are_counted_over_all_hops(site: Callable[..., str], clock: _Clock) -> None:
    def slow(to: str) -> Callable[[Handler], tuple[int, dict[str, str | None], bytes]]:
        return lambda _: (clock.passes(8), (302, {"Location": to}, b""))[1]

    start = site("/start")
    Handler.answers |= {"/start": slow("/middle"), "/middle": slow("/end"), "/end": slow("/nowhere")}
    with Fetcher(seconds=20) as fetcher, pytest.raises(FetchFailed) as failed:
        fetcher.get(start, before_hop=lambda _: clock.passes(60))
    assert failed.value.code == "timeout" and [path for path, _ in Handler.seen] == ["/start", "/middle", "/end"]


def test_a_redirect_to_no_address_and_a_validator_of_other_letters_are_no_crash(site: Callable[..., str]) -> None:
    assert failure(site("/a", status=302, Location="http://[::1")) == "bad_url"
    with pytest.raises(FetchFailed), Fetcher() as fetcher:
        fetcher.get(site("/b", body=b"x"), headers={"If-None-Match": '"\u20ac"'})


def test_redirects_end(site: Callable[..., str]) -> None:
    assert failure(site("/loop", status=302, Location="/loop")) == "too_many_redirects"


@pytest.mark.parametrize(
    ("target", "code"),
    [("http://127.0.0.2/", "refused_address"), ("http://169.254.169.254/latest/", "refused_address"),
     ("file:///etc/passwd", "bad_url"), ("http://[::1]/", "refused_address"), ("gopher://a.example/", "bad_url"),
     ("http://user@example.org/", "bad_url")],
)  # fmt: skip
def test_every_hop_is_checked(site: Callable[..., str], target: str, code: str) -> None:
    assert failure(site("/a", status=302, Location=target)) == code


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://localhost/", "http://2130706433/", "http://0x7f.1/", "http://127.1/", "http://[::ffff:127.0.0.1]/",
     "http://0/", "http://10.0.0.1/", "http://192.168.0.1/", "http://[fe80::1]/", "http://127.0.0.1:22/", "https://1.1.1.1:25/"],
)  # fmt: skip
def test_private_addresses_are_refused_in_every_notation(url: str) -> None:
    assert failure(url) == "refused_address"


def test_a_name_that_leads_to_a_private_address_is_refused() -> None:
    assert failure("http://news.example/", resolver=lambda host, port: ["93.184.216.34", "10.0.0.1"]) == "refused_address"
    assert failure("http://news.example/", resolver=lambda host, port: []) == "unresolved"


def test_a_name_is_looked_up_once_and_the_connection_made_to_what_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    reached: list[str] = []

    def connect(address: tuple[str, int], *_: Any, **__: Any) -> Any:
        reached.append(address[0])
        raise OSError("closed")

    monkeypatch.setattr(socket, "create_connection", connect)
    assert failure("http://news.example/", resolver=lambda host, port: next(answers)) == "broken"
    assert reached == ["93.184.216.34"]


def test_a_host_that_nobody_knows_is_told() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror("no")

    assert failure("http://news.example/", resolver=unknown) == "unresolved"


def test_a_host_whose_look_up_sticks_is_given_up_in_time() -> None:
    stuck = threading.Event()
    try:
        assert failure("http://news.example/", resolver=lambda host, port: [str(stuck.wait())], seconds=0.1) == "slow_lookup"
    finally:
        stuck.set()


def test_many_threads_make_one_context_of_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    fetching._made_context.cache_clear()
    made: list[object] = []
    together = threading.Barrier(4)
    monkeypatch.setattr(ssl, "create_default_context", lambda **_: (made.append(1), time.sleep(0.05)))
    threads = [threading.Thread(target=lambda: (together.wait(), fetching._context())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fetching._made_context.cache_clear()
    assert len(made) == 1


@pytest.mark.parametrize(
    ("said", "code"),
    [(b"\x15\x03\x03\x00\x02\x02\x28", "tls_refused"), (b"HTTP/1.1 400 Bad Request\r\n\r\n", "tls_failed"), (b"", "broken")],
    ids=["an alert", "no TLS", "nothing"],
)
def test_what_is_wrong_with_a_secure_connection_is_told_and_is_no_broken_document(settings: Any, said: bytes, code: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        settings.FETCH_ALLOWED_HOSTS = [f"127.0.0.1:{port}"]
        thread = threading.Thread(target=_says, args=(server, said), daemon=True)
        thread.start()
        assert failure(f"https://127.0.0.1:{port}/") == code
        thread.join()


def test_a_certificate_that_nobody_vouches_for_is_told(settings: Any, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(tmp_path / "own.pem"))
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        settings.FETCH_ALLOWED_HOSTS = [f"127.0.0.1:{port}"]
        thread = threading.Thread(target=_greets, args=(server, context), daemon=True)
        thread.start()
        assert failure(f"https://127.0.0.1:{port}/") == "tls"
        thread.join()


def _certificate(path: Path) -> Path:
    """A certificate that is signed by nobody but itself, with its key."""
    key, day = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), day, day + timedelta(days=1))
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(pem + made.sign(key, SHA256()).public_bytes(Encoding.PEM))
    return path


def _greets(server: socket.socket, context: ssl.SSLContext) -> None:
    """Make a secure connection with a client, if it likes the certificate."""
    connection, _ = server.accept()
    with connection, suppress(OSError):
        context.wrap_socket(connection, server_side=True).close()


def _says(server: socket.socket, words: bytes) -> None:
    """Read what a client says first, answer so, and hang up."""
    connection, _ = server.accept()
    with connection:
        connection.recv(65_536)
        connection.sendall(words)


@pytest.mark.skipif(not SSRF.exists(), reason="needs the shared corpus beside the project")
@pytest.mark.shared
def test_no_address_of_the_corpus_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    reached: list[str] = []
    monkeypatch.setattr(socket, "create_connection", lambda address, *_, **__: reached.append(address[0]))

    def private(host: str, port: int) -> list[str]:
        return [host] if host[:1].isdigit() or ":" in host else ["127.0.0.1"]

    for url in json.loads(SSRF.read_text()):
        assert failure(url, resolver=private) in {"refused_address", "bad_url", "unresolved"}, url
    assert not reached


@needs_feedserver
@pytest.mark.shared
@pytest.mark.parametrize(
    ("path", "codes"),
    [("gzipbomb?mb=100", {"too_large"}), ("endless?cap_mb=64", {"too_large"}), ("loop", {"too_many_redirects"}),
     ("chain?n=30", {"too_many_redirects"}), ("lie-length", {"broken"}), ("bigheader", {"headers"}),
     ("redirect?to=http%3A%2F%2F127.0.0.9%3A1%2F", {"refused_address"})],
)  # fmt: skip
def test_hostile_transports_end_with_a_sentence(server: FeedServer, settings: Any, path: str, codes: set[str]) -> None:
    settings.FETCH_ALLOWED_HOSTS = [f"127.0.0.1:{server.port}"]
    assert failure(server.url(f"/attack/{path}")) in codes


@needs_feedserver
@pytest.mark.shared
def test_a_slow_drip_ends_when_the_time_of_the_whole_is_over(server: FeedServer, settings: Any) -> None:
    settings.FETCH_ALLOWED_HOSTS = [f"127.0.0.1:{server.port}"]
    assert failure(server.url("/attack/slowloris?sec=0.2"), seconds=1.5) == "timeout"


@pytest.fixture(scope="module")
def server() -> Iterator[FeedServer]:
    with running("--feeds", "12", "--entries", "2") as one:
        yield one
