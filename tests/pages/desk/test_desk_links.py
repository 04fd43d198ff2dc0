"""The navigation of the desk leads everybody only to where they may go."""

import re

import pytest
from django.test import Client

from tests.accounts.people import make_person, sign_in

pytestmark = pytest.mark.django_db
OF_EDITORS = {"/desk/inbox/", "/desk/feeds/", "/desk/log/"}
OF_ADMINS = {"/desk/jobs/", "/desk/representatives/"}
# Its page stands among those of accounts.
OF_ACCOUNTS = {"/desk/representatives/"}


def links(html: str) -> set[str]:
    navigation = html[html.index('aria-label="Desk"') :]
    return set(re.findall(r'href="([^"]+)"', navigation[: navigation.index("</nav>")]))


@pytest.mark.parametrize(("role", "beyond"), [("reviewer", OF_EDITORS | OF_ADMINS), ("editor", OF_ADMINS), ("admin", set[str]())])
def test_every_link_of_the_navigation_opens_to_whom_it_is_shown(role: str, beyond: set[str]) -> None:
    browser = sign_in(Client(), make_person(role=role))
    shown = links(browser.get("/desk/").content.decode())
    assert shown >= {"/desk/", "/desk/disputes/", "/desk/new/", "/desk/collected/", "/desk/figures/"}
    for path in shown:
        page = browser.get(path)
        assert page.status_code == 200, path
        if path not in OF_ACCOUNTS:
            assert links(page.content.decode()) == shown
            assert f'href="{path}" aria-current="page"' in page.content.decode()
    assert not shown & beyond
    assert {browser.get(path).status_code for path in beyond} <= {404}
    assert shown | beyond >= OF_EDITORS | OF_ADMINS


@pytest.mark.parametrize(("role", "shown"), [("contributor", False), ("reviewer", True), ("admin", True)])
def test_the_account_of_somebody_of_the_desk_leads_there(role: str, shown: bool) -> None:
    browser = sign_in(Client(), make_person(role=role))
    assert ('href="/desk/"' in browser.get("/account/").content.decode()) is shown
