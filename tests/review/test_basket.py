"""Changes that are collected before they are sent: each is taken once, and read as strictly as what stands beside it."""

from typing import Any

import pytest

from kb.accounts.models import User
from kb.core.safety import Refused
from kb.records import changes as do
from kb.records.models import Record
from kb.review.basket import basket_of, collect, send_basket, take_out
from kb.review.models import GuardCount, Proposal
from tests import build
from tests.review.desk import World
from tests.review.test_hazards import AS_HAZARD, STRICT

pytestmark = pytest.mark.django_db


def bodies(user: User) -> list[Any]:
    basket = basket_of(user)
    return [one.body for one in basket.changes.all()] if basket else []


@pytest.fixture
def mild(world: World) -> Record:
    """An issue that is not about unlawful material yet."""
    return build.issue("Odd rows", code="D15", frames=["transparency"])


def becomes(issue: Record) -> dict[str, object]:
    return {"change": "amend_detail", "record": issue.slug, "fields": AS_HAZARD}


@pytest.mark.parametrize("sent", [
    [{"change": "add_alias", "record": "painter-1-5", "text": "Painter fifteen"}],
    [{"change": "create_record", "ref": "new:record", "kind": "dataset", "name": "A part of it"}],
    [
        {"change": "create_record", "ref": "new:part", "kind": "dataset", "name": "A part of it"},
        {"change": "add_statement", "subject": "new:part", "predicate": "licence", "value": "MIT"},
    ],
])  # fmt: skip
def test_what_is_collected_twice_is_taken_once(world: World, editor: User, sent: list[dict[str, object]]) -> None:
    collect(editor, [{"change": "add_alias", "record": world.app.slug, "text": "Sketch"}])
    collect(editor, sent)
    once = bodies(editor)
    collect(editor, sent)
    assert bodies(editor) == once and len(once) == 1 + len(sent)
    collect(editor, [{"change": "add_alias", "record": world.app.slug, "text": "Sketches"}])
    assert len(bodies(editor)) == 2 + len(sent)


def test_what_was_taken_out_can_be_collected_again(world: World, editor: User) -> None:
    body = {"change": "add_alias", "record": world.app.slug, "text": "Sketch"}
    collect(editor, [body])
    take_out(editor, 1)
    collect(editor, [body])
    assert len(bodies(editor)) == 1


def test_what_is_collected_beside_a_finding_about_unlawful_material_is_read_strictly(
    world: World, editor: User, mild: Record
) -> None:
    collect(editor, [becomes(mild)])
    with pytest.raises(Refused):
        collect(editor, [{"change": "add_alias", "record": world.app.slug, "text": STRICT}])
    assert len(bodies(editor)) == 1


def test_a_collection_does_not_keep_what_the_strict_rules_refuse_once_they_hold(world: World, editor: User, mild: Record) -> None:
    collect(editor, [{"change": "add_alias", "record": world.app.slug, "text": "Sketch"}])
    collect(editor, [{"change": "add_alias", "record": mild.slug, "text": STRICT}])
    with pytest.raises(Refused):
        collect(editor, [becomes(mild)])
    assert [one["text"] for one in bodies(editor)] == ["Sketch"]
    assert GuardCount.objects.exists()


def test_nor_when_it_is_sent_after_its_issue_became_such_a_finding(world: World, editor: User, mild: Record) -> None:
    collect(editor, [{"change": "add_alias", "record": mild.slug, "text": STRICT}])
    build.publishing(do.AmendDetail(record=mild.id, fields=AS_HAZARD))
    with pytest.raises(Refused):
        send_basket(editor, "Another name", "It is used.")
    assert bodies(editor) == [] and Proposal.objects.exclude(state="draft").count() == 0
