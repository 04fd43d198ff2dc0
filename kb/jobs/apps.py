"""The jobs app."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    """Work that must not be lost."""

    name = "kb.jobs"

    def ready(self) -> None:
        """Find the broker, and the kinds of work: every app declares its own in a module `work`."""
        import_module(settings.CELERY_APP)
        autodiscover_modules("work")
