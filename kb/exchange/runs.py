"""Running a source: its log entry from start to end, and what the person at the terminal sees."""

from collections.abc import Iterator
from contextlib import contextmanager

from kb.core.clock import now
from kb.core.errors import UserError
from kb.ledger.write import current_edition
from kb.records.models import SourceRun
from kb.records.sources import Source


@contextmanager
def logged_run(source: Source) -> Iterator[SourceRun]:
    """Keep the log of one run; a run that fails says why and is raised on."""
    run = SourceRun.objects.create(source=source.code, started_at=now())
    try:
        yield run
    except UserError as error:
        _close(run, "failed", str(error))
        raise
    except BaseException as error:
        _close(run, "failed", type(error).__name__)
        raise
    _close(run, "done", "")


def _close(run: SourceRun, outcome: str, message: str) -> None:
    run.outcome, run.message, run.finished_at, run.edition = outcome, message[:2000], now(), current_edition()
    run.save()
