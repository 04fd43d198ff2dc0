"""The quality gate."""

from hypothesis import given
from hypothesis import strategies as st

from kb.feeds.quality import Look, look_of, strange, usual_after

WHOLE = {"title": 100, "url": 100, "published": 100}
USUAL = {"entries": 20, "new": 2, **WHOLE}


def look(entries: int = 20, new: int = 2, **fields: int) -> Look:
    return Look(entries, new, WHOLE | fields)


def test_a_first_document_is_never_strange() -> None:
    assert strange({}, Look(3_000, 3_000, {"title": 0})) == ""


def test_a_document_like_those_before_passes() -> None:
    assert strange(USUAL, look()) == strange(USUAL, look(entries=11, new=11)) == ""


def test_a_document_that_drops_a_field_is_held() -> None:
    assert strange(USUAL, look(published=10)) == "Its entries have lost their dates: 10 % have them, where 100 % had."
    assert strange(USUAL | {"published": 60}, look(published=10)) == ""


def test_a_document_that_halves_its_entries_is_held() -> None:
    assert strange(USUAL, look(entries=10)) == "It holds 10 entries, where it usually holds 20."
    assert "It holds 0 entries" in strange(USUAL, look_of([], 0))
    assert strange(USUAL | {"entries": 6}, look(entries=1)) == ""


def test_a_document_that_floods_is_held() -> None:
    assert strange(USUAL, look(entries=500, new=480)).startswith("It brings 480 new entries at once")
    assert strange(USUAL | {"new": 80}, look(entries=500, new=480)) == ""


def test_fields_are_counted_by_entries_that_have_them() -> None:
    rows = [{"title": "a", "url": "", "published": None}, {"title": "b", "url": "x", "published": None}]
    assert look_of(rows, 1) == Look(2, 1, {"title": 100, "url": 50, "published": 0})


def test_what_is_usual_moves_slowly() -> None:
    first = usual_after({}, look(entries=20, new=20))
    assert (first["entries"], first["new"]) == (20, 0)
    later = usual_after(first, look(entries=28, new=8))
    assert (later["entries"], later["new"]) == (22, 2)
    assert usual_after(later, look_of([], 0))["title"] == 100


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=200))
def test_a_lasting_change_becomes_usual(sizes: list[int]) -> None:
    usual = usual_after({}, look(entries=sizes[0]))
    for size in sizes:
        usual = usual_after(usual, look(entries=size))
    assert min(sizes) <= usual["entries"] <= max(sizes)
    for _ in range(100):
        usual = usual_after(usual, look(entries=50, new=0))
    assert usual["entries"] == 50
