"""JSON Feed, 1.0 and 1.1, and what comes close to it."""

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from kb.core.text import clean_line, http_url
from kb.feeds.parse.entry import LONGEST_TITLE, Entry, Parts, made, read_date
from kb.feeds.parse.parsed import MOST_ITEMS, Item, Parsed, digest_of, newest

_OURS = "jsonfeed.org/version/"


def read_json(body: bytes, url: str, known: Collection[str]) -> Parsed:
    """Read a JSON Feed. What is no such thing is no feed."""
    try:
        data = json.loads(body.decode("utf-8", "replace"))
    except RecursionError:
        return Parsed(problem="too_deep")
    except ValueError:
        return Parsed(problem="not_a_feed")
    if not isinstance(data, dict) or not isinstance(data.get("items"), list) or _OURS not in _text(data.get("version")):
        return Parsed(problem="not_a_feed")
    rows = [row for row in data["items"] if isinstance(row, dict)]
    return Parsed(
        format="json", title=clean_line(_text(data.get("title")), LONGEST_TITLE),
        language=clean_line(_text(data.get("language")), 40), site_url=http_url(_text(data.get("home_page_url")), url),
        items=tuple(_item(row, url, known) for row in newest(rows, _published)),
        problem="too_many" if len(rows) > MOST_ITEMS else "malformed" if len(rows) < len(data["items"]) else "",
    )  # fmt: skip


def _item(row: dict[str, Any], url: str, known: Collection[str]) -> Item:
    digest = digest_of(json.dumps(row, sort_keys=True).encode())
    return Item(digest, None if digest in known else _entry(row, url))


def _entry(row: dict[str, Any], url: str) -> Entry:
    return made(
        Parts(
            uid=_text(row.get("id")), link=_text(row.get("url")) or _text(row.get("external_url")),
            title=_words(row.get("title")), summary=_words(row.get("summary")),
            html=_text(row.get("content_html")) or _words(row.get("content_text")),
            authors=_authors(row), categories=_texts(row.get("tags")), language=_text(row.get("language")),
            published=_published(row), updated=read_date(_text(row.get("date_modified"))),
            enclosures=_urls(row.get("attachments")), base=url,
        )
    )  # fmt: skip


def _published(row: dict[str, Any]) -> datetime | None:
    return read_date(_text(row.get("date_published")))


def _text(value: object) -> str:
    """A text, or a number as one: ids are often numbers."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18 else ""


def _words(value: object) -> str:
    """A plain text as HTML: in this format only `content_html` is markup."""
    return _text(value).replace("&", "&amp;").replace("<", "&lt;")


def _texts(values: object) -> Iterable[str]:
    return [_words(one) for one in values] if isinstance(values, list) else []


def _authors(row: dict[str, Any]) -> Iterable[str]:
    listed = row.get("authors") if isinstance(row.get("authors"), list) else [row.get("author")]
    return [_words(one.get("name")) for one in listed or [] if isinstance(one, dict)]


def _urls(values: object) -> Iterable[str]:
    return [_text(one.get("url")) for one in values if isinstance(one, dict)] if isinstance(values, list) else []
