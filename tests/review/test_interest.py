"""Who may not judge something though their role would let them: its sender, and whoever speaks for a party in it."""

import pytest

from kb.accounts.models import Representation, User
from kb.core.errors import Conflict
from kb.records.models import Record
from kb.review.asking import ask, waive
from kb.review.decide import move
from kb.review.dispute import raise_dispute, step
from kb.review.edit import add_note, assign, judge_change
from kb.review.interest import OWN, OWN_DISPUTE, REPRESENTED, bar, bar_of_dispute
from kb.review.models import ReplyRequest
from kb.review.policy import Actor, moves_for, submitter
from kb.review.reply import moderate, receive
from kb.review.submit import Sender, save_filing, send_changes, send_filing, start_filing
from tests import build
from tests.review.desk import World, act, filed, filing, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue(world: World) -> Record:
    """An issue that is present in the model, and on which its maker has had the word."""
    found = build.issue("Painter repeats faces", code="M01", frames=["privacy"])
    build.state(found, "impact", world.model, qualifier="affected")
    build.reply(found, world.maker)
    return found


def speaking_for(party: Record, role: str = "editor") -> User:
    user = person(role)
    Representation.objects.create(user=user, party_record_id=party.id, verified_by=person("admin"), how_verified="Its imprint.")
    return user


def test_who_speaks_for_the_accused_party_makes_no_move_on_a_finding_about_it(world: World) -> None:
    proposal, insider = filed(world), speaking_for(world.maker)
    with pytest.raises(Conflict, match="speak for a party"):
        act(proposal, "take", insider)
    assert moves_for(proposal, Actor(user=insider)) == []
    assert bar(proposal, insider) == REPRESENTED
    assert bar(proposal, speaking_for(build.party("Somebody else"))) == ""


def test_who_spoke_for_a_party_once_is_free_again(world: World) -> None:
    insider = speaking_for(world.maker)
    Representation.objects.update(until="2026-01-01T00:00:00Z")
    assert bar(filed(world), insider) == ""


def test_a_representative_neither_edits_nor_is_assigned_what_concerns_their_party(world: World) -> None:
    proposal, insider, editor = filed(world), speaking_for(world.maker), person("editor")
    act(proposal, "take", editor)
    with pytest.raises(Conflict, match="speak for a party"):
        judge_change(proposal, 1, "declined", "It is wrong.", insider, revision=proposal.revision)
    with pytest.raises(Conflict, match="speak for a party"):
        assign(proposal, insider, editor)
    with pytest.raises(Conflict, match="speak for a party"):
        assign(proposal, None, insider)
    with pytest.raises(Conflict, match="speak for a party"):
        add_note(proposal, "They are wrong.", insider)


def test_a_correction_of_what_a_party_answers_for_concerns_it_too(world: World) -> None:
    body = {"change": "add_alias", "record": world.model.slug, "text": "Painter fifteen"}
    proposal = send_changes([body], Sender(), title="Another name", reason="Its page says so.")
    assert bar(proposal, speaking_for(world.maker)) == REPRESENTED


def test_declining_a_change_does_not_let_a_representative_in(world: World) -> None:
    proposal, insider = filed(world), speaking_for(world.maker)
    proposal.changes.update(state="declined")
    assert bar(proposal, insider) == REPRESENTED


def test_a_representative_does_not_moderate_the_reply_of_their_party(world: World) -> None:
    proposal, insider, editor = filed(world), speaking_for(world.maker), person("editor")
    act(proposal, "take", editor)
    request = ask(world.maker.id, "press@example.org", "Its imprint.", editor, proposal=proposal)
    assert request.invitation is not None
    request = receive(request.invitation, "We disagree.")
    with pytest.raises(Conflict, match="speak for a party"):
        moderate(request, "We disagree.", "", insider)


def test_nobody_decides_a_dispute_sent_under_their_own_address(world: World) -> None:
    editor = person("editor")
    case, _ = raise_dispute(world.model, "Wrong.", email=editor.email.upper())
    assert bar_of_dispute(case, editor) == OWN_DISPUTE
    with pytest.raises(Conflict, match="of their own"):
        step(case, "acknowledged", editor)


def test_a_representative_does_not_decide_a_dispute_about_their_partys_model(world: World) -> None:
    case, _ = raise_dispute(world.model, "Wrong.")
    insider = speaking_for(world.maker)
    with pytest.raises(Conflict, match="speak for a party"):
        step(case, "acknowledged", insider)
    assert step(case, "acknowledged", person("editor")).state == "acknowledged"


def test_a_representative_asks_nobody_about_what_their_party_answers_for(world: World, issue: Record) -> None:
    insider, rival = speaking_for(world.maker), build.party("Rival")
    for record in (issue, world.model):
        for party in (world.maker, rival):
            with pytest.raises(Conflict, match="speak for a party"):
                ask(party.id, insider.email, "It is me.", insider, record_id=record.id)
    assert not ReplyRequest.objects.exists()


