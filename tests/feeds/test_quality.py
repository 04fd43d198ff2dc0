"""The quality gate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.feeds.quality import FIELDS, Look, look_of, strange, usual_after

WHOLE = {"title": 100, "url": 100, "published": 100, "text": 100}
USUAL = {"entries": 20, "new": 2, **WHOLE}


def look(entries: int = 20, new: int = 2, goes_on: bool = True, **fields: int) -> Look:
    """A document of whose entries a hundred were read."""
    return Look(entries, new, 100, WHOLE | fields, goes_on)


def few(read: int, **having: int) -> Look:
    """A document of which a few entries were read."""
    return Look(20, read, read, dict.fromkeys(WHOLE, read) | having)


def test_a_first_document_is_never_strange() -> None:
    assert strange({}, Look(3_000, 3_000, 3_000, {"title": 0})) == ""


def test_a_document_like_those_before_passes() -> None:
    assert strange(USUAL, look()) == strange(USUAL, look(entries=11, new=11)) == ""


def test_a_document_that_drops_a_field_is_held() -> None:
    assert strange(USUAL, look(published=10)) == "Its entries have lost their dates: 10 % have them, where 100 % had."
    assert strange(USUAL | {"published": 60}, look(published=10)) == ""


def test_a_document_that_halves_its_entries_is_held() -> None:
    assert strange(USUAL, look(entries=10)) == "It holds 10 entries, where it usually holds 20."
    assert "It holds 0 entries" in strange(USUAL, look_of([], entries=0, new=0))
    assert strange(USUAL | {"entries": 6}, look(entries=1)) == ""


def test_a_document_of_other_entries_is_no_half_of_the_one_before() -> None:
    assert strange(USUAL, look(entries=5, new=5, goes_on=False)) == ""


def test_a_feed_that_renews_itself_whole_may_be_empty_and_is_no_smaller_for_it() -> None:
    renewed = USUAL | {"new": 15}
    empty = look_of([], entries=0, new=0)
    assert strange(renewed, empty) == ""
    assert usual_after(renewed, empty) == renewed
    assert strange(renewed, look(entries=5, new=0)).startswith("It holds 5 entries")


@pytest.mark.parametrize(("name", "words"), FIELDS.items())
def test_a_field_that_is_lost_entry_by_entry_is_noticed(name: str, words: str) -> None:
    usual, said = dict(USUAL), []
    for _ in range(6):
        said.append(strange(usual, few(1, **{name: 0})))
        usual = usual_after(usual, few(1, **{name: 0}))
    assert said[:5] == [""] * 5 and said[5].startswith(f"Its entries have lost their {words}: 0 % have them")


def test_a_few_entries_alone_say_nothing_and_are_counted_once() -> None:
    usual = usual_after(USUAL, few(4, published=0))
    assert strange(USUAL, few(5, published=0)) == "" and {name: usual[name] for name in WHOLE} == WHOLE
    later = usual_after(usual, few(4))
    assert (later["published"], set(later)) == (88, set(USUAL))


def test_a_document_that_floods_is_held() -> None:
    assert strange(USUAL, look(entries=500, new=480)).startswith("It brings 480 new entries at once")
    assert strange(USUAL | {"new": 80}, look(entries=500, new=480)) == ""


def test_fields_are_counted_by_entries_that_have_them() -> None:
    rows = [{"title": "a", "url": "", "published": None}, {"title": "b", "url": "x", "published": None}]
    assert look_of(rows, entries=9, new=1) == Look(9, 1, 2, {"title": 2, "url": 1, "published": 0, "text": 0})


def test_what_is_usual_moves_slowly() -> None:
    first = usual_after({}, look(entries=20, new=20))
    assert (first["entries"], first["new"]) == (20, 0)
    later = usual_after(first, look(entries=28, new=8))
    assert (later["entries"], later["new"]) == (22, 2)
    assert usual_after(later, look_of([], entries=20, new=0))["title"] == 100


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=200))
def test_a_lasting_change_becomes_usual(sizes: list[int]) -> None:
    usual = usual_after({}, look(entries=sizes[0]))
    for size in sizes:
        usual = usual_after(usual, look(entries=size))
    assert min(sizes) <= usual["entries"] <= max(sizes)
    for _ in range(100):
        usual = usual_after(usual, look(entries=50, new=0))
    assert usual["entries"] == 50
