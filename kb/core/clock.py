"""The one place that asks what time it is, so that tests can say so."""

from datetime import UTC, date, datetime


def now() -> datetime:
    """Return the current moment in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return today's date in UTC."""
    return now().date()
