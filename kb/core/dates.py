"""Partial dates: YYYY, YYYY-MM or YYYY-MM-DD, which keep their precision.

A partial date is stored as its text. Comparisons use the earliest and latest day that it may mean.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from kb.core.errors import InvalidInput

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_EARLIEST_YEAR = 1900
_LATEST_YEAR = 2200


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, a month or a day."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read YYYY, YYYY-MM or YYYY-MM-DD.

        Raises InvalidInput where the text has another form or names no real date.
        """
        match = _FORM.fullmatch(text)
        if match is None:
            raise InvalidInput(f"“{text[:40]}” is not a date. Write YYYY, YYYY-MM or YYYY-MM-DD.")
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        if not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
            raise InvalidInput(f"“{text}” is out of range. Years run from {_EARLIEST_YEAR} to {_LATEST_YEAR}.")
        try:
            date(year, 1 if month is None else month, 1 if day is None else day)
        except ValueError:
            raise InvalidInput(f"“{text}” is not a date that exists.") from None
        return cls(year, month, day)

    @property
    def earliest(self) -> date:
        """The first day that the date may mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day that the date may mean."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def words(self) -> str:
        """The date with its month in words: `2 January 2024`, `January 2024` or `2024`."""
        if self.month is None:
            return str(self.year)
        month = calendar.month_name[self.month]
        return f"{month} {self.year}" if self.day is None else f"{self.day} {month} {self.year}"

    def __str__(self) -> str:
        parts = [f"{self.year:04d}", *(f"{part:02d}" for part in (self.month, self.day) if part is not None)]
        return "-".join(parts)


def in_words(text: str | None) -> str:
    """Write a stored partial date in words; nothing stays nothing."""
    return PartialDate.parse(text).words if text else ""


def earliest_ordinal(text: str | None, unknown: int) -> int:
    """Return the first day that a stored partial date may mean, as a proleptic ordinal."""
    return PartialDate.parse(text).earliest.toordinal() if text else unknown


def latest_ordinal(text: str | None, unknown: int) -> int:
    """Return the last day that a stored partial date may mean, as a proleptic ordinal."""
    return PartialDate.parse(text).latest.toordinal() if text else unknown
