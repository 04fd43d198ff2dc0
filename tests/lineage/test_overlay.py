"""Younger editions laid over an older world say what the rows say, whatever was published, retracted and merged."""

import os
import subprocess
import sys
from contextlib import suppress
from random import Random

import pytest
from django.conf import settings
from django.db import connection

from kb.core.errors import Conflict, InvalidInput
from kb.ledger.write import current_head
from kb.lineage import load, rows
from kb.lineage.graph import Direction, Filters
from kb.lineage.inherit import exposures
from kb.lineage.load import World, forget_worlds, world_at
from kb.lineage.walk import closure
from kb.records import changes as do
from kb.records.models import Record, Statement
from kb.records.predicates import LINEAGE
from tests import build
from tests.lineage.test_wide_walks import everything_wide

DIRECTIONS: tuple[Direction, ...] = ("downstream", "upstream")


def told(world: World) -> dict[str, object]:
    """Everything a world says, by record and statement: numbers of edges differ from one base to another."""
    graph = world.graph
    ids, statement = graph.ids.tolist(), graph.statement
    speaking = [node for node in range(graph.room) if ids[node] not in graph.silent]
    closures = {}
    for direction in DIRECTIONS:
        for root in speaking:
            found = closure(graph, root, direction, Filters())
            closures[direction, ids[root]] = {
                ids[node]: (found.depth_of(node), int(found.strengths[node]), statement[found.best_path(node)].tolist())
                for node in found.nodes.tolist()
            }
            closures["tools", direction, ids[root]] = sorted(statement[found.near.tools(root)].tolist())
    spread = {
        issue: {ids[node]: (one.category, statement[list(one.path)].tolist()) for node, one in exposures(graph, said).items()}
        for issue, said in world.impacts.items()
    }
    edges = sorted(
        zip(*(column[graph.mask(Filters())].tolist() for column in (statement, graph.carries, graph.strength)), strict=True)
    )
    return {
        "nodes": {ids[node]: graph.kind_of(node) for node in speaking}, "size": graph.size, "closures": closures, "edges": edges,
        "undisclosed": world.undisclosed, "speakers": world.canonical, "spread": spread,
        "issues": {ids[node]: sorted(issues) for node, issues in world.issues_at.items()},
    }  # fmt: skip


def read_anew() -> World:
    number, digest = current_head()
    return load._read(number, digest)


