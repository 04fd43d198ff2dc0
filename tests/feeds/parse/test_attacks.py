"""Hostile documents end as the corpus says: a rule for each, and bounds of time and memory for all.

What is stored and shown of them is looked at in tests/pages/desk/test_hostile_entries.py, of those that play with identity in
tests/feeds/test_identity.py. A case of the corpus without a rule fails the suite.
"""

import json
import re
import resource
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from kb.core.clock import now
from kb.exchange.exporters.lineage_csv import _harmless
from kb.feeds.match.matcher import KnownName, Matcher
from kb.feeds.parse.document import Entry, Parsed, read_feed
from tests.feeds.corpus import ATTACKS, attacks, needs_corpus

AT = "https://example.org/feed"
FILES = [name for name in attacks() if (ATTACKS / name).is_file()]
MATCHER = Matcher([KnownName("LAION-5B", 1, "dataset"), KnownName("Stable Diffusion", 2, "model")])
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")

SCRIPT = """
import json, resource, sys, time
from kb.feeds.parse.document import read_feed
body = open(sys.argv[1], "rb").read()
opened, asked = [], []

def watch(event, arguments):
    if event == "open":
        opened.append(str(arguments[0]))
    elif event in {"socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system"}:
        asked.append(event)

sys.addaudithook(watch)
before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
feed = read_feed(body, url="https://example.org/feed")
took, grown = time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
found = [item.entry for item in feed.items]
words = " ".join(f"{feed.title} {one.title} {one.text} {one.uid} {one.url}" for one in found)
words.encode()
assert "root:" not in words and chr(0) not in words
assert all(one.url == "" or one.url.lower().startswith(("http://", "https://")) for one in found)
json.dump({"took": took, "grown": grown, "asked": asked, "opened": [name for name in opened if "/etc/" in name]}, sys.stdout)
"""


