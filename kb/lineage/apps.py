"""The lineage app."""

from django.apps import AppConfig


class LineageConfig(AppConfig):
    """The lineage engine: pure Python and numpy, but for `load.py`."""

    name = "kb.lineage"
