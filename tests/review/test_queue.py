"""The queue and the figures: whom things wait for, and that public figures count nothing hidden."""

from datetime import timedelta

import pytest

from kb.core.clock import today
from kb.review.asking import ask
from kb.review.models import GuardCount
from kb.review.queue import desk_figures, public_figures, waiting
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


def test_refused_texts_are_counted_over_all_days_of_a_quarter() -> None:
    for rule, ago, count in (("ip_address", 0, 2), ("ip_address", 1, 3), ("ip_address", 200, 50), ("hex_digest", 1, 7)):
        GuardCount.objects.create(rule=rule, day=today() - timedelta(days=ago), count=count)
    figures = desk_figures()
    assert figures.refused == {"ip_address": 5, "hex_digest": 7}
    assert figures.rules == [("a digest in hexadecimal digits", 7), ("an IP address", 5)]


def test_states_are_counted_in_the_order_of_the_life_cycle() -> None:
    world, editor = make_world(), person("editor")
    reviewed(world, editor)
    filed(world)
    assert desk_figures().states == [("submitted", "Submitted", 1), ("under_review", "Under review", 1)]


def test_replies_to_what_has_ended_are_awaited_no_more() -> None:
    world, editor = make_world(), person("editor")
    proposal = filed(world)
    act(proposal, "take", editor)
    ask(world.maker.id, "press@example.org", "Its imprint.", editor, proposal=proposal)
    assert desk_figures().replies_awaited == 1
    act(proposal, "reject", editor, reason="It is not about a model.")
    assert desk_figures().replies_awaited == 0
