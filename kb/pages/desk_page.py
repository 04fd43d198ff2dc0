"""What the page of one proposal shows an editor, gathered once. Rules are asked of `kb.review`; nothing is decided here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kb.accounts.models import User
from kb.accounts.roles import has_role
from kb.core.errors import UserError
from kb.ledger.write import current_edition
from kb.lineage.rehearse import Rehearsal
from kb.pages.desk_replies_page import DeskReplies, desk_replies
from kb.pages.forms.desk import MoveForm, NoteForm, RestrictedForm, SeverityForm, move_form
from kb.records import changes as do
from kb.records.models import Evidence, Record, Statement
from kb.records.models.issue import SEVERITY_FACTORS
from kb.review.changes import standing, try_out
from kb.review.edit import is_mended
from kb.review.filing import Filing, read_filing
from kb.review.following import said_before
from kb.review.gates import approvals_needed, approvers, open_gates
from kb.review.interest import bar, speaks_in
from kb.review.models import Proposal, ProposedChange
from kb.review.policy import Actor, Move, moves_for
from kb.review.publication import as_published, new_replies
from kb.review.similar import similar_issues
from kb.review.stale import Difference, differences
from kb.review.states import ENDED
from kb.review.terms import field_label
from kb.review.titles import proposed_title
from kb.review.told import Told, told
from kb.review.wire import read_change


@dataclass(frozen=True, slots=True)
class Item:
    """One proposed change; `problem` says why it can no longer be read."""

    row: ProposedChange
    told: Told | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class MoveShown:
    """One move with its form. `not_yet` says why it cannot be made now; `open` is whether its form stands open."""

    move: Move
    form: MoveForm
    not_yet: str = ""
    open: bool = False


@dataclass(frozen=True, slots=True)
class StaleShown:
    """One field that changed since, with what it is a field of."""

    of: Told | None
    field: str
    change: Difference


@dataclass(frozen=True)
class DeskPage:
    """One proposal as an editor sees it. `withheld`: without what was said in confidence, since they speak for a party in it."""

    proposal: Proposal
    bar: str
    withheld: bool
    editor: bool
    items: list[Item]
    filing: Filing | None
    moves: list[MoveShown]
    gates: list[str]
    given: int
    approvers: list[User]
    needed: int
    stale: list[StaleShown]
    similar: list[Record]
    severity: SeverityForm
    note: NoteForm
    mended: bool
    first: Proposal | Record | None
    duplicates: list[Proposal]
    edition: int
    title: str
    restricted: RestrictedForm
    rehearsal: Rehearsal | None = None
    problem: str = ""
    record: Record | None = None
    replies: DeskReplies | None = None
    errors: dict[str, str] = field(default_factory=dict)


def desk_page(proposal: Proposal, user: User, code: str = "", entered: Mapping[str, str] | None = None) -> DeskPage:
    """Gather the page. What cannot be read or published any more is told, never raised.

    `entered` is what was written for the move `code`, which was not made.
    """
    # What is changed while the page is made is then shown without being confirmed, never the other way round.
    edition = current_edition()
    items = items_of(proposal)
    readable = all(item.told or item.row.state == "declined" for item in items)
    changes = standing(proposal) if readable else []
    open_ = proposal.state not in ENDED
    rehearsal, problem = _tried(proposal) if readable and open_ else (None, "")
    seen = {"revision": proposal.revision}
    severity = {name: proposal.severity.get(name) for name in SEVERITY_FACTORS}
    severity |= {"override": proposal.severity.get("severity_override"), "why": proposal.severity.get("severity_reason")}
    gates = open_gates(proposal) if readable and open_ else []
    counting = approvers(proposal)
    given = proposal.approvals.filter(revision=proposal.revision, editor=user).exists()
    blocked = {"publish": _NOT_YET if gates or problem or not readable else "", "approve": _GIVEN if given else ""}
    return DeskPage(
        proposal=proposal, bar=bar(proposal, user), withheld=bool(speaks_in([proposal], user)),
        editor=has_role(user, "editor"), items=items,
        filing=read_filing(proposal.filing) if proposal.filing else None,
        moves=_moves(proposal, user, blocked, code, entered),
        gates=gates, given=len(counting), approvers=counting,
        needed=approvals_needed(proposal, changes), stale=stale_shown(changes, proposal.base_edition) if open_ else [],
        similar=similar_issues(proposal.title) if proposal.kind == "issue" else [],
        severity=SeverityForm(initial=seen | severity, auto_id="severity_%s"), note=NoteForm(auto_id="note_%s"),
        first=_first(proposal), duplicates=list(Proposal.objects.filter(duplicate_of__in=_names(proposal)).order_by("id")),
        edition=edition, mended=open_ and is_mended(proposal), title=proposed_title(proposal.title, changes),
        restricted=RestrictedForm(auto_id="restricted_%s"),
        rehearsal=rehearsal, problem=problem, record=Record.objects.filter(id=proposal.record_id or 0).first(),
        replies=desk_replies(proposal, user, changes),
    )  # fmt: skip


def _first(proposal: Proposal) -> Proposal | Record | None:
    """What said the same before: another submission, or a record."""
    if not proposal.duplicate_of:
        return None
    return Proposal.objects.filter(key=proposal.duplicate_of).first() or said_before(proposal)


def _names(proposal: Proposal) -> list[str]:
    """What a duplicate of a proposal points to: its key, or the record that it became."""
    became = Record.objects.filter(id=proposal.record_id or 0).first() if proposal.kind == "issue" else None
    return [proposal.key, *([became.public_id] if became else [])]


def items_of(proposal: Proposal) -> list[Item]:
    """Every change in words; one that names a record which is gone says so instead."""
    rows = list(proposal.changes.all())
    read = {row.position: _read(row) for row in rows}
    words = dict(zip((at for at, one in read.items() if not isinstance(one, str)), told(_readable(read)), strict=True))
    return [Item(row, words.get(row.position), one if isinstance(one := read[row.position], str) else "") for row in rows]


def _read(row: ProposedChange) -> do.Change | str:
    if not row.body:
        return "What stood here was taken out for good."
    try:
        return read_change(row.body)
    except UserError as gone:
        return str(gone)


def _readable(read: dict[int, do.Change | str]) -> list[do.Change]:
    return [one for one in read.values() if not isinstance(one, str)]


# What an editor most often comes to do, before the rest.
_FIRST = ("take", "start_review", "approve", "publish", "lift", "reopen")
_NOT_YET = "Not yet: see above what stands in the way."
_GIVEN = "You have approved this revision."


def _moves(
    proposal: Proposal, user: User, blocked: Mapping[str, str], code: str, entered: Mapping[str, str] | None
) -> list[MoveShown]:  # fmt: skip
    """The moves that may be made, the usual ones first and open."""
    shown = []
    for move in moves_for(proposal, Actor(user=user)):
        form = move_form(move, proposal.revision, entered if move.code == code else None)
        shown.append(MoveShown(move, form, blocked.get(move.code, ""), move.code in _FIRST or move.code == code))
    return sorted(shown, key=lambda one: _FIRST.index(one.move.code) if one.move.code in _FIRST else len(_FIRST))


def stale_shown(changes: list[do.Change], base_edition: int) -> list[StaleShown]:
    """What changed since, each with the statement that it is a field of."""
    found = differences(changes, base_edition)
    about = _statements_of(found)
    numbers = list(dict.fromkeys(about.values()))
    words = dict(zip(numbers, told([do.RetractStatement(statement=number) for number in numbers]), strict=True))
    return [StaleShown(words.get(about.get((one.table, one.row_id), 0)), _what(one), one) for one in found]


def _statements_of(found: list[Difference]) -> dict[tuple[str, int], int]:
    """The statement that each row is, or is evidence on; others are left out."""
    table, evidence = Statement._meta.db_table, Evidence._meta.db_table
    cited = {one.row_id for one in found if one.table == evidence}
    rows = Evidence._base_manager.filter(id__in=cited).values_list("id", "statement")
    of_evidence = {(evidence, number): statement for number, statement in rows}
    return of_evidence | {(table, one.row_id): one.row_id for one in found if one.table == table}


def _what(one: Difference) -> str:
    """What changed: a field, or a whole row that is new."""
    return field_label(one.field) if one.field else _NEW.get(one.table, "New")


_NEW = {Statement._meta.db_table: "New statement", Evidence._meta.db_table: "New evidence"}


def _tried(proposal: Proposal) -> tuple[Rehearsal | None, str]:
    """What publication would do, without the answers of parties, and why it cannot be published, with them."""
    rehearsal = None
    try:
        changes = as_published(proposal)
        rehearsal = try_out(changes)
        if replies := new_replies(proposal, changes):
            try_out([*changes, *replies])
    except UserError as refusal:
        return rehearsal, str(refusal)
    return rehearsal, ""
