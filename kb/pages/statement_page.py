"""Everything that the page of one statement shows: what it says, how sure that is and why, every source, its history."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from kb.core.errors import NotFound
from kb.ledger.history import editions_of, reason_of
from kb.ledger.models import Edition
from kb.pages.lines import Line, lines
from kb.pages.record_lines import RecordLines
from kb.records.models import Evidence, Record, Statement
from kb.records.queries import members, speaker
from kb.records.telling import in_order
from kb.records.tombstone import refuse_withdrawn_ends
from kb.records.vocabularies import STANCES, STATUSES

_STANCE_WORDS = {"supports": "says so", "disputes": "says otherwise", "mentions": "mentions it without saying so"}


@dataclass(frozen=True)
class Step:
    """One edition that touched the statement or its evidence, with its public reason."""

    edition: Edition
    reason: str


class StatementPage:
    """The page of one statement, whatever its status: what was taken back is shown as taken back."""

    def __init__(self, number: int) -> None:
        found = Statement.objects.select_related("subject", "object").filter(id=number).first()
        if found is None:
            raise NotFound(f"There is no statement {number}.")
        refuse_withdrawn_ends(found)
        self.statement = found

    @cached_property
    def line(self) -> Line:
        """The statement, read from its subject's side."""
        return lines([self.statement], {self.statement.subject_id})[0]

    @property
    def subject(self) -> Record:
        """What it is about."""
        return self.statement.subject

    @cached_property
    def place(self) -> str:
        """Where it stands on the page of what it is about, or among all statements about that; empty for one left out there."""
        record = speaker(self.subject)
        return RecordLines(record, members(record)).place_of(self.statement.id)

    @property
    def says(self) -> str:
        """The statement as a sentence without its full stop."""
        said = self.statement.object.name if self.statement.object else self.line.value
        parts = (self.subject.name, self.line.reads, self.line.qualifier and f"({self.line.qualifier})", said)
        return " ".join(part for part in parts if part)

    @property
    def evidence(self) -> list[Evidence]:
        """Every piece of evidence, the best first."""
        return in_order(self.line.evidence)

    @property
    def status_means(self) -> str:
        """What its status means."""
        return STATUSES[self.statement.status].definition

    @cached_property
    def counts(self) -> list[str]:
        """How many sources say so, say otherwise or mention it, in words."""
        found = Counter(row.stance for row in self.line.evidence)
        return [
            f"{found[code]} source{'' if found[code] == 1 else 's'} {_plural(code, found[code])}"
            for code in STANCES
            if found[code]
        ]

    @property
    def is_step(self) -> bool:
        """Whether lineage follows it."""
        return self.line.row.is_lineage and self.statement.rank != "deprecated"

    @cached_property
    def history(self) -> list[Step]:
        """The editions that touched it or its evidence, newest first."""
        evidence = list(Evidence.objects.filter(statement=self.statement).values_list("id", flat=True))
        tables = {Statement._meta.db_table: [self.statement.id], Evidence._meta.db_table: evidence}
        return [Step(edition, reason_of(edition)) for edition in editions_of(tables)]


def _plural(stance: str, count: int) -> str:
    """`1 source says so`, `2 sources say so`."""
    words = _STANCE_WORDS[stance]
    return words if count == 1 else words.replace("says", "say", 1).replace("mentions", "mention", 1)
