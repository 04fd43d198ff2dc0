"""What a rehearsal says would follow is what follows: the engine's answer after really publishing."""

import pytest

from kb.core.errors import Conflict, InvalidInput
from kb.ledger.write import current_edition, current_head
from kb.lineage import exposed, load
from kb.lineage.alarm import lost_edges
from kb.lineage.answer import STATUS_OF
from kb.lineage.consequences import Consequences, Listed
from kb.lineage.graph import Filters
from kb.lineage.inherit import exposures
from kb.lineage.load import World
from kb.lineage.rehearse import Rehearsal, rehearse
from kb.lineage.walk import closure
from kb.records import changes as do
from kb.records.models import Record
from kb.records.publish import publish
from kb.records.queries import issues_of_conduct
from tests import build
from tests.lineage.changing import change_sets

pytestmark = pytest.mark.django_db
ROUNDS = 8


def rehearsed(*changes: do.Change) -> Rehearsal:
    return rehearse(lambda: publish(changes, actor="test", reason="A rehearsal."))


def read_anew() -> World:
    return load._read(*current_head())


def classes(world: World) -> dict[tuple[int, int], str]:
    """The class of every issue at every artifact, both as they are read, by the records that speak."""
    ids = world.graph.ids.tolist()
    conduct = issues_of_conduct(world.impacts)
    return {
        (issue, ids[node]): one.category
        for issue, said in world.impacts.items()
        for node, one in exposures(world.graph, said).items()
        if one.category == "present" or issue not in conduct
    }


def turned(
    before: World, after: World, old: dict[tuple[int, int], str], new: dict[tuple[int, int], str]
) -> set[tuple[object, ...]]:
    """What a plain comparison finds: each record is asked for as the one that speaks for it."""
    found = set()
    records, issues = set(after.graph.ids.tolist()), set(Record.objects.filter(kind="issue").values_list("id", flat=True))
    for issue in issues:
        for record in records:
            was = old.get((before.speaker(issue), before.speaker(record)), "none")
            now = new.get((after.speaker(issue), after.speaker(record)), "none")
            silent = (issue in after.canonical, record in after.canonical)
            both = (issue in after.canonical and issue in before.canonical) or (
                record in after.canonical and record in before.canonical
            )
            if was != now and not both and not (any(silent) and was == "none"):
                found.add((issue, record, was, now))
    return found


def below(world: World, root: int) -> dict[int, tuple[str, bool]]:
    """Status and whether it is a lead of everything below a record, by record."""
    node = world.graph.index_of(world.speaker(root))
    if node is None:
        return {}
    reached = closure(world.graph, node, "downstream", Filters())
    stands = {}
    for found in reached.nodes.tolist():
        lead = bool(world.graph.leads(reached.best_path(found)).any())
        stands[int(world.graph.ids[found])] = (STATUS_OF[int(reached.strengths[found])], lead)
    return stands


def shifted(before: World, after: World, root: int) -> dict[str, set[int]]:
    """What a plain comparison finds below one record."""
    old, new = below(before, root), below(after, root)
    found: dict[str, set[int]] = {name: set() for name in ("gained", "lost", "leads", "leads_lost", "changed")}
    for record in after.graph.ids.tolist():
        if before.speaker(record) == before.speaker(root) or after.speaker(record) == after.speaker(root):
            continue
        way = way_of(old.get(before.speaker(record)), new.get(after.speaker(record)))
        spoke = before.graph.index_of(record) is not None
        speaks = record not in after.canonical
        loses, gains = spoke or speaks, speaks and after.speaker(root) == root
        if way and (loses if way in {"lost", "leads_lost"} else gains):
            found[way].add(record)
    return found


def way_of(was: tuple[str, bool] | None, now: tuple[str, bool] | None) -> str:
    """In which way one record shifts, given status and whether it is a lead, before and after."""
    level = [0 if stand is None else 1 if stand[1] else 2 for stand in (was, now)]
    ways = {(0, 2): "gained", (1, 2): "gained", (2, 0): "lost", (2, 1): "lost", (0, 1): "leads", (1, 0): "leads_lost"}
    if level == [2, 2]:
        return "changed" if was != now else ""
    return ways.get((level[0], level[1]), "")


def listed(one: Listed) -> set[int]:
    assert (one.more_products, one.more_others) == (0, 0)
    return {shift.record.id for shift in (*one.products, *one.others)}


def check(told: Consequences, before: World, after: World, old: dict[tuple[int, int], str]) -> None:
    wanted = turned(before, after, old, classes(after))
    rows = [(one.issue.id, one.record.id, one.before, one.after) for one in told.issues]
    assert told.issues_total == len(wanted)
    assert len(set(rows)) == len(rows)
    assert set(rows) == wanted or (len(wanted) > 100 and set(rows) < wanted)
    for one in told.below:
        found = {name: listed(getattr(one, name)) for name in ("gained", "lost", "leads", "leads_lost", "changed")}
        assert found == shifted(before, after, one.parent.id)


@pytest.mark.parametrize("few", [0, exposed.FEW])
@pytest.mark.parametrize("seed", range(8))
def test_what_is_rehearsed_is_what_the_engine_answers_after_publishing(seed, few, monkeypatch):
    monkeypatch.setattr(exposed, "FEW", few)
    published = 0
    for changes in change_sets(seed, ROUNDS):
        before = read_anew()
        old = classes(before)
        try:
            rehearsal = rehearsed(*changes)
        except (Conflict, InvalidInput):
            continue
        told, lost = rehearsal.consequences, rehearsal.lost_edges
        first = current_edition()
        build.publishing(*changes)
        check(told, before, read_anew(), old)
        assert [said(edge) for edge in lost] == [said(edge) for edge in lost_edges(first, current_edition())]
        published += 1
    assert published


def said(edge):
    cut = edge.cut
    fell = cut and ([one.id for one in cut.products], [one.id for one in cut.documented], cut.complete)
    return edge.loss, edge.predicate, edge.child.id, edge.parent.id, fell


def test_random_worlds_turn_in_every_way():
    """The property above says something only where much happens: look at what the worlds of one seed bring about."""
    seen = set()
    for seed in range(6):
        for changes in change_sets(seed, ROUNDS):
            try:
                told = rehearsed(*changes).consequences
                build.publishing(*changes)
            except (Conflict, InvalidInput):
                continue
            seen |= {(one.before, one.after) for one in told.issues}
            seen |= {name for one in told.below for name in ("gained", "lost", "changed") if getattr(one, name).total}
    assert {"gained", "lost", "changed"} <= seen
    assert len(seen) > 12
