"""`manage.py erase`: write the database's files anew without what was deleted, where a purge could not finish that."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kb.core.errors import UserError
from kb.ledger.erase import erase
from kb.ledger.guard import guarded_tables


class Command(BaseCommand):
    """Erase the bytes of what was purged."""

    help = "Write the database's files anew without what was deleted from the guarded tables."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Erase."""
        try:
            erase(guarded_tables())
        except UserError as error:
            raise CommandError(str(error)) from None
        self.stdout.write("Erased.")
