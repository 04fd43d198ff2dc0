"""Requests that are not taken as they are: a page and one clear sentence, and nothing of them in a log."""

import io
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from kb.review.filing import MOST_SOURCES
from kb.review.models import Proposal
from kb.review.submit import Sender, start_filing
from tests.accounts.people import make_person, sign_in
from tests.pages.reading import folded
from tests.review.desk import filing, make_world

pytestmark = pytest.mark.django_db
SECRET = "zyzzyva"
FORM_PAGE = "/submissions/"
FORM = "application/x-www-form-urlencoded"
TOO_LONG = {"reason": f"{SECRET} " * 1_250_000}
TOO_MANY = {f"{SECRET}{number}": "x" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 10)}


def bodies(fields: dict[str, str]) -> list[tuple[bytes, str]]:
    """The same fields in both ways that a browser sends them."""
    return [(urlencode(fields).encode(), FORM), (encode_multipart(BOUNDARY, fields), MULTIPART_CONTENT)]


def posted(body: bytes, content_type: str, *, strict: bool) -> HttpResponse:
    """Send a body to a form; a strict browser has the cookie of the form, so that its token is looked for in the body."""
    client = Client(enforce_csrf_checks=strict)
    client.get(FORM_PAGE)
    return client.generic("POST", FORM_PAGE, body, content_type=content_type)  # type: ignore[return-value]


def said(answer: HttpResponse) -> str:
    html = answer.content.decode()
    assert html.count("<h1") == 1
    assert SECRET not in html and "Traceback" not in html
    return folded(html[html.index("<main") : html.index("</main>")])


def check_log(log: io.StringIO) -> None:
    text = log.getvalue()
    assert text.count("\n") == 1, text
    assert SECRET not in text and "Traceback" not in text


def files(count: int) -> bytes:
    one = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{SECRET}"; filename="{SECRET}"\r\n\r\nx\r\n'
    return (one * count + f"--{BOUNDARY}--\r\n").encode()


@pytest.mark.parametrize("way", [0, 1])
@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize(
    ("fields", "status", "words"), [(TOO_LONG, 413, "At most 1 MB is read"), (TOO_MANY, 400, "More fields were sent")]
)
def test_a_form_that_is_too_much_is_refused_in_a_sentence_and_not_logged(
    log: io.StringIO, fields: dict[str, str], status: int, words: str, strict: bool, way: int
) -> None:
    answer = posted(*bodies(fields)[way], strict=strict)
    assert answer.status_code == status
    assert words in said(answer) and "nothing was stored" in said(answer)
    check_log(log)


@pytest.mark.parametrize("strict", [True, False])
def test_too_many_files_are_refused_in_words_of_their_own(log: io.StringIO, strict: bool) -> None:
    answer = posted(files(settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1), MULTIPART_CONTENT, strict=strict)
    assert answer.status_code == 400
    assert "More files were sent" in said(answer)
    check_log(log)


def test_too_many_parameters_of_an_address_are_refused(log: io.StringIO) -> None:
    answer: HttpResponse = Client().get(f"/search/?{urlencode(TOO_MANY)}")  # type: ignore[assignment]
    assert (answer.status_code, "More fields were sent" in said(answer)) == (400, True)
    check_log(log)


def test_a_body_that_is_no_form_leaves_no_trace(log: io.StringIO) -> None:
    answer = posted(b"x", f"multipart/form-data; boundary={SECRET}\xe4", strict=True)
    assert (answer.status_code, "could not be read" in said(answer)) == (400, True)
    check_log(log)


@pytest.mark.parametrize("path", ["/file/", "/submissions/"])
def test_a_form_without_its_token_says_what_to_do_and_stores_nothing(log: io.StringIO, path: str) -> None:
    answer: HttpResponse = Client(enforce_csrf_checks=True).post(path, {"receipt": SECRET})  # type: ignore[assignment]
    assert answer.status_code == 403
    assert "Nothing was stored: allow cookies for this site, go back" in said(answer)
    assert "reload the form and send it again" in said(answer)
    assert not Proposal.objects.exists()
    check_log(log)


def test_a_filing_with_as_many_sources_as_may_be_named_is_not_too_many_fields() -> None:
    person, world = make_person(), make_world()
    browser, draft = sign_in(Client(), person), start_filing(filing(world), Sender(user=person))
    row = {
        "record": world.study.public_id, "title": "", "url": "", "publisher": "", "published": "", "type": "other",
        "kind": "paper", "gist": "It measures faces.", "quotation": "", "locator": "", "DELETE": "",
    }  # fmt: skip
    data = {f"sources-{number}-{name}": value for number in range(MOST_SOURCES) for name, value in row.items()}
    data |= {"sources-TOTAL_FORMS": str(MOST_SOURCES), "sources-INITIAL_FORMS": "1"}
    assert browser.post(f"/file/{draft.key}/sources/", data).status_code == 302
    draft.refresh_from_db()
    assert len(draft.filing["sources"]) == MOST_SOURCES
