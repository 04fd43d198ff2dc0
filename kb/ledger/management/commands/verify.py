"""`manage.py verify`: one line for each fault in the ledger, exit code 1 where there is any."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from kb.ledger.models import Change, Head
from kb.ledger.verify import faults


class Command(BaseCommand):
    """Check the chain of changes against the database."""

    help = "Check links, hashes, continuity, triggers and that live rows equal their last payload."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print faults as they are found; all of it reads one snapshot."""
        count = 0
        with transaction.atomic():
            for line in faults():
                count += 1
                self.stdout.write(line)
            head = Head.objects.filter(id=1).first() or Head()
            purged = Change.objects.filter(action="purge").count()
        if count:
            self.stderr.write(f"{count} faults found.")
            sys.exit(1)
        emptied = f", {purged} of them emptied by a purge" if purged else ""
        self.stdout.write(f"Clean: {head.edition} editions, {head.sequence} changes{emptied}.")
