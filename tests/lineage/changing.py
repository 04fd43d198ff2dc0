"""Random change sets on a random small world, for tests that compare what is rehearsed with what is published."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from random import Random

from kb.core.errors import Conflict, InvalidInput
from kb.records import changes as do
from kb.records.models import Evidence, Record, Statement
from kb.records.predicates import LINEAGE
from tests import build

KINDS = ("dataset", "model", "product", "unresolved")
_KINDS_OF_WORDS = {
    "confirmed": ("technical_audit", "supports"), "reported": ("journalism", "supports"), "inferred": ("inference", "supports"),
    "refuted": ("technical_audit", "disputes"),
}  # fmt: skip


class Changing:
    """Draws change sets: what one draws may be refused by the record, which is no matter of lineage."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.reports = [build.report() for _ in range(4)]
        self.numbers = iter(range(10_000))
        self.drawn: dict[str, str] = {}

    def build_world(self, editions: int) -> None:
        """Publish that many random change sets."""
        build.publishing(*(self.create() for _ in range(8)), self.create_issue(), self.create_issue())
        for _ in range(editions):
            self.drawn = {}
            draws = (self.random.choice([self.link, self.link, self.accuse, self.merge])() for _ in range(3))
            for change in filter(None, draws):
                with suppress(Conflict, InvalidInput):
                    build.publishing(change)

    def change_set(self, most: int = 4) -> list[do.Change]:
        """Draw some changes that may refer to one another."""
        self.drawn = {}
        found: list[do.Change] = []
        for _ in range(self.random.randint(1, most)):
            merges = [] if any(isinstance(change, do.MergeRecord) for change in found) else [self.merge]
            draw: Callable[[], do.Change | None] = self.random.choice([
                *merges, self.create, self.create_issue, self.link, self.link, self.link, self.accuse, self.accuse, self.retract,
                self.amend, self.add_evidence, self.close, self.unmerge, self.unmerge, self.withdraw, self.recode,
            ])  # fmt: skip
            found += filter(None, [draw()])
        return found

    # what is drawn

    def create(self) -> do.CreateRecord:
        kind, number = self.random.choice(KINDS), next(self.numbers)
        self.drawn[f"r{number}"] = kind
        return do.CreateRecord(ref=f"r{number}", kind=kind, name=f"Artifact {number}")

    def create_issue(self) -> do.CreateRecord:
        number = next(self.numbers)
        self.drawn[f"r{number}"] = "issue"
        detail = {"code": self.random.choice(["D06", "D15", "G06"]), "frames": ["discrimination"]}
        return do.CreateRecord(ref=f"r{number}", kind="issue", name=f"Issue {number}", detail=detail)

    def link(self) -> do.AddStatement | None:
        records = self._records(KINDS)
        if len(records) < 2:
            return None
        (child, kind), (parent, of) = self.random.choices(records, k=2)
        joins = [code for code, row in LINEAGE.items() if kind in row.subjects and of in row.objects]
        predicate = self.random.choice([*joins, "version_of"])
        start = self.random.choice(["", "", "2021", "2022-03"])
        return do.AddStatement(subject=child, predicate=predicate, object=parent, start=start, evidence=self._evidence())

    def accuse(self) -> do.AddStatement | None:
        issues, artifacts = self._records(("issue",)), self._records(KINDS)
        if not issues or not artifacts:
            return None
        says = self.random.choice(["affected", "affected", "affected", "fixed", "mitigated", "not_affected"])
        return do.AddStatement(
            subject=self.random.choice(issues)[0], predicate="impact", object=self.random.choice(artifacts)[0],
            qualifier=says, evidence=self._evidence(),
        )  # fmt: skip

    def retract(self) -> do.RetractStatement | None:
        statement = self._statement()
        return do.RetractStatement(statement=statement.id) if statement else None

    def amend(self) -> do.AmendStatement | None:
        statement = self._statement()
        fields = self.random.choice([{"rank": "deprecated"}, {"rank": "normal"}, {"end": "2024"}, {"start": "2020"}])
        return do.AmendStatement(statement=statement.id, fields=fields) if statement else None

    def add_evidence(self) -> do.AddEvidence | None:
        statement = self._statement()
        return do.AddEvidence(statement=statement.id, evidence=self._evidence()[0]) if statement else None

    def close(self) -> do.AmendEvidence | None:
        rows = list(Evidence.objects.filter(last_seen=None).order_by("id"))
        if not rows:
            return None
        row = self.random.choice(rows)
        return do.AmendEvidence(evidence=row.id, fields={"last_seen": date(2026, 1, 1)})

    def merge(self) -> do.MergeRecord | None:
        kinds = self.random.choice([KINDS, KINDS, ("issue",)])
        record, kind = self._one(kinds)
        if record is None:
            return None
        into = [other for other, of in self._records(kinds) if kind in {of, "unresolved"} and record not in _chain(other)]
        return do.MergeRecord(record=record, into=self.random.choice(into)) if into else None

    def unmerge(self) -> do.UnmergeRecord | None:
        merged = list(Record.objects.exclude(merged_into=None).order_by("id"))
        return do.UnmergeRecord(record=self.random.choice(merged).id) if merged else None

    def withdraw(self) -> do.WithdrawRecord | None:
        record, _ = self._one(KINDS)
        return do.WithdrawRecord(record=record) if record is not None and self.random.random() < 0.3 else None

    def recode(self) -> do.AmendDetail | None:
        record, _ = self._one(("issue",))
        fields = {"code": self.random.choice(["D06", "G06"])}
        return do.AmendDetail(record=record, fields=fields) if record is not None else None

    # what it is drawn from

    def _records(self, kinds: tuple[str, ...]) -> list[tuple[do.Ref, str]]:
        stored = Record.objects.filter(kind__in=kinds, withdrawn=None).order_by("id").values_list("id", "kind")
        return [*stored, *((ref, kind) for ref, kind in self.drawn.items() if kind in kinds)]

    def _one(self, kinds: tuple[str, ...]) -> tuple[do.Ref | None, str]:
        records = self._records(kinds)
        return self.random.choice(records) if records else (None, "")

    def _statement(self) -> Statement | None:
        rows = list(Statement.objects.filter(predicate__in=(*LINEAGE, "version_of", "impact")).order_by("id"))
        return self.random.choice(rows) if rows else None

    def _evidence(self) -> tuple[do.EvidenceDraft, ...]:
        kind, stance = _KINDS_OF_WORDS[self.random.choices([*_KINDS_OF_WORDS], weights=[3, 8, 3, 1])[0]]
        return (build.says(self.random.choice(self.reports), kind=kind, stance=stance, locator=f"p. {next(self.numbers)}"),)


def _chain(record: do.Ref) -> list[do.Ref]:
    """The record and those that it is merged into, one after another."""
    found = [record]
    while isinstance(last := found[-1], int) and (into := Record.objects.get(id=last).merged_into_id) is not None:
        found.append(into)
    return found


def change_sets(seed: int, count: int) -> Iterator[list[do.Change]]:
    """Build a world and draw change sets for it, one after another: whoever takes one may publish it."""
    changing = Changing(seed)
    changing.build_world(12)
    for _ in range(count):
        yield changing.change_set()
