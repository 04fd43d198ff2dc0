"""Partial dates keep their precision and mean the days between their earliest and their latest."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.core.dates import PartialDate, earliest_ordinal, in_words, latest_ordinal
from kb.core.errors import InvalidInput

days = st.dates(date(1900, 1, 1), date(2200, 12, 31))
precisions = st.sampled_from([4, 7, 10])


@given(days, precisions)
def test_a_date_is_written_as_it_was_read(day: date, precision: int) -> None:
    text = day.isoformat()[:precision]
    assert str(PartialDate.parse(text)) == text


@given(days, precisions)
def test_the_day_it_was_cut_from_lies_between_its_ends(day: date, precision: int) -> None:
    partial = PartialDate.parse(day.isoformat()[:precision])
    assert partial.earliest <= day <= partial.latest


@given(days)
def test_less_precision_means_more_days(day: date) -> None:
    year, month, full = (PartialDate.parse(day.isoformat()[:precision]) for precision in (4, 7, 10))
    assert year.earliest <= month.earliest <= full.earliest == day == full.latest <= month.latest <= year.latest


@given(st.text(max_size=12))
def test_any_other_text_is_refused_in_one_sentence(text: str) -> None:
    try:
        assert str(PartialDate.parse(text)) == text
    except InvalidInput as refusal:
        assert str(refusal).startswith("“")


@pytest.mark.parametrize(
    "text",
    ["", "24", "2024-1", "2024-00", "2024-13", "2024-01-00", "2024-02-30", "2023-02-29", "1899", "2201", "2024-01-01T00:00"]
    + ["２０２４", "2024\n", " 2024", "2024-", "2024/01", "0000", "-2024"],
)
def test_what_is_no_partial_date_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        PartialDate.parse(text)


@pytest.mark.parametrize(("text", "words"), [("2024", "2024"), ("2024-01", "January 2024"), ("2024-01-02", "2 January 2024")])
def test_a_date_in_words_keeps_its_precision(text: str, words: str) -> None:
    assert in_words(text) == words


def test_no_date_is_no_words_and_an_unknown_ordinal() -> None:
    assert in_words("") == in_words(None) == ""
    assert (earliest_ordinal("", -1), latest_ordinal(None, 9)) == (-1, 9)
    assert latest_ordinal("2024-02", 0) - earliest_ordinal("2024-02", 0) == 28
