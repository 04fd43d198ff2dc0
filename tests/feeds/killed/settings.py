"""The project's settings, with work that is soon taken up again after its worker was killed."""

from kb.settings import *  # noqa: F403
from kb.settings import INSTALLED_APPS as OF_THE_PROJECT
from kb.settings import LOGGING

INSTALLED_APPS = [*OF_THE_PROJECT, "tests.feeds.killed"]
LOGGING = LOGGING | {"loggers": {"celery": {"level": "CRITICAL"}}}  # it would tell of each process that is killed
