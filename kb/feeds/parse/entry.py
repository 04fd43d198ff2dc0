"""What an entry of a feed is made of, from whatever format, and the rules for its parts: titles, dates, addresses. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from kb.core.clock import now
from kb.core.text import clean_line, http_url, plain_text

LONGEST_TITLE = 300
# How much of an article is read, in characters of its markup and of its words.
_LONGEST_HTML, LONGEST_TEXT = 200_000, 20_000
_DERIVED = 80
_MOST_NAMES = 20
_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as its feed tells it.

    `uid` is what the feed calls it, or empty; `url` an absolute http(s) address, or empty. `title` is one plain line; where the
    feed gives none, it is made of other words (`has_title`). `text` is the plain words of its content, or else of its summary.
    Dates are UTC; impossible ones and those of the future are None, and `odd_date` says that there was one.
    """

    uid: str
    url: str
    title: str
    text: str
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    language: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    enclosures: tuple[str, ...] = ()
    has_title: bool = True
    odd_date: bool = False


@dataclass(slots=True)
class Parts:
    """The parts of an entry as they were found, before any rule is applied to them. Addresses refer to `base`."""

    uid: str = ""
    link: str = ""
    title: str = ""
    summary: str = ""
    html: str = ""
    authors: Iterable[str] = ()
    categories: Iterable[str] = ()
    language: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    enclosures: Iterable[str] = ()
    base: str = ""


def made(parts: Parts) -> Entry:
    """Make an entry of its parts. One without a title gets the beginning of its text, or its address."""
    text = plain_text((parts.html or parts.summary)[:_LONGEST_HTML])[:LONGEST_TEXT]
    url = http_url(parts.link, parts.base)
    own = _short(plain_text(parts.title), LONGEST_TITLE)
    title = own or clean_line(text, _DERIVED) or clean_line(url, LONGEST_TITLE)
    published, updated = plausible(parts.published), plausible(parts.updated)
    return Entry(
        uid=" ".join(parts.uid.split()), url=url, title=title, text=text, authors=_lines(parts.authors),
        categories=_lines(parts.categories), language=clean_line(parts.language, 40), published=published or updated,
        updated=updated, enclosures=tuple(filter(None, (http_url(one, parts.base) for one in parts.enclosures)))[:_MOST_NAMES],
        has_title=bool(own), odd_date=_is_odd(parts.published, published) or _is_odd(parts.updated, updated),
    )  # fmt: skip


def _is_odd(given: datetime | None, taken: datetime | None) -> bool:
    return given is not None and taken is None


def _short(line: str, most: int) -> str:
    return line if len(line) <= most else clean_line(line, most)


def _lines(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(line for text in list(texts)[:_MOST_NAMES] if (line := _short(plain_text(text), 120)))


def plausible(moment: datetime | None) -> datetime | None:
    """Return a date in UTC, or None for one before feeds were thought of or more than a day ahead."""
    if moment is None:
        return None
    try:
        utc = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None
    return utc if _OLDEST <= utc <= now() + _AHEAD else None


def read_date(text: str) -> datetime | None:
    """Read a date as feeds should write it: RFC 822 or RFC 3339. Returns None for any other."""
    text = text.strip()
    if not text or len(text) > 64:
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return read(text).replace(microsecond=0)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None


# Minutes in a period of the syndication module.
_PERIODS: Mapping[str, int] = {"hourly": 60, "daily": 1_440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}


def minutes(ttl: str, period: str, frequency: str) -> int | None:
    """Return how long a feed asks to be left alone, in minutes, or None where it does not say so in numbers."""
    if ttl.strip().isdecimal() and len(ttl) < 9:
        return int(ttl) or None
    if period.strip().lower() in _PERIODS:
        times = int(frequency) if frequency.strip().isdecimal() and len(frequency) < 6 else 1
        return _PERIODS[period.strip().lower()] // max(times, 1)
    return None
