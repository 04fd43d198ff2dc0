"""The desk's side of the right of reply: asking, waiving, sharing, closing links, and moderation that only cuts."""

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from kb.accounts.models import User
from kb.core.clock import today
from kb.jobs.models import Job
from kb.records.models import Reply
from kb.review.models import Invitation, Proposal, ReplyRequest
from kb.review.reply import CUT, receive
from kb.review.timing import END_REPLY
from kb.review.work import end_reply
from tests import build
from tests.accounts.people import make_person, sign_in
from tests.pages.party.conftest import Asked, token_of_last_letter
from tests.pages.test_every_page import outline
from tests.review.desk import World, act, reworded

TEXT = "We published a fix. Jane Roe wrote to you. We disagree."
RECIPIENT = {"email": "press@example.org", "verified_how": "Its imprint names this address."}


def answered(asked: Asked) -> ReplyRequest:
    assert asked.request.invitation is not None
    return receive(asked.request.invitation, TEXT)


def test_an_editor_asks_a_party_that_the_page_names(desk: Client, review: Proposal, world: World) -> None:
    page = desk.get(f"/desk/p/{review.key}/").content.decode()
    assert f"{world.maker.name} has not been asked" in page
    done = desk.post(f"/desk/p/{review.key}/replies/ask/", RECIPIENT | {"party": world.maker.slug})
    assert done.status_code == 302
    assert Client().get(f"/finding/{token_of_last_letter()}/").status_code == 200
    page = desk.get(f"/desk/p/{review.key}/").content.decode()
    assert "Opened 1 time:" in page and "press@example.org" in page
    again = desk.post(f"/desk/p/{review.key}/replies/ask/", RECIPIENT | {"party": world.maker.slug})
    assert (again.status_code, ReplyRequest.objects.count()) == (409, 1)


@pytest.mark.parametrize("wrong", [
    {"party": ""}, {"party": "nobody"}, {"party": "painter-1-5"}, {"email": "x"}, {"verified_how": ""}, {"due": "2020-01-01"},
])  # fmt: skip
def test_a_wrong_question_asks_nobody(desk: Client, review: Proposal, world: World, wrong: dict[str, str]) -> None:
    mail.outbox.clear()
    given = RECIPIENT | {"party": world.maker.slug} | wrong
    assert desk.post(f"/desk/p/{review.key}/replies/ask/", given).status_code == 400
    assert (ReplyRequest.objects.count(), len(mail.outbox)) == (0, 0)


def test_a_waiver_needs_a_reason(desk: Client, review: Proposal, world: World) -> None:
    where = f"/desk/p/{review.key}/replies/waive/"
    assert desk.post(where, {"party": world.maker.slug, "reason": " "}).status_code == 400
    assert desk.post(where, {"party": world.maker.slug, "reason": "It published the finding itself."}).status_code == 302
    assert ReplyRequest.objects.get().state == "waived"


def test_a_finding_is_shared_for_reading_only_and_the_link_closed(desk: Client, review: Proposal, world: World) -> None:
    given = RECIPIENT | {"party": world.maker.slug, "days": "3"}
    assert desk.post(f"/desk/p/{review.key}/replies/share/", given).status_code == 302
    path = f"/finding/{token_of_last_letter()}/"
    page = Client().get(path).content.decode()
    assert "You are not asked for a reply" in page and "<textarea" not in page
    Client().post(path, {"act": "send", "text": "A word."})
    assert not ReplyRequest.objects.exists()
    link = Invitation.objects.get()
    assert desk.post(f"/desk/p/{review.key}/links/{link.pk}/revoke/").status_code == 302
    assert Client().get(path).status_code == 404
    assert desk.post(f"/desk/p/aaaaaaaaaaaaaaaa/links/{link.pk}/revoke/").status_code == 404


def test_a_new_link_ends_the_old_one_and_keeps_the_day(desk: Client, asked: Asked) -> None:
    done = desk.post(f"/desk/replies/{asked.request.pk}/again/", RECIPIENT | {"email": "other@example.org"})
    assert done.status_code == 302
    assert Client().get(asked.path).status_code == 404
    assert Client().get(f"/finding/{token_of_last_letter()}/").status_code == 200
    before = asked.request.due
    asked.request.refresh_from_db()
    assert asked.request.due == before


def test_a_moderator_only_cuts_and_says_why(desk: Client, asked: Asked) -> None:
    row, where = answered(asked), f"/desk/replies/{asked.request.pk}/"
    cut = f"We published a fix. {CUT} We disagree."
    assert desk.post(where, {"shown": "We published no fix.", "reason": "Shorter."}).status_code == 400
    unsaid = desk.post(where, {"shown": cut})
    assert unsaid.status_code == 400
    assert cut in unsaid.content.decode(), "what was cut is still in the form"
    assert desk.post(where, {"shown": cut, "reason": "It names a private person."}).status_code == 302
    row.refresh_from_db()
    assert (row.shown, row.settled) == (cut, True)
    mine = Client().get(asked.path).content.decode()
    assert "Jane Roe" in mine and "It names a private person." in mine


