"""Where the address of a report may lead that stands beside a finding about unlawful material (SAFETY 2).

Whether it is a new one, one on file that is cited, or one whose address is amended. Publishers, courts, governments, DOIs and
hotlines: hosts that findings of this kind cite already, and those listed here. Which address is an address at all is said in
`kb.core.web`.
"""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from django.db.models import Q

from kb.core.errors import InvalidInput
from kb.records import changes as do
from kb.records.issue_codes import HAZARDS
from kb.records.models import Evidence, Record

_BETWEEN = re.compile(r"[/?&=#;,]+")
# Hosts, and with a dot before them everything below a domain.
_KNOWN = (
    "doi.org", "arxiv.org", ".gov", ".gov.uk", ".gc.ca", ".gov.au", ".europa.eu", ".edu", ".ac.uk", ".int", "courtlistener.com",
    "missingkids.org", "iwf.org.uk", "cybertip.ca", "protectchildren.ca", "inhope.org", "ncmec.org",
)  # fmt: skip


def check_hazard_source(url: str) -> None:
    """Raise InvalidInput unless the host is a listed one, or one that such a finding on record cites."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    if any(_within(host, known) for known in _KNOWN) or _is_on_record(host):
        return
    raise InvalidInput(
        f"With such a finding only addresses of publishers, courts, governments, DOIs and hotlines may stand, and {host[:80]} "
        "is not among those known. Leave the address out and give title and publisher: an editor will look it up."
    )


def unfit_sources(changes: Sequence[do.Change], *, hazard: bool) -> list[Record | str]:
    """Return the reports that would stand beside such a finding with an address that may not; new ones by their names."""
    created = {change.ref: change for change in changes if isinstance(change, do.CreateRecord) and change.kind == "report"}
    cited = set(_cited(changes)) if hazard else set()
    addresses: list[tuple[Record | str, str]] = [
        (created[ref].name, str(created[ref].detail.get("url", ""))) for ref in cited if isinstance(ref, str) and ref in created
    ]
    amended = dict(_amended(changes))
    beside = {ref for ref in cited if isinstance(ref, int)} | _beside_hazards(set(amended))
    beside |= _of_issues(changes) if hazard else set()
    rows = Record.objects.filter(id__in=beside, kind="report").select_related("report").order_by("id")
    addresses += [(row, amended.get(row.id, row.report.url)) for row in rows]
    return [report for report, url in addresses if url and not _may_stand(url)]


def _amended(changes: Sequence[do.Change]) -> Iterator[tuple[int, str]]:
    """The addresses that changes give to records on file."""
    for change in changes:
        if isinstance(change, do.AmendDetail) and "url" in change.fields and isinstance(change.record, int):
            yield change.record, str(change.fields["url"])


def _cited(changes: Sequence[do.Change]) -> Iterator[do.Ref]:
    for change in changes:
        drafts = change.evidence if isinstance(change, do.AddStatement) else ()
        yield from (draft.report for draft in drafts)
        if isinstance(change, do.AddEvidence):
            yield change.evidence.report


def _beside_hazards(reports: set[int]) -> set[int]:
    """Those of some reports that such findings cite."""
    cited = Evidence.objects.filter(report__in=reports, statement__subject__issue__code__in=HAZARDS)
    return set(cited.values_list("report", flat=True))


def _of_issues(changes: Sequence[do.Change]) -> set[int]:
    """The reports that issues cite whose kind changes amend: one may become such a finding."""
    issues = {change.record for change in changes if isinstance(change, do.AmendDetail) and isinstance(change.record, int)}
    return set(Evidence.objects.filter(statement__subject__in=issues).values_list("report", flat=True))


def _may_stand(url: str) -> bool:
    try:
        check_hazard_source(url)
    except InvalidInput:
        return False
    return True


def _within(host: str, known: str) -> bool:
    return host == known.removeprefix(".") or host.endswith(known if known.startswith(".") else f".{known}")


def _is_on_record(host: str) -> bool:
    """Whether a published finding of this kind cites the host already: editors let it stand there."""
    at = Q(report__report__url__contains=f"//{host}/") | Q(report__report__url__contains=f"//www.{host}/")
    cited = Evidence.objects.filter(at, statement__subject__issue__code__in=HAZARDS)
    return bool(host) and cited.exists()


def parts_of(url: str) -> list[str]:
    """Return what stands behind the host of an address, piece by piece: the guard reads it, where digests and files hide."""
    whole = urlsplit(url)
    return [piece for piece in _BETWEEN.split(unquote(f"{whole.path}?{whole.query}#{whole.fragment}")) if piece]
