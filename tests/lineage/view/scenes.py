"""Scenes for pictures, in words and at random: cycles, loops, hubs, hostile names and undisclosed data are normal input."""

from hypothesis import strategies as st

from kb.lineage.graph import Direction
from kb.lineage.view.picture import Artifact, Gathering, Scene, Step

STATUSES = ("confirmed", "corroborated", "reported", "inferred", "disputed")
HOSTILE = (
    "<script>alert(1)</script>",
    "a & b", "\"'><svg onload=x>", "]]>", "\x00\x1b[31m", "\ud800", "\u202egnp.exe", "模" * 400, "x" * 5000,
    "Z̷̢̛", "", " ", "&amp;", "line\nbreak\ttab", "🧪🧪🧪",
)  # fmt: skip


def artifact(record: int, kind: str = "model", party: str = "", depth: int = 1, **more: object) -> Artifact:
    """An artifact of which only this matters."""
    values: dict[str, object] = {"title": f"Artifact {record}", "status": "confirmed", "href": f"/models/{record}/"} | more
    return Artifact(record=record, kind=kind, party=party, depth=depth, **values)  # type: ignore[arg-type]


def step(number: int, child: int, parent: int, status: str = "confirmed", **more: str) -> Step:
    """A step of which only this matters."""
    return Step(number, child, parent, status, more.get("carries", "full"), more.get("href", f"#e{number}"), more.get("says", ""))


def star(children: int, parties: int = 0, direction: Direction = "downstream", traced: frozenset[int] = frozenset()) -> Scene:
    """A root with so many models; without parties everyone has one of their own."""
    models = [artifact(one, party=f"P{one % parties if parties else one}") for one in range(1, children + 1)]
    ends = [(one, 0) if direction == "downstream" else (0, one) for one in range(1, children + 1)]
    steps = [step(number, *pair) for number, pair in enumerate(ends, start=1)]
    return Scene((artifact(0, "dataset", depth=0), *models), tuple(steps), 0, direction, traced)


def chain(length: int) -> Scene:
    """One artifact after another."""
    kinds = ("dataset", "model", "product")
    artifacts = [artifact(one, kinds[one % 3], depth=one) for one in range(length)]
    return Scene(tuple(artifacts), tuple(step(one, one, one - 1) for one in range(1, length)), 0, "downstream")


def list_address(gathering: Gathering) -> str:
    """Where a stacked card leads."""
    return f"?kind={gathering.kind}&party={gathering.party or ''}#{gathering.kind}"


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
    texts = st.sampled_from(HOSTILE) | st.just("A name") | st.text(max_size=8)
    artifacts = tuple(
        artifact(
            one, draw(st.sampled_from(("dataset", "model", "product", "unresolved"))), draw(texts), depths[one],
            title=draw(texts), href=draw(st.sampled_from(("/a/", "javascript:alert(1)", '"><b>', "//[x"))),
            present_issues=draw(st.integers(0, 2)), undisclosed=draw(st.booleans()),
        )
        for one in range(size)
    )  # fmt: skip
    steps = tuple(
        step(number, *(pair[::-1] if direction == "downstream" else pair), draw(st.sampled_from(STATUSES)), says=draw(texts))
        for number, pair in enumerate(pairs, start=1)
    )
    traced = draw(st.frozensets(st.integers(1, max(len(steps), 1)), max_size=4))
    return Scene(artifacts, steps, 0, direction, traced)
