"""`manage.py import_opml feeds.opml`: take in a list of feeds, turned off. Twice changes nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kb.core.errors import UserError
from kb.feeds.models import Feed
from kb.feeds.subscriptions import import_opml


class Command(BaseCommand):
    """Take in a list of feeds."""

    help = "Add the feeds of an OPML file, turned off; known ones stay as they are."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, and a switch for an installation that must have no feeds."""
        parser.add_argument("path", type=Path)
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there are feeds already")

    def handle(self, *args: Any, path: Path, if_empty: bool, **options: Any) -> None:
        """Add them, and say what became of each that was not added."""
        if if_empty and Feed.objects.exists():
            self.stdout.write("There are feeds already; the list was not taken in.")
            return
        try:
            taken = import_opml(path.read_bytes(), None)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
        except UserError as error:
            raise CommandError(str(error)) from None
        for one in taken.refused:
            self.stderr.write(f"feed {one.place} of the list: {one.sentence}")
        self.stdout.write(f"{taken.added} feeds added, turned off; {taken.known} known; {len(taken.refused)} refused.")
