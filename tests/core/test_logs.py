"""The log of requests: a line for what a client got wrong, a trace for what is our fault."""

import logging
import sys

import pytest

from kb.core.logs import WithoutTrace


def logged(name: str, status: int | None) -> logging.LogRecord:
    try:
        raise ValueError("what was sent")
    except ValueError:
        record = logging.LogRecord(name, logging.ERROR, "", 1, "Too much.", (), sys.exc_info())
    if status is not None:
        record.status_code = status
    assert WithoutTrace().filter(record) is True
    return record


@pytest.mark.parametrize(
    ("name", "status"), [("django.security.RequestDataTooBig", 413), ("django.request", 400), ("django.request", 403)]
)
def test_what_a_client_got_wrong_is_a_line_without_a_trace(name: str, status: int) -> None:
    assert logging.Formatter().format(logged(name, status)) == "Too much."


@pytest.mark.parametrize(("name", "status"), [("django.request", 500), ("django.request", None), ("kb.jobs", 400)])
def test_a_fault_of_our_own_keeps_its_trace(name: str, status: int | None) -> None:
    assert "ValueError: what was sent" in logging.Formatter().format(logged(name, status))


KEYS = ["/finding/lacrA-7z_x/", "/account/password/reset/key/3-abc-def/", "/account/confirm-email/MQ:1a:b/"]


@pytest.mark.parametrize("path", KEYS)
def test_an_address_that_is_a_key_is_not_logged(path: str) -> None:
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "%s: %s", ("Unprocessable Entity", path), None)
    record.status_code = 422
    assert WithoutTrace().filter(record)
    kept = path.strip("/").rsplit("/", 1)
    assert record.getMessage() == f"Unprocessable Entity: /{kept[0]}/…/"
