"""Addresses of feeds: what is stored, what is refused, and which count as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.core.errors import InvalidInput
from kb.feeds.addresses import as_stored, compared


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("example.org", "https://example.org/"),
        ("  https://Example.ORG/Feed.xml  ", "https://example.org/Feed.xml"),
        ("http://example.org:80/feed", "http://example.org/feed"),
        ("https://example.org:8443/feed?b=2&a=1#top", "https://example.org:8443/feed?b=2&a=1"),
    ],
)
def test_an_address_is_stored_plainly(written: str, stored: str) -> None:
    assert as_stored(written) == stored


@pytest.mark.parametrize(
    "written",
    [
        "", "https://", "ftp://example.org/feed", "javascript:alert(1)", "https://ada:secret@example.org/feed",
        "https://example.org/a feed", "https://example.org/\u200bfeed", "https://example.org:port/", "https://[::1/feed",
        "https://example.org/" + "x" * 2_000,
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_in_a_sentence(written: str) -> None:
    with pytest.raises(InvalidInput, match=r"^An address .+\.$"):
        as_stored(written)


@pytest.mark.parametrize(
    "other", ["http://example.org/feed", "https://EXAMPLE.org/feed/", "example.org/feed", "https://example.org:443/feed#new"]
)
def test_scheme_slash_and_case_of_the_host_do_not_make_another_feed(other: str) -> None:
    assert compared(other) == compared("https://example.org/feed")


@pytest.mark.parametrize(
    "other",
    ["https://example.org/Feed", "https://example.org/feed?page=2", "https://www.example.org/feed", "https://example.org/"],
)
def test_path_query_and_host_make_another_feed(other: str) -> None:
    assert compared(other) != compared("https://example.org/feed")


@given(st.text(max_size=60))
def test_whatever_is_written_is_refused_or_stored_so_that_it_is_stored_no_further(text: str) -> None:
    try:
        stored = as_stored(text)
    except InvalidInput:
        return
    assert as_stored(stored) == stored
    assert compared(stored) == compared(text)
