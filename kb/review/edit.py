"""What the desk does to a proposal besides moving it: amend and decline changes, assess, assign, note.

Whatever alters what would be published makes a new revision, which voids the approvals given before, and is logged.
"""

from collections.abc import Mapping

from django.db import transaction

from kb.accounts.models import User
from kb.accounts.roles import has_role
from kb.core.clock import now
from kb.core.errors import Conflict, InvalidInput, NotFound
from kb.records.models.issue import SEVERITY_FACTORS
from kb.records.vocabularies import SEVERITIES
from kb.review.beside import check_beside
from kb.review.changes import put_changes, stored, try_out
from kb.review.editions import check_edition
from kb.review.filing import changes_of, read_filing
from kb.review.hazards import concerns_hazard, is_strict
from kb.review.interest import bar
from kb.review.models import Decision, Note, Proposal, ProposedChange, RestrictedEvidence
from kb.review.open_changes import MOST_CHANGES, check_open
from kb.review.screen import check_length, screen
from kb.review.states import ENDED, WRITTEN_BY_DESK
from kb.review.wire import Json, read_change

_LONGEST_NOTE = 5_000
# What the log says of an assignment: to whom it is assigned now stands on the proposal.
_ASSIGNED = {None: "to nobody", True: "to themselves", False: "to a colleague"}


def amend_change(proposal: Proposal, position: int, data: Json, by: User, *, revision: int) -> Proposal:
    """Put another change in the place of one. Raises Refused, InvalidInput or Conflict, and changes nothing then."""
    body = _checked(data, proposal, by)
    with transaction.atomic():
        proposal = _open(proposal, by, revision)
        _item(proposal, position)
        proposal.changes.filter(position=position).update(body=body, state="open", reason="")
        return _revised(proposal, "amend_change", by, f"Change {position}")


def add_change(proposal: Proposal, data: Json, by: User, *, revision: int) -> Proposal:
    """Add a change at the end. Raises Refused, InvalidInput or Conflict, and changes nothing then."""
    body = _checked(data, proposal, by)
    with transaction.atomic():
        proposal = _open(proposal, by, revision)
        last = proposal.changes.order_by("-position").values_list("position", flat=True).first() or 0
        if last >= MOST_CHANGES:
            raise Conflict(f"A proposal holds at most {MOST_CHANGES} changes.")
        ProposedChange.objects.create(proposal=proposal, position=last + 1, body=body)
        return _revised(proposal, "add_change", by, f"Change {last + 1}")


def judge_change(proposal: Proposal, position: int, state: str, reason: str, by: User, *, revision: int) -> Proposal:
    """Accept or decline one change. Declining needs a reason. Raises InvalidInput or Conflict."""
    if state not in {"accepted", "declined"}:
        raise InvalidInput("A change is accepted or declined.")
    if state == "declined" and not reason.strip():
        raise InvalidInput("Say why the change is declined.")
    check_length(reason, _LONGEST_NOTE, "A reason")
    screen([reason], hazard=is_strict(proposal))
    with transaction.atomic():
        proposal = _open(proposal, by, revision)
        item = _item(proposal, position)
        voids = "declined" in {item.state, state} and item.state != state
        item.state, item.reason = state, reason.strip()
        item.save()
        logged = f"Change {position}: {reason}".strip(": ")
        return _revised(proposal, f"{state}_change", by, logged) if voids else _logged(proposal, f"{state}_change", by, logged)


def is_mended(proposal: Proposal) -> bool:
    """Whether the submitter mended the filing after the desk had written on the changes, and nobody took that over yet."""
    mended = proposal.decisions.filter(action="mend").order_by("-id").values_list("id", flat=True).first() or 0
    before = proposal.decisions.filter(action__in=WRITTEN_BY_DESK, id__lt=mended)
    return before.exists() and not proposal.decisions.filter(action="take_over", id__gt=mended).exists()


def take_over(proposal: Proposal, by: User, *, revision: int) -> Proposal:
    """Propose what the mended filing says instead of all changes. Raises InvalidInput or Conflict, and changes nothing then."""
    with transaction.atomic():
        proposal = _open(proposal, by, revision)
        if not is_mended(proposal):
            raise Conflict("The filing was not mended since, or that was taken over already.")
        put_changes(proposal, changes_of(read_filing(proposal.filing)))
        return _revised(proposal, "take_over", by, "The changes are those of the filing again")


def confirm_current(proposal: Proposal, by: User, *, revision: int, edition: int) -> Proposal:
    """Say that a proposal holds in spite of what changed on record up to the edition that was read.

    What is changed later is not confirmed by it. Raises InvalidInput for no such edition, Conflict where it cannot be published.
    """
    check_edition(edition)
    with transaction.atomic():
        proposal = _open(proposal, by, revision)
        try_out([read_change(item.body) for item in proposal.changes.exclude(state="declined")])
        proposal.base_edition = max(proposal.base_edition, edition)
        return _revised(proposal, "confirm_current", by, f"Holds as of edition {proposal.base_edition}")


