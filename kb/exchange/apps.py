"""The exchange app."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Structured sources in, standard formats out."""

    name = "kb.exchange"
