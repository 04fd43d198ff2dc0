"""A field that names a record on file: by its id, its slug, or the address of its page here.

Whether what is named is public is said by `kb.records.queries`: withdrawn and unknown read the same. Fields of the desk, which
reaches withdrawn records too, are texts.
"""

from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http.request import validate_host

from kb.core.errors import Gone, NotFound
from kb.records.queries import find_record

_LONGEST = 500
_PAGES = frozenset({"r", "id"})
_UNKNOWN = "No record here has this id or address. Search for it, or leave this empty and say what it is called."


class RecordField(forms.CharField):
    """The key of a record of one of some kinds; `called` is what these are called together."""

    def __init__(self, *, kinds: Collection[str], called: str, **given: Any) -> None:
        super().__init__(max_length=_LONGEST, **given)
        self.kinds, self.called = kinds, called

    def clean(self, value: Any) -> str:
        """Return the id or slug that was given. Raises ValidationError where no public record of the kinds has it."""
        text = super().clean(value)
        if not text:
            return ""
        key = key_in(text)
        try:
            record = find_record(key)
        except (NotFound, Gone):
            raise ValidationError(_UNKNOWN) from None
        if record.kind not in self.kinds:
            raise ValidationError(f"{record.name} ({record.row.label.lower()}) is no {self.called}.")
        return key


def key_in(text: str) -> str:
    """Return the id or slug in the address of a record's page here; any other text as it is."""
    try:
        address = urlsplit(text)
        host = address.hostname
    except ValueError:
        return text
    steps = address.path.strip("/").split("/")
    is_page = len(steps) == 2 and steps[0] in _PAGES and text.startswith(("/", "https://", "http://"))
    return steps[1] if is_page and (host is None or _is_ours(host)) else text


def _is_ours(host: str) -> bool:
    return validate_host(host, [*settings.ALLOWED_HOSTS, urlsplit(settings.SITE_ADDRESS).hostname or ""])
