"""An entry as typed changes: the report that it is, what it covers, and the filing of an issue that rests on it."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from kb.core.errors import Conflict, InvalidInput
from kb.feeds.addresses import untracked
from kb.feeds.models import Entry
from kb.records.models import Record, ReportDetail
from kb.records.queries import records_by_id, speaker
from kb.review.changes import stored
from kb.review.filing import Source, put_on_file
from kb.review.models import Proposal
from kb.review.states import ENDED
from kb.review.wire import Json

_MOST_RECORDS = 50
# A news feed's entries are journalism until an editor says otherwise.
# That a report names a party says no more than that: it is mentioned, never held responsible.
_HOW = {"party": "mention"}
_PROPOSED = "The same article is proposed already. Once that is decided on, this entry can be accepted, or ignored."
_KIND, _TYPE = "journalism", "article"


def report_of(entry: Entry) -> tuple[Json, list[Json]]:
    """Return the report that an entry is, by its key, and the changes that put it on file where it is not.

    Raises Conflict where a proposal that is not decided yet puts it on file: an article is one report.
    """
    if known := _known_report(entry):
        return known, []
    report, created = put_on_file(source_of(entry))
    return report, stored(created)


def _known_report(entry: Entry) -> str:
    """The key of the report that an entry is, or nothing where there is none. Raises Conflict where one is proposed."""
    known = _on_file(entry.url) if entry.url else None
    if known is not None:
        return speaker(known.record).public_id
    if entry.url and _is_proposed(entry):
        raise Conflict(_PROPOSED)
    return ""


def _is_proposed(entry: Entry) -> bool:
    """Whether a proposal that is not decided yet rests on the same article, from this feed or another, or by another way."""
    bare, waiting = untracked(entry.url), Proposal.objects.exclude(state__in=ENDED)
    from_feeds = waiting.filter(origin="feed").values("key")
    others = Entry.objects.filter(decisions__proposal__in=from_feeds).exclude(pk=entry.pk).values_list("url", flat=True)
    return any(untracked(url) == bare for url in others) or waiting.filter(changes__body__detail__url=bare).exists()


def of_one_article(entry: Entry) -> list[int]:
    """The entries that have the same article as this one, itself among them, whatever their addresses say beside."""
    bare = untracked(entry.url)
    path = bare.partition("#")[0].partition("?")[0]
    near = Entry.objects.filter(url__startswith=path).values_list("pk", "url") if bare else ()
    return sorted({entry.pk, *(number for number, url in near if untracked(url) == bare)})


def _on_file(url: str) -> ReportDetail | None:
    """The report with an address, whatever either says of where a reader came from."""
    bare = untracked(url)
    path = bare.partition("#")[0].partition("?")[0]
    found = ReportDetail.objects.filter(record__withdrawn=None).select_related("record").order_by("pk")
    exact = found.filter(url__in={url, bare}).first()
    return exact or next((one for one in found.filter(url__startswith=path) if untracked(one.url) == bare), None)


def source_of(entry: Entry) -> Source:
    """Return an entry as a source of a filing. Its address is to be public: it says nothing of where a reader came from."""
    url = untracked(entry.url)
    published = entry.published.date().isoformat() if entry.published else ""
    return Source(title=entry.title, url=url, publisher=entry.feed.title, published=published, type=_TYPE, kind=_KIND)


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
    """Return the draft of an issue with an entry as its source and the artifacts that it names. Raises Conflict as a report."""
    known = _known_report(entry)
    source = Source(record=known, kind=_KIND) if known else source_of(entry)
    artifacts = [record for record in _records(records) if record.is_artifact]
    return {
        "title": entry.title,
        "artifacts": [{"record": record.public_id, "impact": "under_investigation"} for record in artifacts],
        "sources": [{name: value for name, value in asdict(source).items() if value}],
    }