def assess(
    proposal: Proposal, factors: Mapping[str, int | None], by: User, *, revision: int, override: str = "", why: str = ""
) -> Proposal:  # fmt: skip
    """Set the four severity factors of an issue, 0 to 3 each, or none of them; `override` sets another word, `why` is public.

    Raises Refused, InvalidInput or Conflict.
    """
    if set(factors) != set(SEVERITY_FACTORS):
        raise InvalidInput(f"Severity has four factors: {', '.join(SEVERITY_FACTORS)}.")
    given = [value for value in factors.values() if value is not None]
    if given and len(given) < len(factors):
        raise InvalidInput("Assess all four factors, or none.")
    if any(type(value) is not int or not 0 <= value <= 3 for value in given):
        raise InvalidInput("A severity factor runs from 0 to 3.")
    _check_override(proposal, override, why)
    with transaction.atomic():
        proposal = _open(proposal, by, revision)
        proposal.severity = {**factors, "severity_override": override, "severity_reason": why.strip()}
        return _revised(proposal, "assess", by, ", ".join(f"{name} {value}" for name, value in factors.items()))


def _check_override(proposal: Proposal, override: str, why: str) -> None:
    if override and override not in SEVERITIES:
        raise InvalidInput(f"“{override[:10]}” is not a severity: {', '.join(SEVERITIES)}.")
    if bool(override) != bool(why.strip()):
        raise InvalidInput("Setting another severity than follows from the factors takes a word and a public reason.")
    check_length(why, 500, "The reason")
    screen([why], hazard=is_strict(proposal))


def assign(proposal: Proposal, to: User | None, by: User) -> Proposal:
    """Say who looks after a proposal, or nobody. Raises InvalidInput for somebody who is not of the desk."""
    if to is not None and not has_role(to, "reviewer"):
        raise InvalidInput("A proposal is assigned to a reviewer or editor.")
    for one in (by, to):
        if one is not None:
            _refuse_barred(proposal, one)
    with transaction.atomic():
        proposal = Proposal.objects.select_for_update().get(id=proposal.id)
        proposal.assignee = to
        return _logged(proposal, "assign", by, _ASSIGNED[None if to is None else to == by])


def add_note(proposal: Proposal, text: str, by: User) -> Note:
    """Keep a note between editors. Raises Refused or InvalidInput, Conflict for somebody who may not judge the proposal."""
    _refuse_barred(proposal, by)
    _check_text(proposal, text, "A note")
    return Note.objects.create(proposal=proposal, author=by, text=text.strip())


def add_restricted_evidence(proposal: Proposal, description: str, held_by: str, by: User) -> RestrictedEvidence:
    """Note what evidence editors have seen that cannot be published, and who holds it. Raises Refused, InvalidInput, Conflict."""
    _refuse_barred(proposal, by)
    _check_text(proposal, description, "A description")
    _check_text(proposal, held_by, "Who holds it")
    check_length(held_by, 200, "Who holds it")
    return RestrictedEvidence.objects.create(
        proposal=proposal, author=by, description=description.strip(), held_by=held_by.strip()
    )  # fmt: skip


def _refuse_barred(proposal: Proposal, by: User) -> None:
    if sentence := bar(proposal, by):
        raise Conflict(sentence)


def _check_text(proposal: Proposal, text: str, what: str) -> None:
    if not text.strip():
        raise InvalidInput(f"{what} is empty.")
    check_length(text, _LONGEST_NOTE, what)
    screen([text], hazard=is_strict(proposal))


def _checked(data: Json, proposal: Proposal, by: User) -> Json:
    screen(data, hazard=is_strict(proposal))
    change = read_change(data)
    check_open([change], editor=has_role(by, "editor"))
    if concerns_hazard([change]):
        # What becomes a finding about unlawful material was read by the milder rules before, and is read again.
        bodies = list(proposal.changes.values_list("body", flat=True))
        screen([data, proposal.title, proposal.reason, proposal.filing, *bodies], hazard=True)
        if not proposal.hazard:
            check_beside(proposal)
    return stored([change])[0]


def _open(proposal: Proposal, by: User, revision: int) -> Proposal:
    proposal = Proposal.objects.select_for_update().get(id=proposal.id)
    if proposal.state in ENDED or proposal.state == "draft":
        raise Conflict(f"The proposal is in the state “{proposal.state_label}” and cannot be edited.")
    if proposal.revision != revision:
        raise Conflict("The proposal was changed since you opened it. Look at it again before you decide.")
    _refuse_barred(proposal, by)
    return proposal


def _item(proposal: Proposal, position: int) -> ProposedChange:
    item = proposal.changes.filter(position=position).first()
    if item is None:
        raise NotFound(f"The proposal has no change {position}.")
    if not item.body:
        raise Conflict("What stood here was taken out for good. Nothing is left to decide on.")
    return item


def _revised(proposal: Proposal, action: str, by: User, what: str) -> Proposal:
    """A new revision. Whether what is proposed concerns unlawful material is asked anew."""
    proposal.revision += 1
    proposal.hazard = is_strict(proposal)
    return _logged(proposal, action, by, what)


def _logged(proposal: Proposal, action: str, by: User, what: str) -> Proposal:
    proposal.changed = now()
    proposal.save()
    Decision.objects.create(proposal=proposal, action=action, before=proposal.state, after=proposal.state, actor=by, reason=what)
    return proposal
