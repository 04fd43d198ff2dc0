"""What came of asking for one feed: the outcome in a word of OUTCOMES, and the document where there is one.

feed -> fetch -> Found; nothing here asks the database, so many of these run at once in threads
"""

import hashlib
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from kb.core.fetch import Fetched, Fetcher
from kb.core.fetch_failures import FAILURES, FetchFailed
from kb.feeds.polite import Turn

log = logging.getLogger(__name__)

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8, "
    "text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
_PERMANENT = frozenset({301, 308})
# Answers that mean something of their own, and the sentence for those that are not good.
_SPECIAL: Mapping[int, str] = {304: "not_modified", 410: "gone", 429: "told_to_wait", 503: "told_to_wait"}
_SENTENCES: Mapping[int, str] = {
    410: "The server says that this feed is gone for good (410).", 429: "The server asks for fewer polls (429).",
    503: "The server is busy and asks to come back later (503).",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asking:
    """A feed as it is asked for: where, and what is known of its last document."""

    id: int
    url: str
    etag: str = ""
    modified: str = ""
    body_digest: str = ""

    def headers(self) -> dict[str, str]:
        """The headers of a conditional request."""
        conditions = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {"Accept": ACCEPT} | {name: value for name, value in conditions.items() if value}


@dataclass(frozen=True, slots=True)
class Found:
    """How asking for a feed ended. `document` says whether `body` is to be read; `code` names a failure."""

    outcome: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    url: str = ""
    moved_to: str = ""
    code: str = ""
    sentence: str = ""
    milliseconds: int = 0

    @property
    def document(self) -> bool:
        """Whether there is something new to read."""
        return self.outcome == "new"

    @property
    def body_digest(self) -> str:
        """The digest of the document."""
        return hashlib.sha256(self.body).hexdigest() if self.body else ""


def ask(feed: Asking, fetcher: Fetcher, turn: Turn[Asking]) -> Found:
    """Ask for a feed once. Whatever goes wrong is an outcome, never an exception."""
    began = time.monotonic()
    try:
        answer = fetcher.get(feed.url, headers=feed.headers(), before_hop=turn.move)
    except FetchFailed as failure:
        return Found("failed", code=failure.code, sentence=str(failure), milliseconds=_since(began))
    except Exception as error:  # a server is hostile input: what it breaks costs no other feed its poll
        log.error("Feed %s could not be asked (%s).", feed.id, type(error).__name__)
        return Found("failed", code="broken", sentence=FAILURES["broken"], milliseconds=_since(began))
    return _judged(feed, answer, _since(began))


def _since(began: float) -> int:
    return round(1000 * (time.monotonic() - began))


def _judged(feed: Asking, answer: Fetched, took: int) -> Found:
    outcome, code, sentence = _outcome(feed, answer)
    return Found(
        outcome, answer.status, answer.headers, answer.body if outcome == "new" else b"", answer.url, _moved_to(answer), code,
        sentence, took,
    )  # fmt: skip


def _outcome(feed: Asking, answer: Fetched) -> tuple[str, str, str]:
    """The outcome, the code of a failure and a sentence for what is not good."""
    status = answer.status
    if special := _SPECIAL.get(status):
        return special, "", _SENTENCES.get(status, "")
    if status >= 500:
        return "failed", "server_error", f"The server failed ({status})."
    if not 200 <= status < 300:
        return "failed", "client_error", f"The server answers {status} at this address."
    if hashlib.sha256(answer.body).hexdigest() == feed.body_digest:
        return "unchanged", "", ""
    return "new", "", ""


def _moved_to(answer: Fetched) -> str:
    """Where a feed has moved for good: as far as every step of the way says so."""
    if not answer.hops or not all(hop.status in _PERMANENT for hop in answer.hops) or answer.status >= 400:
        return ""
    return answer.url
