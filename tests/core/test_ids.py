"""Permanent ids and slugs are told apart whatever a thing is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.core.ids import SLUG_LENGTH, fold, is_slug, parse_public_id, public_id, slugify


@given(st.sampled_from("DMPIRLAX"), st.integers(1, 10**17))
def test_an_id_is_read_as_it_was_written_in_either_case(letter: str, number: int) -> None:
    text = public_id(letter, number)
    assert parse_public_id(text) == parse_public_id(text.lower()) == (letter, number)


@pytest.mark.parametrize(
    "text", ["UP-D-0", "UP-D-07", "UP-DD-7", "UP-D-", "D-7", "UP-D-7 ", "UP-D-７", "xUP-D-7", "UP-D-" + "9" * 19]
)
def test_what_is_not_shaped_like_an_id_is_none(text: str) -> None:
    assert parse_public_id(text) is None


@given(st.text(max_size=200))
def test_every_name_makes_a_slug(name: str) -> None:
    assert is_slug(slugify(name))


@given(st.sampled_from(["UP-D-7", "up d 7", "Up_M_12", "UP - X - 1"]))
def test_a_name_shaped_like_an_id_makes_a_slug_that_is_not(name: str) -> None:
    assert slugify(name).startswith("record-up-")


@given(st.text(alphabet="abc-09AÉ_ ", max_size=SLUG_LENGTH + 3))
def test_a_slug_is_words_joined_by_single_hyphens(text: str) -> None:
    words = text.split("-")
    wanted = len(text) <= SLUG_LENGTH and all(
        word and word.isascii() and word.isalnum() and word == word.lower() for word in words
    )
    assert is_slug(text) == wanted


@given(st.text(max_size=100))
def test_folding_twice_is_folding_once(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [("LAION-5B", "laion 5b"), ("Müller  Ltd.", "muller ltd"), ("ＧＰＴ", "gpt"), ("STRASSE", "straße"), ("A.B", "A B")],
)
def test_case_accents_punctuation_and_spacing_do_not_count(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_a_plus_counts() -> None:
    assert fold("LAION-400M+") != fold("LAION-400M")
    assert slugify("C++") == "c-plus-plus"
