"""Which parties a proposal accuses of anything, so that each is asked for its reply before publication.

Whom an issue on file accuses already is said in `accused.py`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q

from kb.records import changes as do
from kb.records.models import Evidence, Reply, Statement
from kb.records.predicates import RESPONSIBLE_ROLES
from kb.review.accused import (
    ACCUSED_ROLES,
    PRESENT,
    RELIEVING,
    accused_by,
    answering_for,
    grouped,
    holds_an_issue,
    issues_among,
    speakers,
)
from kb.review.touched import records_resting_on

# A party that answered, or let its day pass, has had the word; one that was never asked or still has time has not.
_HAD_THE_WORD = ("received", "declined", "no_response")
# Who found or reviewed an issue says nothing of whom it accuses.
_OF_THE_FINDER = frozenset({"credit", "found_by", "reviewers"})
_OTHER_WORD = (do.AddEvidence, do.AmendEvidence)
_RELIEVING = Q(predicate="impact", qualifier__in=RELIEVING)
_WORDED_ANEW = (do.RestoreRecord, do.RenameRecord, do.AddAlias, do.AddIdentifier, do.AmendDetail)


@dataclass(frozen=True, slots=True)
class _Claim:
    """What would be stated where it is not stated now: newly, again, or of another record."""

    subject: do.Ref
    predicate: str
    qualifier: str
    object: do.Ref | None


def parties_to_ask(changes: list[do.Change]) -> set[int]:
    """Return the parties that changes accuse, of anything or of more than they have had the word on."""
    claims = list(_claims(changes))
    found = _answering(_affected(claims), claims) | _named(changes, claims) | _accused_anew(changes, claims)
    for joined, accused in _joined(changes):
        found |= _answering({joined}, claims) - accused
    return found | _made_to_answer(changes, claims) | _no_longer_relieved(changes) | _accused_jointly(changes)


def newcomers_to_ask(changes: list[do.Change]) -> list[str]:
    """Return the names of parties that changes put on record and accuse at once: nobody is asked who is not there yet."""
    claims = list(_claims(changes))
    artifacts = _affected(claims) | {joined for joined, _ in _joined(changes)}
    artifacts |= grouped(_on_file(artifacts))
    roles = [one for one in claims if one.predicate in RESPONSIBLE_ROLES]
    stated = {one.object for one in roles if one.subject in artifacts or _holds_an_issue(one.subject)}
    stated |= _named_by_issues(changes, claims)
    return [change.name for change in changes if isinstance(change, do.CreateRecord) and change.ref in stated]


def is_issue(ref: do.Ref) -> bool:
    """Whether a reference is to an issue on file."""
    return isinstance(ref, int) and bool(issues_among([ref]))


def _claims(changes: list[do.Change]) -> Iterator[_Claim]:
    yield from (
        _Claim(change.subject, change.predicate, change.qualifier, change.object)
        for change in changes
        if isinstance(change, do.AddStatement)
    )
    numbers = {change.statement for change in changes if isinstance(change, do.RestoreStatement | do.MoveStatement)}
    rows = {row.id: row for row in Statement._base_manager.filter(id__in=numbers)}
    for change in changes:
        row = rows.get(change.statement) if isinstance(change, do.RestoreStatement | do.MoveStatement) else None
        if row is not None:
            moved = {change.record: change.to} if isinstance(change, do.MoveStatement) else {}
            ends = [moved.get(end, end) if end is not None else None for end in (row.subject_id, row.object_id)]
            yield _Claim(ends[0] or row.subject_id, row.predicate, row.qualifier, ends[1])


def _affected(claims: list[_Claim]) -> set[do.Ref]:
    """What an issue would be present in."""
    return {one.object for one in claims if one.predicate == "impact" and one.qualifier in PRESENT and one.object is not None}


def _answering(artifacts: set[do.Ref], claims: list[_Claim]) -> set[int]:
    """The parties that answer for artifacts, by a role on file or one that is stated with them."""
    on_file = grouped(_on_file(artifacts))
    stated = {one.object for one in claims if one.predicate in RESPONSIBLE_ROLES and one.subject in artifacts | on_file}
    return answering_for(on_file) | speakers(_on_file(stated))


def _named(changes: list[do.Change], claims: list[_Claim]) -> set[int]:
    """The parties that an issue would name as those whose doing it is."""
    return speakers(_on_file(_named_by_issues(changes, claims)))


def _named_by_issues(changes: list[do.Change], claims: list[_Claim]) -> set[do.Ref | None]:
    roles = [one for one in claims if one.predicate in ACCUSED_ROLES]
    created = {change.ref for change in changes if isinstance(change, do.CreateRecord) and change.kind == "issue"}
    issues = created | issues_among(_on_file({one.subject for one in roles}))
    return {one.object for one in roles if one.subject in issues}


def _made_to_answer(changes: list[do.Change], claims: list[_Claim]) -> set[int]:
    """The parties that changes let answer for what holds an issue already, and that did not answer for it before."""
    roles = [(one.subject, one.object) for one in claims if one.predicate in RESPONSIBLE_ROLES]
    held = [(artifact, party) for artifact, party in (*roles, *_roles_upheld(changes)) if _holds_an_issue(artifact)]
    return set().union(*(speakers(_on_file([party])) - answering_for(_on_file([artifact])) for artifact, party in held))


def _roles_upheld(changes: list[do.Change]) -> Iterator[tuple[do.Ref, do.Ref | None]]:
    """The ends of roles that are stated, and that changes give evidence or another standing."""
    numbers = {one.statement for one in changes if isinstance(one, do.AmendStatement | do.AddEvidence)}
    yield from Statement.objects.filter(id__in=numbers, predicate__in=RESPONSIBLE_ROLES).values_list("subject", "object")


def _holds_an_issue(ref: do.Ref) -> bool:
    return isinstance(ref, int) and holds_an_issue(ref)


def _no_longer_relieved(changes: list[do.Change]) -> set[int]:
    """The parties of which less is said that speaks for them: that an issue is not there or was fixed, or what came of it."""
    taken = (do.RetractStatement, do.MoveStatement, do.AmendStatement)
    numbers = {one.statement for one in changes if isinstance(one, taken)}
    numbers |= {one.statement for one in changes if isinstance(one, do.AddEvidence) and one.evidence.stance == "disputes"}
    said = Statement.objects.filter(id__in=numbers | _unfounded(changes), retracted=False)
    relieved = said.filter(_RELIEVING).values_list("object", flat=True)
    outcomes = said.filter(predicate="outcome").values_list("subject", flat=True)
    return answering_for(one for one in relieved if one is not None) | accused_by({*outcomes, *_uncontradicted(changes)})


def issue_less_relieved(changes: list[do.Change]) -> int | None:
    """Return an issue of which a report that is withdrawn is the last to say something that speaks for a party."""
    said = Statement.objects.filter(_RELIEVING | Q(predicate="outcome"), id__in=_unfounded(changes), retracted=False)
    return min({*said.values_list("subject", flat=True), *_uncontradicted(changes)}, default=None)


def _unfounded(changes: list[do.Change]) -> set[int]:
    """The statements that rest on nothing else than reports that are withdrawn."""
    gone = _withdrawn(changes)
    resting = Evidence.objects.filter(stance="supports", report__withdrawn=None)
    numbers = set(resting.filter(report__in=gone).values_list("statement", flat=True))
    return numbers - set(resting.filter(statement__in=numbers).exclude(report__in=gone).values_list("statement", flat=True))


def _uncontradicted(changes: list[do.Change]) -> set[int]:
    """The issues of which reports that are withdrawn contradict what does not speak for a party."""
    said = Statement.objects.filter(evidence__report__in=_withdrawn(changes), evidence__stance="disputes", retracted=False)
    return issues_among(said.exclude(_RELIEVING | Q(predicate="outcome")).values_list("subject", flat=True))


def _withdrawn(changes: list[do.Change]) -> set[int]:
    return _on_file(change.record for change in changes if isinstance(change, do.WithdrawRecord))


def _accused_anew(changes: list[do.Change], claims: list[_Claim]) -> set[int]:
    """The parties accused by an issue on file of which changes say something more, or anew.

    Who has had the word on that very issue is not asked again where only its name changes, or another source tells the same, be
    it one that was withdrawn;
    on what else is said of it everybody is asked again.
    """
    judged = {change.record for change in changes if isinstance(change, do.AmendDetail) and set(change.fields) - _OF_THE_FINDER}
    added = {one.subject for one in claims if one.predicate != "impact"}
    said = issues_among(_on_file(judged | added) | _subjects(changes, (do.AmendStatement,)))
    restored = _on_file(change.record for change in changes if isinstance(change, do.RestoreRecord))
    worded = issues_among(_on_file(_worded(changes)) | _subjects(changes, _OTHER_WORD) | records_resting_on(restored))
    return accused_by(said).union(*(accused_by([issue]) - _had_the_word(issue) for issue in worded - said))


def _worded(changes: list[do.Change]) -> set[do.Ref]:
    """What changes call otherwise, or let stand again under its name."""
    named = {change.record for change in changes if isinstance(change, _WORDED_ANEW)}
    return named | {change.to for change in changes if isinstance(change, do.MoveAlias)}


def _had_the_word(issue: int) -> set[int]:
    replies = Reply.objects.filter(record__in=grouped([issue]), state__in=_HAD_THE_WORD)
    return speakers(replies.values_list("party", flat=True))


def _joined(changes: list[do.Change]) -> Iterator[tuple[do.Ref, set[int]]]:
    """What merges would show an issue on that is present in the other record now, and who is accused there already."""
    merges = [change for change in changes if isinstance(change, do.MergeRecord)]
    for here, there in [pair for one in merges for pair in ((one.record, one.into), (one.into, one.record))]:
        if isinstance(there, int) and holds_an_issue(there):
            yield here, answering_for([there])


def _accused_jointly(changes: list[do.Change]) -> set[int]:
    """The parties that only one of two issues accuses which a merge would let speak as one."""
    found: set[int] = set()
    for change in changes:
        if isinstance(change, do.MergeRecord) and is_issue(change.record):
            found |= accused_by(_on_file([change.record])) ^ accused_by(_on_file([change.into]))
    return found


def _on_file(refs: Iterable[do.Ref | None]) -> set[int]:
    return {ref for ref in refs if isinstance(ref, int)}


def _subjects(changes: list[do.Change], kinds: tuple[type[do.Change], ...]) -> set[int]:
    """What the statements are about that changes of some kinds alter."""
    altering = [change for change in changes if isinstance(change, kinds)]
    evidence = {change.evidence for change in altering if isinstance(change, do.AmendEvidence)}
    numbers = {change.statement for change in altering if isinstance(change, do.AmendStatement | do.AddEvidence)}
    altered = Statement._base_manager.filter(Q(id__in=numbers) | Q(evidence__in=evidence))
    return set(altered.values_list("subject", flat=True))
