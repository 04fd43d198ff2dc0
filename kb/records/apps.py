"""The records app: registers its tables with the ledger's guard."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Records, statements and evidence."""

    name = "kb.records"

    def ready(self) -> None:
        """Guard every public table and the versions of statements."""
        from kb.ledger import guard, verify, write
        from kb.records import models, versions

        for model in guard.public_models():
            guard.register(model)
        guard.register_history(
            models.StatementVersion, of=models.Statement, row_id="statement_id", texts=versions.VERSIONED_TEXTS
        )
        write.register_forgetter(versions.forget_texts)
        verify.register_check(models.StatementVersion._meta.db_table, versions.faults)
