"""Words listed in a sentence."""

import pytest

from kb.core.listing import listed


@pytest.mark.parametrize(("words", "said"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_the_last_of_several_words_follows_an_and(words: list[str], said: str) -> None:
    assert listed(words) == said


def test_nothing_is_no_list() -> None:
    with pytest.raises(ValueError, match="not enough values"):
        listed([])
