"""Mail as work: sending a message orders a job, and the worker hands it to the mail server.

A mail goes out at least once: where the worker is lost between the server's answer and the job's end, it is sent again,
as the very same message. Its Message-ID and date are fixed when it is ordered, so mailboxes that look show it once.
A caller who sets a Message-ID of its own orders that mail once, however often it asks.
"""

import smtplib
from collections.abc import Mapping, Sequence
from email.utils import formatdate
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from kb.jobs.models import DONE, Job
from kb.jobs.queue import enqueue
from kb.jobs.running import JobFailed, Running

KIND = "mail"
Payload = Mapping[str, Any]


class QueuedBackend(BaseEmailBackend):
    """Django's way in: each message becomes a job in the caller's transaction."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Order the sending of messages; those without recipients are left out. Returns how many were ordered."""
        wanted = [message for message in email_messages if message.recipients()]
        for message in wanted:
            payload = _packed(message)
            enqueue(KIND, key=payload["headers"]["Message-ID"], payload=payload)
        return len(wanted)


def is_undelivered(message_id: str) -> bool:
    """Whether a mail of this Message-ID was ordered and no mail server has taken it, yet or for good.

    Of one that was taken nothing is kept for long; one that was not stays known (`work.forget`).
    """
    return Job.objects.filter(kind=KIND, key=message_id).exclude(state=DONE).exists()


def deliver(job: Running, payload: Payload) -> None:
    """Hand a mail to the mail server. Raises JobFailed with the server's code, never with its words."""
    try:
        get_connection(settings.MAIL_DELIVERY_BACKEND).send_messages([_unpacked(payload)])
    except smtplib.SMTPResponseException as error:
        # 5xx is a server's last word; 4xx asks to try again.
        final = 500 <= error.smtp_code < 600 and not isinstance(error, smtplib.SMTPAuthenticationError)
        raise JobFailed(f"The mail server answered {error.smtp_code} ({type(error).__name__}).", final=final) from None
    except smtplib.SMTPRecipientsRefused as error:
        codes = sorted({code for code, _ in error.recipients.values()})
        final = all(500 <= code < 600 for code in codes)
        raise JobFailed(f"The mail server refused the recipients ({', '.join(map(str, codes))}).", final=final) from None
    except smtplib.SMTPException as error:
        raise JobFailed(f"The mail server did not take the mail ({type(error).__name__}).") from None


def _packed(message: EmailMessage) -> dict[str, Any]:
    """Return a message as JSON. Raises ValueError for what is not sent from here: attachments, and broken headers."""
    if message.attachments:
        raise ValueError("mail with attachments is not sent from here")
    payload = {
        "subject": str(message.subject),
        "body": str(message.body),
        "from_email": str(message.from_email),
        "headers": _headers(message.extra_headers),
        "subtype": message.content_subtype,
        "alternatives": [(str(content), str(kind)) for content, kind in getattr(message, "alternatives", [])],
    }
    for name in ("to", "cc", "bcc", "reply_to"):
        payload[name] = [str(address) for address in getattr(message, name)]
    _unpacked(payload).message()  # Django refuses what no mail server would take: better now than in the worker
    return payload


def _headers(given: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers of a message with what makes it the same message each time it is sent."""
    headers = {"Date": formatdate(), **{name: str(value) for name, value in given.items()}}
    own = next((name for name in headers if name.lower() == "message-id"), None)
    return {**headers, "Message-ID": headers.pop(own) if own else f"<{uuid4().hex}@{_host()}>"}


def _unpacked(payload: Payload) -> EmailMultiAlternatives:
    """Return the message that a payload holds."""
    fields = ("subject", "body", "from_email", "to", "cc", "bcc", "reply_to", "headers")
    message = EmailMultiAlternatives(**{name: payload[name] for name in fields})
    message.content_subtype = payload["subtype"]
    for content, kind in payload["alternatives"]:
        message.attach_alternative(content, kind)
    return message


def _host() -> str:
    return urlsplit(settings.SITE_ADDRESS).hostname or "localhost"