def test_a_representative_neither_asks_nor_waives_their_party_about_anything_else(world: World) -> None:
    proposal, editor, rival = filed(world), person("editor"), build.party("Rival")
    act(proposal, "take", editor)
    insider = speaking_for(rival)
    with pytest.raises(Conflict, match="speak for a party"):
        ask(rival.id, insider.email, "It is me.", insider, proposal=proposal)
    with pytest.raises(Conflict, match="speak for a party"):
        waive(proposal, rival.id, "It has nothing to say.", insider)
    assert ask(world.maker.id, "press@example.org", "Its imprint.", insider, proposal=proposal).state == "requested"


def test_a_representative_does_not_cut_what_a_rival_replied_about_their_partys_model(world: World, issue: Record) -> None:
    rival = build.party("Rival")
    request = ask(rival.id, "press@example.org", "Its imprint.", person("editor"), record_id=issue.id)
    assert request.invitation is not None
    request = receive(request.invitation, "It is awful. It stalks people.")
    with pytest.raises(Conflict, match="speak for a party"):
        moderate(request, "[…] It stalks people.", "It was rude.", speaking_for(world.maker))


@pytest.mark.parametrize("body", [
    {"change": "withdraw_record"}, {"change": "rename_record", "name": "Painter repeats nothing"},
    {"change": "amend_detail", "fields": {"code": "M08"}}, {"change": "add_alias", "text": "Nothing at all"},
])  # fmt: skip
def test_who_speaks_for_the_accused_judges_no_change_of_the_issue(world: World, issue: Record, body: dict[str, object]) -> None:
    sender = Sender(user=person("editor"))
    proposal = send_changes([body | {"record": issue.slug}], sender, title="A change", reason="By a source.")
    assert bar(proposal, speaking_for(world.maker)) == REPRESENTED
    assert bar(proposal, person("editor")) == ""


def test_who_speaks_for_the_accused_judges_nothing_that_is_said_of_the_issue(world: World, issue: Record) -> None:
    said = build.state(issue, "described_as", "It repeats faces.")
    body = {"change": "retract_statement", "statement": said.id}
    proposal = send_changes([body], Sender(), title="A change", reason="By a source.")
    assert bar(proposal, speaking_for(world.maker)) == REPRESENTED


@pytest.mark.parametrize("body", [
    {"change": "withdraw_record"}, {"change": "amend_detail", "fields": {"independence": "derivative"}},
    {"change": "rename_record", "name": "A rumour"},
])  # fmt: skip
def test_who_speaks_for_the_accused_judges_no_change_of_a_report_on_which_the_issue_rests(
    world: World, issue: Record, body: dict[str, object]
) -> None:
    link, other = issue.statements.get(predicate="impact"), build.report("A recount")
    build.add_evidence(link, build.says(world.study))
    sender, insider = Sender(user=person("editor")), speaking_for(world.maker)
    proposal = send_changes([body | {"record": world.study.slug}], sender, title="A change", reason="By a source.")
    assert (bar(proposal, insider), bar(proposal, person("editor"))) == (REPRESENTED, "")
    elsewhere = send_changes([body | {"record": other.slug}], sender, title="A change", reason="By a source.")
    assert bar(elsewhere, insider) == ""
    case, _ = raise_dispute(world.study, "This is wrong.")
    assert bar_of_dispute(case, insider) == REPRESENTED
    assert bar_of_dispute(raise_dispute(other, "This is wrong.")[0], insider) == ""


def test_who_speaks_for_the_accused_decides_no_dispute_about_the_issue(world: World, issue: Record) -> None:
    said, insider = build.state(issue, "described_as", "It repeats faces."), speaking_for(world.maker)
    for statement in (None, said):
        case, _ = raise_dispute(issue, "This is wrong.", statement=statement)
        assert bar_of_dispute(case, insider) == REPRESENTED
        assert bar_of_dispute(case, person("editor")) == ""


def test_who_speaks_for_a_party_that_an_issue_names_does_not_judge_it(world: World) -> None:
    conduct, accused = build.issue("A union claims that Zeta misled", code="G06", frames=["transparency"]), build.party("Zeta")
    build.state(conduct, "respondent", accused)
    case, _ = raise_dispute(conduct, "This is wrong.")
    assert bar_of_dispute(case, speaking_for(accused)) == REPRESENTED


def test_a_proposal_of_ones_own_is_named_as_such(world: World) -> None:
    editor = person("editor")
    assert bar(filed(world, Sender(user=editor)), editor) == OWN
    assert bar(filed(world), None) == ""


def test_what_somebody_sent_who_signed_in_after_beginning_it_is_their_own(world: World) -> None:
    editor, draft = person("editor"), start_filing(filing(world), Sender())
    proposal = send_filing(draft, submitter(editor))
    assert proposal.submitter is None
    assert bar(proposal, editor) == OWN
    assert bar(proposal, person("editor")) == ""


def test_what_somebody_mended_or_answered_for_by_receipt_is_their_own(world: World) -> None:
    desk, mending, answering = person("editor"), person("editor"), person("editor")
    proposal = filed(world, Sender())
    act(proposal, "take", desk)
    proposal = act(proposal, "ask", desk, reason="When was this?")
    save_filing(proposal, filing(world), Sender(user=mending))
    move(proposal, "answer", submitter(answering), reason="In May.")
    assert [bar(proposal, one) for one in (mending, answering, desk)] == [OWN, OWN, ""]
