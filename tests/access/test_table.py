"""The table of access holds: each role, each address, each method; and no address is missing from it."""

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from tests.access.sample import Sample, make_sample
from tests.access.table import ROLES, TABLE, Row

pytestmark = pytest.mark.django_db

# The accounts library's own pages and the operations site have tests of their own: tests/accounts.
ELSEWHERE = ("account/", "desk/admin/")
# Acts on what is one's own alone, whatever the role.
# Tokens and receipts open the API's own: tests/api/test_proposals.py.
OWN_ACTS = {
    "api/v1/proposals/", "api/v1/proposals/<str:key>/withdraw/", "api/v1/proposals/<str:key>/answer/",
    "dispute/followed/<str:key>/withdraw/", "file/<str:key>/discard/", "submissions/<str:key>/<str:code>/",
}  # fmt: skip
OTHER_METHODS = ("PUT", "PATCH", "DELETE")


@pytest.fixture
def sample(db: None) -> Sample:
    return make_sample()


def routes(resolver: URLResolver | None = None, prefix: str = "") -> set[str]:
    found: set[str] = set()
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            found |= routes(pattern, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            found.add(prefix + str(pattern.pattern))
    return found


def route_of(path: str) -> str:
    return resolve(path.split("?")[0]).route


def test_every_address_of_the_site_stands_in_the_table(sample: Sample) -> None:
    wanted = {route for route in routes() if not route.startswith(ELSEWHERE)}
    assert wanted - {route_of(sample.path(row.path)) for row in TABLE} == OWN_ACTS


def may(role: str, least: str | None) -> bool:
    if least is None:
        return False
    return least == "" or ROLES.index(role) >= ROLES.index(least)


def knows(role: str, row: Row) -> bool:
    """Whether an address exists for a role at all."""
    return may(role, row.reads) or may(role, row.writes)


def asked(client: Client, method: str, path: str) -> HttpResponse:
    """Ask, and take back whatever it did."""
    with transaction.atomic():
        answer: HttpResponse = client.generic(method, path)  # type: ignore[assignment]
        transaction.set_rollback(True)
    return answer


def mismatch(role: str, method: str, row: Row, answer: HttpResponse) -> bool:
    """Whether an answer is another than the table says."""
    status = answer.status_code
    if not knows(role, row):
        led_to_sign_in = role == "anonymous" and status == 302 and "/login/" in answer.headers["Location"]
        return not (led_to_sign_in or (status == 404 and role != "anonymous"))
    if method in {"GET", "HEAD"} and may(role, row.reads):
        return status != row.shown
    if method == "POST" and may(role, row.writes):
        return status in {401, 403, 404, 405} or status >= 500 or (status == 302 and "/login/" in answer.headers["Location"])
    return status not in {404, 405}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_what_the_table_says_and_nothing_else(sample: Sample, role: str) -> None:
    wrong = []
    for row in TABLE:
        for method in ("GET", "HEAD", "POST", *OTHER_METHODS):
            answer = asked(sample.clients[role], method, sample.path(row.path))
            if mismatch(role, method, row, answer):
                wrong.append(f"{method} {row.path}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
