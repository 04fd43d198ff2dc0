"""The pages app."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """HTML for readers."""

    name = "kb.pages"
