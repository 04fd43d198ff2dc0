"""`manage.py export_opml > feeds.opml`: give all feeds as OPML."""

from typing import Any

from django.core.management.base import BaseCommand

from kb.feeds.subscriptions import export_opml


class Command(BaseCommand):
    """Give all feeds as OPML."""

    help = "Write all feeds, with folders, weights and what they leave out, as OPML to the standard output."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write them."""
        self.stdout.write(export_opml(), ending="")
