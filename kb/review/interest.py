"""Who may not judge something though their role would let them: whoever sent it, and whoever speaks for a party in it.

Nobody reviews a proposal of their own, decides a dispute of their own, or judges what is said of those they represent
(SAFETY 9). What the roles allow is said in `policy.py`.
"""

from collections.abc import Iterable

from kb.accounts.models import User
from kb.accounts.representation import parties_of
from kb.core.errors import UserError
from kb.records import changes as do
from kb.records.models import Statement
from kb.review.accused import accused_by, answering_for, grouped, issues_among, speakers
from kb.review.asked import parties_to_ask
from kb.review.models import DisputeCase, Proposal, ReplyRequest
from kb.review.touched import records_altered, records_resting_on, records_touched
from kb.review.wire import read_change

OWN = "Nobody reviews a proposal of their own. Another editor can do this."
OWN_DISPUTE = "Nobody decides a dispute of their own. Another editor can do this."
REPRESENTED = "You speak for a party that is concerned. An editor who does not can do this."


def is_own(proposal: Proposal, user: User | None) -> bool:
    """Whether a proposal is this person's own: by account, by the address that a filing with a receipt gave, or by what they did.

    Who begins a filing without an account may sign in before it is sent, mended or answered for; the log has it then.
    """
    if user is None:
        return False
    return _is_theirs(proposal.submitter_id, proposal.email, user) or _acted_as_submitter(proposal, user)


def _acted_as_submitter(proposal: Proposal, user: User) -> bool:
    return (
        proposal.decisions.filter(by_submitter=True, actor=user).exists()
        or proposal.messages.filter(from_submitter=True, author=user).exists()
    )


def bar(proposal: Proposal, user: User | None) -> str:
    """Return why this person may not judge a proposal, in a sentence; nothing where they may."""
    if user is None:
        return ""
    if is_own(proposal, user):
        return OWN
    return REPRESENTED if speaks_in([proposal], user) else ""


def speaks_in(proposals: Iterable[Proposal], user: User) -> frozenset[int]:
    """Return the ids of those proposals that concern a party which a person speaks for.

    They are told no more of them at the desk than the party is: not what submitters and other parties have said in confidence.
    """
    represented = _represented(user)
    return frozenset(one.pk for one in set(proposals) if _concerns(one, represented)) if represented else frozenset()


def bar_of_dispute(case: DisputeCase, user: User) -> str:
    """Return why this person may not decide a dispute, in a sentence; nothing where they may."""
    if _is_theirs(case.submitter_id, case.email, user):
        return OWN_DISPUTE
    if not (represented := _represented(user)):
        return ""
    ends = Statement._base_manager.filter(id=case.statement_id or 0).values_list("subject", "object").first() or ()
    about = {one for one in (case.record_id, case.party_id, *ends) if one is not None} | records_resting_on([case.record_id])
    return "" if represented.isdisjoint(_answering(about)) else REPRESENTED


def bar_of_request(request: ReplyRequest, user: User) -> str:
    """Return why this person may not see to a request for a reply, in a sentence; nothing where they may."""
    if request.proposal and (sentence := bar(request.proposal, user)):
        return sentence
    return bar_of_asking([request.party_id, request.record_id], user)


def bar_of_asking(about: Iterable[int | None], user: User) -> str:
    """Return why this person may not ask a party about a record, given both, in a sentence; nothing where they may."""
    represented = _represented(user)
    asked = [one for one in about if one is not None]
    return REPRESENTED if represented and not represented.isdisjoint(_answering(asked)) else ""


def represented_by(user: User) -> set[int]:
    """Return the ids of the parties that a person speaks for, with all that are merged with them."""
    return grouped(parties_of(user))


def _is_theirs(submitter: int | None, email: str, user: User) -> bool:
    """Whether something was sent by this person: by account, or without one under the address of theirs."""
    return submitter == user.pk or (submitter is None and email != "" and email.casefold() == user.email.casefold())


def _represented(user: User) -> set[int]:
    return speakers(parties_of(user))


def _concerns(proposal: Proposal, represented: set[int]) -> bool:
    changes = list(_readable(proposal))
    asked = set(proposal.reply_requests.values_list("party_id", flat=True)) | parties_to_ask(changes)
    about = records_touched(changes) | records_resting_on(records_altered(changes))
    return not represented.isdisjoint(speakers(asked) | _answering(about))


def _readable(proposal: Proposal) -> Iterable[do.Change]:
    """Every change that can still be read, declined ones too: a bar does not fall by declining what raised it."""
    for item in proposal.changes.all():
        try:
            yield read_change(item.body)
        except UserError:
            continue


def _answering(records: Iterable[int]) -> set[int]:
    """The parties among records, those that answer for any of them, and those that an issue among them accuses."""
    group = grouped(records)
    return group | answering_for(group) | accused_by(issues_among(group))
