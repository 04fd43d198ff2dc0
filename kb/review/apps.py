"""The review app."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class ReviewConfig(AppConfig):
    """Proposals, decisions, replies and disputes."""

    name = "kb.review"

    def ready(self) -> None:
        """Let the system checks say where a stronger guard has not read what is stored."""
        from kb.review import rescan

        post_migrate.connect(rescan.after_migrations, sender=self)
        register(rescan.check_scanned, Tags.database)
