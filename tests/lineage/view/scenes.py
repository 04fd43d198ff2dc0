"""Scenes for pictures, in words and at random: cycles, loops, hubs, hostile names and undisclosed data are normal input."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from kb.lineage.graph import Direction
from kb.lineage.view.picture import Artifact, Gathering, Scene, Step, Words

STATUSES = ("confirmed", "corroborated", "reported", "inferred", "disputed")
HOSTILE = (
    "<script>alert(1)</script>",
    "a & b", "\"'><svg onload=x>", "]]>", "\x00\x1b[31m", "\ud800", "\u202egnp.exe", "模" * 400, "x" * 5000,
    "Z̷̢̛", "", " ", "&amp;", "line\nbreak\ttab", "🧪🧪🧪",
)  # fmt: skip


def artifact(record: int, kind: str = "model", party: int = 0, depth: int = 1, **more: Any) -> Artifact:
    """An artifact of which only this matters."""
    return Artifact(record=record, kind=kind, depth=depth, party=party, **more)


def step(number: int, child: int, parent: int, status: str = "confirmed", carries: str = "full") -> Step:
    """A step of which only this matters."""
    return Step(number, child, parent, status, carries)


def star(children: int, parties: int = 0, direction: Direction = "downstream", traced: frozenset[int] = frozenset()) -> Scene:
    """A root with so many models; without parties everyone has one of their own."""
    models = [artifact(one, party=maker(one % parties if parties else one)) for one in range(1, children + 1)]
    ends = [(one, 0) if direction == "downstream" else (0, one) for one in range(1, children + 1)]
    steps = [step(number, *pair) for number, pair in enumerate(ends, start=1)]
    return Scene((artifact(0, "dataset", depth=0), *models), tuple(steps), 0, direction, traced)


def chain(length: int) -> Scene:
    """One artifact after another."""
    kinds = ("dataset", "model", "product")
    artifacts = [artifact(one, kinds[one % 3], depth=one) for one in range(length)]
    return Scene(tuple(artifacts), tuple(step(one, one, one - 1) for one in range(1, length)), 0, "downstream")


def maker(number: int) -> int:
    """The record of a party."""
    return 1_000_000 + number


class Plain(Words):
    """Words of no concern: every record is called after its number, every party after its own; `named` are exceptions."""

    def __init__(self, named: Mapping[int, str] | None = None) -> None:
        self.named = named or {}
        self.asked: list[Gathering] = []
        self.brought: set[int] = set()

    def bring(self, groups: Collection[list[int]], parties: Collection[int], steps: Collection[int]) -> None:
        self.brought = set(steps)

    def title(self, record: int) -> str:
        usual = f"P{record - maker(0)}" if record >= maker(0) else f"Artifact {record}"
        return self.named.get(record, usual)

    def href(self, record: int) -> str:
        return f"/models/{record}/"

    def group_href(self, gathering: Gathering) -> str:
        self.asked.append(gathering)
        return f"?kind={gathering.kind}&count={len(gathering.records)}#{gathering.kind}"

    def step_href(self, number: int) -> str:
        assert number in self.brought
        return f"#e{number}"

    def step_says(self, number: int) -> str:
        return f"Step {number}"


class Hostile(Plain):
    """Words that want to break out, each chosen by number from a few."""

    def __init__(self, texts: Sequence[str], addresses: Sequence[str]) -> None:
        super().__init__()
        self.texts, self.addresses = texts, addresses

    def title(self, record: int) -> str:
        return self.texts[record % len(self.texts)]

    def href(self, record: int) -> str:
        return self.addresses[record % len(self.addresses)]

    def step_says(self, number: int) -> str:
        return self.texts[-number % len(self.texts)]


def hostile() -> st.SearchStrategy[Hostile]:
    """Names and addresses at random, the worst of them often."""
    texts = st.sampled_from(HOSTILE) | st.just("A name") | st.text(max_size=8)
    addresses = st.sampled_from(("/a/", "javascript:alert(1)", '"><b>', "//[x"))
    return st.builds(Hostile, st.lists(texts, min_size=1, max_size=12), st.lists(addresses, min_size=1, max_size=4))


def _depths(size: int, pairs: list[tuple[int, int]]) -> list[int]:
    depth = {0: 0}
    for near in (waiting := [0]):
        for far in (end for start, end in pairs if start == near and end not in depth):
            depth[far] = depth[near] + 1
            waiting.append(far)
    return [depth.get(one, 1) for one in range(size)]


@st.composite
def scenes(draw: st.DrawFn, most: int = 90) -> Scene:
    """A scene of any shape, everything hanging on the root, with steps more at random."""
    size = draw(st.integers(1, most))
    direction: Direction = draw(st.sampled_from(("downstream", "upstream")))
    spread = draw(st.integers(1, most))
    pairs = [(draw(st.integers(max(0, one - spread), one - 1)), one) for one in range(1, size)]
    ends = st.integers(0, size - 1)
    pairs += draw(st.lists(st.tuples(ends, ends), max_size=40))
    depths = _depths(size, pairs)
    artifacts = tuple(
        artifact(
            one, draw(st.sampled_from(("dataset", "model", "product", "unresolved"))),
            draw(st.just(0) | st.integers(1, 9).map(maker)), depths[one],
            present_issues=draw(st.integers(0, 2)), undisclosed=draw(st.booleans()),
        )
        for one in range(size)
    )  # fmt: skip
    steps = tuple(
        step(number, *(pair[::-1] if direction == "downstream" else pair), draw(st.sampled_from(STATUSES)))
        for number, pair in enumerate(pairs, start=1)
    )
    traced = draw(st.frozensets(st.integers(1, max(len(steps), 1)), max_size=4))
    return Scene(artifacts, steps, 0, direction, traced)
