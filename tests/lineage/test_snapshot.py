"""Base snapshots: what is written is read back, what is damaged or foreign is passed over, and two writers do no harm."""

import json
import threading

import numpy as np
import pytest

from kb.lineage import load, snapshot
from kb.lineage.load import forget_worlds, world_at
from tests import build
from tests.lineage.test_overlay import Publisher, read_anew, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path, monkeypatch):
    """Write a snapshot of whatever size, in a folder of the test's own."""
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(load, "WORTH_A_FILE", 0)
    return tmp_path / "graph"


@pytest.fixture
def publisher():
    publisher = Publisher(7)
    for _ in range(40):
        publisher.act()
    return publisher


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def unread(monkeypatch) -> None:
    """From here on no edition may be read from rows."""
    monkeypatch.setattr(load, "_read", lambda *args: pytest.fail("the rows were read"))


def test_a_snapshot_says_what_the_rows_say(folder, publisher, monkeypatch):
    anew = told(read_anew())
    assert told(world_at()) == anew
    assert len(names(folder)) == 1
    forget_worlds()
    unread(monkeypatch)
    assert told(world_at()) == anew


def test_a_younger_edition_is_laid_over_the_snapshot(folder, publisher, monkeypatch):
    world_at()
    forget_worlds()
    for _ in range(12):
        publisher.act()
    anew = told(read_anew())
    unread(monkeypatch)
    assert told(world_at()) == anew
    assert len(names(folder)) == 1


def test_a_new_base_is_made_when_much_lies_over_the_old_one_and_two_are_kept(folder, publisher, monkeypatch):
    monkeypatch.setattr(load, "OVERLAY_LIMIT", 2)
    for _ in range(20):
        publisher.act()
        world_at()
        assert world_at().graph.overlay <= 2
    assert told(world_at()) == told(read_anew())
    assert len(names(folder)) == 2


@pytest.mark.parametrize("name", ["edge-strength", "downstream-target", "impacts", "node-ids"])
def test_a_damaged_file_is_found_and_the_snapshot_made_anew(folder, publisher, name):
    anew = told(world_at())
    (path,) = folder.iterdir()
    content = bytearray((path / f"{name}.npy").read_bytes())
    content[-1] ^= 1
    (path / f"{name}.npy").write_bytes(content)
    forget_worlds()
    assert told(world_at()) == anew
    assert snapshot.opened(path, world_at().graph.edition, world_at().digest) is not None


@pytest.mark.parametrize("damage", ["missing file", "cut file", "no meta", "broken meta", "other format", "other database"])
def test_what_is_no_snapshot_of_ours_is_passed_over(folder, publisher, damage):
    world = world_at()
    (path,) = folder.iterdir()
    meta = json.loads((path / "snapshot.json").read_text())
    if damage == "missing file":
        (path / "edge-child.npy").unlink()
    elif damage == "cut file":
        (path / "edge-child.npy").write_bytes((path / "edge-child.npy").read_bytes()[:-8])
    elif damage == "no meta":
        (path / "snapshot.json").unlink()
    elif damage == "broken meta":
        (path / "snapshot.json").write_text("{")
    else:
        changed = {"format": 999} if damage == "other format" else {"digest": "0" * 64}
        (path / "snapshot.json").write_text(json.dumps(meta | changed))
    assert snapshot.opened(path, world.graph.edition, world.digest) is None
    forget_worlds()
    assert told(world_at()) == told(world)


def test_two_may_write_the_same_snapshot_at_once(folder, publisher):
    world, done = read_anew(), []
    threads = [threading.Thread(target=lambda: done.append(snapshot.kept(folder, world))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names(folder)) == 1
    assert all(told(one) == told(world) for one in done)


def test_where_nothing_can_be_written_the_answer_is_the_same(folder, publisher):
    folder.write_text("not a folder")
    assert told(world_at()) == told(read_anew())


def test_what_is_laid_over_a_mapped_snapshot_is_written_to_no_file(folder, publisher):
    world_at()
    forget_worlds()
    world_at()
    (path,) = folder.iterdir()
    before = (path / "edge-child.npy").read_bytes()
    build.state(build.model("New"), "trained_on", build.dataset("Old"))
    world = world_at()
    assert world.graph.overlay
    assert np.shares_memory(world.graph.edges.whole["child"], load._worlds[min(load._worlds)].graph.edges.whole["child"])
    assert (path / "edge-child.npy").read_bytes() == before
