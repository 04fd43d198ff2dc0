"""A database that is busy or away is told as that: 503, when to come again, and what became of what was sent."""

import io
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from kb.accounts.models import User
from kb.accounts.sessions import SessionStore
from kb.core.busy import RETRY_AFTER
from kb.review.models import Proposal
from tests.accounts.people import PASSWORD
from tests.pages.reading import folded
from tests.review.desk import filing, make_world
from tests.writing import another_writer

writes = pytest.mark.django_db(transaction=True)
AWAY = OperationalError("the connection is closed")
AWAY.__cause__ = psycopg.OperationalError("the connection is closed")
BUSY = OperationalError("database is locked")
BUSY.__cause__ = sqlite3.OperationalError("database is locked")
BUSY.__cause__.sqlite_errorcode = sqlite3.SQLITE_BUSY


def check_busy(answer: Any) -> str:
    """Check what all such answers have, and return the words of the page's main part or the problem's detail."""
    assert answer.status_code == 503
    assert answer["Retry-After"] == str(RETRY_AFTER)
    if answer["Content-Type"] == "application/problem+json":
        assert (answer.json()["status"], answer.json()["title"]) == (503, "Service Unavailable")
        return str(answer.json()["detail"])
    assert "no-store" in answer["Cache-Control"]
    html = answer.content.decode()
    assert html.count("<h1") == 1
    return folded(html[html.index("<main") : html.index("</main>")])


@writes
def test_a_form_that_waited_in_vain_for_others_says_that_nothing_was_saved(log: io.StringIO) -> None:
    with another_writer("review_proposal"):
        said = check_busy(Client().post("/file/"))
    assert said.startswith("The database is busy Others are writing")
    assert "nothing was saved. Please try again in a moment." in said
    assert not Proposal.objects.exists()
    assert "Traceback" not in log.getvalue() and "The database is busy: " in log.getvalue()
    assert Client().post("/file/").status_code == 302  # the same again, once the others are done


@writes
def test_a_program_gets_the_same_as_a_problem_and_nothing_is_half_stored() -> None:
    body = json.dumps({"kind": "issue", "filing": filing(make_world())})
    with another_writer("review_proposal"):
        answer = Client().post("/api/v1/proposals/", body, content_type="application/json")
    assert "nothing was saved" in check_busy(answer)
    assert answer.json()["instance"] == "/api/v1/proposals/"
    assert not Proposal.objects.exists()
    assert Client().post("/api/v1/proposals/", body, content_type="application/json").status_code == 202


@writes
def test_whoever_signs_up_while_others_write_can_sign_up_later() -> None:
    form = {"email": "ada@example.org", "password1": PASSWORD}
    with another_writer("account_emailaddress"):
        assert "nothing was saved" in check_busy(Client().post("/account/signup/", form))
    assert not User.objects.exists()
    assert Client().post("/account/signup/", form).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("error", [BUSY, AWAY])
def test_after_the_act_itself_nobody_says_that_nothing_was_saved(
    monkeypatch: pytest.MonkeyPatch, log: io.StringIO, error: Exception
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(SessionStore, "save", fail)
    said = check_busy(Client(raise_request_exception=False).post("/file/"))
    assert Proposal.objects.count() == 1
    assert "look whether it arrived before you send it again" in said and "nothing was saved" not in said
    assert "Traceback" not in log.getvalue()


@pytest.mark.parametrize("path", ["/", "/search/?q=x", "/api/v1/", "/api/v1/datasets/", "/api/v1/datasets/x/"])
def test_the_answer_asks_nothing_of_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    def fail(*_: object) -> None:
        raise AWAY

    # No test database is open here: whatever asks for one fails, and so does the answer if it does.
    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.ensure_connection", fail)
    answer = Client(raise_request_exception=False).get(path)
    assert "The database does not answer" in check_busy(answer)


def test_a_command_fails_in_one_line_where_the_database_is_away(tmp_path: Path) -> None:
    environment = os.environ | {"KB_VAR": str(tmp_path), "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing"}
    command = [sys.executable, "manage.py", "verify"]
    ended = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    assert line.startswith("The database does not answer (") and "Run the command again" in line
