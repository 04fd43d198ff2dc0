"""Changes that somebody of the desk collects before sending them as one proposal: a draft of their own, one at a time."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from django.db import transaction

from kb.accounts.models import User
from kb.accounts.roles import has_role
from kb.core.clock import now
from kb.core.errors import Conflict, InvalidInput, NotFound, UserError
from kb.ledger.write import current_edition
from kb.records import changes as do
from kb.review.changes import stored
from kb.review.editions import check_edition
from kb.review.hazards import concerns_hazard
from kb.review.keys import new_key
from kb.review.models import Proposal, ProposedChange
from kb.review.open_changes import MOST_CHANGES, check_open
from kb.review.screen import is_refused, screen
from kb.review.submit import Sender, send_changes
from kb.review.wire import NEW, Json, read_change


def basket_of(user: User) -> Proposal | None:
    """Return the changes that a person has collected, or None."""
    return Proposal.objects.filter(kind="edit", state="draft", submitter=user).order_by("id").first()


def collect(user: User, bodies: Sequence[Json], base_edition: int | None = None) -> Proposal:
    """Put changes to those collected. A record to be created gets a name of its own there. Raises Refused or InvalidInput.

    What is collected already, all of it together, is not put there twice.

    `base_edition` is the edition on which they were drawn up, by default the current one. The oldest of all that was
    collected is that of the collection.
    """
    screen(list(bodies), hazard=False)
    changes = [read_change(body) for body in bodies]
    check_open(changes, editor=has_role(user, "editor"))
    check_edition(base_edition)
    _screen_strictly(basket_of(user), bodies)
    bodies = stored(changes)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # one basket a person, and one place a change
        basket = basket_of(user) or Proposal.objects.create(
            key=new_key(), kind="edit", origin="desk", submitter=user, base_edition=current_edition()
        )
        if _is_in(basket, bodies):
            return basket
        last = basket.changes.order_by("-position").values_list("position", flat=True).first() or 0
        if last + len(changes) > MOST_CHANGES:
            raise Conflict(f"A proposal holds at most {MOST_CHANGES} changes.")
        for place, body in enumerate(_named(bodies, last + 1), start=last + 1):
            ProposedChange.objects.create(proposal=basket, position=place, body=body)
        base = basket.base_edition if base_edition is None else min(basket.base_edition, base_edition)
        Proposal.objects.filter(id=basket.id).update(changed=now(), base_edition=base)
    return basket


def _is_in(basket: Proposal, bodies: list[Json]) -> bool:
    """Whether the very same changes were collected together already: a form that is sent twice is taken once."""
    before: dict[int, Json] = dict(basket.changes.exclude(state="declined").values_list("position", "body"))
    return any([before.get(start + place) for place in range(len(bodies))] == _named(bodies, start) for start in before)


def _named(bodies: list[Json], number: int) -> list[Json]:
    """Give the records that these changes create names that no other change of the basket uses."""
    refs = {body["ref"]: f"{NEW}{number}-{place}" for place, body in enumerate(bodies, start=1) if "ref" in body}
    return [_renamed(body, refs) for body in bodies]


def _renamed(data: Json, refs: dict[str, str]) -> Json:
    if isinstance(data, dict):
        return {name: _renamed(value, refs) for name, value in data.items()}
    if isinstance(data, list):
        return [_renamed(value, refs) for value in data]
    return refs.get(data, data) if isinstance(data, str) else data


def take_out(user: User, position: int) -> None:
    """Take one change out again. Raises NotFound where there is none."""
    basket = basket_of(user)
    deleted = basket.changes.filter(position=position).delete()[0] if basket else 0
    if not deleted:
        raise NotFound(f"Nothing was collected under {position}.")


def send_basket(user: User, title: str, reason: str) -> Proposal:
    """Send what was collected as one proposal. Raises Refused, InvalidInput or Conflict, and keeps the collection then.

    Where it is about unlawful material by now, what the strict rules refuse is not kept.
    """
    basket = basket_of(user)
    bodies = _standing_bodies(basket)
    if basket is None or not bodies:
        raise InvalidInput("Nothing was collected yet.")
    screen([title, reason], hazard=False)
    _screen_strictly(basket, [], title, reason)
    with transaction.atomic():
        held = Proposal.objects.select_for_update().filter(id=basket.id, state="draft").first()
        if held is None or _standing_bodies(held) != bodies:
            raise Conflict("What was collected changed meanwhile, or was sent already. Look at it again.")
        sender = Sender(user=user, origin="desk")
        sent = send_changes(bodies, sender, title=title, reason=reason, kind="edit", base_edition=held.base_edition)
        held.delete()
    return sent


def _standing_bodies(basket: Proposal | None) -> list[Json]:
    """What was collected, without what a purge took out."""
    return [item.body for item in basket.changes.exclude(state="declined")] if basket else []


def _screen_strictly(basket: Proposal | None, bodies: Sequence[Json], *words: str) -> None:
    """Read strictly what is collected and comes to it, once any of it is about unlawful material.

    What was collected before was stored by the milder rules, and what the strict ones refuse is not kept any longer (SAFETY 6).
    """
    before = _standing_bodies(basket)
    if not concerns_hazard(_readable([*before, *bodies])):
        return
    if basket and (refused := [item.pk for item in basket.changes.all() if is_refused(item.body)]):
        basket.changes.filter(pk__in=refused).delete()
    screen([*before, *bodies, *words], hazard=True)


def _readable(bodies: Sequence[Json]) -> Iterator[do.Change]:
    """The changes that can be read: one that names what is gone is told of elsewhere."""
    for body in bodies:
        with suppress(UserError):
            yield read_change(body)
