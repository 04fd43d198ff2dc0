"""Reading the asset files of Ecosystem Graphs: YAML -> cards, with a count of everything met on the way.

A card holds facts. The source declares no licence, so its prose is not taken; whatever is not taken is counted by field.
Which record a dependency means is said in `ecosystem_graphs_names.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kb.core.errors import InvalidInput
from kb.core.safety import drop_fields, find_rule
from kb.exchange.drafts import Counts
from kb.exchange.importers.ecosystem_graphs_fields import (
    Entry,
    as_name,
    as_text,
    dependencies,
    label,
    organisations,
    released,
    says_something,
    short_text,
    unwrapped,
)

KINDS = {"dataset": "dataset", "model": "model", "application": "product"}
_TAKEN = frozenset({"name", "type", "organization", "created_date", "license", "size", "dependencies"})
_PASSED_OVER = frozenset({
    "access", "adaptation", "analysis", "datasheet", "description", "excluded", "failures", "feedback", "included",
    "intended_uses", "modality", "model_card", "monitoring", "monthly_active_users", "nationality", "output_space",
    "prohibited_uses", "quality_control", "terms_of_service", "training_emissions", "training_hardware", "training_time",
    "url", "user_distribution",
})  # fmt: skip
_KEY_LENGTH = 400


@dataclass(frozen=True, slots=True)
class Card:
    """The facts of one asset. `values` are pairs of a predicate and what it says; dependencies are names as written."""

    key: str
    file: str
    kind: str
    name: str
    organisations: tuple[str, ...]
    dependencies: tuple[str, ...]
    values: tuple[tuple[str, str], ...]


def read_cards(path: Path, counts: Counts) -> list[Card]:
    """Read every asset below a folder, which is the source's own or its `assets`.

    Raises InvalidInput, naming the file, for the first one that is malformed.
    """
    cards: dict[str, Card] = {}
    for file in _files(path):
        counts["files", "read"] += 1
        for entry in _entries(file):
            counts["entries", "read"] += 1
            card = _card(file, entry, cards, counts)
            if card:
                cards[card.key] = card
    return list(cards.values())


def _files(path: Path) -> list[Path]:
    folder = path / "assets" if (path / "assets").is_dir() else path
    if not folder.is_dir():
        raise InvalidInput(f"There is no folder {path}.")
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise InvalidInput(f"There are no YAML files in {folder}.")
    return files


def _entries(file: Path) -> list[Entry]:
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        line = f" in line {error.problem_mark.line + 1}" if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark else ""
        raise InvalidInput(f"assets/{file.name}: this is not YAML{line}.") from None
    except (ValueError, RecursionError, OSError) as error:  # a date that does not exist, bytes that are no text
        raise InvalidInput(f"assets/{file.name}: cannot be read ({type(error).__name__}).") from None
    if not isinstance(content, list) or not all(isinstance(entry, Mapping) for entry in content):
        raise InvalidInput(f"assets/{file.name}: a list of assets is expected.")
    return content


def _card(file: Path, entry: Entry, cards: Mapping[str, Card], counts: Counts) -> Card | None:
    kept = drop_fields(entry)
    for field in _dropped(entry, kept):
        counts["dropped for safety", label(field)] += 1
    _count_the_rest(kept, counts)
    name = as_name("entries", unwrapped("name", kept, counts), counts)
    stated = as_text(unwrapped("type", kept, counts))
    key = _free_key(f"{file.stem}:{stated}:{name}", cards, counts)
    if not name or not _may_be_key(key, counts):
        return None
    if stated not in KINDS:
        counts["entries", "of an unknown type"] += 1
    return Card(
        key=key,
        file=file.name,
        kind=KINDS.get(stated, "unresolved"),
        name=name,
        organisations=organisations(unwrapped("organization", kept, counts), counts),
        dependencies=dependencies(unwrapped("dependencies", kept, counts), counts),
        values=tuple(_values(kept, counts)),
    )


def _dropped(before: Any, after: Any) -> Iterator[str]:
    """Name the fields that `drop_fields` left out, at any depth."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from (str(field) for field in before if field not in after)
        for field in after:
            yield from _dropped(before[field], after[field])
    elif isinstance(before, list) and isinstance(after, list):
        for one, other in zip(before, after, strict=True):
            yield from _dropped(one, other)


def _count_the_rest(kept: Entry, counts: Counts) -> None:
    for field, value in kept.items():
        if field in _PASSED_OVER:
            counts["not taken" if says_something(value) else "empty", field] += 1
        elif field not in _TAKEN:
            counts["stray fields", label(field)] += 1


def _free_key(key: str, cards: Mapping[str, Card], counts: Counts) -> str:
    number = 1
    while (free := key if number == 1 else f"{key} ({number})") in cards:
        number += 1
    counts["entries", "same file, type and name"] += number > 1
    return free


def _may_be_key(key: str, counts: Counts) -> bool:
    if len(key) > _KEY_LENGTH:
        counts["entries", "with a key that is too long"] += 1
    elif rule := find_rule(key):
        counts["refused by the guard", rule] += 1
        counts["entries", "with a key that the guard refuses"] += 1
    else:
        return True
    return False


def _values(kept: Entry, counts: Counts) -> Iterator[tuple[str, str]]:
    if day := released(unwrapped("created_date", kept, counts), counts):
        yield "released_on", day
    for field, predicate in (("license", "licence"), ("size", "size_stated")):
        if text := short_text(field, unwrapped(field, kept, counts), counts):
            yield predicate, text
