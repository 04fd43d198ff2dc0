"""Where the address of a report may lead that stands beside a finding about unlawful material (SAFETY 2).

Publishers, courts, governments, DOIs and hotlines: hosts that reports on record already have, and those listed here.
Which address is an address at all is said in `kb.core.web`.
"""

from urllib.parse import urlsplit

from kb.core.errors import InvalidInput
from kb.records.models import ReportDetail

# Hosts, and with a dot before them everything below a domain.
_KNOWN = (
    "doi.org", "arxiv.org", ".gov", ".gov.uk", ".gc.ca", ".gov.au", ".europa.eu", ".edu", ".ac.uk", ".int", "courtlistener.com",
    "missingkids.org", "iwf.org.uk", "cybertip.ca", "protectchildren.ca", "inhope.org", "ncmec.org",
)  # fmt: skip


def check_hazard_source(url: str) -> None:
    """Raise InvalidInput unless the host is a listed one or the host of a report on record."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    if any(_within(host, known) for known in _KNOWN) or _is_on_record(host):
        return
    raise InvalidInput(
        f"With such a finding only addresses of publishers, courts, governments, DOIs and hotlines may stand, and {host[:80]} "
        "is not among those known. Leave the address out and give title and publisher: an editor will look it up."
    )


def _within(host: str, known: str) -> bool:
    return host == known.removeprefix(".") or host.endswith(known if known.startswith(".") else f".{known}")


def _is_on_record(host: str) -> bool:
    same = ReportDetail.objects.filter(url__contains=f"//{host}/") | ReportDetail.objects.filter(url__contains=f"//www.{host}/")
    return bool(host) and same.exists()
