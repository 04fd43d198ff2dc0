"""What a change is: the base of every typed change, and how it names records.

Which changes there are is said in `changes.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

Ref = int | str
Value = str | int | Decimal
Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The base of every change."""

    def references(self) -> Iterator[Ref]:
        """Yield every record that the change refers to."""
        yield from ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRecord(Change):
    """The base of changes to one record."""

    record: Ref

    def references(self) -> Iterator[Ref]:
        """Yield the record."""
        yield self.record


def given(reference: object) -> Iterator[Ref]:
    """Yield a reference where there is one."""
    if isinstance(reference, int | str) and reference != "":
        yield reference
