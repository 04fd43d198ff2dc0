"""Editions that somebody says they have read: there must be such a one."""

from kb.core.errors import InvalidInput
from kb.ledger.write import current_edition


def check_edition(number: int | None) -> None:
    """Raise InvalidInput for an edition that there is not."""
    if number is not None and not 0 <= number <= current_edition():
        raise InvalidInput(f"There is no edition {number}; the current one is {current_edition()}.")
