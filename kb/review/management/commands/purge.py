"""`manage.py purge TABLE ROW --reason "..."`: take a text out for good, as `manage.py rescan` names it."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kb.core.errors import UserError
from kb.ledger.erase import erase, overwrite_what_is_deleted
from kb.review.purge import Purged, Wanted, purge
from kb.review.rescan import Finding


class Command(BaseCommand):
    """Take a text out: tombstone, emptied versions, private tables, and the bytes of the database."""

    help = "Take a text out for good. The chain announces it, and `verify` stays clean."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the place of the text, as a re-scan names it, and the public reason."""
        parser.add_argument("table")
        parser.add_argument("row", type=int)
        parser.add_argument("--column", default="", help="only this column; without it, every text of the row")
        parser.add_argument("--only-version", type=int, help="only this former version of the row")
        parser.add_argument("--everywhere", action="store_true", help="also wherever else the same words stand on record")
        parser.add_argument("--reason", required=True, help="why; it becomes public and never repeats the text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Purge, erase, and say what was done and what is left."""
        wanted = Wanted(
            table=options["table"], row=options["row"], column=options["column"], version=options["only_version"],
            everywhere=options["everywhere"],
        )  # fmt: skip
        try:
            overwrite_what_is_deleted()
            done = purge(wanted, options["reason"])
            erase(done.tables)
        except UserError as error:
            raise CommandError(str(error)) from None
        self._tell(done)

    def _tell(self, done: Purged) -> None:
        self.stdout.write(f"Taken out: {done.versions} versions emptied, {done.private_rows} private rows overwritten.")
        for place in done.elsewhere:
            still = Finding(place.table, place.row, place.version, place.column, place.where, "the same words")
            self.stdout.write(str(still))
        if done.elsewhere:
            self.stderr.write(f"The same words still stand in {len(done.elsewhere)} places. Purge each, or use --everywhere.")
            sys.exit(1)
