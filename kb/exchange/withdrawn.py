"""What a source says of records that were withdrawn: it is passed over, so that a source never revives one.

Whoever restores the record runs the source again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kb.exchange.drafts import RecordDraft, Said
from kb.records.models import Record


def withdrawn_keys(bound: Mapping[str, int]) -> frozenset[str]:
    """Return the keys of a source whose records, given by key, were withdrawn."""
    withdrawn = set(Record.objects.filter(withdrawn__isnull=False).values_list("id", flat=True))
    return frozenset(key for key, record in bound.items() if record in withdrawn) if withdrawn else frozenset()


def without_withdrawn(drafts: Sequence[RecordDraft], withdrawn: frozenset[str]) -> list[RecordDraft]:
    """Return the drafts without withdrawn records, and without what is said of them or on their word."""
    if not withdrawn:
        return list(drafts)
    return [_without(draft, withdrawn) for draft in drafts if draft.key not in withdrawn]


def _without(draft: RecordDraft, withdrawn: frozenset[str]) -> RecordDraft:
    return replace(
        draft,
        detail={name: value for name, value in draft.detail.items() if not _names(value, withdrawn)},
        parts=[(part, fields) for part, fields in draft.parts if not _names_any(fields.values(), withdrawn)],
        statements=[_supported(said, withdrawn) for said in draft.statements if said.object not in withdrawn],
    )


def _supported(said: Said, withdrawn: frozenset[str]) -> Said:
    kept = tuple(one for one in said.evidence if withdrawn.isdisjoint((one.report, one.cited_in, one.said_by)))
    return replace(said, evidence=kept)


def _names(value: object, withdrawn: frozenset[str]) -> bool:
    return isinstance(value, str) and value in withdrawn


def _names_any(values: Iterable[object], withdrawn: frozenset[str]) -> bool:
    return any(_names(value, withdrawn) for value in values)
