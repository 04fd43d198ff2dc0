"""Disputes of what is on record: received, acknowledged, reviewed in the open, and decided with a public reason.

From the review on the content is flagged contested; before that nothing shows, so that a dispute is no means to mark a page.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction

from kb.accounts.models import User
from kb.core.clock import now, today
from kb.core.errors import Conflict, InvalidInput, NotFound
from kb.core.vocabulary import Vocabulary, plain
from kb.records import changes as do
from kb.records.hazards import hazards_among
from kb.records.models import Dispute, Record, Statement
from kb.records.publish import publish
from kb.review.hazards import speaks_of_hazard
from kb.review.interest import bar_of_dispute
from kb.review.keys import digest, new_key, receipt_of
from kb.review.letters import confirm_dispute, tell_disputant
from kb.review.models import DisputeCase
from kb.review.publication import ACTOR
from kb.review.screen import check_length, screen, screen_email

STATES: Vocabulary = plain(
    "state of a dispute",
    received="Received", acknowledged="Acknowledged", under_review="Under review", upheld="Upheld",
    partly_upheld="Partly upheld", not_upheld="Not upheld", withdrawn="Withdrawn",
)  # fmt: skip
OPEN = frozenset({"received", "acknowledged", "under_review"})
# VOCABULARY 6: a dispute is acknowledged within two working days.
WORKING_DAYS = 2
_STEPS: Mapping[str, frozenset[str]] = {
    "acknowledged": frozenset({"received"}),
    "under_review": frozenset({"received", "acknowledged"}),
    "upheld": frozenset({"under_review"}),
    "partly_upheld": frozenset({"under_review"}),
    "not_upheld": frozenset({"under_review"}),
    "withdrawn": OPEN,
}
_DECIDED = frozenset({"upheld", "partly_upheld", "not_upheld"})


def raise_dispute(
    record: Record, text: str, *, statement: Statement | None = None, user: User | None = None, name: str = "", email: str = "",
    party_id: int | None = None, sent_by: str = "",
) -> tuple[DisputeCase, str]:  # fmt: skip
    """Take a dispute and return it with its receipt. Raises Refused or InvalidInput. Nothing of it is public yet.

    `party_id` is given only for somebody who is verified to speak for that party. What is known again by `sent_by` is
    taken once.
    """
    if not text.strip():
        raise InvalidInput("Say what is wrong, and how you know.")
    check_length(text, 10_000, "A dispute")
    check_length(name, 120, "A name")
    if statement and record.id not in {statement.subject_id, statement.object_id}:
        raise InvalidInput("This statement is not about this record.")
    screen([text, name], hazard=_is_hazard(record.id, statement.id if statement else None))
    if email:
        screen_email(email)
    key = new_key()
    receipt = receipt_of(key)
    with transaction.atomic():
        case, fresh = DisputeCase.objects.get_or_create(sent_by=sent_by or key, defaults={
            "key": key, "receipt": digest(receipt), "record_id": record.id, "statement_id": statement.id if statement else None,
            "party_id": party_id, "submitter": user, "name": name, "email": email, "text": text.strip(),
        })  # fmt: skip
        if case.text != text.strip():
            raise Conflict("This form was sent before with other words, and those have arrived. Load it again to send more.")
        if fresh:
            confirm_dispute(user.email if user else email, receipt)
    return case, receipt_of(case.key)


def step(case: DisputeCase, state: str, by: User | None, *, ground: str = "", outcome: str = "") -> DisputeCase:
    """Take a dispute one step on. The ground of a review and the outcome of a decision are public.

    Without `by` it is the disputant who withdraws. Raises Refused, InvalidInput or Conflict.
    """
    screen([ground], hazard=_is_hazard(case.record_id, case.statement_id))
    # The outcome is told in the reason of an edition, which is read strictly whatever it is about.
    screen([outcome], hazard=True)
    with transaction.atomic():
        case = DisputeCase.objects.select_for_update().get(id=case.id)
        _check_step(case, state, by)
        case.ground, case.outcome = ground.strip() or case.ground, outcome.strip() or case.outcome
        if state == "under_review":
            case.public_id = _flag(case)
        elif state not in {"received", "acknowledged"}:
            _settle(case, state)
        case.acknowledged = case.acknowledged or now()
        if state in _DECIDED:
            case.decided, case.decided_by = now(), by
        case.state = state
        case.save()
        tell_disputant(case.submitter.email if case.submitter else case.email, STATES.label(state))
    return case


def _check_step(case: DisputeCase, state: str, by: User | None) -> None:
    if state not in _STEPS or (by is None and state != "withdrawn"):
        raise NotFound("There is no such step.")
    if by is not None and (sentence := bar_of_dispute(case, by)):
        raise Conflict(sentence)
    if is_moot(case) and case.public_id is None:
        _check_moot(case, state)
    elif case.state not in _STEPS[state]:
        raise Conflict(f"The dispute is in the state “{STATES.label(case.state)}”; “{STATES.label(state)}” does not follow.")


def is_moot(case: DisputeCase) -> bool:
    """Whether what is disputed no longer stands: the record was withdrawn, or the statement taken back, meanwhile."""
    statement = Statement._base_manager.filter(id=case.statement_id or 0).first()
    ends = (statement.subject_id, statement.object_id) if statement else ()
    records = [one for one in (case.record_id, *ends) if one is not None]
    gone = Record.objects.filter(id__in=records).exclude(withdrawn=None).exists()
    return gone or bool(statement and statement.retracted)


def _check_moot(case: DisputeCase, state: str) -> None:
    """What no longer stands is not flagged: such a dispute is decided at once, and told to whoever raised it alone."""
    if state == "under_review":
        raise Conflict("What is disputed was taken back meanwhile: there is nothing to mark as contested. Decide it at once.")
    if case.state not in OPEN or (state == "acknowledged" and case.state != "received"):
        raise Conflict(f"The dispute is in the state “{STATES.label(case.state)}”; “{STATES.label(state)}” does not follow.")


def _flag(case: DisputeCase) -> int:
    if not case.ground:
        raise InvalidInput("Say in a sentence of our own what is disputed: it will be public.")
    change = do.OpenDispute(
        record=case.record_id, statement=case.statement_id, party=case.party_id, ground=case.ground, opened=today()
    )
    publish([change], actor=ACTOR, reason="A dispute is under review.")
    return Dispute.objects.filter(record=case.record_id).latest("id").id


def _settle(case: DisputeCase, state: str) -> None:
    if state in _DECIDED and not case.outcome:
        raise InvalidInput("A decision has a public reason.")
    if case.public_id is None:
        return
    outcome = case.outcome or "Withdrawn by whoever raised it."
    fields = {"state": state, "decided": today(), "outcome": outcome}
    publish(
        [do.AmendDispute(dispute=case.public_id, fields=fields)], actor=ACTOR, reason=f"A dispute was decided: {outcome}"[:500]
    )


def _is_hazard(record_id: int, statement_id: int | None) -> bool:
    """Whether the record is a hazard issue or a report that one cites, or one stands at an end of the statement."""
    stated = Statement.objects.filter(id=statement_id) if statement_id is not None else Statement.objects.none()
    ends = stated.values_list("subject", "object").first() or ()
    return speaks_of_hazard({record_id}) or bool(hazards_among(end for end in ends if end is not None))


def acknowledge_by(received: date) -> date:
    """Return the day by which a dispute is acknowledged: two working days after it came."""
    day, left = received, WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day


def dispute_by_receipt(receipt: str) -> DisputeCase:
    """Return the dispute of a receipt. Raises NotFound for any other text."""
    found = DisputeCase.objects.filter(receipt=digest(receipt.strip().lower())).first()
    if found is None:
        raise NotFound("No dispute has this receipt. Check the six groups of four letters.")
    return found
