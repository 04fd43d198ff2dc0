"""The operators' page: for administrators alone, whole, and with acts that say what they did."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from kb.accounts.models import User
from kb.core.clock import now
from kb.jobs.models import Job
from tests.pages.test_every_page import outline

pytestmark = pytest.mark.django_db
PAGE = "/desk/jobs/"


@pytest.fixture(autouse=True)
def one_factor(settings: Any) -> None:
    settings.REQUIRE_MFA = False


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(User.objects.create_user("ada@example.org", role="admin"))
    return client


def make_job(state: str, **values: Any) -> Job:
    ended = now() - timedelta(hours=1)
    given = {"payload": '{"body": "SECRET"}', "last_error": "The mail server answered 554.", "ended_at": ended}
    given |= {"key": f"{state} key"} | values
    return Job.objects.create(kind="mail", state=state, run_after=ended, created_at=ended, **given)


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}1/retry/", f"{PAGE}1/drop/"])
def test_it_is_for_administrators_alone(client: Client, path: str) -> None:
    for method in (client.get, client.post):
        assert method(path).status_code == 302
    for role in ("reader", "contributor", "reviewer", "editor"):
        client.force_login(User.objects.create_user(f"{role}@example.org", role=role))
        for method in (client.get, client.post):
            assert method(path).status_code == 404


@pytest.mark.parametrize("jobs", [False, True])
def test_the_page_is_whole_with_and_without_jobs(admin: Client, jobs: bool) -> None:
    if jobs:
        make_job("dead")
        make_job("waiting", ended_at=None)
        make_job("running", ended_at=None, lease_until=now() - timedelta(hours=1), started_at=now())
    response = admin.get(PAGE)
    page = response.content.decode()
    found = outline(page)
    assert response.status_code == 200
    assert found.headings.count("h1") == 1
    assert (found.faults, found.open) == ([], [])
    assert len(found.ids) == len(set(found.ids))
    assert "SECRET" not in page
    assert ("The mail server answered 554." in page) == jobs
    assert ("No job is dead." in page) != jobs
    assert "no-store" in response.headers["Cache-Control"]


def test_a_dead_job_is_tried_again_and_the_page_says_so(admin: Client) -> None:
    job = make_job("dead")
    page = admin.post(f"{PAGE}{job.pk}/retry/", follow=True).content.decode()
    job.refresh_from_db()
    assert job.state == "waiting"
    assert f"Job {job.pk} is tried again." in page


def test_a_job_is_dropped_with_its_reason_and_the_name_of_who_did_it(admin: Client) -> None:
    job = make_job("dead")
    page = admin.post(f"{PAGE}{job.pk}/drop/", {"reason": "Sent by hand."}, follow=True).content.decode()
    job.refresh_from_db()
    assert re.fullmatch(r"Dropped by p-[0-9a-f]+: Sent by hand\.", job.last_error)
    assert f"Job {job.pk} was dropped." in page


def test_what_cannot_be_done_is_told_in_a_sentence(admin: Client) -> None:
    job = make_job("dead")
    for path, given, status, words in (
        (f"{job.pk}/drop/", {}, 400, "Say why the job is dropped."),
        (f"{job.pk}/drop/", {"reason": "x" * 5000}, 400, "A reason takes at most"),
        ("0/drop/", {"reason": "No."}, 404, "There is no job 0."),
        ("0/retry/", {}, 404, "There is no job 0."),
        (f"{make_job('running', lease_until=now(), ended_at=None).pk}/retry/", {}, 409, "only a dead job can be tried again"),
    ):
        response = admin.post(PAGE + path, given)
        assert (response.status_code, words in response.content.decode()) == (status, True)
    job.refresh_from_db()
    assert job.state == "dead"


def test_an_act_needs_its_form_and_the_page_takes_no_parameters() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_user("ada@example.org", role="admin"))
    job = make_job("dead")
    assert client.post(f"{PAGE}{job.pk}/retry/").status_code == 403
    assert client.get(f"{PAGE}?state=dead").status_code == 400
    page = client.get(PAGE).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    assert client.post(f"{PAGE}{job.pk}/retry/", {"csrfmiddlewaretoken": token[1]}).status_code == 302
