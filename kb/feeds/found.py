"""What came of asking for one feed: the outcome in a word of OUTCOMES, and the document where there is one.

feed -> fetch -> Found; nothing here asks the database, so many of these run at once in threads
"""

import hashlib
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kb.core.clock import now
from kb.core.fetch import Fetched, Fetcher
from kb.core.fetch_failures import FAILURES, FetchFailed
from kb.feeds.polite import Turn, host_of
from kb.feeds.schedule import asked_for, host_waits
from kb.feeds.secure import secure_first

log = logging.getLogger(__name__)

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8, "
    "text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
_PERMANENT, _GONE = frozenset({301, 308}), 410
_GONE_ELSEWHERE = "The address that this feed leads to for now is gone (410)."
# Answers that mean something of their own, and the sentence for those that are not good.
_SPECIAL: Mapping[int, str] = {304: "not_modified", 410: "gone", 429: "told_to_wait", 503: "told_to_wait"}
_SENTENCES: Mapping[int, str] = {
    410: "The server says that this feed is gone for good (410).", 429: "The server asks for fewer polls (429).",
    503: "The server is busy and asks to come back later (503).",
}  # fmt: skip
_NOT_ASKED = "Its server asked for fewer polls when another feed was polled, so this one was not."


@dataclass(frozen=True, slots=True)
class Asking:
    """A feed as it is asked for: where, and what is known of its last document. A `fresh` one never gave a document."""

    id: int
    url: str
    etag: str = ""
    modified: str = ""
    body_digest: str = ""
    fresh: bool = False

    def headers(self) -> dict[str, str]:
        """The headers of a conditional request."""
        conditions = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {"Accept": ACCEPT} | {name: value for name, value in conditions.items() if value}


@dataclass(frozen=True, slots=True)
class Found:
    """How asking for a feed ended. `document` says whether `body` is to be read; `code` names a failure.

    `secure` is the address with https by which a fresh feed is to be had.
    """

    outcome: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    url: str = ""
    moved_to: str = ""
    code: str = ""
    sentence: str = ""
    milliseconds: int = 0
    secure: str = ""

    @property
    def document(self) -> bool:
        """Whether there is something new to read."""
        return self.outcome == "new"

    @property
    def silenced(self) -> str:
        """The host that wants to be left alone with all its feeds, or nothing."""
        waits = self.outcome == "told_to_wait" and host_waits(self.status, asked_for(self.headers, now()))
        return host_of(self.url) if waits else ""

    @property
    def body_digest(self) -> str:
        """The digest of the document."""
        return hashlib.sha256(self.body).hexdigest() if self.body else ""


def ask(feed: Asking, fetcher: Fetcher, turn: Turn[Asking]) -> Found:
    """Ask for a feed once. Whatever goes wrong is an outcome, never an exception."""
    began = time.monotonic()
    try:
        url, answer = _answer(feed, fetcher, turn)
    except FetchFailed as failure:
        return Found("failed", code=failure.code, sentence=str(failure), milliseconds=_since(began))
    except Exception as error:  # a server is hostile input: what it breaks costs no other feed its poll
        log.error("Feed %s could not be asked (%s).", feed.id, type(error).__name__)
        return Found("failed", code="broken", sentence=FAILURES["broken"], milliseconds=_since(began))
    return replace(_judged(feed, answer, _since(began)), secure=url if url != feed.url else "")


def not_asked(found: Found) -> Found:
    """What came of a feed that was not asked for, since its host answered another's poll so."""
    return replace(found, status=None, milliseconds=0, moved_to="", secure="", sentence=_NOT_ASKED)


def _answer(feed: Asking, fetcher: Fetcher, turn: Turn[Asking]) -> tuple[str, Fetched]:
    """Fetch a feed, one that is fresh with https first; each further request waits for its host's turn."""
    asked: list[str] = []

    def get(url: str) -> Fetched:
        if asked:
            turn.move(url)
        asked.append(url)
        return fetcher.get(url, headers=feed.headers(), before_hop=turn.move)

    return secure_first(feed.url, get) if feed.fresh else (feed.url, get(feed.url))


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
    if status == _GONE and not _is_for_good(answer):
        return "failed", "client_error", _GONE_ELSEWHERE
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
    return answer.url if answer.hops and _is_for_good(answer) and answer.status < 400 else ""


def _is_for_good(answer: Fetched) -> bool:
    """Whether every step of the way was permanent: only then does what another address says hold for the feed."""
    return all(hop.status in _PERMANENT for hop in answer.hops)
