"""Terms with a label, a definition and their mapping to the fields they come from.

A vocabulary is declared once and read by forms, filters, pages, the API schema and exports.
Which vocabularies exist is the business of the layer whose words they are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a vocabulary: the code that is stored and what readers see of it."""

    code: str
    label: str
    definition: str = ""
    mapping: str = ""


class Vocabulary(Mapping[str, Term]):
    """An ordered, closed set of terms, read by code."""

    def __init__(self, name: str, *terms: Term) -> None:
        self.name = name
        self._terms = {term.code: term for term in terms}
        if len(self._terms) != len(terms):
            raise ValueError(f"vocabulary {name!r} declares a code twice")

    def __getitem__(self, code: str) -> Term:
        return self._terms[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._terms)

    def __len__(self) -> int:
        return len(self._terms)

    def label(self, code: str) -> str:
        """Return the label of a code, or the code itself where an older edition used another word."""
        term = self._terms.get(code)
        return term.label if term else code

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Pairs of code and label, as forms and filters take them."""
        return [(term.code, term.label) for term in self._terms.values()]


def plain(name: str, **labels: str) -> Vocabulary:
    """Build a vocabulary of codes whose labels need no further definition."""
    return Vocabulary(name, *(Term(code, label) for code, label in labels.items()))
