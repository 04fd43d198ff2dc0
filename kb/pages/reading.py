"""Reading parameters of addresses."""

from typing import TypeVar

from django.core.paginator import Page, Paginator

from kb.core.errors import InvalidInput, NotFound

AnyRow = TypeVar("AnyRow")


def whole_number(name: str, text: str) -> int | None:
    """Read a whole number; nothing stays nothing. Raises InvalidInput, naming the parameter, for anything else."""
    if not text:
        return None
    if not (text.isascii() and text.removeprefix("-").isdecimal() and len(text) < 19):
        raise InvalidInput(f"{name}: “{text[:20]}” is not a whole number.")
    return int(text)


def numbered_page(paginator: "Paginator[AnyRow]", number: str) -> "Page[AnyRow]":
    """Return a page of a list, the first if no number is given. Raises NotFound for a page that there is not."""
    number = number or "1"
    if not (number.isascii() and number.isdecimal() and 1 <= int(number[:18]) <= paginator.num_pages):
        raise NotFound(f"There is no page “{number[:20]}”; pages run from 1 to {paginator.num_pages}.")
    return paginator.page(int(number))
