"""The names of all records, their neighbours and what editors decided on names: what a matcher is built of.

A matcher is kept until an edition changes a name; which edition that was last is asked of the ledger.
"""

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

from django.db.models import Max, Sum

from kb.feeds.match.matcher import KnownName, Matcher, Prior
from kb.feeds.models import NamePrior
from kb.ledger.models import Change
from kb.records.models import Identifier, Name, Record, Statement
from kb.records.predicates import PREDICATES

# Identifiers that people say in a sentence.
_SPOKEN = ("bill_number", "celex")
_NEAR_GROUPS = frozenset({"lineage", "role"})
_TABLES = [model._meta.db_table for model in (Record, Name, Identifier)]


def names_edition() -> int:
    """Return the newest edition that changed a name, 0 where none has."""
    return Change.objects.filter(table__in=_TABLES).aggregate(newest=Max("edition"))["newest"] or 0


def current_matcher() -> Matcher:
    """Return a matcher over the names that are on record now and what editors decided on them so far."""
    decided = NamePrior.objects.aggregate(accepted=Sum("accepted"), ignored=Sum("ignored"))
    return _matcher(names_edition(), decided["accepted"] or 0, decided["ignored"] or 0)


@lru_cache(maxsize=1)
def _matcher(edition: int, accepted: int, ignored: int) -> Matcher:
    """A matcher; whatever it is called with has changed when anything that it is built of has."""
    return Matcher(load_names(), neighbours=neighbours(), priors=load_priors())


def load_names() -> tuple[KnownName, ...]:
    """Load every name of every record that stands; names of merged ones speak for the record they are merged into."""
    speakers = _speakers()
    kinds = dict(Record.objects.filter(id__in=set(speakers.values())).values_list("id", "kind"))
    found = [
        KnownName(name, speakers[record], kinds[speakers[record]])
        for record, name in Record.objects.filter(withdrawn=None).values_list("id", "name")
    ]
    found += [
        KnownName(text, speakers[record], kinds[speakers[record]], ambiguous)
        for record, text, ambiguous in Name.objects.values_list("record", "text", "ambiguous")
        if record in speakers
    ]
    found += [
        KnownName(value, speakers[record], kinds[speakers[record]])
        for record, value in Identifier.objects.filter(scheme__in=_SPOKEN).values_list("record", "value")
        if record in speakers
    ]
    return tuple(_sure_of_names(found))


def _sure_of_names(found: list[KnownName]) -> list[KnownName]:
    """One row for each name of a record. An alias marked ambiguous makes the record's own name of that text ambiguous too."""
    rows: dict[tuple[str, int], KnownName] = {}
    for name in found:
        key = (name.text.lower(), name.record)
        if key not in rows or name.ambiguous:
            rows[key] = name
    return list(rows.values())


def _speakers() -> dict[int, int]:
    """The record that speaks for each one that is not withdrawn."""
    into = dict(Record.objects.filter(withdrawn=None).values_list("id", "merged_into"))
    return {record: _end(record, into) for record in into}


def _end(record: int, into: Mapping[int, int | None]) -> int:
    seen = set()
    while (target := into.get(record)) is not None and record not in seen:
        seen.add(record)
        record = target
    return record


def neighbours() -> dict[int, set[int]]:
    """Load which records are linked by a step of lineage or a role."""
    near: dict[int, set[int]] = defaultdict(set)
    codes = [code for code, row in PREDICATES.items() if row.group in _NEAR_GROUPS]
    speakers = _speakers()
    rows = Statement.objects.filter(predicate__in=codes, object__isnull=False).exclude(status__in=("refuted", "retracted"))
    for subject, target in rows.values_list("subject", "object"):
        one, other = speakers.get(subject), speakers.get(target or 0)
        if one is not None and other is not None:
            near[one].add(other)
            near[other].add(one)
    return near


def load_priors() -> dict[str, Prior]:
    """Load what editors decided, by the squashed spelling of the name."""
    return {name: Prior(yes, no) for name, yes, no in NamePrior.objects.values_list("name", "accepted", "ignored")}