class Publisher:
    """Publishes at random: creates, states, retracts, amends, adds evidence, merges and takes merges back."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.reports = [build.report() for _ in range(3)]
        self.records = [self._artifact(number) for number in range(6)]
        self.issues = [build.issue(f"Issue {number}") for number in range(2)]

    def _artifact(self, number: int) -> Record:
        kind = self.random.choice(["dataset", "model", "product", "unresolved"])
        return build.make_record(kind, f"Artifact {number}")

    def act(self) -> None:
        actions = [self.create, self.link, self.link, self.link, self.accuse, self.retract, self.amend, self.back, self.silence]
        with suppress(Conflict, InvalidInput):  # what the records refuse at random is no matter of lineage
            self.random.choice([*actions, self.merge, self.unmerge])()

    def create(self) -> None:
        self.records.append(self._artifact(len(self.records)))

    def link(self) -> None:
        child, parent = self.random.choices(self.records, k=2)
        joins = [code for code, row in LINEAGE.items() if child.kind in row.subjects and parent.kind in row.objects]
        predicate = self.random.choice([*joins, "version_of"])
        status = self.random.choice(["confirmed", "reported", "inferred", "disputed", "refuted"])
        start = self.random.choice(["", "", "2021", "2022-03"])
        build.state(child, predicate, parent, status=status, start=start)

    def accuse(self) -> None:
        says = self.random.choice(["affected", "affected", "fixed", "mitigated", "not_affected"])
        build.state(self.random.choice(self.issues), "impact", self.random.choice(self.records), qualifier=says)

    def silence(self) -> None:
        state = self.random.choice(["not_disclosed", "withheld", "disclosed"])
        build.state(self.random.choice(self.records), "disclosure", state, qualifier="training_data")

    def _statement(self) -> Statement:
        return self.random.choice(list(Statement.objects.filter(predicate__in=rows.PREDICATES).order_by("id")) or [None])

    def retract(self) -> None:
        if statement := self._statement():
            build.retract(statement)

    def amend(self) -> None:
        if statement := self._statement():
            build.amend(statement, **self.random.choice([{"rank": "deprecated"}, {"rank": "normal"}, {"end": "2024"}]))

    def back(self) -> None:
        if statement := self._statement():
            build.add_evidence(statement, build.says(self.random.choice(self.reports), kind="technical_audit"))

    def merge(self) -> None:
        kinds = self.random.choice([self.records, self.records, self.issues])
        record = self.random.choice(kinds)
        others = [into for into in kinds if into != record and record.kind in {into.kind, "unresolved"}]
        if others:
            build.merge(record, self.random.choice(others))

    def unmerge(self) -> None:
        merged = list(Record.objects.exclude(merged_into=None).order_by("id"))
        if merged:
            build.publishing(do.UnmergeRecord(record=self.random.choice(merged).id))


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(12))
def test_a_world_brought_up_is_the_world_read_anew(seed, monkeypatch):
    monkeypatch.setattr(load, "OVERLAY_LIMIT", 40 if seed % 3 else 4)
    publisher = Publisher(seed)
    world_at()
    read = []
    monkeypatch.setattr(load, "_read", lambda *args: read.append(args))
    for step in range(30):
        publisher.act()
        if step % 3 == 0:
            anew = told(_original_read(*current_head()))
            assert told(world_at()) == anew
            with everything_wide():
                assert told(world_at()) == anew
    assert not read, "an edition was read anew"


_original_read = load._read


@pytest.mark.django_db
def test_an_older_world_stays_as_it_was_when_younger_ones_grow_out_of_it():
    publisher = Publisher(99)
    for _ in range(10):
        publisher.act()
    older, before = world_at(), told(world_at())
    for _ in range(20):
        publisher.act()
        world_at()
    assert told(older) == before
    assert told(world_at()) == told(read_anew())


@pytest.mark.django_db
def test_two_worlds_may_grow_out_of_the_same_one():
    laion = build.dataset("LAION")
    older = world_at()
    for name in ("A", "B"):
        build.state(build.model(name), "trained_on", laion)
        forget_worlds()
        load._worlds[older.graph.edition] = older
        assert told(world_at()) == told(read_anew())
    assert older.graph.size == 1


@pytest.mark.django_db
def test_a_small_change_reads_little(django_assert_max_num_queries):
    publisher = Publisher(5)
    for _ in range(20):
        publisher.act()
    world_at()
    build.state(build.model("New"), "trained_on", build.dataset("Old"))
    with django_assert_max_num_queries(8):
        world_at()


OTHER = """
import sys, django
django.setup()
from kb.lineage.load import world_at
from kb.lineage.graph import Filters
for line in sys.stdin:
    if line.startswith("publish"):
        from kb.records import changes as do
        from kb.records.publish import publish
        publish([do.CreateRecord(ref="x", kind="dataset", name=line.strip())], actor="test", reason="Another process.")
    world = world_at()
    print(world.graph.edition, world.graph.size, int(world.graph.mask(Filters()).sum()), flush=True)
"""


@pytest.mark.django_db(transaction=True)
def test_two_processes_see_what_the_other_publishes(tmp_path):
    sd, laion = build.model("SD"), build.dataset("LAION")
    world_at()
    with other_process(tmp_path) as other:
        assert answer(other, "ask") == [current_head()[0], 2, 0]
        build.state(sd, "trained_on", laion)
        assert answer(other, "ask") == [current_head()[0], 2, 1]
        build.retract(Statement.objects.get(predicate="trained_on"))
        assert answer(other, "ask")[2] == 0
        answer(other, "publish elsewhere")
        assert world_at().graph.size == 3
        other.stdin.close()


def other_process(tmp_path) -> "subprocess.Popen[str]":
    database = connection.settings_dict
    address = (
        f"sqlite:///{database['NAME']}" if connection.vendor == "sqlite"
        else f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    )  # fmt: skip
    surroundings = os.environ | {
        "DATABASE_URL": address, "KB_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "kb.settings",
        "PYTHONPATH": str(settings.BASE_DIR),
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-c", OTHER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=surroundings
    )


def answer(other: "subprocess.Popen[str]", line: str) -> list[int]:
    print(line, file=other.stdin, flush=True)
    return [int(word) for word in other.stdout.readline().split()]
