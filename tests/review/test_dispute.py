"""Disputes: nothing shows before the review, the content is contested during it, and the outcome is public."""

from datetime import date

import pytest

from kb.core.errors import Conflict, InvalidInput, NotFound
from kb.ledger.write import current_edition
from kb.records.models import Dispute
from kb.review.dispute import acknowledge_by, dispute_by_receipt, raise_dispute, step
from kb.review.screen import Refused
from tests import build
from tests.review.desk import person

pytestmark = pytest.mark.django_db


def test_a_dispute_shows_nowhere_before_it_is_reviewed() -> None:
    record = build.model("Painter")
    before = current_edition()
    case, receipt = raise_dispute(record, "We never trained on this.", email="press@example.org")
    step(case, "acknowledged", person("editor"))
    assert (current_edition(), Dispute.objects.count()) == (before, 0)
    assert dispute_by_receipt(receipt) == case


def test_content_is_contested_from_the_review_until_the_decision() -> None:
    link = build.state(build.model("Painter"), "trained_on", build.dataset("Index"))
    editor = person("editor")
    case, _ = raise_dispute(link.subject, "We never trained on this.", statement=link)
    case = step(case, "under_review", editor, ground="The maker says that it never trained on this.")
    assert Dispute.objects.get(statement=link).is_open
    case = step(case, "not_upheld", editor, outcome="Its own paper names the dataset.")
    dispute = Dispute.objects.get()
    assert (dispute.state, dispute.outcome, case.decided_by) == ("not_upheld", "Its own paper names the dataset.", editor)


def test_a_decision_has_a_public_reason() -> None:
    editor = person("editor")
    case, _ = raise_dispute(build.model("Painter"), "Wrong.")
    with pytest.raises(InvalidInput, match="it will be public"):
        step(case, "under_review", editor)
    case = step(case, "under_review", editor, ground="A reader says that it is wrong.")
    with pytest.raises(InvalidInput, match="public reason"):
        step(case, "upheld", editor)
    case.refresh_from_db()
    assert case.state == "under_review"


def test_a_step_follows_from_its_state_only() -> None:
    case, _ = raise_dispute(build.model("Painter"), "Wrong.")
    with pytest.raises(Conflict):
        step(case, "upheld", person("editor"), outcome="Right.")
    with pytest.raises(NotFound):
        step(case, "acknowledged", None)


def test_a_disputant_may_withdraw_and_nobody_else_decides_their_own() -> None:
    editor = person("editor")
    case, _ = raise_dispute(build.model("Painter"), "Wrong.", user=editor)
    with pytest.raises(Conflict, match="of their own"):
        step(case, "acknowledged", editor)
    assert step(case, "withdrawn", None).state == "withdrawn"


def test_the_guard_reads_a_dispute_before_it_is_stored() -> None:
    with pytest.raises(Refused):
        raise_dispute(build.model("Painter"), "See magnet:?xt=urn:btih:" + "a" * 40)


@pytest.mark.parametrize(("received", "day"), [
    (date(2026, 11, 20), date(2026, 11, 24)), (date(2026, 11, 23), date(2026, 11, 25)), (date(2026, 11, 21), date(2026, 11, 24)),
])  # fmt: skip
def test_a_dispute_is_acknowledged_within_two_working_days(received: date, day: date) -> None:
    assert acknowledge_by(received) == day


def test_a_dispute_of_what_was_taken_back_meanwhile_is_decided_without_a_flag() -> None:
    link = build.state(build.model("Painter"), "trained_on", build.dataset("Index"))
    editor = person("editor")
    case, _ = raise_dispute(link.subject, "We never trained on this.", statement=link, email="press@example.org")
    build.retract(link)
    before = current_edition()
    with pytest.raises(Conflict, match="taken back meanwhile"):
        step(case, "under_review", editor, ground="The maker says that it never did.")
    case = step(case, "upheld", editor, outcome="The statement was taken back.")
    assert (case.state, current_edition(), Dispute.objects.count()) == ("upheld", before, 0)
    with pytest.raises(Conflict):
        step(case, "not_upheld", editor, outcome="It was not.")


def test_a_dispute_of_a_record_withdrawn_during_its_review_can_still_be_decided() -> None:
    record, editor = build.model("Painter"), person("editor")
    case, _ = raise_dispute(record, "It is not ours.")
    case = step(case, "under_review", editor, ground="The maker says that it is not its own.")
    build.withdraw(record)
    assert step(case, "upheld", editor, outcome="It was withdrawn.").state == "upheld"
    assert Dispute.objects.get().state == "upheld"


def test_a_dispute_that_is_sent_twice_is_taken_once() -> None:
    record = build.model("Painter")
    first, receipt = raise_dispute(record, "Wrong.", sent_by="once")
    assert raise_dispute(record, "Wrong.", sent_by="once") == (first, receipt)
    assert raise_dispute(record, "Wrong.")[0] != first
