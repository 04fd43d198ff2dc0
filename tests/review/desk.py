"""A small world and its people for tests of review: an artifact with a maker, a product on it, a filing about it."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from kb.accounts.models import User
from kb.records.models import Record
from kb.review.asking import ask, waive
from kb.review.decide import Details, move
from kb.review.edit import amend_change
from kb.review.models import Invitation, Proposal, ReplyRequest
from kb.review.policy import Actor, submitter
from kb.review.submit import Sender, send_filing, start_filing
from tests import build
from tests.accounts.people import make_person

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class World:
    """What the tests are about."""

    data: Record
    model: Record
    app: Record
    maker: Record
    study: Record


def make_world() -> World:
    """Publish a dataset, a model trained on it, a product that runs on the model, and a study."""
    data, model, app = build.dataset("Clean Index"), build.model("Painter 1.5"), build.product("Sketch App")
    maker = build.responsible(model)
    build.state(model, "trained_on", data, status="confirmed")
    build.state(app, "uses_model", model, status="confirmed")
    return World(data, model, app, maker, build.report("A study of Painter", url="https://example.org/study"))


def person(role: str) -> User:
    """Make somebody with a role."""
    return make_person(role=role)


def filing(world: World, **more: Any) -> dict[str, Any]:
    """Write a complete filing about the model."""
    return {
        "title": f"Painter repeats faces {next(_numbers)}",
        "summary": "The model repeats photographs of people that it was trained on.",
        "how_known": "We asked it for them a thousand times and compared.",
        "code": "M01",
        "frames": ["privacy"],
        "harm_status": "event",
        "found_by": "external",
        "artifacts": [{"record": world.model.public_id, "impact": "affected"}],
        "sources": [{"record": world.study.public_id, "kind": "paper", "gist": "It measures how often faces are repeated."}],
        "told": "yes",
    } | more


def filed(world: World, sender: Sender | None = None, **more: Any) -> Proposal:
    """Submit a filing, by default without an account."""
    proposal = start_filing(filing(world, **more), sender or Sender(email="finder@example.org"))
    return send_filing(proposal, submitter(sender.user if sender else None))


def act(proposal: Proposal, code: str, by: User, reason: str = "", **details: Any) -> Proposal:
    """Make a move as somebody of the desk who has seen the proposal as it is."""
    proposal.refresh_from_db()
    seen = Details(revision=proposal.revision, **details)
    return move(proposal, code, Actor(user=by), reason=reason, details=seen)


def reviewed(world: World, editor: User, sender: Sender | None = None, **more: Any) -> Proposal:
    """Bring a filing under review, with the maker's reply waived."""
    proposal = filed(world, sender, **more)
    act(proposal, "take", editor)
    proposal = act(proposal, "start_review", editor)
    waive(proposal, world.maker.id, "The maker published the finding itself.", editor)
    proposal.refresh_from_db()
    return proposal


def asked(world: World, editor: User) -> tuple[Proposal, ReplyRequest]:
    """Bring a filing under review, with the maker asked for its reply."""
    proposal = filed(world)
    act(proposal, "take", editor)
    proposal = act(proposal, "start_review", editor)
    return proposal, ask(world.maker.id, "press@example.org", "Its imprint names this address.", editor, proposal=proposal)


def invitation(request: ReplyRequest) -> Invitation:
    """Return the link by which a party was asked."""
    assert request.invitation is not None
    return request.invitation


def reworded(proposal: Proposal, by: User) -> Proposal:
    """Let the desk word the title of a new issue anew."""
    proposal.refresh_from_db()
    item = next(one for one in proposal.changes.all() if one.body["change"] == "create_record")
    body = item.body | {"name": f"{item.body['name']}, and its maker knew"}
    return amend_change(proposal, item.position, body, by, revision=proposal.revision)
