"""`manage.py seed`: load the founding world through publish(). Twice changes nothing."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kb.core.errors import UserError
from kb.exchange.importers.founding import read_folder
from kb.exchange.preview import carry_out_guarded
from kb.exchange.preview_command import add_alarm_arguments, write_preview
from kb.exchange.reconcile import reconcile
from kb.exchange.runs import logged_run
from kb.exchange.sync import plan
from kb.records.models import Record, Statement
from kb.records.sources import FOUNDING

_REASON = "The founding world, compiled from public sources."


class Command(BaseCommand):
    """Load the founding world."""

    help = "Load the founding world from fixtures/seed and the reviewed matches from fixtures/reconcile."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take another folder, and a switch for a database that must be empty."""
        parser.add_argument("folder", nargs="?", type=Path, default=settings.BASE_DIR / "fixtures" / "seed")
        add_alarm_arguments(parser)
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there are records already")

    def handle(self, *args: Any, folder: Path, if_empty: bool, preview: bool, reason: str, **options: Any) -> None:
        """Publish what differs and report what lacks a source, or tell only what it would lose."""
        if if_empty and Record.objects.exists():
            self.stdout.write("There are records already; the founding world was not loaded.")
            return
        try:
            if preview:
                write_preview(self.stdout, plan(FOUNDING, read_folder(folder)))
            else:
                self._run(folder, reason)
        except UserError as error:
            raise CommandError(str(error)) from None

    def _run(self, folder: Path, loses_because: str) -> None:
        with logged_run(FOUNDING) as run:
            drafts = read_folder(folder)
            outcome = carry_out_guarded(plan(FOUNDING, drafts), actor="seed", reason=_REASON, loses_because=loses_because)
            matched = reconcile(settings.BASE_DIR / "fixtures" / "reconcile")
            run.counts = dict(outcome.counts)
        statements = sum(len(draft.statements) for draft in drafts)
        self.stdout.write(f"{len(drafts)} records and {statements} statements read; {outcome.counts.total()} changes published.")
        if matched:
            self.stdout.write(f"{matched} reviewed matches applied.")
        self._report_unsourced()

    def _report_unsourced(self) -> None:
        unsourced = Statement.objects.filter(status="needs_source").select_related("subject").order_by("subject__name", "id")
        for statement in unsourced:
            self.stdout.write(f"needs a source: {statement.subject.name}, {statement.predicate} ({statement.subject.public_id})")
        self.stdout.write(f"{len(unsourced)} statements need a source.")
