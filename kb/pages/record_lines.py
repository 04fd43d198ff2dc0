"""The statements about a record as lists: which part of its page each stands in, the lines shown, and where the rest is.

A list shows at most MOST lines. All statements stand on pages of their own, in the order of the parts, A_PAGE on each.
Words and evidence are read for what is shown alone, so a hub of thousands takes as many queries as a record of a few.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from kb.pages.lines import Line, lines
from kb.records.models import Record
from kb.records.predicates import GROUP_TITLES, PREDICATES
from kb.records.queries import Said, said_about, statements_by_number
from kb.records.responses import Responses, responses_to_records

MOST, A_PAGE = 60, 100
LEFT_OUT = frozenset({"refuted", "retracted"})

# The parts of a page that are not simply a group of the registry; the others follow in its order.
_APART = {"figure": "figures", "impact": "impacts", "role": "deeds", "event": "deeds"}
PARTS: dict[str, str] = {
    "impacts": "Issues, and what they affect",
    "parents": "Built from",
    "children": "Built into",
    "figures": GROUP_TITLES["figure"],
    "affected": "Who is affected",
    "deeds": GROUP_TITLES["role"],
    **{group: title for group, title in GROUP_TITLES.items() if group not in {"lineage", *_APART}},
}
_STEPS = {"parents": "upstream", "children": "downstream"}


@dataclass(frozen=True)
class Listed:
    """The lines of a list that are shown, of how many, and where all of them are; `steps` is where lineage has them."""

    lines: Sequence[Line]
    total: int
    address: str = ""
    steps: str = ""

    def __bool__(self) -> bool:
        return bool(self.lines)

    @property
    def more(self) -> int:
        """How many there are beside those that are shown."""
        return self.total - len(self.lines)


class RecordLines:
    """The statements about one record and those merged into it, but the refuted and retracted ones."""

    def __init__(self, record: Record, members: Sequence[Record]) -> None:
        self.record = record
        self.members = members
        self.own = {member.id for member in members}

    @cached_property
    def _about(self) -> list[Said]:
        return said_about(self.members)

    @cached_property
    def rows(self) -> list[Said]:
        """All that is shown somewhere, in the order in which it was read."""
        return [row for row in self._about if row.status not in LEFT_OUT]

    @property
    def left_out(self) -> int:
        """How many statements were refuted or retracted."""
        return len(self._about) - len(self.rows)

    @cached_property
    def parts(self) -> dict[str, list[Said]]:
        """The statements of each part that has any, as they stand in it: deeds by date, figures by measure."""
        found: dict[str, list[Said]] = {part: [] for part in PARTS}
        for row in self.rows:
            found[self._part(row)].append(row)
        found["deeds"].sort(key=lambda row: (row.start or "9999", PREDICATES[row.predicate].group == "event"))
        measures = list(dict.fromkeys(row.qualifier for row in found["figures"]))
        found["figures"].sort(key=lambda row: measures.index(row.qualifier))
        return {part: rows for part, rows in found.items() if rows}

    def _part(self, row: Said) -> str:
        predicate = PREDICATES[row.predicate]
        if predicate.is_lineage:
            return "parents" if row.subject in self.own else "children"
        return "affected" if row.predicate == "affected_group" else _APART.get(predicate.group, predicate.group)

    @cached_property
    def in_order(self) -> list[tuple[str, Said]]:
        """Every statement with its part, as the pages of all of them list them."""
        return [(part, row) for part, rows in self.parts.items() for row in rows]

    @cached_property
    def _places(self) -> dict[int, int]:
        return {row.number: place for place, (_, row) in enumerate(self.in_order)}

    @cached_property
    def responses(self) -> Responses:
        """Replies to Upstream and disputes about the record and its statements."""
        return responses_to_records(self.members)

    @cached_property
    def _lists(self) -> dict[tuple[str, str], list[Said]]:
        """The lists of the page: a part is one, but figures are a list for each measure."""
        found: dict[tuple[str, str], list[Said]] = {}
        for part, row in self.in_order:
            found.setdefault((part, row.qualifier if part == "figures" else ""), []).append(row)
        return found

    @cached_property
    def _chosen(self) -> dict[tuple[str, str], list[int]]:
        return {key: self._choose(rows) for key, rows in self._lists.items()}

    def _choose(self, rows: Sequence[Said]) -> list[int]:
        """The first of a long list; what the page itself points to and what anybody answered is always among them."""
        numbers = [row.number for row in rows]
        if len(numbers) <= MOST:
            return numbers
        first = {number for number in numbers if number in self._pinned}
        answered = [number for number in numbers if number in self._answered and number not in first]
        rest = [number for number in numbers if number not in self._answered and number not in first]
        kept = first | {*[*answered, *rest][: MOST - len(first)]}
        return [number for number in numbers if number in kept]

    @cached_property
    def _answered(self) -> frozenset[int | None]:
        replied = {reply.statement_id for reply in self.responses.replies}
        return frozenset(replied | {dispute.statement_id for dispute in self.responses.disputes})

    @cached_property
    def _pinned(self) -> frozenset[int]:
        return frozenset(row.number for row in (self.availability, self.training_data) if row is not None)

    @property
    def availability(self) -> Said | None:
        """The newest availability on record that has not ended."""
        dated = [row for row in self.parts.get("availability", ()) if row.subject in self.own and not row.end]
        return max(dated, key=lambda row: row.start, default=None)

    @property
    def training_data(self) -> Said | None:
        """What is on record of the disclosure of its training data."""
        return next((row for row in self.parts.get("disclosure", ()) if row.qualifier == "training_data"), None)

    @cached_property
    def _described(self) -> list[int]:
        said = self.parts.get("description", ())
        return [row.number for row in said if row.predicate == "described_as" and row.subject in self.own][:MOST]

    @cached_property
    def _disputed(self) -> list[Said]:
        return [row for row in self.rows if row.status == "disputed"]

    @cached_property
    def _lines(self) -> dict[int, Line]:
        """The line of every statement that the page shows, read at once."""
        shown = [number for numbers in self._chosen.values() for number in numbers]
        return self.read([*shown, *self._described, *self._choose(self._disputed)])

    def read(self, numbers: Collection[int]) -> dict[int, Line]:
        """Read statements as lines, by number."""
        return {line.number: line for line in lines(statements_by_number(numbers).values(), self.own)}

    def line(self, row: Said | None) -> Line | None:
        """The line of a statement that is shown."""
        return self._lines[row.number] if row else None

    def listed(self, part: str, measure: str = "", *, but: Line | None = None) -> Listed:
        """A list of the page; `but` is a line of it that stands elsewhere."""
        rows, chosen = self._lists.get((part, measure), []), self._chosen.get((part, measure), [])
        apart = {but.number} if but else set()
        shown = [self._lines[number] for number in chosen if number not in apart]
        total = sum(row.number not in apart for row in rows)
        return Listed(shown, total, self.page_of(rows[0].number, part) if rows else "", self._steps(part))

    def _steps(self, part: str) -> str:
        return f"/lineage/{self.record.slug}/steps/?direction={_STEPS[part]}&depth=1" if part in _STEPS else ""

    def measures(self) -> list[str]:
        """The measures that figures are of, as they come."""
        return [measure for part, measure in self._lists if part == "figures"]

    @property
    def disputed(self) -> Listed:
        """What a source contradicts."""
        shown = [self._lines[number] for number in self._choose(self._disputed)]
        return Listed(shown, len(self._disputed), f"{self.record.path}statements/")

    @cached_property
    def lede(self) -> Line | None:
        """The line that says what the record is: its first description that has a source."""
        return next((line for number in self._described if (line := self._lines[number]).evidence), None)

    def page_of(self, number: int, anchor: str) -> str:
        """Where a statement stands among all of them."""
        page = 1 + self._places[number] // A_PAGE
        return f"{self.record.path}statements/{f'?page={page}' if page > 1 else ''}#{anchor}"

    def place_of(self, number: int) -> str:
        """Where a statement stands on the record's page, or else among all of them; empty for one that is left out."""
        if number not in self._places:
            return ""
        shown = any(number in numbers for numbers in self._chosen.values())
        if shown or (number in self._described and self.lede and self.lede.number == number):
            return f"{self.record.path}#s{number}"
        return self.page_of(number, f"s{number}")
