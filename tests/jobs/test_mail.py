"""Mail as work: ordered with the caller's transaction, the same message however often it is sent, forgotten afterwards."""

import smtplib
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.core.mail.backends import smtp
from django.db import transaction

from kb.jobs.claim import claim
from kb.jobs.models import Job
from kb.jobs.run import drain, execute, run
from tests.jobs.marks import let_lease_lapse, make_due

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def outbox(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "kb.jobs.mail.QueuedBackend"
    settings.MAIL_DELIVERY_BACKEND = "tests.jobs.outbox.OutboxBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


def sent(outbox: Path) -> list[Message]:
    return [message_from_bytes(path.read_bytes()) for path in outbox.iterdir()]


def order(subject: str = "Confirm your address", **headers: str) -> int:
    EmailMessage(subject, "The token is 12345.", None, ["ada@example.org"], headers=headers).send()
    return Job.objects.latest("pk").pk


def test_sending_orders_a_job_and_sends_nothing_yet(outbox: Path) -> None:
    assert send_mail("Subject", "Body", None, ["ada@example.org"]) == 1
    assert sent(outbox) == []
    assert Job.objects.get().kind == "mail"


@pytest.mark.django_db(transaction=True)
def test_a_rollback_of_the_caller_sends_no_mail(outbox: Path) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        order()
        raise RuntimeError
    assert list(drain()) == []
    assert sent(outbox) == []


def test_the_message_arrives_as_it_was_ordered(outbox: Path) -> None:
    message = EmailMultiAlternatives(
        "Größe", "Plain 漢字", "Upstream <desk@example.org>", ["ada@example.org"], bcc=["desk@example.org"],
        cc=["bob@example.org"], reply_to=["reply@example.org"], headers={"List-Id": "desk"},
    )  # fmt: skip
    message.attach_alternative("<p>Rich</p>", "text/html")
    message.send()
    assert list(drain()) == ["done"]
    (mail,) = sent(outbox)
    assert (mail["To"], mail["Cc"], mail["Reply-To"], mail["List-Id"]) == (
        "ada@example.org", "bob@example.org", "reply@example.org", "desk",
    )  # fmt: skip
    assert mail["Bcc"] is None
    parts = [part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart()]
    assert parts == ["Plain 漢字".encode(), b"<p>Rich</p>"]


def test_a_mail_that_is_sent_again_after_a_loss_is_the_same_message(outbox: Path) -> None:
    first = claim(order())
    assert first
    Job.objects.update(fence=first.fence + 1)  # sent, but the worker is lost before it can write so
    assert execute(first) == "lost"
    before = sent(outbox)[0]
    let_lease_lapse(first.id)
    assert run(first.id) == "done"
    (after,) = sent(outbox)
    assert after["Message-ID"] == before["Message-ID"]
    assert after["Date"] == before["Date"]


def test_two_mails_are_two_messages(outbox: Path) -> None:
    order()
    order()
    assert list(drain()) == ["done", "done"]
    assert len({mail["Message-ID"] for mail in sent(outbox)}) == 2


def test_a_caller_who_names_the_message_orders_it_once(outbox: Path) -> None:
    for _ in range(3):
        order(**{"message-id": "<receipt-7@upstream>"})
    assert Job.objects.count() == 1
    assert list(drain()) == ["done"]
    assert [mail["Message-ID"] for mail in sent(outbox)] == ["<receipt-7@upstream>"]


def test_nothing_of_a_mail_stays_once_it_is_sent() -> None:
    run(order())
    assert not [row for row in Job.objects.values() if "12345" in str(row) or "ada@example.org" in str(row)]


def test_a_mail_without_recipients_is_not_ordered() -> None:
    assert EmailMessage("Subject", "Body", None, []).send() == 0
    assert not Job.objects.exists()


@pytest.mark.parametrize("subject", ["one\ntwo", "one\rBcc: all@example.org"])
def test_a_header_of_many_lines_is_refused_before_anything_is_stored(subject: str) -> None:
    with pytest.raises(ValueError, match="newlines"):
        order(subject)
    assert not Job.objects.exists()


def test_an_attachment_is_refused() -> None:
    message = EmailMessage("Subject", "Body", None, ["ada@example.org"])
    message.attach("list.csv", "a,b", "text/csv")
    with pytest.raises(ValueError, match="attachments"):
        message.send()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("error", "end", "line"),
    [
        (smtplib.SMTPServerDisconnected("secret"), "waiting", "did not take the mail (SMTPServerDisconnected)"),
        (smtplib.SMTPDataError(451, b"secret"), "waiting", "answered 451"),
        (smtplib.SMTPDataError(554, b"secret"), "dead", "answered 554"),
        (smtplib.SMTPAuthenticationError(535, b"secret"), "waiting", "answered 535"),
        (smtplib.SMTPRecipientsRefused({"secret@example.org": (550, b"secret")}), "dead", "refused the recipients (550)"),
        (smtplib.SMTPRecipientsRefused({"secret@example.org": (450, b"secret")}), "waiting", "refused the recipients (450)"),
        (ConnectionRefusedError(111, "secret"), "waiting", "Connection refused"),
    ],
)
def test_what_the_mail_server_says_decides_whether_it_is_asked_again(
    settings: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, end: str, line: str
) -> None:
    settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(smtp.EmailBackend, "send_messages", refuse)
    job = order()
    assert run(job) == end
    told = Job.objects.get().last_error
    assert line in told
    assert "secret" not in told
    make_due(job)
