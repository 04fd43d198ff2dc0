"""What is put on record with a proposal: how parties answered, as often as they were asked and each answer once."""

import pytest
from django.test import Client

from kb.accounts.models import User
from kb.core.errors import Conflict, InvalidInput
from kb.records.models import Record, Reply
from kb.review.asking import ask, waive
from kb.review.gates import open_gates
from kb.review.log import published_decisions
from kb.review.models import Proposal
from kb.review.reply import decline, moderate, receive
from kb.review.submit import Sender, send_changes
from kb.review.taken_up import take_back
from tests import build
from tests.accounts.people import sign_in
from tests.review.desk import World, act, asked, invitation, person, reviewed

pytestmark = pytest.mark.django_db

WHY = "It published the finding itself."


@pytest.fixture
def issue(world: World) -> Record:
    """An issue on record that affects the model."""
    found = build.issue("Painter repeats faces", code="M01", frames=["privacy"])
    build.state(found, "impact", world.model, qualifier="affected")
    return found


def correction(issue: Record, says: str, editor: User) -> Proposal:
    """Bring under review what somebody says more of an issue."""
    body = {"change": "add_statement", "subject": issue.slug, "predicate": "described_as", "value": says}
    sent = send_changes([body], Sender(), title="More is known", reason="A study says so.")
    act(sent, "take", editor)
    return act(sent, "start_review", editor)


def published(proposal: Proposal, *editors: User) -> Proposal:
    for one in editors:
        act(proposal, "approve", one)
    return act(proposal, "publish", editors[0], reason="Reviewed by two.")


def test_a_party_is_left_unasked_again_for_the_same_reason_or_another(
    world: World, issue: Record, editor: User, second: User
) -> None:
    for says, why in (("One.", WHY), ("Two.", WHY), ("Three.", "It is dissolved.")):
        sent = correction(issue, says, editor)
        waive(sent, world.maker.id, why, editor)
        published(sent, editor, second)
    assert list(Reply.objects.values_list("reason", flat=True)) == [WHY, "It is dissolved."]
    bound = Proposal.objects.values_list("reply_requests__public_id", flat=True).order_by("id")
    first, other = Reply.objects.values_list("id", flat=True)
    assert list(bound) == [first, first, other]


def test_a_party_is_asked_about_a_record_and_about_a_correction_of_it_on_one_day(
    world: World, issue: Record, editor: User, second: User
) -> None:
    address, how = "press@example.org", "Its imprint names this address."
    on_file = ask(world.maker.id, address, how, editor, record_id=issue.id)
    sent = correction(issue, "One.", editor)
    decline(invitation(ask(world.maker.id, address, how, editor, proposal=sent)))
    published(sent, editor, second)
    assert list(Reply.objects.values_list("state", flat=True)) == ["requested", "declined"]
    decline(invitation(on_file))
    assert list(Reply.objects.values_list("state", flat=True)) == ["declined", "declined"]


def test_a_reply_that_is_passed_on_whole_has_no_reason(world: World, editor: User) -> None:
    _, request = asked(world, editor)
    request = receive(invitation(request), "We agree.")
    with pytest.raises(InvalidInput, match="Nothing was cut"):
        moderate(request, "We agree.", "Passed on whole.", editor)
    assert moderate(request, "We agree.", "", editor).settled


def test_the_desk_is_told_of_an_answer_that_cannot_be_put_on_record_and_takes_it_back(
    world: World, editor: User, second: User
) -> None:
    proposal = reviewed(world, editor)
    for one in (editor, second):
        act(proposal, "approve", one)
    build.withdraw(world.maker)
    desk = sign_in(Client(), editor)
    said = desk.get(f"/desk/p/{proposal.key}/").content.decode()
    assert open_gates(proposal) == [] and "As it stands it cannot be published" in said and "was withdrawn" in said
    with pytest.raises(Conflict, match="was withdrawn"):
        act(proposal, "publish", editor, reason="Reviewed by two.")
    take_back(proposal.reply_requests.get(), "The party was withdrawn.", editor)
    assert "As it stands it cannot be published" not in desk.get(f"/desk/p/{proposal.key}/").content.decode()
    assert published(proposal, editor, second).state == "published"


def test_an_issue_is_withdrawn_though_a_party_answered_to_that(world: World, issue: Record, editor: User, second: User) -> None:
    body = {"change": "withdraw_record", "record": issue.slug}
    sent = send_changes([body], Sender(user=person("editor")), title="It is wrong", reason="The study was taken back.")
    act(sent, "take", editor)
    sent = act(sent, "start_review", editor)
    decline(invitation(ask(world.maker.id, "press@example.org", "Its imprint.", person("editor"), proposal=sent)))
    assert published(sent, editor, second).record_id == issue.id


def test_decisions_count_the_approvals_that_counted_when_it_was_published(world: World, editor: User, second: User) -> None:
    third, proposal = person("editor"), reviewed(world, editor)
    for one in (editor, second, third):
        act(proposal, "approve", one)
    User.objects.filter(pk=third.pk).update(role="reader")
    act(proposal, "publish", editor, reason="Reviewed by two.")
    User.objects.filter(pk=second.pk).update(role="reader")
    third.delete()
    assert [one.editors for one in published_decisions()[0]] == [2]


def test_what_a_party_says_to_a_report_withdrawn_stands_with_the_issue_that_it_spoke_of(
    world: World, issue: Record, editor: User, second: User
) -> None:
    audit, other = build.report("An audit"), build.model("Painter 2")
    maker = build.responsible(other)
    build.state(issue, "impact", other, qualifier="not_affected", evidence=[build.says(audit)])
    body = {"change": "withdraw_record", "record": audit.slug}
    sent = send_changes([body], Sender(user=person("editor")), title="No audit", reason="Its author took it back.")
    act(sent, "take", editor)
    sent = act(sent, "start_review", editor)
    waive(sent, maker.id, WHY, editor)
    published(sent, editor, second)
    reply = Reply.objects.get(record=issue)
    assert (reply.party_id, reply.reason) == (maker.id, WHY)
    assert list(sent.reply_requests.values_list("record_id", "public_id")) == [(issue.id, reply.id)]
