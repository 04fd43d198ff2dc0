"""Orders work of each kind until it is killed, and says each key once the order is committed.

It waits while much is left to do, so that the time until all is done is that of recovery, not of a backlog.
"""

import itertools
import time

import django
from django.core.mail import EmailMessage
from django.db import transaction

django.setup()

from kb.jobs.models import Job  # noqa: E402
from kb.jobs.queue import enqueue  # noqa: E402

MOST_WAITING = 12


def order(number: int) -> None:
    """One order of each kind, in one transaction."""
    with transaction.atomic():
        enqueue("inside", key=str(number))
        enqueue("outside", key=str(number))
        EmailMessage("Subject", "Body", None, ["ada@example.org"], headers={"Message-ID": f"<{number}@test>"}).send()


for number in itertools.count():
    order(number)
    print(number, flush=True)  # noqa: T201
    time.sleep(0.2)
    while Job.objects.filter(state="waiting").count() > MOST_WAITING:
        time.sleep(0.1)
