"""Which record a name means, among the records of Ecosystem Graphs alone; and which spellings may mean the same.

A name is never an identity: it resolves only where one record carries exactly it, or one of the same organisation.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from kb.core.ids import fold
from kb.exchange.importers.ecosystem_graphs_cards import Card

BY_NAME, BY_ORGANISATION = "resolved by name", "resolved by name and organisation"
AMBIGUOUS, UNRESOLVED = "ambiguous", "unresolved"


@dataclass(frozen=True, slots=True)
class Meaning:
    """The key of the record that a name means, and how that was found."""

    key: str
    how: str


def stub_key(name: str) -> str:
    """The key of a record that stands for a name which nothing, or too much, carries."""
    return f"name:{name}"


def party_key(name: str) -> str:
    """The key of an organisation."""
    return f"party:{name}"


class Names:
    """The names of the source's own records."""

    def __init__(self, cards: Sequence[Card]) -> None:
        self.cards: dict[str, list[Card]] = defaultdict(list)
        for card in cards:
            self.cards[card.name].append(card)

    def meaning(self, name: str, of: Card) -> Meaning:
        """Say which record a card means by a name."""
        found = self.cards.get(name, [])
        if not found:
            return Meaning(stub_key(name), UNRESOLVED)
        if len(found) == 1:
            return Meaning(found[0].key, BY_NAME)
        same = [card for card in found if set(card.organisations) & set(of.organisations)]
        return Meaning(same[0].key, BY_ORGANISATION) if len(same) == 1 else Meaning(stub_key(name), AMBIGUOUS)

    @property
    def shared(self) -> int:
        """How many names more than one record carries."""
        return sum(len(cards) > 1 for cards in self.cards.values())


def same_spelling(names: Mapping[str, str], others: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of keys, one of each side, whose names are the same when folded."""
    folded = _by_fold(others.items())
    for key, name in names.items():
        for other in folded.get(_folded(name), ()):
            yield key, other


def spelling_pairs(names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of keys whose names are the same when folded."""
    for keys in _by_fold(names.items()).values():
        yield from combinations(sorted(keys), 2)


def _by_fold(named: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    folded: dict[str, list[str]] = defaultdict(list)
    for key, name in named:
        if spelling := _folded(name):
            folded[spelling].append(key)
    return folded


def _folded(name: str) -> str:
    return fold(name).replace(" ", "")
