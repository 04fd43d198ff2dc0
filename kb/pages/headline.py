"""The headline of an answer of lineage: what it counts, under which filters, and what a reader would have without them.

Under filters no number may read as if it were all there is. The words of the filters are `kb.lineage.asked`'s.
"""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from urllib.parse import urlencode

from kb.core.dates import in_words
from kb.core.errors import NotFound
from kb.core.listing import listed
from kb.lineage.answer import Node
from kb.lineage.ask import Answer, Question, ask, usual_direction
from kb.lineage.asked import Undated, filters_in_words, is_past, released_later, undated
from kb.records.kinds import KINDS
from kb.records.vocabularies import STATUSES

_ORDER = ("product", "model", "dataset", "unresolved")


class Headline:
    """The figures of one answer, with the words that they must not be read without."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.downstream = answer.question.direction == "downstream"
        self.selects = bool(answer.question.kinds or answer.question.records)

    @cached_property
    def filters(self) -> str:
        """The filters in words, or nothing."""
        return ", ".join(filters_in_words(self.answer))

    @cached_property
    def only_edition(self) -> bool:
        """Whether an edition of the past is all that was asked for."""
        return self.filters == f"at edition {self.answer.edition}" and is_past(self.answer)

    @cached_property
    def is_past(self) -> bool:
        """Whether an edition was asked for that is not the newest."""
        return is_past(self.answer)

    @property
    def day(self) -> str:
        """The day asked about, in words."""
        on = self.answer.question.on
        return in_words(on.isoformat()) if on else ""

    @cached_property
    def counted(self) -> list[Node]:
        """Documented artifacts that the figure counts: downstream products, or what was asked for, without disputed ones."""
        return [node for node in self._listed(self.answer.outline.nodes) if not self.downstream or node.status != "disputed"]

    @property
    def disputed(self) -> int:
        """How many more there are with a disputed step on their best path."""
        return len(self._listed(self.answer.outline.nodes)) - len(self.counted)

    @cached_property
    def leads(self) -> list[Node]:
        """The same that only an inference leads to."""
        return self._listed(self.answer.outline.lead_nodes)

    @property
    def unstated(self) -> int:
        """Leads whose source names only the family of the model."""
        return sum(node.version_not_stated for node in self.leads)

    @property
    def by_status(self) -> list[tuple[str, int]]:
        """What is counted by status, strongest first, as labels."""
        found = Counter(node.status for node in self.counted)
        return [(STATUSES.label(code).lower(), found[code]) for code in STATUSES if found[code]]

    @property
    def what(self) -> str:
        """What is counted, with its number."""
        return self._number(self.counted)

    @property
    def what_leads(self) -> str:
        """Leads, with their number."""
        return self._number(self.leads)

    @cached_property
    def undated(self) -> Undated:
        """Of what is counted, how much rests on steps without dates."""
        return undated(self.answer, self.counted)

    @cached_property
    def released_later(self) -> str:
        """When the record asked about was released, where that is after the day."""
        return released_later(self.answer)

    @cached_property
    def without_filters(self) -> "Headline | None":
        """What the newest edition says without any filter; nothing where there is none, or the record is gone."""
        if not self.filters:
            return None
        try:
            return Headline(ask(Question(self.answer.root, self.answer.question.direction), whole=False))
        except NotFound:
            return None

    @property
    def address(self) -> str:
        """The page of this direction without filters."""
        question = self.answer.question
        usual = question.direction == usual_direction(question.root)
        return f"/lineage/{question.root.slug}/{'' if usual else '?' + urlencode({'direction': question.direction})}"

    def _listed(self, nodes: Sequence[Node]) -> list[Node]:
        if self.selects or not self.downstream:
            return list(nodes)
        return [node for node in nodes if node.kind == "product"]

    def _number(self, nodes: Sequence[Node]) -> str:
        """So many of each kind that was asked for; where nothing was selected, products downstream and artifacts upstream."""
        if not self.selects:
            return _many(len(nodes), "product" if self.downstream else "artifact", "")
        found = Counter(node.kind for node in nodes)
        kinds = [kind for kind in _ORDER if found[kind] or kind in self.answer.question.kinds]
        parts = [_many(found[kind], KINDS[kind].label.lower(), KINDS[kind].plural.lower()) for kind in kinds]
        return listed(parts or ["none of the records named"])


def _many(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several or one + 's'}"
