"""What an edit changed in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.feeds.edits import ADDED, MOST_WORDS, REMOVED, SAME, Run, edit_of

TEXTS = st.lists(st.sampled_from(["a", "b", "c", "dd", "e"]), max_size=30).map(" ".join)


@pytest.mark.parametrize(
    ("before", "after", "runs"),
    [
        ("a b c", "a b c", [Run("a b c")]),
        ("a b c", "a x y c", [Run("a"), Run("b", REMOVED), Run("x y", ADDED), Run("c")]),
        ("", "a", [Run("a", ADDED)]),
        ("a b", "", [Run("a b", REMOVED)]),
        ("", "", []),
    ],
)
def test_words_that_were_removed_and_added_are_told_apart(before: str, after: str, runs: list[Run]) -> None:
    assert edit_of(before, after) == runs


@given(TEXTS, TEXTS)
def test_either_text_can_be_read_from_an_edit(before: str, after: str) -> None:
    runs = edit_of(before, after)
    assert " ".join(run.text for run in runs if run.kind in {SAME, REMOVED}) == before
    assert " ".join(run.text for run in runs if run.kind in {SAME, ADDED}) == after


def test_a_text_of_too_many_words_is_not_compared_and_stands_whole() -> None:
    before, after = "a " * (MOST_WORDS + 1), "a " * MOST_WORDS
    assert [run.kind for run in edit_of(before, after)] == [REMOVED, ADDED]
    assert [run.kind for run in edit_of(before, before)] == [SAME]
