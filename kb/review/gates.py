"""What must be true before a proposal is published. Each gate names in one sentence what it still waits for.

The two-person rule (SAFETY 9), the right of reply, the embargo, evidence for what is claimed, and nothing overwritten unseen.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import Q

from kb.accounts.models import User
from kb.accounts.roles import has_role
from kb.core.clock import today
from kb.records import changes as do
from kb.records.models import Statement
from kb.records.predicates import LINEAGE, PREDICATES
from kb.records.queries import records_by_id
from kb.review.accused import issues_among
from kb.review.answered import digest_now, is_outdated
from kb.review.asked import is_issue, newcomers_to_ask, parties_to_ask
from kb.review.changes import standing
from kb.review.hazards import is_strict
from kb.review.interest import bar
from kb.review.models import Proposal
from kb.review.sources import unfit_sources
from kb.review.stale import differences
from kb.review.titles import accuses_unsaid
from kb.review.touched import records_resting_on
from kb.review.unreached import until_when
from kb.review.unreported import is_unreported

_TWO, _ONE = 2, 1
_WRITING = ("amend_change", "add_change")
_NEEDING_EVIDENCE = frozenset({*LINEAGE, "impact"})


def open_gates(proposal: Proposal) -> list[str]:
    """Return what still stands in the way of publication; empty where nothing does."""
    changes = standing(proposal)
    return [sentence for gate in _GATES for sentence in gate(proposal, changes)]


def approvals_needed(proposal: Proposal, changes: list[do.Change]) -> int:
    """Two editors for a finding, an impact, a hazard, a merge, or whatever takes something off the record; else one."""
    return _TWO if is_strict(proposal, changes) or proposal.kind == "issue" or any(map(_weighty, changes)) else _ONE


def _weighty(change: do.Change) -> bool:
    # A kind of change that has no row weighs until somebody says that it does not.
    return WEIGHS.get(type(change), _always)(change)


def _always(change: do.Change) -> bool:
    return True


def _never(change: do.Change) -> bool:
    return False


def _creates_issue(change: do.CreateRecord) -> bool:
    return change.kind == "issue"


_OF_ISSUES = frozenset(row.code for row in PREDICATES.values() if row.group == "impact")


def _says_of_issue(change: do.AddStatement) -> bool:
    return change.predicate in _OF_ISSUES or is_issue(change.subject)


def _names_issue(change: do.OnRecord) -> bool:
    """Whether a change alters what an issue is called or counts as, or to which of two records a name belongs."""
    return any(map(is_issue, change.references()))


def _restores_issue(change: do.RestoreRecord) -> bool:
    """Whether an issue stands again, or a source of what is said of one."""
    restored = change.record if isinstance(change.record, int) else 0
    return bool(issues_among({restored} | records_resting_on([restored])))


def _is_of_issue(change: do.AmendStatement | do.AmendEvidence | do.AddEvidence | do.RestoreStatement) -> bool:
    """Whether a change alters what is said of an issue: its words accuse as its title does."""
    which = {"evidence": change.evidence} if isinstance(change, do.AmendEvidence) else {"id": change.statement}
    said = Statement._base_manager.filter(**which)
    return said.filter(Q(subject__kind="issue") | Q(predicate__in=_OF_ISSUES)).exists()


# Whether a change needs two editors, by its kind.
WEIGHS: Mapping[type[do.Change], Callable[[Any], bool]] = {
    do.CreateRecord: _creates_issue,
    do.AddStatement: _says_of_issue,
    do.AddPart: _never,
    **dict.fromkeys((do.AmendStatement, do.AmendEvidence, do.AddEvidence, do.RestoreStatement), _is_of_issue),
    **dict.fromkeys((do.RenameRecord, do.AmendDetail, do.AddAlias, do.MoveAlias, do.AddIdentifier), _names_issue),
    do.RestoreRecord: _restores_issue,
    **dict.fromkeys((do.MergeRecord, do.UnmergeRecord, do.RetractStatement, do.WithdrawRecord, do.MoveStatement), _always),
}


def approvals_given(proposal: Proposal) -> int:
    """Return how many editors approved what is proposed now: not its submitter, and editors still."""
    return len(approvers(proposal))


def approvers(proposal: Proposal) -> list[User]:
    """Return who has approved what is proposed now and may still judge it: editors yet, and nobody whom it concerns."""
    given = proposal.approvals.filter(revision=proposal.revision).select_related("editor").order_by("id")
    return [one.editor for one in given if has_role(one.editor, "editor") and not bar(proposal, one.editor)]


def _something(proposal: Proposal, changes: list[do.Change]) -> Iterator[str]:
    if not changes:
        yield "Every change was declined: there is nothing to publish."


def _approved(proposal: Proposal, changes: list[do.Change]) -> Iterator[str]:
    needed, given = approvals_needed(proposal, changes), approvals_given(proposal)
    if given < needed:
        yield f"{given} of {needed} editors have approved this revision."
    elif given == 1 and _only_its_authors_approved(proposal):
        yield "Whoever wrote changes of this proposal cannot be the only one to approve it."


def _only_its_authors_approved(proposal: Proposal) -> bool:
    authors = set(proposal.decisions.filter(action__in=_WRITING).values_list("actor", flat=True))
    return {editor.pk for editor in approvers(proposal)} <= authors


def _out_of_embargo(proposal: Proposal, changes: list[do.Change]) -> Iterator[str]:
    # A review that was ended and opened again left the embargo's end behind, which still holds.
    if proposal.embargo_until and proposal.embargo_until > today():
        yield f"The embargo ends on {_day(proposal.embargo_until)}."
    elif proposal.embargo_wanted and not proposal.decisions.filter(action__in=_ON_EMBARGO).exists():
        yield "The submitter asks for an embargo: put it under one, or decide against it with a reason."
    elif is_unreported(changes, hazard=is_strict(proposal, changes)) and not _is_embargo_decided(proposal):
        yield "Nobody has reported this finding yet: put it under embargo, or decide against it with a reason."


_ON_EMBARGO = ("embargo", "no_embargo", "lift", "expire")


def _is_embargo_decided(proposal: Proposal) -> bool:
    """Whether the last word on an embargo was said of what is proposed now: of a finding that came later nothing was said."""
    last = proposal.decisions.filter(action__in=(*_ON_EMBARGO, *_WRITING, "mend", "take_over")).order_by("-id").first()
    return last is not None and last.action in _ON_EMBARGO


def _replied(proposal: Proposal, changes: list[do.Change]) -> Iterator[str]:
    settled = {request.party_id: request for request in proposal.reply_requests.select_related("invitation")}
    wanted = parties_to_ask(changes) | set(settled)
    names, now = records_by_id(wanted), digest_now(proposal)
    for party in sorted(wanted):
        request = settled.get(party)
        if request is None:
            yield f"{names[party].name} has not been asked for a reply."
        elif not request.settled:
            until = f" {until_when(request)}" if request.state == "requested" else ""
            yield f"The reply of {names[party].name} is {_PENDING[request.state]}.{until}".rstrip()
        elif is_outdated(request, now):
            yield f"What is proposed was changed since {names[party].name} {_SETTLED[request.state]}: {_EITHER}"
    for name in newcomers_to_ask(changes):
        yield f"{name} would be accused as soon as it is on record: put it there by itself first, so that it can be asked."


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


_PENDING = {"requested": "awaited", "received": "not moderated yet"}
_SETTLED = {
    "received": "replied", "declined": "declined to reply", "no_response": "was asked", "waived": "was left unasked",
}  # fmt: skip
_EITHER = "ask it again, or say that this holds all the same."


def _evident(proposal: Proposal, changes: list[do.Change]) -> Iterator[str]:
    for change in changes:
        if isinstance(change, do.AddStatement) and change.predicate in _NEEDING_EVIDENCE and not change.evidence:
            yield f"A statement “{PREDICATES[change.predicate].label}” has no evidence."


def _sourced(proposal: Proposal, changes: list[do.Change]) -> Iterator[str]:
    for report in unfit_sources(changes):
        name = report if isinstance(report, str) else report.name
        yield f"The address of “{name}” may not stand beside a finding about unlawful material: take it off the report first."


def _worded(proposal: Proposal, changes: list[do.Change]) -> Iterator[str]:
    for change in changes:
        if label := accuses_unsaid(change):
            yield f"“{label}” accuses somebody: the title says who claims it, such as “… claims that …”."


def _current(proposal: Proposal, changes: list[do.Change]) -> Iterator[str]:
    changed = differences(changes, proposal.base_edition)
    if changed:
        rows = len({(one.table, one.row_id) for one in changed})
        yield f"{rows} of the rows that this alters changed since it was drawn up. Look at what changed and confirm."


_GATES: tuple[Callable[[Proposal, list[do.Change]], Iterator[str]], ...] = (
    _something, _evident, _sourced, _worded, _current, _replied, _out_of_embargo, _approved,
)  # fmt: skip
