"""Items as nearly all feeds write them, read straight from the tree. Anything out of the ordinary is left to feedparser.

That both read the same of a plain item is tested on every document at hand.
"""

from collections.abc import Callable
from datetime import datetime

from lxml import etree

from kb.feeds.parse.entry import Entry, Parts, made, read_date

XML = "{http://www.w3.org/XML/1998/namespace}"
_ATOM = "{http://www.w3.org/2005/Atom}"
_RSS10 = "{http://purl.org/rss/1.0/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_OUR_SPACES = ("", _ATOM, _RSS10)
Read = Callable[[etree._Element, Parts], bool]


def local(element: etree._Element) -> str:
    """Return the name of an element without its namespace; nothing for what is none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def text_of(element: etree._Element) -> str:
    """Return the text of an element that holds nothing else."""
    return (element.text or "").strip()


def plain_entry(item: etree._Element, url: str) -> Entry | None:
    """Read one item, or return None where it holds what is not plain."""
    base, skipped = item.get(XML + "base") or _base_above(item) or url, False
    parts = Parts(uid=item.get(_RDF + "about", ""), base=base, language=item.get(XML + "lang", ""))
    for child in item:
        read = _READ.get(child.tag) if isinstance(child.tag, str) else None
        if read is None:
            if not isinstance(child.tag, str) or not _may_be_left_out(child):
                return None
            skipped = True
        elif not read(child, parts):
            return None
    return made(parts) if _is_whole(parts, skipped) else None


def published_of(item: etree._Element) -> datetime | None:
    """Return when an item says that it was published, without reading the rest of it."""
    said = next((child for child in item if child.tag in _DATES), None)
    return None if said is None else read_date(text_of(said))


def _base_above(item: etree._Element) -> str:
    return next((base for one in item.iterancestors() if (base := one.get(XML + "base"))), "")


def _is_whole(parts: Parts, skipped: bool) -> bool:
    """Whether nothing has to be guessed: link and words of other elements are feedparser's to find."""
    return bool(parts.link) and "[" not in parts.link + parts.uid and bool(parts.html or parts.summary or not skipped)


def _may_be_left_out(child: etree._Element) -> bool:
    """Whether an element says nothing that an entry is made of: one of a module that we do not read."""
    space = child.tag[: child.tag.rfind("}") + 1]
    return space not in (*_OUR_SPACES, _DC, _CONTENT) and not any(local(one) in _READING for one in child.iter())


def _leaf(child: etree._Element) -> bool:
    return len(child) == 0


def _into(name: str) -> Read:
    """Read a text that stands once; one of another type than text or HTML is feedparser's."""

    def read(child: etree._Element, parts: Parts) -> bool:
        kind = child.get("type", "")
        if not _leaf(child) or getattr(parts, name) or child.get("mode") or kind not in _TYPES:
            return False
        text = text_of(child)
        setattr(parts, name, _escaped(text) if kind in _LITERAL and name in _MARKED_UP else text)
        return True

    return read


_LITERAL = frozenset({"text", "text/plain"})
_TYPES = _LITERAL | {"", "html", "text/html"}
_MARKED_UP = frozenset({"title", "summary", "html"})


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _when(name: str) -> Read:
    """Read a date; one in a form of its own is feedparser's."""

    def read(child: etree._Element, parts: Parts) -> bool:
        moment: datetime | None = read_date(text_of(child)) if _leaf(child) else None
        if moment is None or getattr(parts, name) is not None:
            return False
        setattr(parts, name, moment)
        return True

    return read


def _append(name: str, attribute: str = "") -> Read:
    def read(child: etree._Element, parts: Parts) -> bool:
        value = child.get(attribute, "") if attribute else text_of(child)
        setattr(parts, name, (*getattr(parts, name), value))
        return _leaf(child)

    return read


def _guid(child: etree._Element, parts: Parts) -> bool:
    if not _leaf(child) or parts.uid:
        return False
    parts.uid = text_of(child)
    if child.get("isPermaLink", "true").lower() == "false":
        return True
    parts.link = parts.link or parts.uid
    return parts.uid.startswith(("http://", "https://"))


def _rss_link(child: etree._Element, parts: Parts) -> bool:
    if not _leaf(child) or child.attrib or (parts.link and parts.link != parts.uid):
        return False
    parts.link = text_of(child)
    return True


def _atom_link(child: etree._Element, parts: Parts) -> bool:
    """The alternate link leads to the entry; of several the choice is feedparser's."""
    relation, href = child.get("rel", "alternate"), child.get("href", "")
    if child.get(XML + "base") or not href:
        return False
    if relation == "enclosure":
        parts.enclosures = (*parts.enclosures, href)
    elif relation == "alternate":
        if parts.link:
            return False
        parts.link = href
    return relation in {"enclosure", "alternate", "self", "edit", "replies", "related", "via"}


def _person(child: etree._Element, parts: Parts) -> bool:
    names = [text_of(one) for one in child if local(one) == "name"]
    parts.authors = (*parts.authors, *names)
    return True


def _enclosure(child: etree._Element, parts: Parts) -> bool:
    parts.enclosures = (*parts.enclosures, child.get("url", ""))
    return True


def _passed(child: etree._Element, parts: Parts) -> bool:
    return True


_RSS: dict[str, Read] = {
    "title": _into("title"), "link": _rss_link, "description": _into("summary"), "guid": _guid, "pubDate": _when("published"),
    "author": _append("authors"), "category": _append("categories"), "enclosure": _enclosure, "comments": _passed,
    "source": _passed,
}  # fmt: skip
_ATOMS: dict[str, Read] = {
    "id": _into("uid"), "title": _into("title"), "link": _atom_link, "summary": _into("summary"), "content": _into("html"),
    "published": _when("published"), "updated": _when("updated"), "author": _person, "category": _append("categories", "term"),
    "rights": _passed, "contributor": _passed, "source": _passed,
}  # fmt: skip
_READ: dict[str, Read] = (
    _RSS
    | {_ATOM + name: read for name, read in _ATOMS.items()}
    | {_RSS10 + name: _RSS[name] for name in ("title", "link", "description")}
    | {_CONTENT + "encoded": _into("html"), _DC + "creator": _append("authors"), _DC + "subject": _append("categories")}
    | {_DC + "date": _when("published"), _DC + "language": _passed, _DC + "rights": _passed, _DC + "publisher": _passed}
)
_DATES = frozenset({"pubDate", _ATOM + "published", _ATOM + "updated", _DC + "date"})
# Names that feedparser reads in whatever namespace they stand.
_READING = frozenset(tag.rpartition("}")[2] for tag in _READ) | {
    "summary",
    "body",
    "encoded",
    "id",
    "modified",
    "issued",
    "created",
}
