"""Messages that wake a worker. Each holds a job's id and nothing else, and every one of them may be lost.

A hint that cannot be sent never fails the caller: the sweeper finds what is due. After a failure no hint is tried for a
while, so that a broker that hangs costs the site one short wait and not one for each order.
"""

import logging
import time
from pathlib import Path

from celery import current_app
from django.conf import settings

TASK = "kb.jobs.run"
EXPIRES = 60  # seconds: by then the sweeper has sent another
_PAUSE = 10.0

log = logging.getLogger(__name__)


class _Line:
    """Whether hints are being sent, or paused until a moment of the monotonic clock."""

    paused_until = 0.0


def hint(job_id: int) -> bool:
    """Tell a worker of a job that is due. Returns whether the broker took the message."""
    if time.monotonic() < _Line.paused_until:
        return False
    try:
        current_app.send_task(TASK, [job_id], expires=EXPIRES, retry=False)
    except Exception as error:  # whatever a broker's library raises: the job stands in its table
        _Line.paused_until = time.monotonic() + _PAUSE
        log.warning("No hint could be sent (%s); the sweeper will find what is due.", type(error).__name__)
        return False
    return True


def forget_old_messages() -> None:
    """Delete files of the filesystem broker that nobody took in time, so that its folder cannot grow without a worker."""
    if settings.BROKER_FOLDER is None:
        return
    oldest = time.time() - EXPIRES
    for path in Path(settings.BROKER_FOLDER).iterdir():
        try:
            if path.is_file() and path.stat().st_mtime < oldest:
                path.unlink()
        except FileNotFoundError:  # a worker took it in the meantime
            continue
