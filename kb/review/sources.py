"""Where the address of a report may lead that stands beside a finding about unlawful material (SAFETY 2).

Publishers, courts, governments, DOIs and hotlines: hosts that findings of this kind cite already, and those listed here.
Which address is an address at all is said in `kb.core.web`.
"""

import re
from urllib.parse import unquote, urlsplit

from django.db.models import Q

from kb.core.errors import InvalidInput
from kb.records.issue_codes import HAZARDS
from kb.records.models import Evidence

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
