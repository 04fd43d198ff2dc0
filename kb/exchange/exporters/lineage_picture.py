"""The picture of a lineage answer: drawn into a page, or as an SVG or PNG file that stands alone.

It turns an answer into a scene; grouping, layout and drawing are `kb.lineage.view`'s.
"""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlencode

import resvg_py
from django.conf import settings
from django.contrib.staticfiles import finders

from kb.lineage.answer import Edge, Node
from kb.lineage.ask import RECORDS_NAMED, Answer
from kb.lineage.present import present_counts
from kb.lineage.view.draw import Imprint, inline, standalone
from kb.lineage.view.group import group
from kb.lineage.view.layout import Layout, lay_out
from kb.lineage.view.picture import Artifact, Gathering, Picture, Scene, Step
from kb.lineage.view.sheet import resolved_sheet
from kb.records.models import Record
from kb.records.queries import parties_of

_FONTS = ("Roboto-Regular.ttf", "Roboto-Bold.ttf")
_ZOOM = 2.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture with its places, ready to be written in any form."""

    picture: Picture
    layout: Layout
    title: str
    answer: Answer

    @property
    def svg(self) -> str:
        """The picture for a page, whose style sheets give its looks."""
        return inline(self.layout, self.title)

    def svg_leading_to(self, base: str) -> str:
        """The picture for a frame on somebody else's page: its links leave the frame for the whole answer at `base`."""
        return inline(self.layout, self.title, base=base).replace("<a class", '<a target="_top" class')

    @property
    def svg_file(self) -> str:
        """The picture as a file: styles embedded, addresses absolute, site and edition in the corner."""
        base = f"{settings.SITE_ADDRESS}/lineage/{self.answer.root.slug}/"
        return standalone(self.layout, self.title, Imprint(_styles(), base, settings.SITE_NAME, self.answer.edition))

    @property
    def png_file(self) -> bytes:
        """The same as a PNG of twice the size, with fonts of our own."""
        fonts = files("font_roboto") / "files"
        paths = [str(fonts / name) for name in _FONTS]
        png = resvg_py.svg_to_bytes(
            svg_string=self.svg_file, background="#ffffff", zoom=_ZOOM, skip_system_fonts=True, font_files=paths,
            font_family="Roboto", sans_serif_family="Roboto",
        )  # fmt: skip
        return bytes(png)


def draw(answer: Answer, *, leads: bool = False, trace: Record | None = None) -> Drawing:
    """Draw an answer's documented part, with its leads if asked or if there is nothing else.

    `trace` is an artifact of the answer whose best path stands out.
    """
    leads = leads or not answer.outline.nodes
    picture = group(scene_of(answer, leads=leads, trace=trace), lambda gathering: _list_address(answer, gathering))
    words = "What inherits" if answer.question.direction == "downstream" else "What lies behind"
    return Drawing(picture, lay_out(picture), f"{words} {answer.root.name}", answer)


def scene_of(answer: Answer, *, leads: bool = False, trace: Record | None = None) -> Scene:
    """Turn an answer into a scene: every end of its edges an artifact, every edge a step with its number."""
    nodes = [*answer.outline.nodes, *(answer.outline.lead_nodes if leads else ())]
    edges = [*answer.outline.edges, *(answer.outline.lead_edges if leads else ())]
    depths = _depths(answer, nodes, edges)
    statuses = {node.record: node.status for node in nodes}
    parties = parties_of(depths)
    issues = present_counts(answer.world)
    artifacts = tuple(
        _artifact(answer, record, depth, statuses.get(record, ""), parties.get(record), issues.get(record, 0))
        for record, depth in depths.items()
    )
    return Scene(
        artifacts, tuple(_step(answer, edge) for edge in edges), answer.root.id, answer.question.direction,
        _traced(answer, nodes, trace),
    )  # fmt: skip


def _depths(answer: Answer, nodes: list[Node], edges: list[Edge]) -> dict[int, int]:
    """The fewest steps to every artifact of the picture; those that only paths pass through are counted along them."""
    depths = {answer.root.id: 0} | {node.record: node.depth for node in nodes}
    downstream = answer.question.direction == "downstream"
    for node in nodes:
        for place, edge in enumerate(answer.path(node), start=1):
            far = edge.child if downstream else edge.parent
            depths[far] = min(place, depths.get(far, place))
    for edge in edges:
        for end in (edge.child, edge.parent):
            depths.setdefault(end, len(depths))
    return depths


def _artifact(answer: Answer, record_id: int, depth: int, status: str, party: Record | None, issues: int) -> Artifact:
    record = answer.record(record_id)
    return Artifact(
        record=record_id, kind=record.kind, title=record.name, party=party.name if party else "", depth=depth, status=status,
        href=record.path, present_issues=issues, undisclosed=answer.is_undisclosed(record_id),
    )  # fmt: skip


def _step(answer: Answer, edge: Edge) -> Step:
    number = answer.number_of[edge.index]
    reads = "has the version" if edge.version_not_stated else answer.predicate(edge).reads
    says = f"{answer.record(edge.child).name} {reads} {answer.record(edge.parent).name}"
    return Step(number, edge.child, edge.parent, edge.status, edge.carries, answer.row_address(edge), says)


def _traced(answer: Answer, nodes: list[Node], trace: Record | None) -> frozenset[int]:
    """Numbers of the steps of the best path to the artifact that shall stand out."""
    node = next((node for node in nodes if trace and node.record == trace.id), None)
    return frozenset(answer.number_of[edge.index] for edge in answer.path(node)) if node else frozenset()


def _list_address(answer: Answer, gathering: Gathering) -> str:
    """Where a stacked card leads: the table of its very records, or of their kind where there are too many to name."""
    parameters: list[tuple[str, str]] = [("direction", answer.question.direction)]
    if len(gathering.records) <= RECORDS_NAMED:
        parameters += [("record", answer.record(record).public_id) for record in gathering.records]
    else:
        parameters.append(("kind", gathering.kind))
    return f"/lineage/{answer.root.slug}/?{urlencode(parameters)}"


@lru_cache(maxsize=1)
def _styles() -> str:
    """The style sheet of a picture that stands alone: the site's own, with its tokens written out."""
    return resolved_sheet(_css("tokens"), _css("lineage"))


def _css(name: str) -> str:
    found = finders.find(f"kb/css/{name}.css")
    assert isinstance(found, str)
    return Path(found).read_text(encoding="utf-8")
