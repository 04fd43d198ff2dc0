"""The project's settings with nothing but its jobs, so that a killed worker is back soon."""

from kb.settings import *  # noqa: F403
from kb.settings import LOGGING, VAR_DIR

INSTALLED_APPS = ["kb.jobs", "tests.jobs.killed"]
MIDDLEWARE: list[str] = []
TEMPLATES: list[dict[str, object]] = []
ROOT_URLCONF = None
MAIL_DELIVERY_BACKEND = "tests.jobs.killed.outbox.SlowOutbox"
EMAIL_FILE_PATH = str(VAR_DIR / "outbox")
EMAIL_BACKEND = "kb.jobs.mail.QueuedBackend"
LOGGING = LOGGING | {"loggers": {"celery": {"level": "CRITICAL"}}}  # it would tell of each process that is killed
