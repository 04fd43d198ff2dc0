"""Findings about unlawful material that nobody has published yet stay under embargo first, whichever change makes them."""

import pytest

from kb.accounts.models import User
from kb.core.clock import today
from kb.records import changes as do
from kb.records.models import Record
from kb.review.decide import move
from kb.review.gates import open_gates
from kb.review.models import Proposal
from kb.review.policy import CLOCK
from kb.review.unreported import is_unreported
from tests import build
from tests.review.desk import World, act, reviewed, reworded
from tests.review.test_gates import HAZARD, SOURCE, UNREPORTED

pytestmark = pytest.mark.django_db

CREATED = do.CreateRecord(ref="new:i", kind="issue", name="Links in an index", detail={"code": "D01"})


@pytest.fixture
def own(db: None) -> Record:
    """A report that nobody has published."""
    return build.report("Our own work", type="submission")


def affects(world: World, report: Record, subject: do.Ref = "new:i") -> do.Change:
    return do.AddStatement(
        subject=subject, predicate="impact", qualifier="affected", object=world.data.id, evidence=(build.says(report),)
    )


def test_what_a_proposal_cites_for_something_else_does_not_tell_of_the_finding(world: World, own: Record) -> None:
    elsewhere = do.AddStatement(subject=world.model.id, predicate="licence", value="MIT", evidence=(build.says(world.study),))
    assert is_unreported([CREATED, affects(world, own), elsewhere], hazard=True)
    assert not is_unreported([CREATED, affects(world, world.study)], hazard=True)


def test_each_of_several_findings_is_asked_about_by_itself(world: World, own: Record) -> None:
    other = do.CreateRecord(ref="new:j", kind="issue", name="More links", detail={"code": "D01"})
    told, untold = affects(world, world.study), affects(world, own, "new:j")
    assert is_unreported([CREATED, told, other, untold], hazard=True)
    assert not is_unreported([CREATED, told, other, affects(world, world.study, "new:j")], hazard=True)


@pytest.mark.parametrize("turned", [False, True])
def test_a_finding_that_a_merge_makes_one_about_unlawful_material_stays_back(world: World, own: Record, turned: bool) -> None:
    hazard = build.issue("Links in an index", code="D01", frames=["child_safety"])
    mild = build.issue("Odd rows", code="D15", frames=["transparency"])
    build.state(mild, "impact", world.data, qualifier="affected", evidence=[build.says(own)])
    ends = (hazard, mild) if turned else (mild, hazard)
    merge = do.MergeRecord(record=ends[0].id, into=ends[1].id)
    assert is_unreported([merge], hazard=True)
    build.state(mild, "impact", world.model, qualifier="affected", evidence=[build.says(world.study)])
    assert not is_unreported([merge], hazard=True)


def test_merging_two_findings_about_unlawful_material_makes_no_new_one(world: World, own: Record) -> None:
    one, other = (build.issue(name, code="D01", frames=["child_safety"]) for name in ("Links", "Links in an index"))
    assert not is_unreported([do.MergeRecord(record=one.id, into=other.id)], hazard=True)


def test_what_was_decided_on_an_embargo_counts_for_what_was_proposed_then(world: World, editor: User) -> None:
    proposal = reviewed(world, editor, sources=[SOURCE], **HAZARD)
    act(proposal, "no_embargo", editor, reason="The maker has published it.")
    assert not any(UNREPORTED in gate for gate in open_gates(proposal))
    proposal = reworded(proposal, editor)
    assert any(UNREPORTED in gate for gate in open_gates(proposal))
    proposal = act(proposal, "embargo", editor, reason="The maker needs time.", coordinator="CERT")
    proposal = reworded(proposal, editor)
    Proposal.objects.filter(id=proposal.id).update(embargo_until=today())
    proposal = move(Proposal.objects.get(id=proposal.id), "expire", CLOCK)
    assert not any(UNREPORTED in gate for gate in open_gates(proposal))
