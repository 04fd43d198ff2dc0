"""A vocabulary is a closed, ordered set of terms."""

import pytest

from kb.core.vocabulary import Term, Vocabulary, plain

WORDS = Vocabulary("stance", Term("supports", "Supports"), Term("disputes", "Disputes", "Says the opposite."))


def test_terms_are_read_by_code_in_the_order_of_their_declaration() -> None:
    assert list(WORDS) == ["supports", "disputes"]
    assert len(WORDS) == 2
    assert WORDS["disputes"].definition == "Says the opposite."
    assert WORDS.choices == [("supports", "Supports"), ("disputes", "Disputes")]


def test_a_code_is_declared_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        Vocabulary("stance", Term("supports", "One"), Term("supports", "Other"))


def test_a_word_of_an_older_edition_is_shown_as_it_is() -> None:
    assert WORDS.label("supports") == "Supports"
    assert WORDS.label("of_old") == "of_old"


def test_a_plain_vocabulary_is_one_of_labels() -> None:
    assert plain("rank", high="High").choices == [("high", "High")]
