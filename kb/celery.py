"""The Celery app: how hints travel. The jobs table is the truth, so a message that is lost or comes twice does no harm.

Run by `celery -A kb worker` and `celery -A kb beat`, which `make run` starts beside the web server. What a task does is
the business of kb.jobs.
"""

import os
import signal
import sys
import warnings
from typing import Any

from billiard.util import set_pdeathsig
from celery import Celery
from celery.exceptions import SecurityWarning
from celery.signals import setup_logging, worker_process_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")

_TASK_LIMIT = 30 * 60  # seconds; a handler that hangs for good is killed, and its job is taken up again


def _configuration() -> dict[str, Any]:
    """Return what the settings say; read when the app is first used, since importing it must not need them."""
    return {
        "broker_url": settings.BROKER_URL,
        "broker_transport": "kb.jobs.folder:Transport" if settings.BROKER_FOLDER else None,
        "broker_transport_options": settings.BROKER_OPTIONS,
        "broker_connection_timeout": 2,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "task_default_queue": settings.JOB_QUEUE,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_ignore_result": True,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_time_limit": _TASK_LIMIT,
        "worker_prefetch_multiplier": 1,
        "worker_enable_remote_control": False,
        "worker_redirect_stdouts": False,
        "beat_schedule": {
            "sweep": {
                "task": "kb.jobs.sweep",
                "schedule": settings.SWEEP_SECONDS,
                "options": {"expires": settings.SWEEP_SECONDS, "retry": False},
            }
        },
    }


app = Celery("upstream")
app.add_defaults(_configuration)
app.autodiscover_tasks(["kb.jobs"])

# It warns of root because messages may be pickled code. Ours are JSON, and nothing else is accepted.
warnings.filterwarnings("ignore", category=SecurityWarning)


def _end_with_the_worker(**_: Any) -> None:
    """Let a process of the pool end when the worker above it is killed, instead of waiting for ever for its next task."""
    if sys.platform == "linux":
        set_pdeathsig(signal.SIGKILL)


def _leave_logging_alone(**_: Any) -> None:
    """Keep Django's logging: that somebody listens to this signal keeps Celery from setting up its own."""


setup_logging.connect(_leave_logging_alone, weak=False)
worker_process_init.connect(_end_with_the_worker, weak=False)
