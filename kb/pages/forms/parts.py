"""The parts of a long form: what is usually filled in stands open, what rarely is stands folded, evidence stands apart."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.forms import Form
from django.forms.boundfield import BoundField

EVIDENCE = "evidence_"
FIELDS = "fields_"
_RARE = frozenset({"slug", "unit", "rank", "ambiguous"})
_RARE_OF_EVIDENCE = frozenset({"said_by", "cited_in", "confidence", "confidence_reason", "last_checked", "last_seen"})


@dataclass(frozen=True, slots=True)
class Part:
    """Some fields of a form, shown as a form is. A folded part is `open` where one of its fields holds something or is wrong."""

    title: str
    visible_fields: list[BoundField]
    folded: bool

    @property
    def open(self) -> bool:
        """Whether what is folded has to be seen."""
        return any(field.errors or field.value() not in (None, "", [], False) for field in self.visible_fields)


def parts_of(form: Form) -> list[Part]:
    """Sort the fields of the form of a change into parts; empty ones are left out."""
    own = [field for field in form.visible_fields() if not field.name.startswith(EVIDENCE)]
    evidence = [field for field in form.visible_fields() if field.name.startswith(EVIDENCE)]
    rare = _RARE | _RARE_OF_EVIDENCE
    made = (
        Part("", _without(own, rare), folded=False), Part("More fields", _of(own, rare), folded=True),
        Part("Evidence" if own else "", _without(evidence, _RARE_OF_EVIDENCE), folded=False),
        Part("More about the evidence", _of(evidence, _RARE_OF_EVIDENCE), folded=True),
    )  # fmt: skip
    return [part for part in made if part.visible_fields]


def _of(fields: Iterable[BoundField], names: frozenset[str]) -> list[BoundField]:
    return [field for field in fields if _plain(field.name) in names]


def _without(fields: Iterable[BoundField], names: frozenset[str]) -> list[BoundField]:
    return [field for field in fields if _plain(field.name) not in names]


def _plain(name: str) -> str:
    return name.removeprefix(EVIDENCE).removeprefix(FIELDS)
