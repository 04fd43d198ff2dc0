"""`manage.py import_source`: read a structured source into the record. Twice changes nothing."""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from kb.core.errors import UserError
from kb.exchange.drafts import Counts
from kb.exchange.preview import carry_out_guarded
from kb.exchange.preview_command import add_alarm_arguments, write_preview
from kb.exchange.reconcile import reconcile
from kb.exchange.runs import logged_run
from kb.exchange.sources import Importer, find_importer
from kb.exchange.sync import plan


class Command(BaseCommand):
    """Import a source."""

    help = "Read a structured source into the record and apply the reviewed matches from fixtures/reconcile."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the source and where its files lie."""
        parser.add_argument("source", help="the code of the source, such as ecosystem-graphs")
        parser.add_argument("path", type=Path, help="the folder that holds the source's files")
        add_alarm_arguments(parser)

    def handle(self, *args: Any, source: str, path: Path, preview: bool, reason: str, **options: Any) -> None:
        """Publish what differs and tell everything that was met, or only what it would lose."""
        try:
            if preview:
                self._preview(find_importer(source), path)
            else:
                self._run(find_importer(source), path, reason)
        except UserError as error:
            raise CommandError(str(error)) from None

    def _preview(self, importer: Importer, path: Path) -> None:
        wanted = plan(importer.source, importer.read(path).drafts, importer.report)
        write_preview(self.stdout, wanted)

    def _run(self, importer: Importer, path: Path, loses_because: str) -> None:
        with logged_run(importer.source) as run, _progress() as progress:
            reading = importer.read(path)
            outcome = carry_out_guarded(
                plan(importer.source, reading.drafts, importer.report), actor="import", reason=f"Import. {importer.notice}",
                loses_because=loses_because, progress=progress,
            )  # fmt: skip
            matched = reconcile(settings.BASE_DIR / "fixtures" / "reconcile")
            run.counts = {f"{heading}: {item}": count for (heading, item), count in reading.counts.items()}
            run.counts |= {f"changes: {change}": count for change, count in outcome.counts.items()}
        self.stdout.write(importer.notice)
        for line in summary(reading.counts):
            self.stdout.write(line)
        statements = sum(len(draft.statements) for draft in reading.drafts)
        self.stdout.write(f"{len(reading.drafts)} records and {statements} statements read.")
        for change, count in sorted(outcome.counts.items()):
            self.stdout.write(f"  {change}: {count}")
        self.stdout.write(f"{outcome.counts.total()} changes published in {len(outcome.editions)} editions.")
        self.stdout.write(f"{matched} reviewed matches applied.")


def summary(counts: Counts) -> Iterator[str]:
    """Yield one line for each heading, with its items."""
    items: dict[str, list[str]] = defaultdict(list)
    for (heading, item), count in sorted(counts.items()):
        items[heading].append(f"{item} {count}")
    for heading, told in items.items():
        yield f"{heading}: {', '.join(told)}"


@contextmanager
def _progress() -> Iterator[Callable[[int, int], object]]:
    """A bar on a terminal; anywhere else nothing."""
    with tqdm(desc="Publishing", unit=" changes", disable=not sys.stderr.isatty()) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show
