"""A small site on loopback for tests: pages and feeds at paths, and what was asked for."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Example News</title>
<link>https://news.example.org/</link><language>en</language>{items}</channel></rss>"""
PAGE = """<!doctype html><title>News</title><link rel="alternate" type="application/rss+xml" title="Stories" href="/feed.xml">
<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments.xml"><h1>News</h1>"""


def rss(count: int, **more: str) -> bytes:
    """A feed of stories, the oldest first; `more` are titles of stories by number."""
    return RSS.format(
        items="".join(_item(number, more.get(f"item{number}", f"Story {number}")) for number in range(count))
    ).encode()


def _item(number: int, title: str) -> str:
    date = f"{1 + number:02} Nov 2026 08:00:00 GMT"
    words = f"&lt;p&gt;Words &lt;b&gt;of&lt;/b&gt; {number}.&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;"
    return (
        f"<item><title>{title}</title><guid>{number}</guid><link>https://news.example.org/{number}</link><pubDate>{date}</pubDate>"
        f"<description>{words}</description></item>"
    )


@dataclass(slots=True)
class Site:
    """A running site. `answers` are status, content type, body and further headers by path."""

    url: str
    answers: dict[str, tuple[int, str, bytes, dict[str, str]]] = field(default_factory=dict)

    def put(self, path: str, body: bytes | str, kind: str = "text/html", status: int = 200, **headers: str) -> str:
        """Put something at a path and return its address."""
        self.answers[path] = (status, kind, body.encode() if isinstance(body, str) else body, headers)
        return self.url + path


@contextmanager
def serving(settings: Any) -> Iterator[Site]:
    """Serve a site that may be fetched from, for as long as the block lasts."""
    site = Site("")

    class Handler(BaseHTTPRequestHandler):
        """Answers as the site says."""

        def do_GET(self) -> None:
            status, kind, body, headers = site.answers.get(self.path, (404, "text/html", b"", {}))
            self.send_response_only(status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    settings.FETCH_ALLOWED_HOSTS = [f"127.0.0.1:{server.server_address[1]}"]
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
