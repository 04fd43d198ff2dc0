"""Lists of feeds in OPML: what is taken in, what stays, what is refused, and that what goes out comes back the same."""

import urllib.request
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from kb.core.errors import InvalidInput, TooLarge
from kb.feeds.addresses import compared
from kb.feeds.models import Feed
from kb.feeds.opml import Outline, read_opml, write_opml
from kb.feeds.subscriptions import LARGEST, MOST, Imported, export_opml, import_opml
from kb.review.models import GuardCount
from tests.accounts.people import make_person
from tests.core.hostile_texts import HOSTILE
from tests.feedserver import needs_feedserver, running

SHIPPED = Path(settings.BASE_DIR) / "fixtures" / "feeds.opml"


def a_list(*outlines: str) -> bytes:
    return f'<?xml version="1.0"?><opml version="2.0"><body>{"".join(outlines)}</body></opml>'.encode()


def one(url: str, text: str = "News", **more: str) -> str:
    told = "".join(f' {name}="{value}"' for name, value in more.items())
    return f'<outline type="rss" text="{text}" xmlUrl="{url}"{told}/>'


A, B = one("https://a.example.org/feed", "A"), one("https://b.example.org/feed", "B")


def test_folders_are_the_outlines_that_a_feed_lies_in() -> None:
    body = a_list(f'<outline text="Press"><outline title="Europe">{A}</outline>{B}</outline>', one("https://c.example.org/", "C"))
    assert [(feed.title, feed.folder) for feed in read_opml(body)] == [("A", "Press / Europe"), ("B", "Press"), ("C", "")]


def test_what_is_broken_yields_what_can_be_had() -> None:
    assert [feed.title for feed in read_opml(a_list(A, B)[:-5])] == ["A", "B"]


@pytest.mark.parametrize("body", [b"", b"x", b"<rss/>", b"\xff\xfe<\0o\0", b'{"feeds": []}'])
def test_what_is_no_list_is_refused_in_a_sentence(body: bytes) -> None:
    with pytest.raises(InvalidInput, match="OPML"):
        read_opml(body)


def read_opml_or_none(body: bytes) -> list[Outline] | None:
    try:
        return read_opml(body)
    except InvalidInput:
        return None


def test_entities_are_not_followed() -> None:
    for entities in (b'<!ENTITY x SYSTEM "file:///etc/passwd">', b'<!ENTITY a "ha"><!ENTITY x "&a;&a;&a;&a;&a;&a;&a;&a;">'):
        with pytest.raises(InvalidInput, match="entities of its own"):
            read_opml(b"<!DOCTYPE opml [" + entities + b"]>" + a_list(one("https://a.example.org/", "&x;"))[21:])


@given(st.binary(max_size=300))
def test_whatever_comes_is_read_or_refused(body: bytes) -> None:
    found = read_opml_or_none(body)
    assert found is None or all(feed.url for feed in found)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20)


@given(st.lists(st.builds(Outline, WORDS, WORDS, WORDS, WORDS, st.integers(1, 5), st.sampled_from(["none", "arxiv_new"]))))
def test_what_is_written_is_read_back(outlines: list[Outline]) -> None:
    found = read_opml(write_opml("A list", outlines).encode())
    assert [(feed.url, feed.site_url, feed.weight, feed.left_out) for feed in found] == [
        (feed.url, feed.site_url, feed.weight, feed.left_out) for feed in outlines
    ]


@given(st.text(st.characters(), max_size=20), st.text(st.characters(), max_size=20))
def test_whatever_a_feed_is_called_can_be_written(title: str, folder: str) -> None:
    outline = Outline("https://a.example.org/", title, folder=folder)
    assert len(read_opml(write_opml(title, [outline]).encode())) == 1


@pytest.mark.django_db
def test_feeds_come_in_turned_off_with_an_event_that_names_who_did_it() -> None:
    editor = make_person("editor")
    taken = import_opml(a_list(f'<outline text="Press">{A}</outline>'), editor)
    assert (taken.added, taken.known, taken.refused) == (1, 0, [])
    feed = Feed.objects.get()
    assert (feed.title, feed.folder, feed.active, feed.weight) == ("A", "Press", False, 3)
    assert [(event.kind, event.by) for event in feed.events.all()] == [("added", editor)]


