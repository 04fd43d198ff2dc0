"""Replies of parties on the page of a proposal: who was asked and answered, who is still to be asked, which links are out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.forms import Form

from kb.accounts.models import User
from kb.accounts.roles import EDITOR, has_role
from kb.pages.forms.replies import AskForm, HoldsForm, ModerateForm, ReasonForm, RecipientForm, ShareForm, WaiveForm
from kb.records import changes as do
from kb.records.models import Record
from kb.records.queries import records_by_id
from kb.review.answered import digest_now, is_outdated
from kb.review.asked import parties_to_ask
from kb.review.interest import bar, bar_of_request, speaks_in
from kb.review.models import Invitation, Proposal, ReplyRequest
from kb.review.states import ENDED
from kb.review.taken_up import may_take_back, may_take_up
from kb.review.unreached import why_unreached


@dataclass(frozen=True, slots=True)
class LinkShown:
    """One link that is or was out, with the times at which it was opened."""

    invitation: Invitation
    party: Record
    openings: list[object]


@dataclass(frozen=True, slots=True)
class RequestShown:
    """One party that was asked, or waived."""

    request: ReplyRequest
    party: Record
    link: LinkShown | None

    @property
    def unreached(self) -> str:
        """Why the party cannot answer, where an answer is awaited; else nothing."""
        return why_unreached(self.request) if self.request.state == "requested" else ""


@dataclass(frozen=True, slots=True)
class PartyToAsk:
    """One party that the right of reply belongs to and nobody asked yet."""

    party: Record
    ask: AskForm
    waive: WaiveForm


@dataclass(frozen=True, slots=True)
class DeskReplies:
    """What the desk sees of replies; `may_act` says whether this editor may ask, waive, share and moderate.

    `editor` is whether they see recipients and replies: not who speaks for a party in it.
    """

    requests: Sequence[RequestShown]
    to_ask: Sequence[PartyToAsk]
    links: Sequence[LinkShown]
    ask: AskForm
    share: ShareForm
    may_act: bool
    editor: bool


def desk_replies(proposal: Proposal, user: User, changes: Sequence[do.Change]) -> DeskReplies:
    """Gather what belongs to one proposal."""
    requests = requests_shown(ReplyRequest.objects.filter(proposal=proposal).select_related("invitation"))
    shared = links_shown(Invitation.objects.filter(proposal=proposal, reply_request=None))
    missing = sorted(parties_to_ask(list(changes)) - {one.request.party_id for one in requests})
    names = records_by_id(missing)
    editor = has_role(user, EDITOR) and not speaks_in([proposal], user)
    return DeskReplies(
        requests=requests, to_ask=[_to_ask(names[party]) for party in missing if party in names], links=shared,
        ask=AskForm(auto_id="ask_%s"), share=ShareForm(auto_id="share_%s"),
        may_act=editor and not bar(proposal, user) and proposal.state not in ENDED, editor=editor,
    )  # fmt: skip


def _to_ask(party: Record) -> PartyToAsk:
    start = {"party": party.slug}
    return PartyToAsk(
        party, AskForm(initial=start, auto_id=f"ask{party.id}_%s"), WaiveForm(initial=start, auto_id=f"waive{party.id}_%s")
    )


def requests_shown(rows: Iterable[ReplyRequest]) -> list[RequestShown]:
    """Tell requests with their parties and links, in the order in which they were made."""
    rows = sorted(rows, key=lambda row: row.pk)
    names = records_by_id({row.party_id for row in rows})
    links = {one.invitation.pk: one for one in links_shown(Invitation.objects.filter(reply_request__in=rows))}
    return [RequestShown(row, names[row.party_id], links.get(row.invitation_id or 0)) for row in rows]


def reply_forms(row: ReplyRequest, user: User) -> dict[str, Form]:
    """The forms of the page of one request, by what each is for: only those with which this editor can do something now."""
    if bar_of_request(row, user):
        return {}
    found: dict[str, Form] = {}
    if row.state == "received" and not row.moderated:
        found["form"] = ModerateForm(initial={"shown": row.text})
    if row.state == "requested" or may_take_up(row):
        found["again"] = RecipientForm(auto_id="again_%s")
    if row.proposal and may_take_up(row) and is_outdated(row, digest_now(row.proposal)):
        found["holds"] = HoldsForm(initial={"revision": row.proposal.revision}, auto_id="holds_%s")
    if may_take_back(row):
        found["back"] = ReasonForm(auto_id="back_%s")
    return found


def links_shown(rows: Iterable[Invitation]) -> list[LinkShown]:
    """Tell links with when they were opened."""
    found = sorted(rows, key=lambda row: row.pk)
    names = records_by_id({row.party_id for row in found})
    return [LinkShown(row, names[row.party_id], list(row.openings.values_list("at", flat=True))) for row in found]
