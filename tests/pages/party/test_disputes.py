"""Disputes by form: by receipt, by account, as a party; the desk's steps; and what the public sees of them and when."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from kb.accounts.models import User
from kb.core.clock import now
from kb.records.models import Dispute, Statement
from kb.review.models import DisputeCase
from tests import build
from tests.accounts.people import make_person, sign_in
from tests.pages.test_every_page import outline
from tests.review.desk import World

WORDS = "We never trained on this. <b>Our paper</b> names other data."


@pytest.fixture
def link(world: World) -> Statement:
    return Statement.objects.get(predicate="trained_on")


def raised(browser: Client, statement: Statement, **more: str) -> DisputeCase:
    done = browser.post(f"/dispute/statement/{statement.pk}/", {"text": WORDS} | more)
    assert done.status_code == 302, done.content.decode()[-2000:]
    return DisputeCase.objects.latest("id")


def receipt_on(page: str) -> str:
    return page.split('<p class="receipt"><code>')[1].split("<")[0]


def test_reading_the_form_makes_no_session(client: Client, link: Statement) -> None:
    assert "sessionid" not in client.get(f"/dispute/statement/{link.pk}/").cookies
    assert client.get("/dispute/statement/999999/").status_code == 404
    assert client.get("/dispute/record/nowhere/").status_code == 404


def test_somebody_without_an_account_disputes_and_comes_back_by_receipt(client: Client, link: Statement) -> None:
    case = raised(client, link, email="press@example.org", name="Jane Roe")
    page = client.get(f"/dispute/followed/{case.key}/")
    assert "no-store" in page.headers["Cache-Control"]
    receipt = receipt_on(page.content.decode())
    assert receipt in str(mail.outbox[-1].body)
    assert "<b>Our paper" not in page.content.decode()
    other = Client()
    assert other.get(f"/dispute/followed/{case.key}/").status_code == 404
    led = other.post("/submissions/", {"receipt": receipt})
    assert led.headers["Location"] == f"/dispute/followed/{case.key}/"
    assert other.get(f"/dispute/followed/{case.key}/").status_code == 200
    assert other.post("/submissions/", {"receipt": "aaaa-bbbb-cccc-dddd-eeee-ffff"}).status_code == 404


def test_a_dispute_that_is_sent_twice_is_one_dispute(client: Client, link: Statement) -> None:
    page = client.get(f"/dispute/statement/{link.pk}/").content.decode()
    once = page.split('name="once" value="')[1].split('"')[0]
    assert raised(client, link, once=once) == raised(client, link, once=once)
    assert raised(client, link) != DisputeCase.objects.earliest("id")


def test_an_editor_decides_at_once_what_was_taken_back_meanwhile(client: Client, link: Statement) -> None:
    case, desk = raised(client, link), sign_in(Client(), make_person(role="editor"))
    build.retract(link)
    page = desk.get(f"/desk/disputes/{case.key}/").content.decode()
    assert "taken back meanwhile" in page and "Begin the review" not in page
    decided = desk.post(f"/desk/disputes/{case.key}/decide/", {"state": "upheld", "outcome": "It was taken back."})
    assert decided.status_code == 302 and not Dispute.objects.exists()
    assert "It was taken back." in client.get(f"/dispute/followed/{case.key}/").content.decode()


def test_a_disputant_withdraws(client: Client, link: Statement) -> None:
    case = raised(client, link)
    assert Client().post(f"/dispute/followed/{case.key}/withdraw/").status_code == 404
    assert client.post(f"/dispute/followed/{case.key}/withdraw/").status_code == 302
    assert client.post(f"/dispute/followed/{case.key}/withdraw/").status_code == 409
    assert not Dispute.objects.exists()


@pytest.mark.parametrize(("text", "status"), [("", 422), ("a" * 10_001, 400), ("See magnet:?xt=urn:btih:" + "a" * 40, 422)])
def test_what_is_no_dispute_is_refused_and_not_stored(client: Client, link: Statement, text: str, status: int) -> None:
    answer = client.post(f"/dispute/statement/{link.pk}/", {"text": text})
    assert answer.status_code == status
    assert "magnet:" not in answer.content.decode()
    assert not DisputeCase.objects.exists()


def test_a_representative_disputes_as_the_party_and_nobody_else_can(world: World, link: Statement, spokesperson: User) -> None:
    party = str(world.maker.pk)
    anybody = Client()
    assert raised(anybody, link, party=party).party_id is None
    stranger = sign_in(Client(), make_person())
    assert raised(stranger, link, party=party).party_id is None
    case = raised(sign_in(Client(), spokesperson), link, party=party)
    assert (case.party_id, case.submitter) == (world.maker.pk, spokesperson)
    wrong = sign_in(Client(), spokesperson).post(f"/dispute/statement/{link.pk}/", {"text": WORDS, "party": str(world.data.pk)})
    assert wrong.status_code == 422


def test_an_account_finds_its_disputes_again(link: Statement) -> None:
    browser = sign_in(Client(), make_person())
    case = raised(browser, link)
    assert f"/dispute/followed/{case.key}/" in browser.get("/submissions/").content.decode()


def test_the_desk_takes_a_dispute_through_its_steps(client: Client, desk: Client, link: Statement) -> None:
    case = raised(client, link)
    pages = (f"/statements/{link.pk}/", f"/api/v1/statements/{link.pk}/")
    where = f"/desk/disputes/{case.key}/"
    assert desk.post(f"{where}acknowledge/").status_code == 302
    assert all("ontested" not in Client().get(page).content.decode().replace('"contested":false', "") for page in pages[:1])
    assert desk.post(f"{where}decide/", {"state": "upheld", "outcome": "Right."}).status_code == 409
    assert desk.post(f"{where}review/", {"ground": ""}).status_code == 422
    assert desk.post(f"{where}review/", {"ground": "The maker says that it used other data."}).status_code == 302
    for page in pages:
        assert "The maker says that it used other data." in Client().get(page).content.decode()
    assert ">Contested<" in Client().get(pages[0]).content.decode()
    assert desk.post(f"{where}decide/", {"state": "upheld", "outcome": ""}).status_code == 422
    done = desk.post(f"{where}decide/", {"state": "upheld", "outcome": "Its paper names other data."})
    assert done.status_code == 302
    page = Client().get(pages[0]).content.decode()
    assert "Its paper names other data." in page and ">Contested<" not in page
    assert "Its paper names other data." in Client().get(pages[1]).content.decode()
    assert f"/desk/change/retract_statement/?statement={link.pk}" in desk.get(where).content.decode()
    assert "Its paper names other data." in client.get(f"/dispute/followed/{case.key}/").content.decode()
    assert WORDS not in page


def test_late_disputes_are_marked_and_ended_ones_apart(client: Client, desk: Client, link: Statement) -> None:
    case = raised(client, link)
    assert "late since" not in desk.get("/desk/disputes/").content.decode()
    DisputeCase.objects.update(received=now() - timedelta(days=10))
    assert "late since" in desk.get("/desk/disputes/").content.decode()
    client.post(f"/dispute/followed/{case.key}/withdraw/")
    assert case.key not in desk.get("/desk/disputes/").content.decode()
    assert case.key in desk.get("/desk/disputes/?state=ended").content.decode()
    assert desk.get("/desk/disputes/?state=other").status_code == 400


def test_nobody_decides_a_dispute_of_their_own(desk: Client, editor: User, link: Statement) -> None:
    case = raised(desk, link)
    assert desk.post(f"/desk/disputes/{case.key}/acknowledge/").status_code == 409
    assert "Begin the review" not in desk.get(f"/desk/disputes/{case.key}/").content.decode()


def test_an_unknown_step_and_an_unknown_dispute_do_not_exist(client: Client, desk: Client, link: Statement) -> None:
    case = raised(client, link)
    assert desk.post(f"/desk/disputes/{case.key}/withdrawn/").status_code == 404
    assert desk.get("/desk/disputes/aaaaaaaaaaaaaaaa/").status_code == 404


def test_every_record_and_statement_leads_to_its_dispute(client: Client, world: World, link: Statement) -> None:
    assert f"/dispute/record/{world.model.slug}/" in client.get(world.model.path).content.decode()
    assert f"/dispute/statement/{link.pk}/" in client.get(f"/statements/{link.pk}/").content.decode()


def test_the_pages_are_well_formed(client: Client, desk: Client, world: World, link: Statement) -> None:
    case = raised(client, link)
    for browser, path in (
        (client, f"/dispute/record/{world.model.slug}/"), (client, f"/dispute/statement/{link.pk}/"),
        (client, f"/dispute/followed/{case.key}/"), (desk, "/desk/disputes/"), (desk, f"/desk/disputes/{case.key}/"),
    ):  # fmt: skip
        found = outline(browser.get(path).content.decode())
        assert (found.headings.count("h1"), found.faults, found.open) == (1, [], []), path
        assert len(found.ids) == len(set(found.ids)), path
