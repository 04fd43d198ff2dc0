"""The api app."""

from django.apps import AppConfig


class APIConfig(AppConfig):
    """The REST interface: the only importer of rest_framework."""

    name = "kb.api"
