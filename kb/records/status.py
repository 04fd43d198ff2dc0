"""The one rule that derives a statement's status from its evidence. Pure; loading is done in `derive.py`.

A change of the rule is a new version and an edition of its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations

RULE_VERSION = 1

# Strongest first; the last two are left out of every answer unless asked for.
ORDER = ("confirmed", "corroborated", "reported", "inferred", "disputed", "needs_source", "refuted", "retracted")
STRENGTH: dict[str, int] = {status: len(ORDER) - place for place, status in enumerate(ORDER)}

# A court, a regulator or a technical audit confirms whatever it says.
CONFIRMING_KINDS = frozenset({"court_record", "regulatory_filing", "technical_audit"})
# The responsible party's own disclosure confirms a statement about its artifact.
DISCLOSING_KINDS = frozenset({"official_disclosure", "model_card", "paper", "code_or_config", "public_statement"})


@dataclass(frozen=True, slots=True)
class Row:
    """What the rule needs to know of one piece of evidence.

    `voice` is the party whose word it is, `report` the document that says it; `None` means not recorded.
    """

    stance: str
    kind: str
    report: int
    publisher: int | None = None
    voice: int | None = None
    independent: bool = False
    read_directly: bool = True


@dataclass(frozen=True, slots=True)
class Case:
    """A statement before the rule: its evidence and the parties who answer for its subject."""

    rows: tuple[Row, ...] = ()
    responsible: frozenset[int] = frozenset()
    self_report_confirms: bool = True
    relies_on: Mapping[int, frozenset[int]] = field(default_factory=dict)
    retracted: bool = False
    override: str = ""


def derive(case: Case) -> str:
    """Derive the status.

    Retraction and an editor's override come first. Then: support that is contradicted is disputed; a contradiction
    alone refutes where it confirms by itself and else disputes; support is confirmed by a confirming source, corroborated
    by two independent ones, inferred where all of it is inference, and otherwise reported. Mentions count for nothing.
    """
    if case.retracted:
        return "retracted"
    if case.override:
        return case.override
    supports = [row for row in case.rows if row.stance == "supports"]
    disputes = [row for row in case.rows if row.stance == "disputes"]
    if disputes:
        return "refuted" if not supports and any(_confirms(row, case) for row in disputes) else "disputed"
    if not supports:
        return "needs_source"
    return _supported(supports, case)


def _supported(supports: list[Row], case: Case) -> str:
    if any(_confirms(row, case) for row in supports):
        return "confirmed"
    if all(row.kind == "inference" for row in supports):
        return "inferred"
    return "corroborated" if corroborates(supports, case.relies_on) else "reported"


def _confirms(row: Row, case: Case) -> bool:
    if not row.read_directly:
        return False
    if row.kind in CONFIRMING_KINDS:
        return True
    return case.self_report_confirms and row.kind in DISCLOSING_KINDS and row.voice in case.responsible


def corroborates(rows: Iterable[Row], relies_on: Mapping[int, frozenset[int]]) -> bool:
    """Whether two of the sources are independent: different publishers that share no origin.

    Reprints and same origins count once, and a source whose publisher or independence is not recorded never counts.
    Two sources are compared by themselves: a third one that repeats both takes nothing from them.
    """
    known = {
        (row.publisher, frozenset(_origins(row.report, relies_on)))
        for row in rows
        if row.kind != "inference" and row.independent and row.publisher is not None and row.read_directly
    }
    return any(one[0] != other[0] and not one[1] & other[1] for one, other in combinations(known, 2))


def _origins(report: int, relies_on: Mapping[int, frozenset[int]]) -> set[int]:
    """The report and everything it relies on, directly or through others."""
    found, frontier = {report}, [report]
    while frontier:
        fresh = relies_on.get(frontier.pop(), frozenset()) - found
        found |= fresh
        frontier.extend(fresh)
    return found
