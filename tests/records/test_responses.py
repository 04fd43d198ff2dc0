"""Replies to Upstream and disputes: what may be said of them, in which order, and what is contested meanwhile."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from kb.core.clock import today
from kb.core.errors import Conflict, InvalidInput
from kb.ledger.verify import faults
from kb.ledger.write import purge
from kb.records import changes as do
from kb.records.models import Dispute, Record, Reply, Statement
from kb.records.queries import editions_touching
from kb.records.response_words import NO_FAULT, dispute_in_words, reply_in_words
from kb.records.responses import contested, responses_to_records, responses_to_statements
from tests import build

pytestmark = pytest.mark.django_db

ASKED, DUE, ANSWERED = date(2024, 1, 2), date(2024, 1, 16), date(2024, 1, 9)
STRICT = "The similarity threshold was 0.31."


@pytest.fixture
def claim() -> Record:
    return build.issue("Bias in an index")


@pytest.fixture
def maker() -> Record:
    return build.party("LAION e.V.", type="nonprofit")


def asked(record: Record, by: Record, **more: Any) -> Reply:
    return build.reply(record, by, **({"state": "requested"} | more))


def amended(row: Reply | Dispute, **fields: object) -> Any:
    change = (
        do.AmendReply(reply=row.id, fields=fields) if isinstance(row, Reply) else do.AmendDispute(dispute=row.id, fields=fields)
    )
    build.publishing(change)
    return type(row).objects.get(id=row.id)


# replies


def test_a_party_that_was_asked_replies_and_its_words_stand_verbatim(claim: Record, maker: Record) -> None:
    reply = asked(claim, maker)
    text = "  We disagree.\n\nThe figure counts links, not images. "
    answered = amended(reply, state="received", answered=ANSWERED, text=text)
    assert (answered.state, answered.text, answered.asked) == ("received", text, ASKED)
    assert reply_in_words(answered) == "Reply to Upstream of 9 January 2024."
    assert list(faults()) == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"state": "answered"}, "is not a right of reply"),
        ({"state": "requested", "asked": None}, "needs the day on which the party was asked"),
        ({"state": "requested", "due": None}, "needs the day until which the party may reply"),
        ({"state": "requested", "due": ASKED - timedelta(1)}, "due .* lies before"),
        ({"state": "requested", "answered": ANSWERED}, "has no day of an answer"),
        ({"state": "requested", "text": "A reply."}, "Only a received reply has a text"),
        ({"state": "requested", "reason": "Because."}, "A reason is given for a cut"),
        ({"state": "received", "text": "A reply."}, "needs the day of an answer"),
        ({"state": "received", "answered": ASKED - timedelta(1), "text": "A reply."}, "answered .* lies before"),
        ({"state": "received", "answered": ANSWERED}, "A reply that was received has its text"),
        ({"state": "received", "answered": ANSWERED, "text": "  "}, "A reply that was received has its text"),
        ({"state": "received", "answered": ANSWERED, "text": "x" * 10_001}, "at most 10,000 characters"),
        ({"state": "received", "answered": ANSWERED, "text": "x", "cut": True, "reason": "Names."}, "A cut is marked"),
        ({"state": "received", "answered": ANSWERED, "text": "x […]", "cut": True}, "A cut needs a public reason"),
        ({"state": "received", "answered": "2024-01-09", "text": "x"}, "answered is a full date"),
        ({"state": "received", "answered": date(2999, 1, 1), "text": "x"}, "answered lies in the future"),
        ({"state": "declined"}, "needs the day of an answer"),
        ({"state": "waived"}, "Not to ask a party needs a public reason"),
        ({"state": "waived", "asked": None, "reason": "It is dissolved."}, "Without the day on which the party was asked"),
        ({"state": "requested", "reason": "x" * 2_001}, "A reason"),
    ],
)
def test_a_reply_that_does_not_fit_together_is_refused(
    claim: Record, maker: Record, given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        asked(claim, maker, **given)
    assert not Reply.objects.exists()


def test_silence_is_said_only_after_the_last_day(claim: Record, maker: Record) -> None:
    reply = asked(claim, maker, asked=today(), due=today())
    with pytest.raises(InvalidInput, match="can be said from the day after"):
        amended(reply, state="no_response")
    silent = asked(claim, maker, state="no_response")
    assert reply_in_words(silent) == f"Asked on 2 January 2024; no reply by 16 January 2024. {NO_FAULT}"


STEPS = {
    "requested": {"received", "declined", "no_response", "waived"},
    "no_response": {"received", "declined"},
    "declined": {"received"},
    "waived": {"received"},
    "received": set[str](),
}
FITTING: dict[str, dict[str, Any]] = {
    "requested": {"answered": None, "text": "", "reason": ""},
    "no_response": {"answered": None, "text": "", "reason": ""},
    "declined": {"answered": ANSWERED, "text": "", "reason": ""},
    "waived": {"answered": None, "text": "", "reason": "It is dissolved."},
    "received": {"answered": ANSWERED, "text": "We reply.", "reason": ""},
}


@pytest.mark.parametrize("before", STEPS)
@pytest.mark.parametrize("after", STEPS)
def test_a_right_of_reply_goes_from_state_to_state_as_agreed(claim: Record, maker: Record, before: str, after: str) -> None:
    reply = asked(claim, maker, state=before, **FITTING[before])
    if after == before or after in STEPS[before]:
        assert amended(reply, state=after, **FITTING[after]).state == after
        return
    with pytest.raises(InvalidInput, match="is followed by"):
        amended(reply, state=after, **FITTING[after])


def test_a_cut_is_made_later_marked_and_reasoned(claim: Record, maker: Record) -> None:
    reply = build.reply(claim, maker, text="We reply. A name.")
    cut = amended(reply, text="We reply. […]", cut=True, reason="A private person was named.")
    assert reply_in_words(cut).endswith("Parts are left out, marked “[…]”: A private person was named.")


def test_the_same_answer_is_put_on_record_once(claim: Record, maker: Record) -> None:
    statement = build.state(claim, "impact", build.dataset("Index"), qualifier="affected")
    asked(claim, maker)
    asked(claim, maker, statement=statement)
    asked(claim, maker, asked=ASKED + timedelta(1))
    asked(claim, maker, state="declined", answered=ANSWERED)
    asked(claim, build.party())
    with pytest.raises(Conflict, match=r"That answer of LAION e\.V\. is on record already"):
        asked(claim, maker)
    unasked = {"state": "received", "asked": None, "due": None, "answered": ANSWERED, "text": "Unasked."}
    asked(claim, maker, **unasked)
    with pytest.raises(Conflict, match="on record already"):
        asked(claim, maker, **unasked)


def test_a_party_is_left_unasked_for_one_reason_or_another(claim: Record, maker: Record) -> None:
    for reason in ("It is dissolved.", "It published the finding itself."):
        asked(claim, maker, state="waived", asked=None, due=None, reason=reason)
    with pytest.raises(Conflict, match="on record already"):
        asked(claim, maker, state="waived", asked=None, due=None, reason="It is dissolved.")


def test_only_parties_reply_and_dispute(claim: Record) -> None:
    nobody = build.dataset("Index")
    with pytest.raises(InvalidInput, match="Index is a dataset; a party replies or disputes"):
        asked(claim, nobody)
    with pytest.raises(InvalidInput, match="a party replies or disputes"):
        build.dispute(claim, nobody)


def test_a_reply_is_about_a_statement_of_its_record(claim: Record, maker: Record) -> None:
    elsewhere = build.state(build.model("Net"), "trained_on", build.dataset("Index"))
    with pytest.raises(InvalidInput, match="is not about Bias in an index"):
        asked(claim, maker, statement=elsewhere)
    taken_back = build.retract(build.state(claim, "impact", build.dataset("Other"), qualifier="affected"))
    with pytest.raises(InvalidInput, match="was taken back"):
        build.dispute(claim, statement=taken_back)


def test_a_reply_may_be_about_a_statement_of_a_record_merged_with_it(maker: Record) -> None:
    ours, theirs = build.dataset("LAION-5B"), build.dataset("LAION 5B")
    statement = build.state(theirs, "creator", maker)
    build.merge(theirs, ours)
    assert asked(ours, maker, statement=statement).statement_id == statement.id


def test_who_was_asked_about_what_cannot_be_amended(claim: Record, maker: Record) -> None:
    reply = asked(claim, maker)
    for name in ("party", "record", "asked", "statement"):
        with pytest.raises(InvalidInput, match="cannot be amended"):
            amended(reply, **{name: 1})
    with pytest.raises(InvalidInput, match="text must be text"):
        amended(reply, state="received", answered=ANSWERED, text=5)
    with pytest.raises(Conflict, match="There is no reply 99"):
        build.publishing(do.AmendReply(reply=99, fields={"state": "received"}))


# disputes


@pytest.mark.parametrize("state", ["upheld", "partly_upheld", "not_upheld"])
def test_a_decision_has_a_day_and_a_public_reason(claim: Record, maker: Record, state: str) -> None:
    dispute = build.dispute(claim, maker)
    with pytest.raises(InvalidInput, match="has the day on which it ended"):
        amended(dispute, state=state, outcome="Read again.")
    with pytest.raises(InvalidInput, match="A decision needs its public reason"):
        amended(dispute, state=state, decided=date(2024, 3, 1))
    with pytest.raises(InvalidInput, match="lies before"):
        amended(dispute, state=state, decided=date(2024, 1, 1), outcome="Read again.")
    decided = build.decide(dispute, state, "Read again.")
    assert not decided.is_open
    assert dispute_in_words(decided).endswith("on 1 March 2024: Read again.")
    with pytest.raises(InvalidInput, match="is followed by no other state"):
        amended(decided, state="under_review", decided=None, outcome="")
    assert list(faults()) == []


def test_a_dispute_is_withdrawn_without_a_reason(claim: Record) -> None:
    dispute = build.dispute(claim)
    assert amended(dispute, state="withdrawn", decided=date(2024, 3, 1)).state == "withdrawn"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"ground": " "}, "says in short what is contested"),
        ({"ground": "x" * 601}, "at most 600 characters"),
        ({"outcome": "x"}, "neither outcome nor day"),
        ({"state": "received"}, "is not a dispute state"),
        ({"state": "upheld", "decided": "2024-03-01", "outcome": "x"}, "decided is a full date"),
        ({"state": "upheld", "decided": date(2024, 3, 1), "outcome": "x" * 2_001}, "at most 2,000 characters"),
        ({"opened": date(2024, 1, 1)}, "cannot be amended"),
    ],
)
def test_a_dispute_that_does_not_fit_together_is_refused(claim: Record, fields: dict[str, object], sentence: str) -> None:
    dispute = build.dispute(claim)
    with pytest.raises(InvalidInput, match=sentence):
        amended(dispute, **fields)


def test_a_dispute_is_not_opened_in_the_future(claim: Record) -> None:
    with pytest.raises(InvalidInput, match="opened lies in the future"):
        build.publishing(do.OpenDispute(record=claim.id, ground="Wrong.", opened=date(2999, 1, 1)))


def test_what_is_under_an_open_dispute_is_contested_until_it_is_decided(claim: Record) -> None:
    index = build.dataset("Index")
    statement = build.state(build.model("Net"), "trained_on", index)
    dispute = build.dispute(index, statement=statement)
    assert contested().holds(statement)
    before = dispute.edition
    build.decide(dispute)
    assert not contested().holds(statement)
    assert contested(before).holds(statement)
    assert not contested(before - 1).holds(statement)


def test_a_statement_about_a_contested_issue_is_contested_and_others_are_not(claim: Record) -> None:
    index = build.dataset("Index")
    impact = build.state(claim, "impact", index, qualifier="affected")
    figure = build.state(index, "figure", 585, qualifier="links")
    build.dispute(claim)
    build.dispute(index)
    assert contested().holds(impact)
    assert contested().holds(impact.versions.get())
    assert not contested().holds(figure)


def test_a_dispute_of_an_issue_holds_for_those_merged_with_it(claim: Record) -> None:
    other = build.issue("Bias, told again")
    impact = build.state(other, "impact", build.dataset("Index"), qualifier="affected")
    build.merge(other, claim)
    build.dispute(claim)
    assert contested().holds(impact)


# reading


def test_responses_are_read_with_a_fixed_number_of_queries(claim: Record, django_assert_num_queries: Callable[..., Any]) -> None:
    index = build.dataset("Index")
    statements = [build.state(claim, "impact", build.dataset(f"Index {n}"), qualifier="affected") for n in range(4)]
    for statement in statements:
        build.reply(claim, statement=statement)
        build.dispute(claim, build.party(), statement=statement)
    with django_assert_num_queries(2):
        found = responses_to_statements(statement.id for statement in statements)
        assert all(row.party.name and row.record.name for one in found.values() for row in (*one.replies, *one.disputes))
    with django_assert_num_queries(2):
        about = responses_to_records([claim, index])
        assert len(about.replies) == len(about.disputes) == 4
    with django_assert_num_queries(1):
        assert len(contested().statements) == 4
    assert [row.statement_id for row in about.of_statement(statements[2].id).replies] == [statements[2].id]
    assert not about.of_statement(None)


def test_a_past_edition_shows_the_reply_as_it_was(claim: Record, maker: Record) -> None:
    statement = build.state(claim, "impact", build.dataset("Index"), qualifier="affected")
    reply = asked(claim, maker, statement=statement)
    then = reply.edition
    amended(reply, state="received", answered=ANSWERED, text="We reply.")
    assert responses_to_statements([statement.id], then)[statement.id].replies[0].state == "requested"
    assert responses_to_statements([statement.id])[statement.id].replies[0].text == "We reply."
    assert not responses_to_statements([statement.id], then - 1)[statement.id]


def test_editions_of_a_record_are_also_those_of_its_replies_and_disputes(claim: Record, maker: Record) -> None:
    numbers = {build.reply(claim, maker).edition, build.dispute(claim).edition}
    assert numbers <= {edition.number for edition in editions_touching([claim])}


# the guard, the chain and a purge


@pytest.fixture
def hazard() -> Record:
    return build.issue("Unlawful links in an index", code="D01", frames=["child_safety"])


@pytest.mark.parametrize(
    "publish",
    [
        lambda record: build.reply(record, text=STRICT),
        lambda record: build.reply(record, text="We […]", cut=True, reason=STRICT, state="received", answered=ANSWERED),
        lambda record: build.dispute(record, ground=STRICT),
        lambda record: build.decide(build.dispute(record), outcome=STRICT),
        lambda record: amended(build.reply(record), text=STRICT),
    ],
)
def test_the_strict_rules_hold_for_what_is_said_of_a_hazard(
    claim: Record, hazard: Record, publish: Callable[[Record], object]
) -> None:
    with pytest.raises(InvalidInput, match="This text was discarded"):
        publish(hazard)
    publish(claim)


def test_the_strict_rules_hold_for_a_statement_about_a_hazard(hazard: Record) -> None:
    index = build.dataset("Index")
    statement = build.state(hazard, "impact", index, qualifier="affected")
    with pytest.raises(InvalidInput, match="This text was discarded"):
        build.reply(index, statement=statement, text=STRICT)


def test_an_issue_that_becomes_a_hazard_has_its_replies_and_disputes_read_again(claim: Record) -> None:
    build.reply(claim, text=STRICT)
    with pytest.raises(InvalidInput, match="reply text"):
        build.publishing(do.AmendDetail(record=claim.id, fields={"code": "D01"}))


def test_the_words_of_a_reply_can_be_purged_and_the_chain_holds(claim: Record, maker: Record) -> None:
    reply = build.reply(claim, maker, text="We reply. A name.")
    spoken = reply.sequence
    amended(reply, text="We reply. […]", cut=True, reason="A private person was named.")
    purge([spoken], "editor", "A private person was named.")
    assert list(faults()) == []


def test_nobody_but_publish_writes_a_reply_or_a_dispute(claim: Record, maker: Record) -> None:
    reply, dispute = build.reply(claim, maker), build.dispute(claim)
    for row in (reply, dispute):
        for write in (row.save, row.delete):
            with pytest.raises(Exception, match="unlogged"), transaction.atomic():
                write()
    assert Statement.objects.count() == 0
