"""`manage.py feeds`: how the feeds stand, in one table, the sick ones first."""

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand

from kb.feeds.health import SICK_FIRST, Health, health_of, standing_feeds

_HEADS = ("no", "standing", "last success", "next poll", "a week", "yield", "weight", "feed", "what is wrong")
_LONGEST = 60


class Command(BaseCommand):
    """Say how the feeds stand."""

    help = "List the feeds with their health, the sick ones first. Times are UTC."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --active."""
        parser.add_argument("--active", action="store_true", help="leave out those that are turned off")

    def handle(self, *args: Any, active: bool, **options: Any) -> None:
        """Write the table."""
        feeds = standing_feeds().order_by(*SICK_FIRST)
        rows = [_HEADS, *map(_row, health_of(feeds.filter(active=True) if active else feeds))]
        for line in _lines(rows):
            self.stdout.write(line)


def _row(one: Health) -> tuple[str, ...]:
    polled = one.feed.active and not one.feed.gone
    share = "-" if one.share is None else f"{one.share:.1f} %"
    return (
        str(one.feed.id), one.label, _moment(one.feed.last_good), _moment(one.feed.next_poll if polled else None),
        f"{one.per_week:.1f}", share, str(one.feed.weight), str(one.feed)[:_LONGEST], one.problem if one.is_sick else one.missing,
    )  # fmt: skip


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else "-"


def _lines(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
