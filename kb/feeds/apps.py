"""The feeds app."""

from django.apps import AppConfig


class FeedsConfig(AppConfig):
    """RSS, Atom, RDF and JSON Feed in, as proposals through the one door."""

    name = "kb.feeds"
