"""Whole numbers that forms take: of rows, revisions, editions and pages, and never more than a database can look for."""

from typing import Any

from django import forms

_BIGGEST = 2**63 - 1
_PAGES = 10_000


class NumberField(forms.IntegerField):
    """The number of something that is counted from 1, unless another least number is given."""

    def __init__(self, *, min_value: int = 1, max_value: int = _BIGGEST, **kwargs: Any) -> None:
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)


class UnseenNumberField(NumberField):
    """A number that a page carries along."""

    widget = forms.HiddenInput


class PageField(UnseenNumberField):
    """Which page of a list is asked for; none is the first."""

    def __init__(self) -> None:
        super().__init__(max_value=_PAGES, required=False)
