"""All statements about a record, page by page, under the headings of the record's own page."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.core.paginator import Paginator

from kb.pages.lines import Line
from kb.pages.reading import numbered_page
from kb.pages.record_lines import A_PAGE, PARTS, RecordLines
from kb.records.models import Record
from kb.records.queries import members


@dataclass(frozen=True)
class Part:
    """What a page has of one part: its lines, how many it has in all, and whether it began on a page before."""

    code: str
    title: str
    lines: list[Line]
    total: int
    goes_on: bool

    @property
    def is_lineage(self) -> bool:
        """Whether its lines are steps, beside which stands what they carry."""
        return self.code in {"parents", "children"}


class StatementsPage:
    """One page of them; refuted and retracted ones are counted and left out, as on the record's page."""

    def __init__(self, record: Record, number: str) -> None:
        self.record = record
        self.said = RecordLines(record, members(record))
        self.page = numbered_page(Paginator(self.said.in_order, A_PAGE), number)

    @property
    def total(self) -> int:
        """How many statements there are."""
        return len(self.said.in_order)

    @cached_property
    def parts(self) -> list[Part]:
        """The statements of this page by part."""
        lines = self.said.read([row.number for _, row in self.page.object_list])
        found = []
        for code, rows in groupby(self.page.object_list, key=lambda one: one[0]):
            numbers, all_of_it = [row.number for _, row in rows], self.said.parts[code]
            goes_on = numbers[0] != all_of_it[0].number
            found.append(Part(code, PARTS[code], [lines[number] for number in numbers], len(all_of_it), goes_on))
        return found
