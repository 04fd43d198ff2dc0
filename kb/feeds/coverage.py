"""An entry as typed changes: the report that it is, what it covers, and the filing of an issue that rests on it."""

from collections.abc import Sequence
from typing import Any

from kb.core.errors import InvalidInput
from kb.feeds.addresses import untracked
from kb.feeds.models import Entry
from kb.records.models import Record, ReportDetail
from kb.records.queries import records_by_id, speaker
from kb.review.changes import stored
from kb.review.filing import Source, put_on_file
from kb.review.wire import Json

_MOST_RECORDS = 50
# A news feed's entries are journalism until an editor says otherwise.
# That a report names a party says no more than that: it is mentioned, never held responsible.
_HOW = {"party": "mention"}
_KIND, _TYPE = "journalism", "article"


def report_of(entry: Entry) -> tuple[Json, list[Json]]:
    """Return the report that an entry is, by its key, and the changes that put it on file where it is not."""
    known = _on_file(entry.url) if entry.url else None
    if known is not None:
        return speaker(known.record).public_id, []
    report, created = put_on_file(source_of(entry))
    return report, stored(created)


def _on_file(url: str) -> ReportDetail | None:
    """The report with an address, whatever either says of where a reader came from."""
    bare = untracked(url)
    path = bare.partition("#")[0].partition("?")[0]
    found = ReportDetail.objects.filter(record__withdrawn=None).select_related("record").order_by("pk")
    exact = found.filter(url__in={url, bare}).first()
    return exact or next((one for one in found.filter(url__startswith=path) if untracked(one.url) == bare), None)


def source_of(entry: Entry, gist: str = "") -> Source:
    """Return an entry as a source of a filing. Its address is to be public: it says nothing of where a reader came from."""
    url = untracked(entry.url)
    published = entry.published.date().isoformat() if entry.published else ""
    return Source(title=entry.title, url=url, publisher=entry.feed.title, published=published, type=_TYPE, kind=_KIND, gist=gist)


def coverage(entry: Entry, records: Sequence[int]) -> list[Json]:
    """Return the changes by which a report is put on file and covers records. Raises InvalidInput for what is no record."""
    if len(records) > _MOST_RECORDS:
        raise InvalidInput(f"A report covers at most {_MOST_RECORDS} records here.")
    found = _records(records)
    report, changes = report_of(entry)
    evidence = {"report": report, "kind": _KIND, "stance": "supports"}
    return changes + [
        {
            "change": "add_statement", "subject": report, "predicate": "covers", "object": record.public_id,
            "qualifier": _HOW.get(record.kind, ""), "evidence": [evidence | {"gist": f"It names {record.name}."}],
        }
        for record in found
    ]  # fmt: skip


def _records(numbers: Sequence[int]) -> list[Record]:
    """The records that stand for these numbers now, each once."""
    found = records_by_id(numbers)
    if missing := [number for number in numbers if number not in found]:
        raise InvalidInput(f"There is no record {missing[0]}.")
    return list({record.id: record for record in map(speaker, (found[number] for number in numbers))}.values())


def filing_of(entry: Entry, records: Sequence[int]) -> dict[str, Any]:
    """Return the draft of an issue with an entry as its source and the artifacts that it names."""
    source = source_of(entry)
    artifacts = [record for record in _records(records) if record.is_artifact]
    return {
        "title": entry.title,
        "artifacts": [{"record": record.public_id, "impact": "under_investigation"} for record in artifacts],
        "sources": [
            {name: getattr(source, name) for name in ("title", "url", "publisher", "published", "type", "kind")}
        ],
    }  # fmt: skip
