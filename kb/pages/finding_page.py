"""What somebody reads who speaks for a party: the finding as it would be published, and how its reply stands.

Never who submitted it, what they told the desk, or what other parties answered: none of that is gathered here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kb.core.errors import UserError
from kb.records import changes as do
from kb.records.models import Record
from kb.records.queries import records_by_id
from kb.review.answered import digest_now
from kb.review.changes import standing
from kb.review.models import Invitation, Proposal, ReplyRequest
from kb.review.states import ENDED
from kb.review.titles import proposed_title
from kb.review.told import Told, told

_AMENDING = "Changes to what is on record"


@dataclass(frozen=True, slots=True)
class FindingPage:
    """One finding for one party. `ended` says that the review ended without publication: then nothing of it is shown.

    `read` is the digest of what is proposed, by which an answer to something else is known.
    """

    party: Record
    title: str
    told: Sequence[Told]
    record: Record | None
    request: ReplyRequest | None
    until: datetime | None
    ended: bool = False
    read: str = ""

    @property
    def may_reply(self) -> bool:
        """Whether a reply is awaited."""
        waits = self.request is not None and self.request.state == "requested"
        return waits and not self.ended and not (self.record and self.record.withdrawn)


def finding_page(
    party_id: int, proposal: Proposal | None, record_id: int | None, request: ReplyRequest | None, until: datetime | None = None
) -> FindingPage:  # fmt: skip
    """Gather the page of a proposal, or of a record on file."""
    ended = proposal is not None and proposal.state in ENDED - {"published"}
    about = proposal.record_id if proposal else record_id
    found = records_by_id({party_id, *([about] if about else [])})
    record = found.get(about) if about else None
    unpublished = proposal if proposal and record is None and not ended else None
    changes = _changes(unpublished)
    title = record.name if record else _title(unpublished, changes)
    return FindingPage(found[party_id], title, told(changes), record, request, until, ended, digest_now(unpublished))


def _title(proposal: Proposal | None, changes: list[do.Change]) -> str:
    """The title as it would be published: editors may have worded it anew."""
    if proposal is None:
        return "A review that has ended"
    return proposed_title(proposal.title if proposal.kind == "issue" else _AMENDING, changes)


def _changes(proposal: Proposal | None) -> list[do.Change]:
    """What is proposed; nothing where it names what is no longer on file, which editors see to."""
    try:
        return standing(proposal) if proposal else []
    except UserError:
        return []


def page_of_invitation(invitation: Invitation, request: ReplyRequest | None) -> FindingPage:
    """Return what a link leads to."""
    return finding_page(invitation.party_id, invitation.proposal, invitation.record_id, request, invitation.expires)


def page_of_request(request: ReplyRequest) -> FindingPage:
    """Return what somebody reads who is signed in and speaks for the party."""
    return finding_page(request.party_id, request.proposal, request.record_id, request)
