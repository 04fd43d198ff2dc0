"""Reading documents of feeds: what each format says, what malformed ones yield, and that known items are not read again."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.feeds.parse import xml_feed
from kb.feeds.parse.document import PROBLEMS, Entry, Parsed, read_feed
from kb.feeds.parse.mended import mended
from kb.feeds.parse.odd import read_items
from kb.feeds.parse.parsed import MOST_ITEMS
from kb.feeds.parse.plain import plain_entry
from tests.feeds.corpus import OPEN, documents, needs_corpus

RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>News &amp; more</title><link>https://example.org/</link><language>en-gb</language><ttl>90</ttl>
<item><title>One &lt;b&gt;bold&lt;/b&gt;</title><link>/a?utm_source=x</link><guid isPermaLink="false">g1</guid>
<pubDate>Mon, 05 Jan 2026 10:00:00 +0100</pubDate><dc:creator>Jane</dc:creator><category>ai</category>
<description>&lt;p&gt;Words.&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;</description></item>
<item><guid>https://example.org/b</guid><description>Only words here.</description></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.org/"><title>F</title><link href="/"/>
<entry><id>urn:1</id><title type="text">5 &lt; 6</title><link href="a"/><updated>2026-01-05T09:00:00Z</updated>
<author><name>Jo</name></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>X</p> y</div></content></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="x">
<title>R</title></channel><item rdf:about="tag:1"><title>T</title><link>https://example.org/r</link></item></rdf:RDF>"""
JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [{"id": 7, "url": "https://example.org/j",
"title": "T", "content_text": "a < b", "date_published": "2026-01-05T09:00:00Z", "authors": [{"name": "Al"}]}]}"""
AT = "https://example.org/feed"


def entries(text: str | bytes) -> list[Entry]:
    body = text.encode() if isinstance(text, str) else text
    return [item.entry for item in read_feed(body, url=AT).items if item.entry]


def test_rss_is_read() -> None:
    feed = read_feed(RSS.encode(), url=AT)
    assert (feed.format, feed.title, feed.site_url, feed.language, feed.ttl, feed.problem) == (
        "rss", "News & more", "https://example.org/", "en-gb", 90, "",
    )  # fmt: skip
    first, second = entries(RSS)
    assert first == Entry(
        "g1", "https://example.org/a?utm_source=x", "One bold", "Words.", ("Jane",), ("ai",),
        published=datetime(2026, 1, 5, 9, tzinfo=UTC),
    )  # fmt: skip
    assert (second.url, second.title, second.uid) == ("https://example.org/b", "Only words here.", "https://example.org/b")


def test_atom_is_read() -> None:
    (entry,) = entries(ATOM)
    assert (entry.uid, entry.url, entry.title, entry.text, entry.authors) == (
        "urn:1",
        "https://example.org/a",
        "5 < 6",
        "X y",
        ("Jo",),
    )
    assert entry.published == entry.updated == datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_rdf_and_json_are_read() -> None:
    assert [(one.uid, one.url, one.title) for one in entries(RDF)] == [("tag:1", "https://example.org/r", "T")]
    (entry,) = entries(JSON)
    assert (entry.uid, entry.title, entry.text, entry.authors) == ("7", "T", "a < b", ("Al",))


@pytest.mark.parametrize("text", [RSS, ATOM, RDF, JSON], ids=["rss", "atom", "rdf", "json"])
def test_known_items_are_not_read_again(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = read_feed(text.encode(), url=AT)
    again = read_feed(text.encode(), url=AT, known={item.digest for item in first.items})
    assert [item.digest for item in again.items] == [item.digest for item in first.items]
    assert all(item.entry is None for item in again.items)


def test_only_the_items_that_changed_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []
    monkeypatch.setattr(xml_feed, "plain_entry", lambda item, url: read.append(item) or plain_entry(item, url))
    known = {item.digest for item in read_feed(RSS.encode(), url=AT).items}
    read.clear()
    edited = read_feed(RSS.replace("Only words", "Other words").encode(), url=AT, known=known)
    assert len(read) == 1
    assert [item.entry.text for item in edited.items if item.entry] == ["Other words here."]


@pytest.mark.parametrize(
    ("fault", "mended"),
    [
        ("&amp; more", "& more"),
        ("&amp; more", "\x08 more"),
        ("&amp; more", "&nbsp;more"),
        ("&amp; more", "&rsquo; &unknown; more"),
    ],
)
def test_usual_faults_are_mended(fault: str, mended: str) -> None:
    feed = read_feed(RSS.replace(fault, mended).encode(), url=AT)
    assert (feed.problem, len(feed.items)) == ("malformed", 2)


@pytest.mark.parametrize(
    ("encoding", "title"),
    [("koi8-r", "Новости"), ("windows-1251", "Новости"), ("shift_jis", "人工知能"), ("gb2312", "人工智能"), ("utf-8", "Новости")],
)
def test_a_document_that_declares_no_encoding_has_that_of_its_header(encoding: str, title: str) -> None:
    body = f"<rss><channel><item><guid>1</guid><title>{title}</title></item></channel></rss>".encode(encoding)
    for told in (f"text/xml; charset={encoding}", f'application/rss+xml;Charset="{encoding.upper()}"'):
        (item,) = read_feed(body, content_type=told, url=AT).items
        assert item.entry and item.entry.title == title


def test_a_header_that_is_wrong_costs_no_letter() -> None:
    body = "<rss><channel><item><guid>1</guid><title>Zoë & Новости</title></item></channel></rss>".encode()
    for told in ("windows-1251", "iso-8859-1", "no-such-thing", "punycode"):
        (item,) = read_feed(body, content_type=f"text/xml; charset={told}", url=AT).items
        assert item.entry and item.entry.title == "Zoë & Новости"


def test_no_codec_is_taken_that_is_no_encoding_of_the_web() -> None:
    """That of punycode takes time with the square of the length."""
    better = mended(b'<?xml version="1.0" encoding="punycode"?><rss><title>a & b</title></rss>', "text/xml; charset=punycode")
    assert better == b"<rss><title>a &amp; b</title></rss>"


def test_titles_and_summaries_of_json_are_plain_words() -> None:
    one, two = entries(
        """{"version": "https://jsonfeed.org/version/1.1", "items": [
        {"id": "1", "title": "Why <b> and <script> tags & a<b matter", "tags": ["<i>"], "content_text": "x"},
        {"id": "2", "title": "T", "summary": "List<int> and <script>alert</script> end"}]}"""
    )
    assert (one.title, one.categories) == ("Why <b> and <script> tags & a<b matter", ("<i>",))
    assert two.text == "List<int> and <script>alert</script> end"


def test_a_reference_to_no_character_costs_no_entry() -> None:
    feed = read_feed(RSS.replace("Words.", "Half &#xD800; of it &#0;.").encode(), url=AT)
    assert next(item.entry.text for item in feed.items if item.entry) == "Half of it ."


def test_a_document_that_names_a_file_opens_none(tmp_path: Path) -> None:
    secret = tmp_path / "feed.xml"
    secret.write_text(RSS)
    for body in (str(secret), f"{secret}\n", f"file://{secret}"):
        assert read_feed(body.encode(), url=AT).problem == "not_a_feed"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
@pytest.mark.parametrize("before", ["", "<!-- <a -->", "<?x <b?>"])
def test_entities_of_a_broken_document_are_never_unfolded(encoding: str, before: str) -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    body = f"{before}{bomb}<rss version='2.0'><channel><item><title>x &b; & y</title></item></channel>".encode(encoding)
    feed = read_feed(body, url=AT)
    assert "aaaa" not in str(feed) and feed.problem in {"entity", "malformed", "not_a_feed"}


def test_what_is_cut_off_yields_what_can_be_had() -> None:
    feed = read_feed(RSS.encode()[:-60], url=AT)
    assert (feed.problem, feed.items[0].entry and feed.items[0].entry.title) == ("malformed", "One bold")


@pytest.mark.parametrize(
    "body", [b"", b"   ", b"<html><body>x</body></html>", b"plain", b"\x89PNG\r\n", b"{}", b"[1]", b'{"items": 3}', b"null"]
)
def test_what_is_no_feed_is_told(body: bytes) -> None:
    feed = read_feed(body, url=AT)
    assert feed.problem in {"empty", "not_a_feed"} and not feed.items


def test_more_items_than_are_read_are_told() -> None:
    many = "".join(f"<item><guid>g{n}</guid><title>t</title></item>" for n in range(MOST_ITEMS + 5))
    feed = read_feed(f"<rss><channel>{many}</channel></rss>".encode(), url=AT)
    assert (len(feed.items), feed.problem) == (MOST_ITEMS, "too_many")


@pytest.mark.parametrize(
    "date",
    ["9999-12-31T00:00:00Z", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "soon", "2026-02-30",
     "Mon, 05 Jan 2026 10:00:00 +9999", "9" * 5_000, "-5"],
    ids=lambda date: date[:12],
)  # fmt: skip
def test_impossible_dates_are_none(date: str) -> None:
    (entry,) = entries(ATOM.replace("2026-01-05T09:00:00Z", date))
    assert entry.published is None or entry.published.year == 2026


def test_a_broken_document_with_an_endless_tag_is_refused() -> None:
    feed = read_feed(b"<rss><channel><item " + b"".join(b'a%d="1" ' % n for n in range(5_000)) + b"><title>t", url=AT)
    assert (feed.problem, feed.items) == ("long_tag", ())


@needs_corpus
@pytest.mark.shared
def test_real_documents_yield_as_many_entries_as_feedparser_finds() -> None:
    wrong = []
    for row in documents():
        found = read_feed((OPEN / row["file"]).read_bytes(), url=AT)
        wanted = min((row["expect"] or {}).get("entries", 0), MOST_ITEMS)
        # An element of another namespace that is called “item” is none: feedparser takes it for one in two documents.
        if len(found.items) < wanted - (row["source"] == "rome"):
            wrong.append((row["file"], len(found.items), wanted))
    assert not wrong


def told(entry: Entry) -> tuple[object, ...]:
    return entry.url, entry.title, entry.published, entry.uid or entry.url, entry.text


@needs_corpus
@pytest.mark.shared
def test_plain_items_are_read_as_feedparser_reads_them() -> None:
    differing, compared = [], 0
    for row in documents():
        root = xml_feed._tree((OPEN / row["file"]).read_bytes())
        if root is None:
            continue
        for item in list(xml_feed._items(root))[:5]:
            ours = plain_entry(item, AT)
            if ours is None:
                continue
            (theirs,) = read_items(root, [item], AT) or ()
            compared += 1
            if (ours.url, ours.title, ours.published, ours.uid or ours.url) != (
                theirs.url,
                theirs.title,
                theirs.published,
                theirs.uid or theirs.url,
            ):
                differing.append((row["file"], ours, theirs))
    assert compared > 300
    assert not differing, differing[:3]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | st.sampled_from([RSS, ATOM, RDF, JSON]).flatmap(
    lambda text: st.tuples(st.integers(0, len(text)), st.integers(0, 40), st.text(max_size=12)).map(
        lambda cut: (text[: cut[0]] + cut[2] + text[cut[0] + cut[1] :]).encode("utf-8", "replace"))))  # fmt: skip
def test_whatever_comes_is_an_answer(body: bytes) -> None:
    feed = read_feed(body, url=AT)
    assert isinstance(feed, Parsed) and (feed.problem == "" or feed.problem in PROBLEMS)
