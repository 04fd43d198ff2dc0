"""The feeds app."""

from django.apps import AppConfig


class FeedsConfig(AppConfig):
    """RSS, Atom, RDF and JSON Feed in, as proposals through the one door."""

    name = "kb.feeds"

    def ready(self) -> None:
        """Let the re-scan and the purge know the texts of feeds."""
        from kb.feeds import texts

        texts.register()
