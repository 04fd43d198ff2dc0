"""What the page of one proposal shows an editor, gathered once. Rules are asked of `kb.review`; nothing is decided here."""

from dataclasses import dataclass, field

from kb.accounts.models import User
from kb.accounts.roles import has_role
from kb.core.errors import UserError
from kb.lineage.rehearse import Rehearsal
from kb.pages.forms.desk import FORMS, JudgeForm, MoveForm, NoteForm, RestrictedForm, SeverityForm
from kb.records import changes as do
from kb.records.models import Record
from kb.records.models.issue import SEVERITY_FACTORS
from kb.review.changes import standing, try_out
from kb.review.filing import Filing, read_filing
from kb.review.gates import approvals_given, approvals_needed, open_gates
from kb.review.models import Proposal, ProposedChange
from kb.review.policy import Actor, Move, is_own, moves_for
from kb.review.similar import similar_issues
from kb.review.stale import Difference, differences
from kb.review.states import ENDED
from kb.review.told import Told, told
from kb.review.wire import read_change


@dataclass(frozen=True, slots=True)
class Item:
    """One proposed change with its forms; `problem` says why it can no longer be read."""

    row: ProposedChange
    told: Told | None
    judge: JudgeForm
    problem: str = ""


@dataclass(frozen=True, slots=True)
class MoveShown:
    """One move with its form."""

    move: Move
    form: MoveForm


@dataclass(frozen=True)
class DeskPage:
    """One proposal as an editor sees it."""

    proposal: Proposal
    own: bool
    editor: bool
    items: list[Item]
    filing: Filing | None
    moves: list[MoveShown]
    gates: list[str]
    given: int
    needed: int
    stale: list[Difference]
    similar: list[Record]
    severity: SeverityForm
    note: NoteForm
    restricted: RestrictedForm
    rehearsal: Rehearsal | None = None
    problem: str = ""
    record: Record | None = None
    errors: dict[str, str] = field(default_factory=dict)


def desk_page(proposal: Proposal, user: User) -> DeskPage:
    """Gather the page. What cannot be read or published any more is told, never raised."""
    items = _items(proposal)
    readable = all(item.told for item in items)
    changes = standing(proposal) if readable else []
    open_ = proposal.state not in ENDED
    rehearsal, problem = _tried(proposal) if readable and open_ else (None, "")
    seen = {"revision": proposal.revision}
    severity = {name: proposal.severity.get(name) for name in SEVERITY_FACTORS}
    return DeskPage(
        proposal=proposal, own=is_own(proposal, user), editor=has_role(user, "editor"), items=items,
        filing=read_filing(proposal.filing) if proposal.filing else None,
        moves=[MoveShown(move, FORMS.get(move.code, MoveForm)(initial=seen)) for move in moves_for(proposal, Actor(user=user))],
        gates=open_gates(proposal) if readable and open_ else [], given=approvals_given(proposal),
        needed=approvals_needed(proposal, changes), stale=differences(changes, proposal.base_edition) if open_ else [],
        similar=similar_issues(proposal.title) if proposal.kind == "issue" else [],
        severity=SeverityForm(initial=seen | severity), note=NoteForm(), restricted=RestrictedForm(),
        rehearsal=rehearsal, problem=problem, record=Record.objects.filter(id=proposal.record_id or 0).first(),
    )  # fmt: skip


def _items(proposal: Proposal) -> list[Item]:
    """Every change in words; one that names a record which is gone says so instead."""
    rows = list(proposal.changes.all())
    read = {row.position: _read(row) for row in rows}
    words = dict(zip((at for at, one in read.items() if not isinstance(one, str)), told(_readable(read)), strict=True))
    return [
        Item(row, words.get(row.position), JudgeForm(initial={"revision": proposal.revision}), str(read[row.position]))
        if isinstance(read[row.position], str)
        else Item(row, words[row.position], JudgeForm(initial={"revision": proposal.revision}))
        for row in rows
    ]


def _read(row: ProposedChange) -> do.Change | str:
    try:
        return read_change(row.body)
    except UserError as gone:
        return str(gone)


def _readable(read: dict[int, do.Change | str]) -> list[do.Change]:
    return [one for one in read.values() if not isinstance(one, str)]


def _tried(proposal: Proposal) -> tuple[Rehearsal | None, str]:
    try:
        return try_out(standing(proposal)), ""
    except UserError as refusal:
        return None, str(refusal)
