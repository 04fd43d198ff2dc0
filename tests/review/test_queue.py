"""The queue and the figures: whom things wait for, and that public figures count nothing hidden."""

import pytest

from kb.review.queue import desk_figures, public_figures, waiting
from kb.review.reply import ask
from kb.review.submit import Sender, start_filing
from tests.review.desk import act, filed, filing, make_world, person, reviewed

pytestmark = pytest.mark.django_db


def test_the_queue_says_whom_each_proposal_waits_for() -> None:
    world, editor = make_world(), person("editor")
    start_filing(filing(world), Sender())
    fresh, asked = filed(world), filed(world)
    act(asked, "take", editor)
    act(asked, "start_review", editor)
    ask(world.maker.id, "press@example.org", "Its imprint.", editor, proposal=asked)
    rows, total = waiting()
    assert [(row.proposal.key, row.on) for row in rows] == [(fresh.key, "reviewer"), (asked.key, "party")]
    assert total == 2
    assert [row.proposal for row in waiting(on="party")[0]] == [asked]
    assert waiting(on="editors")[1] == 0
    assert [row.proposal for row in waiting(assignee=editor)[0]] == [asked]
    assert [row.proposal for row in waiting(unassigned=True)[0]] == [fresh]


def test_public_figures_count_no_hidden_filing() -> None:
    world, editor, second = make_world(), person("editor"), person("editor")
    before = public_figures()
    proposal = reviewed(world, editor)
    act(proposal, "approve", editor)
    act(proposal, "approve", second)
    assert public_figures() == before
    act(proposal, "publish", editor, reason="Reviewed by two.")
    after = public_figures()
    assert (after.published, after.replies_asked) == (1, 0)
    assert after.median_days_to_decision is not None


def test_the_desk_sees_its_own_figures() -> None:
    world = make_world()
    filed(world)
    figures = desk_figures()
    assert (figures.by_state, figures.replies_awaited, figures.hours_to_decision) == ({"submitted": 1}, 0, None)
