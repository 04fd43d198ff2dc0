"""Everything that a record's page shows, read once and put in the order of its sections.

Which statements belong together follows from the predicate's group in the registry; no kind is treated apart here
but through the registry of details.
"""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from kb.ledger.models import Edition
from kb.lineage.ask import Answer, Question, ask
from kb.lineage.reach import artifacts_reached, issues_reaching
from kb.pages.lines import Line
from kb.pages.reached import ReachGroup, by_class
from kb.pages.record_lines import Listed, RecordLines
from kb.pages.severity import Severity, severity
from kb.records import queries
from kb.records.hazards import hazards_among
from kb.records.kinds import KINDS
from kb.records.models import Action, Evidence, Provision, Record, Reply, Statement
from kb.records.predicates import GROUP_TITLES
from kb.records.responses import Contested, Responses, contested, public_replies
from kb.records.sources import FOUNDING, SOURCES, Source
from kb.records.vocabularies import MEASURES

_GIVEN_SHOWN = 200


@dataclass(frozen=True)
class Section:
    """One section of statements with its heading."""

    code: str
    title: str
    list: Listed


class RecordPage:
    """The page of one record: what the template reads, each part loaded when it is first shown."""

    def __init__(self, record: Record) -> None:
        self.members = queries.members(record)
        self.record = queries.with_details(Record.objects.filter(id=record.id)).get()

    @cached_property
    def own(self) -> set[int]:
        """Ids of the record and those merged into it."""
        return {member.id for member in self.members}

    @cached_property
    def merged(self) -> list[Record]:
        """Records of sources that this one speaks for."""
        return self.members[1:]

    @cached_property
    def said(self) -> RecordLines:
        """The statements about the record, but those that its own reports make elsewhere."""
        return RecordLines(self.record, self.members)

    @property
    def left_out(self) -> int:
        """How many statements were refuted or retracted."""
        return self.said.left_out

    @property
    def lede(self) -> Line | None:
        """The line that says what the record is."""
        return self.said.lede

    @cached_property
    def lede_list(self) -> Listed:
        """The same line as a list, so that its evidence can be opened."""
        return Listed([self.lede] if self.lede else [], 1)

    @cached_property
    def availability(self) -> Line | None:
        """The newest availability on record."""
        return self.said.line(self.said.availability)

    @cached_property
    def parents(self) -> Listed:
        """What the record is built from, one step."""
        return self.said.listed("parents")

    @cached_property
    def children(self) -> Listed:
        """What is built from the record, one step."""
        return self.said.listed("children")

    @cached_property
    def sections(self) -> list[Section]:
        """Sections of statements in the order of the registry; those of other names have places of their own."""
        found = [Section(group, title, self.said.listed(group, but=self.lede)) for group, title in GROUP_TITLES.items()]
        return [section for section in found if section.list]

    @cached_property
    def deeds(self) -> Listed:
        """Who did what: roles and events, by date. Affected groups never stand among actors."""
        return self.said.listed("deeds")

    @cached_property
    def affected(self) -> Listed:
        """The groups that the record affects, or what affects this group."""
        return self.said.listed("affected")

    @cached_property
    def figures(self) -> list[tuple[str, str, Listed]]:
        """Figures by measure, each measure with what it counts; several values of one measure stand side by side."""
        return [
            (MEASURES[code].label, MEASURES[code].definition, self.said.listed("figures", code)) for code in self.said.measures()
        ]

    @property
    def disputed(self) -> Listed:
        """Statements that a source contradicts."""
        return self.said.disputed

    @cached_property
    def impacts(self) -> Listed:
        """What an issue's sources say of artifacts, or what issues say of this artifact."""
        return self.said.listed("impacts")

    @cached_property
    def severity(self) -> Severity:
        """The severity of an issue; no other kind has one."""
        return severity(self.record.issue, (row.status for row in self.said.parts.get("impacts", ())))

    @property
    def is_hazard(self) -> bool:
        """Whether an issue, or one that it speaks for, is about unlawful material."""
        return bool(hazards_among(self.own))

    @cached_property
    def reach(self) -> list[ReachGroup]:
        """Issues that reach an artifact, or artifacts that an issue reaches, by class; classes are never added up."""
        if self.record.is_artifact:
            found = issues_reaching(self.record)
        else:
            found = artifacts_reached(self.record) if self.record.kind == "issue" else []
        return by_class(found)

    @cached_property
    def downstream(self) -> Answer | None:
        """What inherits the record."""
        return ask(Question(self.record, "downstream"), whole=False) if self.record.is_artifact else None

    @cached_property
    def upstream(self) -> Answer | None:
        """What the record is built on."""
        return ask(Question(self.record, "upstream"), whole=False) if self.record.is_artifact else None

    @cached_property
    def inheriting_products(self) -> int:
        """Products with a documented and undisputed path from the record."""
        nodes = self.downstream.outline.nodes if self.downstream else ()
        return sum(node.kind == "product" and node.status != "disputed" for node in nodes)

    @cached_property
    def lead_products(self) -> int:
        """Products that only an inference leads to."""
        nodes = self.downstream.outline.lead_nodes if self.downstream else ()
        return sum(node.kind == "product" for node in nodes)

    @cached_property
    def ancestors(self) -> int:
        """Artifacts that the record is built on, as documented."""
        return len(self.upstream.outline.nodes) if self.upstream else 0

    @cached_property
    def present_issues(self) -> int:
        """Issues that a source says are present in this very record."""
        return sum(len(group.reaches) for group in self.reach if group.category == "present")

    @cached_property
    def other_issues(self) -> int:
        """Issues that reach the record in other ways; never added to the present ones."""
        return sum(len(group.reaches) for group in self.reach if group.category != "present")

    @cached_property
    def training_data(self) -> Line | None:
        """What is on record of the disclosure of its training data."""
        return self.said.line(self.said.training_data)

    @cached_property
    def provisions(self) -> list[Provision]:
        """The provisions of a law."""
        return list(self.record.provisions.select_related("report"))

    @cached_property
    def actions(self) -> list[Action]:
        """The steps in the life of a law."""
        return list(self.record.actions.select_related("report"))

    @cached_property
    def responses(self) -> Responses:
        """Replies to Upstream and disputes about the record and the statements on its page."""
        return self.said.responses

    @cached_property
    def as_a_whole(self) -> Responses:
        """Those that are about the record itself, or about a statement that is left out."""
        return self.responses.without({row.number for row in self.said.rows})

    @property
    def replies(self) -> tuple[Reply, ...]:
        """Replies that stand beside no line."""
        return self.as_a_whole.replies

    @cached_property
    def replies_given(self) -> list[Reply]:
        """On a party's page: what it replied, and that it was asked."""
        return list(public_replies().filter(party__in=self.own)[:_GIVEN_SHOWN]) if self.record.kind == "party" else []

    @cached_property
    def was_asked(self) -> bool:
        """Whether Upstream asked any of the parties, or any wrote to it."""
        return any(reply.state != "waived" for reply in (*self.responses.replies, *self.replies_given))

    @cached_property
    def contested(self) -> Contested:
        """What is contested anywhere."""
        return contested()

    @property
    def split_from(self) -> Record | None:
        """The record that this one was a part of."""
        return self.record.split_from

    @cached_property
    def split_off(self) -> list[Record]:
        """Records that were a part of this one."""
        return list(queries.listed().filter(split_from__in=self.own).order_by("id"))

    @cached_property
    def evidence_given(self) -> list[tuple[Evidence, Statement]]:
        """What a report is cited for."""
        rows = self._evidence_given.select_related("statement__subject", "statement__object")
        return [(row, row.statement) for row in rows.order_by("statement__subject__name", "id")[:_GIVEN_SHOWN]]

    @cached_property
    def evidence_not_given(self) -> int:
        """How many pieces of evidence of a report are not among those."""
        if len(self.evidence_given) < _GIVEN_SHOWN:
            return 0
        return self._evidence_given.count() - len(self.evidence_given)

    @property
    def _evidence_given(self) -> QuerySet[Evidence]:
        return Evidence.objects.filter(report__in=self.own, statement__subject__withdrawn=None, statement__object__withdrawn=None)

    @property
    def api_path(self) -> str:
        """The same in JSON, long lists in full."""
        return f"/api/v1/records/{self.record.slug}/"

    @cached_property
    def sources(self) -> list[Source]:
        """The sources that this record or one merged into it comes from."""
        codes = {key.source for member in self.members for key in member.source_keys.all()}
        return [source for code, source in SOURCES.items() if code in codes]

    @cached_property
    def is_compiled(self) -> bool:
        """Whether Upstream's editors wrote it; otherwise it was imported and not reviewed."""
        return FOUNDING in self.sources

    @cached_property
    def same_name(self) -> list[Record]:
        """Other records of this name, which are other things as far as anybody has said."""
        return queries.same_name(self.record)

    @cached_property
    def editions(self) -> list[Edition]:
        """Editions that touched the record, its statements or their evidence."""
        return queries.editions_touching(self.members)

    @property
    def template(self) -> str:
        """The template of the record's kind."""
        return f"records/{KINDS[self.record.kind].code}.html"
