"""The confidential link: who reads what by it, what is noted, and how a party replies or declines."""

from datetime import timedelta

import pytest
from django.test import Client

from kb.accounts.models import User
from kb.core.clock import now
from kb.review.asking import ask
from kb.review.invite import revoke
from kb.review.models import Invitation, Opening, Proposal
from tests import build
from tests.accounts.people import make_person, sign_in
from tests.pages.party.conftest import Asked, token_of_last_letter
from tests.pages.reading import text_of
from tests.pages.test_every_page import outline
from tests.review.desk import World, act, reworded

WORDS = "We published a fix.\r\n\r\n<script>alert(1)</script> We disagree."


def test_a_link_shows_the_finding_with_its_evidence_and_until_when_one_may_reply(client: Client, asked: Asked) -> None:
    answer = client.get(asked.path)
    text = text_of(client, asked.path)
    assert answer.status_code == 200
    assert asked.proposal.title in text
    assert "It measures how often faces are repeated." in text
    assert f"You may reply until {asked.request.due:%-d %B %Y}" in text
    assert "not evidence of fault" in text


def test_a_confidential_page_is_kept_by_no_cache_no_index_and_no_referrer(client: Client, asked: Asked) -> None:
    answer = client.get(asked.path)
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert not answer.cookies


def test_a_party_never_reads_who_filed_it_or_what_others_answered(client: Client, asked: Asked, editor: User) -> None:
    other = build.party("Another maker")
    request = ask(other.id, "other@example.org", "Its imprint.", editor, proposal=asked.proposal)
    request.text, request.state = "Quincunx is right.", "received"
    request.save()
    page = client.get(asked.path).content.decode()
    assert "uincunx" not in page and "Another maker" not in page and "press@example.org" not in page


def test_reading_is_noted_and_what_is_fetched_ahead_is_not(client: Client, asked: Asked) -> None:
    client.head(asked.path)
    client.get(asked.path, headers={"Sec-Purpose": "prefetch;prerender"})
    client.get(asked.path, headers={"Purpose": "prefetch"})
    client.get(asked.path, headers={"X-Moz": "prefetch"})
    assert not Opening.objects.exists()
    client.get(asked.path)
    assert Opening.objects.count() == 1


def test_reading_changes_nothing_else(client: Client, asked: Asked) -> None:
    before = Proposal.objects.values().get(), Invitation.objects.values().get()
    for _ in range(3):
        client.get(asked.path)
    assert (Proposal.objects.values().get(), Invitation.objects.values().get()) == before
    asked.request.refresh_from_db()
    assert asked.request.state == "requested"


def test_a_wrong_an_expired_and_a_revoked_link_look_the_same(client: Client, asked: Asked, editor: User) -> None:
    wrong = client.get(f"/finding/{'a' * 43}/")
    Invitation.objects.update(expires=now() - timedelta(seconds=1))
    expired = client.get(asked.path)
    Invitation.objects.update(expires=now() + timedelta(days=1))
    revoke(Invitation.objects.get())
    revoked = client.get(asked.path)
    assert wrong.status_code == 404
    assert wrong.content == expired.content == revoked.content
    assert client.post(asked.path, {"act": "send", "text": "Late."}).status_code == 404
    assert not Opening.objects.exists()


def test_a_reply_is_previewed_then_sent_and_shown_as_text(client: Client, asked: Asked) -> None:
    strict = Client(enforce_csrf_checks=True)
    preview = strict.post(asked.path, {"act": "preview", "text": WORDS})
    asked.request.refresh_from_db()
    assert (preview.status_code, asked.request.state) == (200, "requested")
    assert "How your reply will read" in preview.content.decode()
    assert strict.post(asked.path, {"act": "send", "text": WORDS}).status_code == 302
    asked.request.refresh_from_db()
    assert (asked.request.state, asked.request.text) == ("received", WORDS.replace("\r\n", "\n"))
    shown = client.get(asked.path).content.decode()
    assert "&lt;script&gt;alert(1)" in shown and "<script>alert" not in shown + preview.content.decode()
    assert "Your reply arrived" in shown and "See how it will read" not in shown


def test_a_party_replies_once(client: Client, asked: Asked) -> None:
    client.post(asked.path, {"act": "send", "text": "The first."})
    again = client.post(asked.path, {"act": "send", "text": "The second."})
    assert again.status_code == 409
    assert client.post(asked.path, {"act": "decline"}).status_code == 409
    asked.request.refresh_from_db()
    assert asked.request.text == "The first."


