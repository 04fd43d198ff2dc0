"""The page that edits a record offers what the person may propose, and nothing that would be refused later."""

import re

import pytest
from django.test import Client

from kb.accounts.models import User
from kb.pages.views.desk_records import ON_RECORD
from kb.records import changes as do
from kb.records.models import Statement
from kb.review.basket import basket_of
from tests import build
from tests.accounts.people import make_person, sign_in
from tests.review.desk import World

EDITORS_ACTS = {"withdraw_record", "restore_record", "restore_statement"}


@pytest.fixture
def reviewer(db: None) -> User:
    return make_person(role="reviewer")


@pytest.fixture
def browser(reviewer: User) -> Client:
    return sign_in(Client(), reviewer)


def offers(browser: Client, path: str) -> set[str]:
    main = browser.get(path).content.decode().split("<main")[1]
    return {address.replace("&amp;", "&") for address in re.findall(r'href="(/desk/(?:change|records)/[^"]+)"', main)}


def codes(addresses: set[str]) -> set[str]:
    return {address.split("/")[3] for address in addresses if address.startswith("/desk/change/")}


def test_a_reviewer_is_offered_neither_withdrawing_nor_restoring_nor_splitting(
    browser: Client, desk: Client, world: World
) -> None:
    said = Statement.objects.get(subject=world.model, predicate="trained_on")
    build.publishing(do.RetractStatement(statement=said.pk))
    where = f"/desk/records/{world.model.slug}/edit/"
    for_editors, for_reviewers = offers(desk, where), offers(browser, where)
    assert codes(for_editors) - codes(for_reviewers) == {"withdraw_record", "restore_statement"}
    assert {address for address in for_editors - for_reviewers if "/records/" in address} == {
        f"/desk/records/{world.model.slug}/split/", f"/desk/records/{world.model.slug}/ask/",
    }  # fmt: skip
    assert for_reviewers < for_editors


def test_a_withdrawn_record_is_restored_by_editors_alone(browser: Client, desk: Client, world: World) -> None:
    build.publishing(do.WithdrawRecord(record=world.app.pk))
    where = f"/desk/records/{world.app.slug}/edit/"
    assert "restore_record" in codes(offers(desk, where))
    assert not codes(offers(browser, where)) & EDITORS_ACTS


def test_whatever_is_offered_opens(browser: Client, desk: Client, world: World) -> None:
    for one in (browser, desk):
        for address in offers(one, f"/desk/records/{world.model.slug}/edit/"):
            assert one.get(address).status_code == 200, address


def test_what_a_person_may_not_propose_is_said_before_the_form(
    browser: Client, desk: Client, reviewer: User, world: World
) -> None:
    for code in [code for code, _ in ON_RECORD if code in EDITORS_ACTS]:
        where = f"/desk/change/{code}/?record={world.model.slug}"
        for answer in (browser.get(where), browser.post(where, {})):
            assert answer.status_code == 400
            assert "can be proposed by editors alone." in answer.content.decode()
    assert basket_of(reviewer) is None
    refused = desk.get(f"/desk/change/redact/?record={world.model.slug}")
    assert (refused.status_code, "“Take words out for good” cannot be proposed." in refused.content.decode()) == (400, True)
    assert browser.get(f"/desk/records/{world.model.slug}/split/").status_code == 404
