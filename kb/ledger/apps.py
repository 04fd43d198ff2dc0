"""The ledger app."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate, pre_migrate


class LedgerConfig(AppConfig):
    """The ledger of public changes."""

    name = "kb.ledger"

    def ready(self) -> None:
        """Guard the ledger's own tables; other apps register theirs."""
        from kb.ledger import guard, upkeep

        guard.register_ledger()
        pre_migrate.connect(upkeep.before_migrations, sender=self)
        post_migrate.connect(upkeep.after_migrations, sender=self)
        register(upkeep.check_triggers, Tags.database)
