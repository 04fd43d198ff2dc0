"""What every template knows: the site, its navigation and the edition that is being read."""

from django.conf import settings
from django.http import HttpRequest

from kb.ledger.write import current_edition
from kb.records.kinds import KINDS


def site(request: HttpRequest) -> dict[str, object]:
    """Return the site's name, its lists and the newest edition."""
    return {
        "site_name": settings.SITE_NAME,
        "navigation": [kind for kind in KINDS.values() if kind.code != "unresolved"],
        "edition_number": current_edition,
    }
