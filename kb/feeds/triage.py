"""What an editor makes of an entry: a report, evidence, the beginning of an issue, or nothing. All of it as proposals.

    entry + the records an editor kept -> typed changes -> proposal; the decision is noted, and moves the priors of names

A mention says that a record is named. Nothing here says more of it, and nothing is public before the proposal is published.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from kb.accounts.models import User
from kb.core.clock import now
from kb.core.errors import Conflict, InvalidInput, NotFound
from kb.core.safety import Refused
from kb.feeds.coverage import coverage, filing_of, of_one_article, report_of
from kb.feeds.match.normal import squash
from kb.feeds.models import Entry, EntryDecision, MutedStory, NamePrior
from kb.feeds.recognise import recent_stories
from kb.feeds.stories import StoryIndex
from kb.records.models import Statement
from kb.review.decide import move
from kb.review.models import Proposal
from kb.review.policy import MOVES, submitter
from kb.review.screen import count_refusal
from kb.review.submit import Sender, send_changes, start_filing
from kb.review.wire import Json

MUTED_FOR = timedelta(days=30)
_OPEN = frozenset({"inbox", "aside"})
_LONGEST_TITLE = 300
Propose = Callable[[Entry], Proposal | None]


def accept_as_report(number: int, user: User, records: Sequence[int]) -> Proposal:
    """Propose an entry as a report that covers the records kept. Raises InvalidInput, Conflict or Refused."""
    if not records:
        raise InvalidInput("Keep at least one record that the entry names.")

    def propose(entry: Entry) -> Proposal:
        changes = coverage(entry, records)
        return _sent(entry, user, changes, f"Report: {entry.title}", "An editor took it from a feed.")

    return _made(_decide(number, user, "report", records, propose))


def attach_as_evidence(number: int, user: User, statement: int, *, stance: str, kind: str, gist: str) -> Proposal:
    """Propose an entry as evidence for or against a statement. Raises InvalidInput, Conflict or Refused."""

    def propose(entry: Entry) -> Proposal:
        if Statement.objects.filter(pk=statement, retracted=True).exists():
            raise Conflict("This statement was retracted. Evidence is attached to statements that stand.")
        report, changes = report_of(entry)
        evidence = {"report": report, "stance": stance, "kind": kind, "gist": gist}
        body = {"change": "add_evidence", "statement": statement, "evidence": evidence}
        return _sent(entry, user, [*changes, body], f"Evidence: {entry.title}", "An editor took it from a feed.")

    return _made(_decide(number, user, "evidence", (), propose))


def begin_issue(number: int, user: User, records: Sequence[int]) -> Proposal:
    """Begin the filing of an issue with an entry as its source. Raises Conflict or Refused."""
    sender = Sender(user=user, origin="feed")
    return _made(_decide(number, user, "issue", records, lambda entry: start_filing(filing_of(entry, records), sender)))


def ignore(number: int, user: User) -> None:
    """Say that an entry is of no use. Raises Conflict where it was decided on meanwhile."""
    _decide(number, user, "ignored", (), lambda entry: None)


def mute(number: int, user: User) -> None:
    """Say that nothing of an entry's story is of use, for thirty days. Raises Conflict where it was decided on meanwhile.

    An entry that was set aside has no story before: it is given one here.
    """

    def silence(entry: Entry) -> None:
        entry.story = entry.story or StoryIndex(recent_stories()).place(entry.title, entry.url)
        until = now() + MUTED_FOR
        MutedStory.objects.update_or_create(story=entry.story, defaults={"title": entry.title, "by": user, "until": until})
        same = Entry.objects.filter(story=entry.story, state="inbox").exclude(id=entry.id)
        same.update(state="muted", decided=now())

    _decide(number, user, "muted", (), silence)


def undo(number: int, user: User) -> None:
    """Take the last decision on an entry back, with its proposal. Raises Conflict where that is published or judged."""
    with transaction.atomic():
        entry = _locked(number)
        last = entry.decisions.first()
        if last is None or entry.state in _OPEN:
            raise Conflict("Nothing was decided on this entry.")
        _take_back(last.proposal, user)
        if entry.state == "muted":
            MutedStory.objects.filter(story=entry.story).delete()
            same = Entry.objects.filter(story=entry.story, state="muted", decisions=None)
            same.update(state="inbox", decided=None)
        _move_priors(entry, -1)
        entry.mentions.update(kept=None)
        entry.state, entry.decided = last.before, None
        entry.save(update_fields=["state", "decided"])
        last.delete()


def _take_back(key: str, user: User) -> None:
    proposal = Proposal.objects.filter(key=key).first() if key else None
    if proposal is None or proposal.state == "withdrawn":
        return
    if proposal.submitter_id != user.pk or proposal.state not in MOVES["withdraw"].before:
        raise Conflict("Its proposal is another person's or has been decided on. It cannot be taken back here.")
    if proposal.state == "draft":
        proposal.delete()
        return
    move(proposal, "withdraw", submitter(user), reason="Taken back in the inbox.")


def _decide(
    number: int, user: User, state: str, kept: Collection[int], propose: Callable[[Entry], Proposal | None]
) -> Proposal | None:  # fmt: skip
    """Do one thing to an entry that nobody has decided on, and note it: all of it, or nothing."""
    try:
        with transaction.atomic():
            entry = _locked(number, with_its_article=True)
            if entry.state not in _OPEN:
                raise Conflict(f"Somebody has decided on this entry: {entry.get_state_display().lower()}.")
            proposal = propose(entry)
            _note(entry, user, state, kept, proposal.key if proposal else "")
    except Refused as refusal:  # its count was rolled back with the rest
        count_refusal(refusal.rule)
        raise
    return proposal


def _locked(number: int, *, with_its_article: bool = False) -> Entry:
    """Return an entry as it is now, and let others who decide on it wait until the transaction ends. Raises NotFound.

    With its article, others wait who decide on the same article that came by another feed: it is proposed once.
    """
    entry = Entry.objects.filter(id=number).first()
    numbers = of_one_article(entry) if entry and with_its_article else [number]
    # In one order, so that two never wait for one another.
    held = {row.pk: row for row in Entry.objects.select_for_update().filter(id__in=numbers).order_by("id")}
    if number not in held:
        raise NotFound("There is no such entry.")
    return held[number]


def _note(entry: Entry, user: User, state: str, kept: Collection[int], proposal: str) -> None:
    EntryDecision.objects.create(entry=entry, state=state, by=user, proposal=proposal, before=entry.state)
    entry.mentions.filter(record_id__in=kept).update(kept=True)
    if state != "evidence":
        entry.mentions.exclude(record_id__in=kept).update(kept=False)
    _move_priors(entry, 1)
    entry.state, entry.decided = state, now()
    entry.save(update_fields=["state", "decided", "story"])


def _move_priors(entry: Entry, by: int) -> None:
    """Count what became of each name of an entry, once however often it stands there."""
    for kept, column in ((True, "accepted"), (False, "ignored")):
        for name in _names(entry.mentions.filter(kept=kept).values_list("surface", flat=True)):
            row, _ = NamePrior.objects.get_or_create(name=name)
            changed = {column: F(column) + by}
            NamePrior.objects.filter(id=row.id, **({f"{column}__gt": 0} if by < 0 else {})).update(**changed)


def _names(surfaces: Iterable[str]) -> list[str]:
    return sorted({squash(surface) for surface in surfaces})


def _sent(entry: Entry, user: User, changes: Sequence[Json], title: str, reason: str) -> Proposal:
    return send_changes(changes, Sender(user=user, origin="feed"), title=title[:_LONGEST_TITLE], reason=reason, kind="edit")


def _made(proposal: Proposal | None) -> Proposal:
    if proposal is None:
        raise Conflict("Nothing was proposed.")
    return proposal
