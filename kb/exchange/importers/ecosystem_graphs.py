"""Ecosystem Graphs (Stanford CRFM): its assets, organisations and dependencies as drafts.

Pure: files -> cards -> drafts and counts. Every dependency becomes a `depends_on`, which is all that the source says.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kb.exchange.drafts import Counts, EvidenceSaid, Reading, RecordDraft, Said
from kb.exchange.importers.ecosystem_graphs_cards import Card, read_cards
from kb.exchange.importers.ecosystem_graphs_names import (
    AMBIGUOUS,
    UNRESOLVED,
    Meaning,
    Names,
    party_key,
    same_spelling,
    spelling_pairs,
)

# The key of the report through which the source speaks.
REPORT = "source"
_SHARED_NAME = "Method: a card names a dependency so, and several records of the source carry this name. Nobody has checked it."
_SPELLING = "Method: the two names are the same once case, accents, spaces and punctuation are left out. Nobody has checked it."
_GISTS = {
    "depends_on": "The card lists this name among its dependencies.",
    "creator": "The card names this organisation.",
    "released_on": "The card gives this date.",
    "licence": "The card gives this licence.",
    "size_stated": "The card gives this size.",
}


def read_folder(path: Path) -> Reading:
    """Read the folder of the source, or its `assets`.

    Raises InvalidInput, naming the file, for the first one that is malformed.
    """
    counts = Counts()
    cards = read_cards(path, counts)
    meanings = _meanings(cards, counts)
    parties = _parties(cards)
    stubs = _stubs(meanings.values(), cards, counts)
    drafts = [_report(), *parties, *(_record(card, meanings) for card in cards), *stubs]
    counts.update(("records", draft.kind) for draft in drafts)
    counts.update(("spellings", f"possibly the same: {what}") for what in _propose(drafts))
    return Reading(drafts, +counts)


def _report() -> RecordDraft:
    """No address stands in the data itself; the founding world's record of the same report has one."""
    return RecordDraft(key=REPORT, kind="report", name="Ecosystem Graphs", detail={"type": "database", "independence": "unknown"})


def _meanings(cards: list[Card], counts: Counts) -> dict[tuple[str, str], Meaning]:
    """What each card means by each of its dependencies."""
    names = Names(cards)
    meanings = {(card.key, name): names.meaning(name, card) for card in cards for name in card.dependencies}
    counts.update(("dependencies", meaning.how) for meaning in meanings.values())
    counts["dependencies", "on the record itself"] += sum(meaning.key == key for (key, _), meaning in meanings.items())
    counts["names", "carried by several records, which stay apart"] += names.shared
    return meanings


def _parties(cards: list[Card]) -> list[RecordDraft]:
    names = sorted({name for card in cards for name in card.organisations})
    return [RecordDraft(key=party_key(name), kind="party", name=name) for name in names]


def _stubs(meanings: Iterable[Meaning], cards: list[Card], counts: Counts) -> list[RecordDraft]:
    """One record for each name that no record, or no single one, answers to."""
    stubs = {}
    for meaning in meanings:
        if meaning.how in {AMBIGUOUS, UNRESOLVED}:
            stubs[meaning.key] = meaning.how
    counts.update(("names", how) for how in stubs.values())
    return [RecordDraft(key=key, kind="unresolved", name=key.partition(":")[2]) for key in sorted(stubs)]


def _record(card: Card, meanings: Mapping[tuple[str, str], Meaning]) -> RecordDraft:
    depended = dict.fromkeys(meanings[card.key, name].key for name in card.dependencies)
    return RecordDraft(
        key=card.key,
        kind=card.kind,
        name=card.name,
        statements=[
            *(_said(card, "depends_on", target=key) for key in depended),
            *(_said(card, "creator", target=party_key(name)) for name in card.organisations),
            *(_said(card, predicate, value=text) for predicate, text in card.values),
        ],
    )


def _said(card: Card, predicate: str, *, target: str = "", value: str | None = None) -> Said:
    evidence = EvidenceSaid(report=REPORT, kind="database_entry", gist=_GISTS[predicate], locator=f"assets/{card.file}")
    return Said(predicate=predicate, object=target, value=value, evidence=(evidence,))


def _propose(drafts: list[RecordDraft]) -> Iterator[str]:
    """State which spellings may mean the same, as leads; yield the sort of each pair."""
    by_key = {draft.key: draft for draft in drafts}
    stubs = _names(drafts, "name:")
    records = {draft.key: draft.name for draft in drafts if draft.kind in {"dataset", "model", "product"}}
    sorts = {
        "an unresolved name and a record": same_spelling(stubs, records),
        "two unresolved names": spelling_pairs(stubs),
        "two organisations": spelling_pairs(_names(drafts, "party:")),
    }
    for sort, pairs in sorts.items():
        for key, other in pairs:
            same = by_key[key].name == by_key[other].name
            by_key[key].statements.append(_possibly(other, _SHARED_NAME if same else _SPELLING))
            yield "an ambiguous name and a record that carries it" if same else sort


def _names(drafts: list[RecordDraft], prefix: str) -> dict[str, str]:
    return {draft.key: draft.name for draft in drafts if draft.key.startswith(prefix)}


def _possibly(other: str, method: str) -> Said:
    evidence = EvidenceSaid(report=REPORT, kind="inference", gist=method)
    return Said(predicate="possibly_same_as", object=other, evidence=(evidence,))
