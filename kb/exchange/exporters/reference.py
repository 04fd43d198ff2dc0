"""How an export names a record: its permanent id, its name and where to read on.

The shapes of exports are typed dictionaries; the API's schema is read from their annotations.
"""

from typing import Annotated, TypedDict

from django.conf import settings

from kb.core.vocabulary import Term, Vocabulary
from kb.records.kinds import KINDS
from kb.records.models import Record

KIND_WORDS = Vocabulary("kind", *(Term(kind.code, kind.label, kind.definition) for kind in KINDS.values()))
# The one kind without a family of its own in the API.
_COMMON_FAMILY = {"unresolved": "records"}


class RecordReference(TypedDict):
    """A record, as other rows point to it."""

    id: Annotated[str, "Permanent id, such as UP-D-7."]
    kind: Annotated[str, KIND_WORDS]
    name: str
    slug: Annotated[str, "The readable part of its address. It may change; the id does not."]
    url: Annotated[str, "Address of its page."]
    api_url: Annotated[str, "Address of the record in the API."]


def family_of(kind: str) -> str:
    """Return the family of the API that holds records of a kind."""
    return _COMMON_FAMILY.get(kind, KINDS[kind].path)


def api_path(record: Record) -> str:
    """Return the record's address in the API, without the host."""
    return f"/api/v1/{family_of(record.kind)}/{record.public_id}/"


def absolute(path: str) -> str:
    """Return an address of this site with its host."""
    return f"{settings.SITE_ADDRESS}{path}"


def record_reference(record: Record) -> RecordReference:
    """Name a record."""
    return {
        "id": record.public_id,
        "kind": record.kind,
        "name": record.name,
        "slug": record.slug,
        "url": absolute(record.path),
        "api_url": absolute(api_path(record)),
    }


def optional_reference(record: Record | None) -> RecordReference | None:
    """Name a record, if there is one."""
    return record_reference(record) if record else None
