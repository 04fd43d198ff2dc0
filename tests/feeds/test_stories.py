"""Which entries are one story."""

from hypothesis import given
from hypothesis import strategies as st

from kb.feeds.stories import StoryIndex

TITLE = "Regulator fines the maker of a face database in Utrecht"


def test_the_same_address_is_the_same_story() -> None:
    index = StoryIndex()
    story = index.place(TITLE, "https://example.org/a?utm_source=rss")
    assert index.place("Another headline", "https://example.org/a?utm_campaign=x#top") == story
    assert index.place("Another headline", "https://example.org/b") != story


def test_nearly_the_same_title_is_the_same_story() -> None:
    index = StoryIndex([("known", TITLE, "https://example.org/a")])
    assert index.place("Regulator fines maker of a face database in Utrecht", "https://other.example/1") == "known"
    assert index.place("Regulator fines the maker of a toy in Berlin today again", "https://other.example/2") != "known"


def test_short_titles_are_no_sign() -> None:
    index = StoryIndex()
    assert index.place("Weekly news", "https://a.example/1") != index.place("Weekly news", "https://b.example/1")


def test_a_story_is_found_from_its_second_entry_too() -> None:
    index = StoryIndex()
    first = index.place(TITLE, "https://a.example/1")
    index.place("Regulator fines maker of a face database in Utrecht", "https://b.example/1")
    assert index.place("Something else entirely was written here", "https://b.example/1") == first


@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=30)), max_size=30))
def test_every_entry_has_a_story_and_keeps_it(entries: list[tuple[str, str]]) -> None:
    index = StoryIndex()
    for title, url in entries:
        story = index.place(title, url)
        assert story
        if url:
            assert index.place(title, url) == story
