"""Which addresses of reports may stand beside a finding about unlawful material (SAFETY 2), and which changes bring others there.

Publishers, courts, governments, DOIs and hotlines: hosts that findings of this kind cite already, and those listed here. Which
address is an address at all is said in `kb.core.web`, what may stand behind its host in `kb.core.behind_host`.
"""

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from kb.core.behind_host import check_behind_host
from kb.core.errors import InvalidInput
from kb.core.safety import UnsafeText
from kb.records import changes as do
from kb.records.hazards import beside_hazards, reports_of, statements_of
from kb.records.issue_codes import HAZARDS
from kb.records.merged import ON_FILE, groups
from kb.records.models import Evidence, Record
from kb.review.hazards import concerns_hazard

# Hosts, and with a dot before them everything below a domain.
_KNOWN = (
    "doi.org", "arxiv.org", ".gov", ".gov.uk", ".gc.ca", ".gov.au", ".europa.eu", ".edu", ".ac.uk", ".int", "courtlistener.com",
    "missingkids.org", "iwf.org.uk", "cybertip.ca", "protectchildren.ca", "inhope.org", "ncmec.org",
)  # fmt: skip


def check_hazard_source(url: str) -> None:
    """Raise InvalidInput unless the host is a listed one, or one that such a finding on record cites.

    Raises UnsafeText where something stands behind the host that may not.
    """
    host = _host(url)
    if not any(_within(host, known) for known in _KNOWN) and not _is_on_record(host):
        raise InvalidInput(
            "With such a finding only addresses of publishers, courts, governments, DOIs and hotlines may stand, and "
            f"{host[:80]} is not among those known. Leave the address out and give title and publisher: "
            "an editor will look it up."
        )
    check_behind_host(url)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _within(host: str, known: str) -> bool:
    return host == known.removeprefix(".") or host.endswith(known if known.startswith(".") else f".{known}")


def _is_on_record(host: str) -> bool:
    """Whether a published finding of this kind cites the host already: editors let it stand there."""
    # The text of an address may hold a host that it does not lead to.
    cited = Evidence.objects.filter(report__report__url__contains=host, statement__subject__issue__code__in=HAZARDS)
    return bool(host) and host in map(_host, cited.values_list("report__report__url", flat=True).distinct())


def unfit_sources(changes: Sequence[do.Change]) -> list[Record | str]:
    """Return the reports that would stand beside such a finding with an address that may not; new ones by their names."""
    if not concerns_hazard(changes):
        return []
    amended = {
        change.record: change.fields["url"] for change in changes if isinstance(change, do.AmendDetail) and "url" in change.fields
    }
    named = set(_named(changes))
    addresses: list[tuple[Record | str, object]] = [
        (change.name, amended.get(change.ref, change.detail.get("url")))
        for change in changes if isinstance(change, do.CreateRecord) and change.kind == "report" and change.ref in named
    ]  # fmt: skip
    beside = _numbers(named) | _by_other_roads(changes, _numbers(amended))
    rows = Record.objects.filter(id__in=groups(ON_FILE, beside), kind="report").select_related("report").order_by("id")
    addresses += [(row, amended.get(row.id, row.report.url)) for row in rows]
    return [report for report, url in addresses if url and not _may_stand(str(url))]


def _numbers(refs: Iterable[do.Ref]) -> set[int]:
    return {ref for ref in refs if isinstance(ref, int)}


def _named(changes: Sequence[do.Change]) -> Iterator[do.Ref]:
    """What new statements and evidence name, and what is merged: one speaks for the other then, and shows its address for it."""
    for change in changes:
        if isinstance(change, do.AddStatement | do.AddEvidence | do.MergeRecord):
            yield from change.references()


def _by_other_roads(changes: Sequence[do.Change], amended: set[int]) -> set[int]:
    """What statements bring along that are moved or stand again, and issues that may become such; and what is altered itself."""
    moved = {change.statement for change in changes if isinstance(change, do.MoveStatement | do.RestoreStatement)}
    altering = [change for change in changes if isinstance(change, do.AmendDetail | do.MergeRecord)]
    altered = _numbers(ref for change in altering for ref in change.references())
    issues = Record.objects.filter(id__in=altered, kind="issue").values_list("id", flat=True)
    again = {change.record for change in changes if isinstance(change, do.RestoreRecord)}
    return reports_of(moved | statements_of(groups(ON_FILE, issues))) | beside_hazards(groups(ON_FILE, amended | _numbers(again)))


def _may_stand(url: str) -> bool:
    try:
        check_hazard_source(url)
    except (InvalidInput, UnsafeText):
        return False
    return True