@pytest.mark.django_db
def test_a_known_feed_is_left_as_it_is_and_one_that_is_listed_twice_is_added_once() -> None:
    Feed.objects.create(url="https://a.example.org/feed", title="Ours", active=True, weight=5)
    taken = import_opml(a_list(one("http://A.example.org/feed/", "Theirs"), B, B), None)
    assert (taken.added, taken.known) == (1, 2)
    assert Feed.objects.filter(title="Ours", active=True, weight=5).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("outline", "words"),
    [
        (one("ftp://a.example.org/"), "begins with https"),
        (one("https://10.0.0.1/feed"), "public host"),
        (one("https://a.example.org/", "x" * 301), "at most 300"),
        (one("https://a.example.org/", **{"xmlns:up": "urn:upstream:feeds", "up:weight": "9"}), "from 1 to 5"),
        (one("https://a.example.org/", **{"xmlns:up": "urn:upstream:feeds", "up:leftOut": "all"}), "no such rule"),
    ],
)  # fmt: skip
def test_what_is_refused_is_told_in_a_sentence_with_its_place_and_hinders_nothing_else(outline: str, words: str) -> None:
    taken = import_opml(a_list(A, outline, B), None)
    assert (taken.added, [refusal.place for refusal in taken.refused]) == (2, [2])
    assert words in taken.refused[0].sentence


@pytest.mark.django_db
def test_the_guard_reads_titles_and_folders_and_its_refusals_repeat_nothing() -> None:
    hostile = HOSTILE["magnet_or_content_id"][0]
    outlines = [Outline("https://a.example.org/", hostile), Outline("https://b.example.org/", "B", folder=hostile)]
    taken = import_opml(write_opml("A list", outlines).encode(), None)
    assert (taken.added, len(taken.refused)) == (0, 2)
    assert all(hostile not in refusal.sentence for refusal in taken.refused)
    assert sum(GuardCount.objects.values_list("count", flat=True)) == 2


@pytest.mark.django_db
def test_a_list_is_bounded() -> None:
    with pytest.raises(TooLarge, match="1 MB"):
        import_opml(b" " * (LARGEST + 1), None)
    with pytest.raises(TooLarge, match="2,000 feeds"):
        import_opml(a_list(*(one(f"https://a.example.org/{number}") for number in range(MOST + 1))), None)
    assert not Feed.objects.exists()


@pytest.mark.django_db
def test_all_feeds_go_out_and_come_back_the_same() -> None:
    values: list[dict[str, Any]] = [
        {"url": "https://a.example.org/f?b=1&c=2", "title": "A & <B>", "folder": "Press", "weight": 5, "left_out": "arxiv_new"},
        {"url": "https://b.example.org/", "title": "Größe", "site_url": "https://b.example.org/site"},
    ]
    for given_values in values:
        Feed.objects.create(**given_values)
    fields = ("url", "title", "site_url", "folder", "weight", "left_out")
    before = list(Feed.objects.values_list(*fields))
    body = export_opml()
    Feed.objects.all().delete()
    assert import_opml(body.encode(), None).added == 2
    assert list(Feed.objects.values_list(*fields)) == before


@pytest.mark.django_db
def test_the_commands_take_a_list_in_twice_without_a_change_and_give_it_out(tmp_path: Path) -> None:
    path, out = tmp_path / "feeds.opml", StringIO()
    path.write_bytes(a_list(A, B))
    call_command("import_opml", str(path), stdout=out)
    call_command("import_opml", str(path), stdout=out)
    call_command("import_opml", str(path), "--if-empty", stdout=out)
    assert out.getvalue().splitlines() == [
        "2 feeds added, turned off; 0 known; 0 refused.", "0 feeds added, turned off; 2 known; 0 refused.",
        "There are feeds already; the list was not taken in.",
    ]  # fmt: skip
    out = StringIO()
    call_command("export_opml", stdout=out)
    assert [feed.title for feed in read_opml(out.getvalue().encode())] == ["A", "B"]
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_opml", str(tmp_path / "none"))


@pytest.mark.django_db
def test_the_list_that_is_shipped_is_taken_in_whole_and_turned_off() -> None:
    outlines = read_opml(SHIPPED.read_bytes())
    assert len({compared(one.url) for one in outlines}) == len(outlines) >= 20
    taken: Imported = import_opml(SHIPPED.read_bytes(), None)
    assert (taken.added, taken.refused) == (len(outlines), [])
    assert not Feed.objects.filter(active=True).exists() and not Feed.objects.filter(folder="").exists()
    assert Feed.objects.get(left_out="arxiv_new").url.startswith("https://rss.arxiv.org/")


def test_every_feed_that_is_shipped_says_where_its_address_was_seen() -> None:
    text = SHIPPED.read_text()
    assert text.count("xmlUrl=") == text.count('up:seen="files: ')


@needs_feedserver
@pytest.mark.django_db
def test_a_list_of_the_feed_server_comes_in(settings: Any) -> None:
    settings.FETCH_ALLOWED_HOSTS = ["127.0.0.0/8"]
    with running("--feeds", "30") as server:
        from_server = urllib.request.urlopen(server.url("/opml")).read()
    assert import_opml(from_server, None).added == 30
    assert Feed.objects.filter(folder="Group A").count() == 30
