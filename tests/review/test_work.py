"""What the clock does: embargoes end on their day and not before, and what was approved by then is published."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command

from kb.core.clock import now, today
from kb.jobs.models import Job
from kb.records.models import Record
from kb.review.models import Proposal
from kb.review.submit import Sender, start_filing
from kb.review.timing import END_EMBARGO
from tests.review.desk import act, filed, filing, make_world, person, reviewed

pytestmark = pytest.mark.django_db


def embargoed(*, approved: int) -> Proposal:
    editors = [person("editor"), person("editor")]
    proposal = reviewed(make_world(), editors[0])
    for editor in editors[:approved]:
        act(proposal, "approve", editor)
    return act(
        proposal, "embargo", editors[0], reason="The maker mends it.", coordinator="CERT", until=today() + timedelta(days=9)
    )


def let_the_day_come(proposal: Proposal) -> None:
    Proposal.objects.filter(id=proposal.id).update(embargo_until=today())
    Job.objects.filter(kind=END_EMBARGO).update(run_after=now() - timedelta(seconds=1))
    call_command("run_jobs", "--once")
    proposal.refresh_from_db()


def test_an_embargo_is_not_lifted_before_its_day() -> None:
    proposal = embargoed(approved=2)
    call_command("run_jobs", "--once")
    proposal.refresh_from_db()
    assert (proposal.state, Record.objects.filter(kind="issue").exists()) == ("embargoed", False)


def test_what_two_editors_approved_is_published_on_the_day() -> None:
    proposal = embargoed(approved=2)
    let_the_day_come(proposal)
    assert (proposal.state, Record.objects.get(kind="issue").id) == ("published", proposal.record_id)


def test_what_is_not_ripe_goes_on_in_review_on_the_day() -> None:
    proposal = embargoed(approved=1)
    let_the_day_come(proposal)
    assert (proposal.state, Record.objects.filter(kind="issue").exists()) == ("under_review", False)


def test_an_embargo_ends_all_the_same_where_publication_fails() -> None:
    proposal = embargoed(approved=2)
    item = proposal.changes.get(position=1)
    item.body = item.body | {"slug": "painter-1-5"}
    item.save()
    let_the_day_come(proposal)
    assert (proposal.state, proposal.edition) == ("under_review", None)


def test_a_lifted_embargo_leaves_nothing_to_the_clock() -> None:
    proposal = embargoed(approved=2)
    act(proposal, "lift", person("editor"), reason="The maker is done.")
    assert not Job.objects.filter(kind=END_EMBARGO).exists()


def test_a_draft_that_nobody_touches_is_forgotten_and_what_was_sent_is_kept() -> None:
    world = make_world()
    draft, fresh, sent = start_filing(filing(world), Sender()), start_filing(filing(world), Sender()), filed(world)
    long_ago = now() - timedelta(days=settings.DRAFTS_KEPT_DAYS + 1)
    Proposal.objects.filter(id__in=(draft.id, sent.id)).update(changed=long_ago)
    call_command("run_jobs", "--once")
    assert set(Proposal.objects.values_list("id", flat=True)) == {fresh.id, sent.id}
