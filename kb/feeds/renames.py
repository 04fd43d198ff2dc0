"""New names in old entries: when an edition changes names, undecided entries of the last months are looked through again."""

from datetime import timedelta

from django.db import transaction

from kb.core.clock import now
from kb.feeds.entries import place, renew_mentions
from kb.feeds.models import Entry
from kb.feeds.reading import Words
from kb.feeds.recognise import Recogniser

_UNDECIDED = ("inbox", "aside")
_AT_ONCE = 500
_BACK = timedelta(days=90)


def look_again() -> int:
    """Look through some entries that were last compared with older names, and return how many. Nothing is left at 0."""
    recogniser = Recogniser()
    older = Entry.objects.filter(
        state__in=_UNDECIDED, names_edition__lt=recogniser.edition, first_seen__gte=now() - _BACK
    ).order_by("-id")  # fmt: skip
    with transaction.atomic():
        entries = list(older.select_for_update()[:_AT_ONCE])
        for entry in entries:
            _compare(entry, recogniser)
    return len(entries)


def _compare(entry: Entry, recogniser: Recogniser) -> None:
    """An entry in the inbox stays there: an editor may be reading it."""
    found = recogniser.matcher.find(f"{entry.title}\n{entry.excerpt}", title_length=len(entry.title))
    renew_mentions(entry, found)
    entry.names_edition = recogniser.edition
    if entry.state == "aside":
        place(entry, Words(entry.title, entry.excerpt, entry.withheld, found), recogniser)
    entry.save(update_fields=["names_edition", "state", "story"])
