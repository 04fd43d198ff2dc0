"""`manage.py rescan`: one line for each stored text that the present guard would refuse, exit code 1 where there is any."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from kb.core.safety import GUARD_VERSION
from kb.review.rescan import Rescan


class Command(BaseCommand):
    """Let the present guard read all that is stored."""

    help = "Read every stored text with the present guard: table, row, version, column and rule of each finding, never the text."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print findings as they are found."""
        run, count = Rescan(), 0
        for finding in run.findings():
            count += 1
            self.stdout.write(str(finding))
        if count:
            self.stderr.write(f"{count} findings in {run.texts:,} texts. Take each out with “manage.py purge”.")
            sys.exit(1)
        self.stdout.write(f"Clean: version {GUARD_VERSION} of the guard has read {run.texts:,} texts.")
