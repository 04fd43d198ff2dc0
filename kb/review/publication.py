"""A proposal becomes an edition: its standing changes, what editors decided beside them, and the replies of parties."""

from collections.abc import Mapping
from dataclasses import replace

from django.db.models import QuerySet
from django.utils.text import Truncator

from kb.core.errors import Conflict
from kb.records import changes as do
from kb.records.models import Reply, Statement
from kb.records.publish import publish
from kb.review.asked import issue_less_relieved
from kb.review.changes import standing
from kb.review.gates import approvals_given
from kb.review.models import Proposal, ReplyRequest

ACTOR = "review"


def publish_proposal(proposal: Proposal, reason: str) -> None:
    """Publish what stands of a proposal and remember the edition. Raises what `publish()` raises, Conflict for nothing.

    The number of a new record is drawn here and not before, so that numbers betray nothing of what was not published.
    """
    refs: dict[str, int] = {}
    changes = as_published(proposal)
    subject, replies = _subject(proposal, changes), _replies(proposal, changes)
    edition = publish([*changes, *new_replies(proposal, changes)], actor=ACTOR, reason=reason, refs=refs)
    if edition is None:
        raise Conflict("This changes nothing: all of it is on record already.")
    proposal.edition, proposal.approved_by = edition.number, approvals_given(proposal)
    proposal.record_id = refs.get(subject) if isinstance(subject, str) else subject
    proposal.changes.filter(state="open").update(state="accepted")
    _bind(replies, refs)


def new_replies(proposal: Proposal, changes: list[do.Change]) -> list[do.Change]:
    """Return the changes that put on record how parties answered, or that they did not, as far as that is settled.

    What stands on record to the letter, such as the same waiver, is not put there twice.
    """
    return [reply for _, reply in _replies(proposal, changes) if not _rows(reply, reply.record).exists()]


def _replies(proposal: Proposal, changes: list[do.Change]) -> list[tuple[ReplyRequest, do.RecordReply]]:
    """The requests that are settled, each with what becomes public of it; none about a record that is withdrawn with it."""
    subject = _subject(proposal, changes)
    if any(isinstance(change, do.WithdrawRecord) and change.record == subject for change in changes):
        subject = issue_less_relieved(changes)
    if subject is None:
        return []
    settled = [request for request in proposal.reply_requests.order_by("id") if request.settled]
    return [(request, reply_change(request, subject)) for request in settled]


def _rows(reply: do.RecordReply, record: do.Ref | None) -> QuerySet[Reply]:
    """The rows on record that say the very same."""
    same: dict[str, object] = {name: getattr(reply, name) for name in _SAYING}
    on_file = record if isinstance(record, int) else 0
    return Reply.objects.filter(record=on_file, party=reply.party, statement=None, **same)  # type: ignore[misc]


_SAYING = ("state", "asked", "due", "answered", "text", "cut", "reason")


def as_published(proposal: Proposal) -> list[do.Change]:
    """Return the standing changes, with what editors decided on a new issue: its severity, how many of them reviewed it, and
    whom its finder wants to see credited. Raises InvalidInput where a record is gone since."""
    decided = proposal.severity | {"reviewers": approvals_given(proposal)}
    if proposal.credit != "none":
        decided |= {"credit": proposal.credit_name.strip()}
    return [_decided(change, decided) for change in standing(proposal)]


def _decided(change: do.Change, decided: dict[str, object]) -> do.Change:
    if isinstance(change, do.CreateRecord) and change.kind == "issue":
        return replace(change, detail=dict(change.detail) | decided)
    return change


def _subject(proposal: Proposal, changes: list[do.Change]) -> do.Ref | None:
    """The record that replies answer: the new issue, or the first record that the changes are about."""
    for change in changes:
        if isinstance(change, do.CreateRecord) and change.kind == "issue":
            return change.ref
    about = [change.subject for change in changes if isinstance(change, do.AddStatement) and change.predicate == "impact"]
    about += [ref for change in changes if (ref := _about(change)) is not None]
    return about[0] if about else None


def _about(change: do.Change) -> do.Ref | None:
    """The record that one change is about."""
    if isinstance(change, do.AddStatement):
        return change.subject
    if isinstance(change, do.OnRecord):
        return change.record
    if isinstance(change, do.CreateRecord):
        return change.ref
    rows = Statement.objects.all()
    if isinstance(change, do.AmendEvidence):
        rows = rows.filter(evidence=change.evidence)
    else:
        rows = rows.filter(id=getattr(change, "statement", 0))
    return rows.values_list("subject", flat=True).first()


def reply_change(request: ReplyRequest, record: do.Ref) -> do.RecordReply:
    """Return the change that puts a reply, or the lack of one, on record."""
    shown = request.shown or request.text
    return do.RecordReply(
        record=record, party=request.party_id, state=request.state, asked=request.asked, due=request.due,
        answered=request.answered, text=shown, cut=shown != request.text, reason=request.reason,
    )  # fmt: skip


def _bind(replies: list[tuple[ReplyRequest, do.RecordReply]], refs: Mapping[str, int]) -> None:
    for request, reply in replies:
        record = refs[reply.record] if isinstance(reply.record, str) else reply.record
        request.record_id = record
        request.public_id = _rows(reply, record).latest("id").id
        request.save(update_fields=["record_id", "public_id"])


def short(text: str) -> str:
    """Return the beginning of a text, for reasons and subjects."""
    return str(Truncator(text).chars(200))
