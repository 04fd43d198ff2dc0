"""Time of a lineage picture: grouping, layout and SVG, for a hub of 5,000 children and for the founding answer's shape.

Run with `python -m bench.picture`. Where graphviz is installed, its `dot` lays out the ungrouped hub, for a ratio.
"""

import shutil
import subprocess
import time
from collections.abc import Callable, Collection
from statistics import median

from kb.lineage.view.draw import inline
from kb.lineage.view.group import group, grouped
from kb.lineage.view.layout import lay_out
from kb.lineage.view.picture import Artifact, Gathering, Scene, Step, Words

CHILDREN, PARTIES, RUNS = 5_000, 611, 9
_PARTY = 1_000_000


class Generated(Words):
    """Names and addresses as long as true ones."""

    def bring(self, groups: Collection[list[int]], parties: Collection[int], steps: Collection[int]) -> None:
        """They are made when asked for."""

    def title(self, record: int) -> str:
        return f"Party {record - _PARTY}" if record >= _PARTY else f"Artifact number {record}"

    def href(self, record: int) -> str:
        return f"/r/artifact-number-{record}/"

    def group_href(self, gathering: Gathering) -> str:
        return "#list"

    def step_href(self, number: int) -> str:
        return f"#e{number}"

    def step_says(self, number: int) -> str:
        return f"Artifact number {number} was trained on the hub"


def hub(children: int = CHILDREN) -> Scene:
    """One dataset with thousands of models of some hundred parties, a few large and many small."""
    root = Artifact(0, "dataset", 0, _PARTY)
    models = [Artifact(one, "model", 1, _PARTY + one % (1 + one % PARTIES)) for one in range(1, children + 1)]
    statuses = ("confirmed", "confirmed", "confirmed", "reported", "corroborated")
    steps = [Step(one, one, 0, statuses[one % 5], "full") for one in range(1, children + 1)]
    return Scene((root, *models), tuple(steps), 0, "downstream")


def founding(layers: int = 6, wide: int = 11) -> Scene:
    """Like the founding answer for LAION-5B: some 66 artifacts in 6 steps, each made from one or two of the step before."""
    kinds = ("dataset", "dataset", "dataset", "model", "model", "product", "product")
    artifacts = [Artifact(0, "dataset", 0, _PARTY)]
    steps: list[Step] = []
    for layer in range(1, layers + 1):
        for row in range(wide):
            record = (layer - 1) * wide + row + 1
            artifacts.append(Artifact(record, kinds[layer], layer, _PARTY + row))
            parents = {0} if layer == 1 else {record - wide, (layer - 2) * wide + (row * 7 + layer) % wide + 1}
            steps += [
                Step(len(steps) + number, record, parent, "confirmed", "full") for number, parent in enumerate(sorted(parents), 1)
            ]
    return Scene(tuple(artifacts), tuple(steps), 0, "downstream")


def milliseconds(act: Callable[[], object]) -> float:
    """The median of some runs, each without what the one before has left."""
    times = []
    for _ in range(RUNS):
        grouped.cache_clear()
        lay_out.cache_clear()
        start = time.perf_counter()
        act()
        times.append((time.perf_counter() - start) * 1000)
    return median(times)


def dot(scene: Scene) -> float | None:
    """The time of graphviz for the same scene without grouping, in milliseconds, where it is installed."""
    program = shutil.which("dot")
    if program is None:
        return None
    text = "digraph{rankdir=LR;" + "".join(f"{step.parent}->{step.child};" for step in scene.steps) + "}"
    start = time.perf_counter()
    subprocess.run([program, "-Tsvg"], input=text.encode(), capture_output=True, check=True)
    return (time.perf_counter() - start) * 1000


def report(name: str, scene: Scene) -> None:
    """Print the times of one scene."""
    picture = group(scene, Generated())
    layout = lay_out(picture)
    times = [
        milliseconds(lambda: group(scene, Generated())),
        milliseconds(lambda: lay_out(picture)),
        milliseconds(lambda: inline(layout, "A picture")),
    ]
    peer = dot(scene)
    ratio = f", dot {peer:.0f} ms, {peer / sum(times):.1f} x as long" if peer else ", dot is not installed"
    print(
        f"{name}: {len(scene.artifacts)} artifacts, {len(scene.steps)} steps -> {len(picture.boxes)} boxes, "
        f"{len(picture.links)} links, {len(inline(layout, 'A picture')) / 1024:.0f} KiB; group {times[0]:.1f} + "
        f"layout {times[1]:.1f} + draw {times[2]:.1f} = {sum(times):.1f} ms{ratio}"
    )


if __name__ == "__main__":
    report("Hub", hub())
    report("Founding", founding())
