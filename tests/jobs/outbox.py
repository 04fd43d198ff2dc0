"""A mail server for tests: a folder in which each message has one file, known by its Message-ID."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class OutboxBackend(BaseEmailBackend):
    """Takes a message twice as a mailbox does: it is the same one."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            whole = message.message()
            name = hashlib.sha256(whole["Message-ID"].encode()).hexdigest()
            Path(settings.EMAIL_FILE_PATH, f"{name}.eml").write_bytes(whole.as_bytes())
        return len(email_messages)
