"""A world with one of everything that an address can name, public and hidden, and the people who ask for it."""

from dataclasses import dataclass

from django.conf import settings
from django.test import Client

from kb.accounts.models import Representation
from kb.feeds.models import Entry, Feed, FeedEvent
from kb.jobs.models import DEAD, Job
from kb.jobs.queue import enqueue
from kb.records.models import Statement
from kb.review.basket import collect
from kb.review.dispute import raise_dispute
from kb.review.invite import make_invitation
from tests import build
from tests.access.table import ROLES
from tests.accounts.people import make_person, sign_in
from tests.review.desk import make_world, person, reviewed


@dataclass(frozen=True, slots=True)
class Sample:
    """What fills the paths of the table, and a browser for each role."""

    names: dict[str, str]
    clients: dict[str, Client]

    def path(self, pattern: str) -> str:
        """Fill a path of the table."""
        return pattern.format(**self.names)


def _representation(party: int) -> int:
    """Let somebody speak for a party."""
    verified = Representation.objects.create(
        user=make_person(), party_record_id=party, verified_by=make_person(role="admin"), how_verified="By telephone."
    )
    return int(verified.pk)


def _feed() -> FeedEvent:
    """Have a feed that moved."""
    feed = Feed.objects.create(url="https://new.example.org/", title="News", active=True)
    return FeedEvent.objects.create(feed=feed, kind="moved", before="https://old.example.org/", after=feed.url)


def _entry(feed: Feed) -> int:
    """Have an entry in the inbox."""
    entry = Entry.objects.create(
        feed=feed, uid_key="1", title="News of Painter", url="https://new.example.org/1", digest="1", text_digest="1"
    )
    return int(entry.pk)


def make_sample() -> Sample:
    """Publish a small world and hide a proposal beside it."""
    world = make_world()
    issue = build.issue("Painter shows bias")
    law = build.law("An act")
    proposal = reviewed(world, person("editor"))
    job = enqueue("mail", key="sample", payload={})
    Job.objects.filter(id=job).update(state=DEAD)
    link, token = make_invitation(world.maker.pk, "press@example.org", "Its imprint.", person("editor"), proposal=proposal)
    case, _ = raise_dispute(world.model, "It was trained on other data.")
    move = _feed()
    names = {
        "link": str(link.pk), "token": token, "dispute": case.key, "reply": str(proposal.reply_requests.get().pk),
        "model": world.model.slug, "data": world.data.slug, "app": world.app.slug, "issue": issue.slug, "law": law.slug,
        "party": world.maker.slug, "report": world.study.slug, "model_id": world.model.public_id, "proposal": proposal.key,
        "feed": str(move.feed_id), "move": str(move.pk), "entry": str(_entry(move.feed)),
        "representation": str(_representation(world.maker.pk)),
        "statement": str(Statement.objects.get(predicate="trained_on").pk), "job": str(job), "site": settings.SITE_ADDRESS,
    }  # fmt: skip
    people = {role: make_person(role=role) for role in ROLES if role != "anonymous"}
    for who in people.values():
        collect(who, [{"change": "add_alias", "record": world.model.slug, "text": f"Painter of {who.pk}"}])
    return Sample(names, {"anonymous": Client()} | {role: sign_in(Client(), who) for role, who in people.items()})
