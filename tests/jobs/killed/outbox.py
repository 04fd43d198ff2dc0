"""A mail server that takes its time, so that a worker may be killed before and after the mail was taken."""

import time
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage

from tests.jobs.outbox import OutboxBackend


class SlowOutbox(OutboxBackend):
    """Writes down each time that it is handed a mail, beside the mail itself."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        time.sleep(0.03)
        with Path(settings.EMAIL_FILE_PATH, "handed-in.log").open("a") as log:
            log.writelines(f"{message.extra_headers['Message-ID']}\n" for message in email_messages)
        count = super().send_messages(email_messages)
        time.sleep(0.03)
        return count
