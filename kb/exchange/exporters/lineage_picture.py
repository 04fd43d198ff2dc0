"""The picture of a lineage answer: drawn into a page, or as an SVG or PNG file that stands alone.

It turns an answer into a scene; grouping, layout and drawing are `kb.lineage.view`'s.
"""

from collections.abc import Collection
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
from kb.lineage.asked import filters_in_words
from kb.lineage.present import present_counts
from kb.lineage.step_rows import StepRows
from kb.lineage.view.draw import Imprint, inline, standalone
from kb.lineage.view.group import group
from kb.lineage.view.layout import Layout, lay_out
from kb.lineage.view.picture import Artifact, Gathering, Picture, Scene, Step
from kb.lineage.view.sheet import resolved_sheet
from kb.records.models import Record
from kb.records.queries import party_ids_of

_FONTS = ("Roboto-Regular.ttf", "Roboto-Bold.ttf")
_ZOOM = 2.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture with its places, ready to be written in any form."""

    picture: Picture
    layout: Layout
    title: str
    answer: Answer
    trace: Record | None = None

    @property
    def svg(self) -> str:
        """The picture for a page, whose style sheets give its looks."""
        return inline(self.layout, self.title, table=True)

    def svg_leading_to(self, base: str) -> str:
        """The picture for a frame on somebody else's page: its links leave the frame for the whole answer at `base`."""
        return inline(self.layout, self.title, base=base).replace("<a ", '<a target="_top" ')

    @property
    def svg_file(self) -> str:
        """The picture as a file: styles embedded, addresses absolute and of the same question, site and edition in the corner."""
        query = StepRows(self.answer).query()
        base = f"{settings.SITE_ADDRESS}/lineage/{self.answer.root.slug}/{'?' if query else ''}{query}"
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
    picture = group(scene_of(answer, leads=leads, trace=trace), _Words(answer))
    words = "What inherits" if answer.question.direction == "downstream" else "What lies behind"
    asked = ", ".join(filters_in_words(answer))
    return Drawing(picture, lay_out(picture), f"{words} {answer.root.name}{f' ({asked})' if asked else ''}", answer, trace)


def scene_of(answer: Answer, *, leads: bool = False, trace: Record | None = None) -> Scene:
    """Turn an answer into a scene: every end of its edges an artifact, every edge a step with its number."""
    nodes = [*answer.outline.nodes, *(answer.outline.lead_nodes if leads else ())]
    edges = [*answer.outline.edges, *(answer.outline.lead_edges if leads else ())]
    number_of = answer.number_of
    return Scene(
        _artifacts(answer, _depths(answer, nodes, edges), {node.record: node.kind for node in nodes}),
        tuple(Step(number_of[edge.index], edge.child, edge.parent, edge.status, edge.carries) for edge in edges),
        answer.root.id, answer.question.direction, _traced(answer, nodes, trace),
    )  # fmt: skip


def _depths(answer: Answer, nodes: list[Node], edges: list[Edge]) -> dict[int, int]:
    """The fewest steps to every artifact of the picture; those that only paths pass through are counted along them."""
    depths = {answer.root.id: 0} | {node.record: node.depth for node in nodes}
    if all(edge.child in depths and edge.parent in depths for edge in edges):
        return depths
    downstream = answer.question.direction == "downstream"
    for node in nodes:
        for place, edge in enumerate(answer.path(node), start=1):
            far = edge.child if downstream else edge.parent
            depths[far] = min(place, depths.get(far, place))
    for edge in edges:
        for end in (edge.child, edge.parent):
            depths.setdefault(end, len(depths))
    return depths


def _artifacts(answer: Answer, depths: dict[int, int], kinds: dict[int, str]) -> tuple[Artifact, ...]:
    """What a picture must know of every artifact, drawn or not: numbers alone."""
    graph, silent = answer.world.graph, answer.world.undisclosed
    parties, issues = party_ids_of(depths), present_counts(answer.world, depths)
    for record in depths.keys() - kinds.keys():
        node = graph.index_of(record)
        kinds[record] = graph.kind_of(node) if node is not None else answer.record(record).kind
    return tuple(
        Artifact(record, kinds[record], depth, parties.get(record, 0), issues.get(record, 0), record in silent)
        for record, depth in depths.items()
    )


def _traced(answer: Answer, nodes: list[Node], trace: Record | None) -> frozenset[int]:
    """Numbers of the steps of the best path to the artifact that shall stand out."""
    node = next((node for node in nodes if trace and node.record == trace.id), None)
    return frozenset(answer.number_of[edge.index] for edge in answer.path(node)) if node else frozenset()


class _Words:
    """What an answer writes into its picture: names and addresses, read for the cards and lines that are drawn."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        listed = (*answer.outline.edges, *answer.outline.lead_edges)
        self._edges = dict(enumerate(listed, start=1))
        self._rows = StepRows(answer)

    def bring(self, groups: Collection[list[int]], parties: Collection[int], steps: Collection[int]) -> None:
        named = [record for group in groups if len(group) <= RECORDS_NAMED for record in group]
        self._answer.bring([self._edges[number] for number in steps], [*named, *parties])

    def title(self, record: int) -> str:
        # A party that came on record later has no name at an edition of the past.
        found = self._answer.records.get(record)
        return found.name if found else ""

    def href(self, record: int) -> str:
        return self._answer.record(record).path

    def group_href(self, gathering: Gathering) -> str:
        """The table of its very records, or of their kind where there are too many to name, under the limits of the question.

        Seen from the answer's page.
        """
        answer, question = self._answer, self._answer.question
        parameters = [*question.turned, *question.limits]
        if len(gathering.records) <= RECORDS_NAMED:
            parameters += [("record", answer.record(record).public_id) for record in gathering.records]
        else:
            parameters.append(("kind", gathering.kind))
        return f"?{urlencode(parameters)}"

    def step_href(self, number: int) -> str:
        return self._rows.address(self._edges[number])

    def step_says(self, number: int) -> str:
        answer, edge = self._answer, self._edges[number]
        return f"{answer.record(edge.child).name} {answer.reads(edge)} {answer.record(edge.parent).name}"


@lru_cache(maxsize=1)
def _styles() -> str:
    """The style sheet of a picture that stands alone: the site's own, with its tokens written out."""
    return resolved_sheet(_css("tokens"), _css("lineage"))


def _css(name: str) -> str:
    found = finders.find(f"kb/css/{name}.css")
    assert isinstance(found, str)
    return Path(found).read_text(encoding="utf-8")
