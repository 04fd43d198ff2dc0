"""Everything that a record's page shows, read once and put in the order of its sections.

Which statements belong together follows from the predicate's group in the registry; no kind is treated apart here
but through the registry of details.
"""

from dataclasses import dataclass
from functools import cached_property

from kb.ledger.models import Edition
from kb.lineage.ask import Answer, Question, ask
from kb.lineage.inherit import CLASSES
from kb.lineage.reach import Reach, artifacts_reached, issues_reaching
from kb.pages.lines import Line, lines
from kb.pages.severity import Severity, severity
from kb.records import queries
from kb.records.hazards import hazards_among
from kb.records.kinds import KINDS
from kb.records.models import Action, Evidence, Provision, Record, Reply, Statement
from kb.records.predicates import GROUP_TITLES
from kb.records.responses import Contested, Responses, contested, public_replies, responses_to_records
from kb.records.sources import FOUNDING, SOURCES, Source
from kb.records.vocabularies import MEASURES

_LEFT_OUT = frozenset({"refuted", "retracted"})
_GIVEN_SHOWN = 200

REACH_TITLES = {
    "present": "Present in it",
    "inherited": "Inherited along documented steps that carry everything",
    "possibly_inherited": "Possibly inherited: a step may carry only part, or nobody has said",
    "remediated": "Would reach it, and is fixed or does not affect it, according to the source named",
}


@dataclass(frozen=True)
class Section:
    """One section of statements with its heading."""

    code: str
    title: str
    lines: list[Line]


@dataclass(frozen=True)
class ReachGroup:
    """Issues or artifacts of one class of exposure."""

    category: str
    title: str
    reaches: list[Reach]


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
    def all_lines(self) -> list[Line]:
        """Every statement about the record, but those that its own reports make elsewhere."""
        shown = [one for one in queries.statements_about(self.members) if one.status not in _LEFT_OUT]
        return lines(shown, self.own)

    @cached_property
    def left_out(self) -> int:
        """How many statements were refuted or retracted."""
        return sum(one.status in _LEFT_OUT for one in queries.statements_about(self.members))

    def in_group(self, group: str, *, outgoing: bool | None = None) -> list[Line]:
        """Lines of one group, from one side if asked."""
        return [line for line in self.all_lines if line.row.group == group and (outgoing is None or line.outgoing == outgoing)]

    @cached_property
    def lede(self) -> Line | None:
        """The line that says what the record is."""
        described = [line for line in self.in_group("description") if line.row.code == "described_as" and line.outgoing]
        return next((line for line in described if line.evidence), None)

    @cached_property
    def lede_lines(self) -> list[Line]:
        """The same line as a list, so that its evidence can be opened."""
        return [self.lede] if self.lede else []

    @cached_property
    def availability(self) -> Line | None:
        """The newest availability on record."""
        dated = [line for line in self.in_group("availability", outgoing=True) if not line.statement.end]
        return max(dated, key=lambda line: line.statement.start, default=None)

    @cached_property
    def parents(self) -> list[Line]:
        """What the record is built from, one step."""
        return [*self.in_group("lineage", outgoing=True)]

    @cached_property
    def children(self) -> list[Line]:
        """What is built from the record, one step."""
        return [*self.in_group("lineage", outgoing=False)]

    @cached_property
    def sections(self) -> list[Section]:
        """Sections of statements in the order of the registry; lineage, figures and roles have places of their own."""
        apart = {"lineage", "figure", "role", "event", "impact"}
        found = [
            Section(group, title, [line for line in self.in_group(group) if line is not self.lede])
            for group, title in GROUP_TITLES.items()
            if group not in apart
        ]
        return [section for section in found if section.lines]

    @cached_property
    def deeds(self) -> list[Line]:
        """Who did what: roles and events, by date. Affected groups never stand among actors."""
        done = [line for line in (*self.in_group("role"), *self.in_group("event")) if line.row.code != "affected_group"]
        return sorted(done, key=lambda line: line.statement.start or "9999")

    @cached_property
    def affected(self) -> list[Line]:
        """The groups that the record affects, or what affects this group."""
        return [line for line in self.in_group("role") if line.row.code == "affected_group"]

    @cached_property
    def figures(self) -> list[tuple[str, str, list[Line]]]:
        """Figures by measure, each measure with what it counts; several values of one measure stand side by side."""
        grouped: dict[str, list[Line]] = {}
        for line in self.in_group("figure"):
            grouped.setdefault(line.statement.qualifier, []).append(line)
        return [(MEASURES[code].label, MEASURES[code].definition, grouped[code]) for code in grouped]

    @cached_property
    def disputed(self) -> list[Line]:
        """Statements that a source contradicts."""
        return [line for line in self.all_lines if line.statement.status == "disputed"]

    @cached_property
    def impacts(self) -> list[Line]:
        """What an issue's sources say of artifacts, or what issues say of this artifact."""
        return self.in_group("impact")

    @cached_property
    def severity(self) -> Severity:
        """The severity of an issue; no other kind has one."""
        return severity(self.record.issue, self.impacts)

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
        groups = [ReachGroup(code, REACH_TITLES[code], [one for one in found if one.category == code]) for code in CLASSES]
        return [group for group in groups if group.reaches]

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
        topic = [line for line in self.in_group("disclosure") if line.statement.qualifier == "training_data"]
        return next(iter(topic), None)

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
        return responses_to_records(self.members)

    @cached_property
    def as_a_whole(self) -> Responses:
        """Those that are about the record itself, or about a statement that no line shows."""
        shown = {line.number for line in self.all_lines}
        return self.responses.without(shown)

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
        shown = {"statement__subject__withdrawn": None, "statement__object__withdrawn": None}
        rows = Evidence.objects.filter(report__in=self.own, **shown).select_related("statement__subject", "statement__object")
        return [(row, row.statement) for row in rows.order_by("statement__subject__name", "id")[:_GIVEN_SHOWN]]

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