@pytest.mark.parametrize(("text", "status"), [("", 422), ("   ", 422), ("a" * 10_001, 400), ("nul \0", 422)])
def test_what_is_no_reply_is_refused_with_a_sentence(client: Client, asked: Asked, text: str, status: int) -> None:
    for act_ in ("preview", "send"):
        assert client.post(asked.path, {"act": act_, "text": text}).status_code == status
    asked.request.refresh_from_db()
    assert (asked.request.state, asked.request.text) == ("requested", "")


def test_ten_thousand_characters_fit_however_lines_end(client: Client, asked: Asked) -> None:
    text = ("a" * 99 + "\r\n") * 100
    assert client.post(asked.path, {"act": "send", "text": text}).status_code == 302


def test_a_refused_reply_is_shown_nowhere(client: Client, asked: Asked) -> None:
    for act_ in ("preview", "send"):
        answer = client.post(asked.path, {"act": act_, "text": "See https://example.org/list.parquet"})
        assert answer.status_code == 422
        assert "list.parquet" not in answer.content.decode()
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_nobody_answers_to_what_was_changed_since_they_opened_the_page(client: Client, asked: Asked, editor: User) -> None:
    read = client.get(asked.path).context["page"].read
    reworded(asked.proposal, editor)
    for act_, status in (("preview", 409), ("send", 409), ("decline", 409)):
        answer = client.post(asked.path, {"act": act_, "text": WORDS, "read": read})
        assert (answer.status_code, "Read it again" in answer.content.decode()) == (status, True)
    asked.request.refresh_from_db()
    assert asked.request.state == "requested"
    assert client.post(asked.path, {"act": "send", "text": WORDS, "read": answer.context["page"].read}).status_code == 302


def test_a_party_may_decline(client: Client, asked: Asked) -> None:
    assert client.post(asked.path, {"act": "decline"}).status_code == 302
    assert "You declined to reply" in text_of(client, asked.path)


def test_a_review_that_ended_shows_nothing_more(client: Client, asked: Asked, editor: User) -> None:
    act(asked.proposal, "reject", editor, reason="It is not so.")
    answer = client.get(asked.path)
    assert answer.status_code == 404 and asked.proposal.title not in answer.content.decode()
    assert client.post(asked.path, {"act": "send", "text": "Anything."}).status_code == 404


def test_whoever_speaks_for_a_party_reads_and_replies_without_a_link(asked: Asked, spokesperson: User) -> None:
    browser = sign_in(Client(), spokesperson)
    path = f"/account/requests/{asked.request.pk}/"
    assert path in browser.get("/account/requests/").content.decode()
    assert asked.proposal.title in browser.get(path).content.decode()
    assert Opening.objects.count() == 1
    assert browser.post(path, {"act": "send", "text": "We published a fix."}).status_code == 302
    asked.request.refresh_from_db()
    assert asked.request.state == "received"


def test_a_withdrawn_record_takes_no_reply(client: Client, world: World, editor: User) -> None:
    issue = build.issue("Bias in Painter")
    ask(world.maker.id, "press@example.org", "Its imprint.", editor, record_id=issue.id)
    path = f"/finding/{token_of_last_letter()}/"
    assert "<textarea" in client.get(path).content.decode()
    build.withdraw(issue)
    page = client.get(path).content.decode()
    assert "The record was withdrawn." in page and "<textarea" not in page
    assert "was on record until it was withdrawn" in page and "It is on record" not in page
    assert client.post(path, {"act": "send", "text": WORDS}).status_code == 409


def test_a_request_to_another_party_does_not_exist(asked: Asked) -> None:
    stranger = sign_in(Client(), make_person())
    hidden = stranger.get(f"/account/requests/{asked.request.pk}/")
    assert (hidden.status_code, hidden.content) == (404, stranger.get("/account/requests/99999/").content)
    assert stranger.post(f"/account/requests/{asked.request.pk}/", {"act": "decline"}).status_code == 404
    assert "You speak for no party" in stranger.get("/account/requests/").content.decode()


def test_the_pages_are_well_formed(client: Client, asked: Asked, spokesperson: User, world: World) -> None:
    browser = sign_in(Client(), spokesperson)
    pages = [
        client.get(asked.path), client.post(asked.path, {"act": "preview", "text": "A word."}), client.post(asked.path, {}),
        browser.get("/account/requests/"), browser.get(f"/account/requests/{asked.request.pk}/"),
        client.get(f"/dispute/record/{world.model.slug}/"),
    ]  # fmt: skip
    for page in pages:
        found = outline(page.content.decode())
        assert (found.headings.count("h1"), found.faults, found.open) == (1, [], [])
        assert len(found.ids) == len(set(found.ids))