@needs_corpus
@pytest.mark.shared
@pytest.mark.parametrize("name", FILES)
def test_a_hostile_document_is_read_within_its_bounds_and_opens_and_asks_nothing(name: str) -> None:
    def limits() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))

    command = [sys.executable, "-c", SCRIPT, str(ATTACKS / name)]
    done = subprocess.run(command, preexec_fn=limits, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    bounds, found = attacks()[name], json.loads(done.stdout)
    assert found["took"] < bounds["max_cpu_s"] and found["grown"] < 1024 * bounds["max_rss_growth_mb"], found
    assert not found["asked"] and not found["opened"], found


def only(feed: Parsed) -> Entry:
    """The one entry of a document."""
    (item,) = feed.items
    assert item.entry is not None
    return item.entry


def title_is(*titles: str) -> Callable[[Parsed], bool]:
    return lambda feed: only(feed).title in titles


def published_is(moment: datetime | None, *, flagged: bool = False) -> Callable[[Parsed], bool]:
    """The entry is kept with this date, and the document is flagged where its date cannot be."""
    return lambda feed: (only(feed).title, only(feed).published, feed.problem == "odd_date") == ("ok", moment, flagged)


def is_kept_without_a_date_ahead(feed: Parsed) -> bool:
    entry = only(feed)
    return entry.title == "ok" and (entry.published is None or entry.published <= now())


def has_no_link(feed: Parsed) -> bool:
    """Malformed, or of a scheme that is none of the web: no link, and the entry is kept with its words."""
    entry = only(feed)
    return (entry.title, entry.url, entry.enclosures) == ("ok", "", ()) and "go" in entry.text


def links_to(*addresses: str) -> Callable[[Parsed], bool]:
    return lambda feed: only(feed).title == "ok" and only(feed).url in addresses


def proposed(feed: Parsed) -> set[int]:
    title = only(feed).title
    return {one.record for one in MATCHER.find(title, title_length=len(title)) if one.outcome == "proposed"}


def longest_stack(text: str) -> int:
    """How many marks stand on one letter."""
    return max((len(run) for run in re.findall(r"M+", "".join(unicodedata.category(one)[0] for one in text))), default=0)


def is_refused_or_has_no_entity(feed: Parsed) -> bool:
    return feed.problem == "entity" and all(item.entry and len(item.entry.title + item.entry.text) < 400 for item in feed.items)


RULES: dict[str, Callable[[Parsed], object]] = {
    "date_9999.xml": published_is(None, flagged=True),
    "date_0001.xml": published_is(None, flagged=True),
    "date_epoch0.xml": published_is(None, flagged=True),
    "date_future.xml": published_is(None, flagged=True),
    "date_garbage.xml": published_is(None),
    "date_tzless.xml": published_is(datetime(2026, 3, 1, 12, tzinfo=UTC)),
    "date_feb30.xml": is_kept_without_a_date_ahead,
    "date_leap.xml": published_is(datetime(2017, 1, 1, tzinfo=UTC)),
    "date_tz_huge.xml": is_kept_without_a_date_ahead,
    "date_negative.xml": is_kept_without_a_date_ahead,
    "date_long_digits.xml": is_kept_without_a_date_ahead,
    "enc_nul.xml": title_is("ab"),
    "enc_control.xml": title_is("ab"),
    "enc_bad_utf8.xml": lambda feed: only(feed).title.startswith("café") or only(feed).title.startswith("caf\ufffd"),
    "enc_lone_surrogate.json": lambda feed: not re.search("[\ud800-\udfff]", f"{only(feed).title}{only(feed).text}"),
    "enc_utf7.xml": lambda feed: "<" not in only(feed).title and "alert" not in only(feed).text,
    "enc_utf16_bom.xml": title_is("café"),
    "enc_utf32.xml": lambda feed: feed.problem or only(feed).title == "café",
    "enc_mismatch.xml": title_is("café"),
    "enc_koi8.xml": title_is("привет"),
    "enc_double_escaped.xml": title_is("AT&T \u2019 <b>"),
    "txt_rtl_override.xml": lambda feed: not BIDI.search(only(feed).title) and "gpj.exe" in only(feed).title,
    "txt_zero_width.xml": lambda feed: proposed(feed) == {1, 2},
    "txt_homoglyph.xml": lambda feed: not proposed(feed),
    "txt_zalgo.xml": lambda feed: longest_stack(only(feed).title) <= 3,
    "txt_html_in_title.xml": title_is("Bold & more"),
    "txt_csv_formula.xml": lambda feed: _harmless(only(feed).title) == '\'=HYPERLINK("http://x","y")',
    "txt_template.xml": title_is("{{ 7*7 }} {% debug %} ${7*7} #{7}"),
    "txt_empty_title.xml": lambda feed: (only(feed).title, only(feed).has_title) == ("Only a body here", False),
    **dict.fromkeys(
        [f"url_{what}.xml" for what in (
            "javascript", "javascript_ws", "javascript_entity", "data", "vbscript", "file", "blob", "userinfo", "no_host",
            "bad_port", "ipv6_bad", "space",
        )],
        has_no_link,
    ),
    "url_idn.xml": links_to("https://xn--80ak6aa92e.com/"),
    "url_crlf.xml": links_to("", "https://f.example/%0d%0aSet-Cookie:x=1"),
    "url_relative.xml": links_to("https://example.org/post/1"),
    "url_proto_rel.xml": links_to("https://evil.example/x"),
    "xml_billion_laughs.xml": is_refused_or_has_no_entity,
    "xml_quadratic.xml": is_refused_or_has_no_entity,
    "xml_xxe_file.xml": is_refused_or_has_no_entity,
    "xml_xxe_http.xml": is_refused_or_has_no_entity,
    "xml_xxe_param.xml": is_refused_or_has_no_entity,
    "xml_external_dtd.xml": title_is("ok"),
    "xml_xinclude.xml": lambda feed: (only(feed).title, only(feed).text) == ("x", ""),
    "xml_pi_stylesheet.xml": title_is("ok"),
    "xml_deep_nesting.xml": lambda feed: feed.problem in {"malformed", "too_deep"},
    "xml_deep_html.xml": lambda feed: only(feed).title == "ok" and len(only(feed).text) < 100,
    "xml_many_attrs.xml": lambda feed: feed.problem == "long_tag",
    "xml_many_ns.xml": lambda feed: feed.problem == "long_tag",
    "xss_all_rss.xml": lambda feed: len(feed.items) >= attacks_of_script(),
}  # fmt: skip


def attacks_of_script() -> int:
    """How many payloads the corpus has in one document: each is an entry."""
    return sum(json.loads((ATTACKS / "EXPECT.json").read_text())["xss_counts"].values())


@needs_corpus
@pytest.mark.shared
@pytest.mark.parametrize("name", RULES)
def test_a_hostile_document_ends_as_the_corpus_says(name: str) -> None:
    feed = read_feed((ATTACKS / name).read_bytes(), url=AT)
    assert RULES[name](feed), (attacks()[name]["expect"], feed)


@needs_corpus
def test_every_document_of_the_corpus_has_a_rule() -> None:
    assert {name for name in FILES if attacks()[name]["kind"] != "identity"} == set(RULES)