def test_a_reply_stands_verbatim_beside_the_published_claim(desk: Client, asked: Asked, editor: User) -> None:
    answered(asked)
    desk.post(f"/desk/replies/{asked.request.pk}/", {"shown": TEXT})
    act(asked.proposal, "approve", editor)
    assert TEXT not in str([*Reply.objects.values()])
    second = make_person(role="editor")
    act(asked.proposal, "approve", second)
    act(asked.proposal, "publish", second, reason="Two of us read it.")
    reply = Reply.objects.get()
    assert TEXT in Client().get(reply.record.path).content.decode()
    assert TEXT in Client().get("/api/v1/replies/").content.decode()
    assert reply.record.path in Client().get(asked.path).content.decode()


def test_an_answer_to_something_else_is_confirmed_or_asked_for_again(desk: Client, asked: Asked, editor: User) -> None:
    row, where = answered(asked), f"/desk/replies/{asked.request.pk}/"
    desk.post(where, {"shown": TEXT})
    assert "was changed since" not in desk.get(where).content.decode()
    proposal = reworded(asked.proposal, editor)
    page = desk.get(where).content.decode()
    assert "What is proposed was changed since" in page and "Ask the party again" in page and "Moderate it anew" in page
    assert desk.post(f"{where}holds/", {"revision": proposal.revision}).status_code == 422
    assert desk.post(f"{where}holds/", {"revision": 1, "reason": "The same."}).status_code == 409
    assert desk.post(f"{where}holds/", {"revision": proposal.revision, "reason": "The same."}).status_code == 302
    assert "was changed since" not in desk.get(where).content.decode()
    assert desk.post(f"{where}again/", RECIPIENT).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.text) == ("requested", TEXT)
    assert "You answered on" in Client().get(f"/finding/{token_of_last_letter()}/").content.decode()


def test_a_waiver_is_taken_back_on_its_page(desk: Client, review: Proposal, world: World) -> None:
    desk.post(f"/desk/p/{review.key}/replies/waive/", {"party": world.maker.slug, "reason": "It published the finding itself."})
    where = f"/desk/replies/{ReplyRequest.objects.get().pk}/"
    assert where in desk.get(f"/desk/p/{review.key}/").content.decode()
    assert "Take the waiver back" in desk.get(where).content.decode()
    assert desk.post(f"{where}take-back/", {"reason": " "}).status_code == 422
    done = desk.post(f"{where}take-back/", {"reason": "It did not."})
    assert (done.status_code, done.headers["Location"]) == (302, f"/desk/p/{review.key}/")
    assert not ReplyRequest.objects.exists()


def test_silence_until_the_day_is_closed_by_the_clock(desk: Client, asked: Asked) -> None:
    job = Job.objects.get(kind=END_REPLY, key=str(asked.request.pk))
    ReplyRequest.objects.update(due=today() - timedelta(days=1))
    end_reply(None, json.loads(job.payload))  # type: ignore[arg-type]
    assert "no reply by" in desk.get(f"/desk/p/{asked.proposal.key}/").content.decode()
    late = Client().post(asked.path, {"act": "send", "text": "Too late."})
    assert (late.status_code, "has passed" in late.content.decode()) == (409, True)


def test_a_party_is_asked_about_a_record_on_file(desk: Client, world: World) -> None:
    issue = build.issue("Bias in Painter")
    where = f"/desk/records/{issue.slug}/ask/"
    assert desk.post(where, RECIPIENT | {"party": world.maker.slug}).status_code == 302
    assert "may reply until" in Client().get(issue.path).content.decode()
    path = f"/finding/{token_of_last_letter()}/"
    assert Client().post(path, {"act": "send", "text": TEXT}).status_code == 302
    assert TEXT not in Client().get(issue.path).content.decode()
    desk.post(f"/desk/replies/{ReplyRequest.objects.get().pk}/", {"shown": TEXT})
    assert TEXT in Client().get(issue.path).content.decode()
    assert desk.post(where, {"party": "nobody"} | RECIPIENT).status_code == 422


def test_nobody_asks_or_moderates_for_a_proposal_of_their_own(asked: Asked, editor: User) -> None:
    answered(asked)
    Proposal.objects.update(submitter=editor)
    own = sign_in(Client(), editor)
    assert own.post(f"/desk/replies/{asked.request.pk}/", {"shown": TEXT}).status_code == 409
    page = own.get(f"/desk/p/{asked.proposal.key}/").content.decode()
    assert "Share for reading only" not in page


def test_a_reviewer_sees_how_replies_stand_and_no_address(asked: Asked) -> None:
    reviewer = sign_in(Client(), make_person(role="reviewer"))
    page = reviewer.get(f"/desk/p/{asked.proposal.key}/").content.decode()
    assert "may reply until" in page and "press@example.org" not in page
    assert reviewer.get(f"/desk/replies/{asked.request.pk}/").status_code == 404


def test_the_pages_are_well_formed(desk: Client, asked: Asked, world: World) -> None:
    answered(asked)
    paths = [f"/desk/p/{asked.proposal.key}/", f"/desk/replies/{asked.request.pk}/", f"/desk/records/{world.model.slug}/ask/"]
    for path in paths:
        found = outline(desk.get(path).content.decode())
        assert (found.headings.count("h1"), found.faults, found.open) == (1, [], []), path
        assert len(found.ids) == len(set(found.ids)), path
