"""The guard at the door: reads every text that somebody sends before anything of it is stored (SAFETY 1, 2, 6).

What it refuses leaves a count under the rule's name and nothing else. `publish()` reads everything again.
"""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F

from kb.core.clock import today
from kb.core.errors import InvalidInput
from kb.core.ids import slug_words
from kb.core.safety import Refused, UnsafeText, check_text
from kb.core.web import check_address
from kb.review.models import GuardCount
from kb.review.sources import check_hazard_source
from kb.review.wire import Json, texts_of

__all__ = ["Refused", "check_length", "count_refusal", "screen", "screen_email"]

_ADDRESS = "url"
_QUOTATION = "quotation"
_SLUGS = frozenset({"slug", "slug_stem"})


def screen(data: Json, *, hazard: bool) -> None:
    """Read every text in a piece of JSON. Raises Refused where one breaks a rule, and counts it.

    Call it outside of a transaction: a count inside one would be rolled back with it.
    """
    try:
        for field, text in texts_of(data):
            _check(field, text, hazard)
    except UnsafeText as refusal:
        count_refusal(refusal.rule)
        raise Refused(refusal) from None


def is_refused(data: Json) -> bool:
    """Whether the strict rules refuse a text in a piece of JSON that is stored already; nothing is counted."""
    try:
        for field, text in texts_of(data):
            _check(field, text, hazard=True)
    except (UnsafeText, InvalidInput):
        return True
    return False


def screen_email(address: str) -> None:
    """Read an e-mail address. Raises InvalidInput for what is none, Refused where the guard sees something else in it."""
    check_length(address, 254, "An e-mail address")
    screen(address, hazard=False)
    try:
        validate_email(address)
    except ValidationError:
        raise InvalidInput("This is not an e-mail address.") from None


def _check(field: str, text: str, hazard: bool) -> None:
    if field != _ADDRESS or not text:
        check_text(text, hazard=hazard, quotation=field == _QUOTATION)
        if field in _SLUGS:
            check_text(slug_words(text), hazard=hazard)
        return
    check_address(text)
    if hazard:
        check_hazard_source(text)


def count_refusal(rule: str) -> None:
    """Add one to the count of a rule for today."""
    with transaction.atomic():
        row, _ = GuardCount.objects.get_or_create(rule=rule, day=today())
        GuardCount.objects.filter(id=row.id).update(count=F("count") + 1)


def check_length(text: str, most: int, what: str) -> None:
    """Raise InvalidInput for a text that is longer than its field takes."""
    if len(text) > most:
        raise InvalidInput(f"{what} has at most {most:,} characters; this has {len(text):,}.")
