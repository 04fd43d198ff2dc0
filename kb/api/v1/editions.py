"""Editions: every published change set, who made it and why, and the rows that it changed."""

import json
from collections.abc import Iterable
from typing import Annotated, TypedDict

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kb.api.paging import PAGING
from kb.api.resource import Resource
from kb.core.errors import NotFound
from kb.ledger.models import Edition, Payload


class EditionRow(TypedDict):
    """One edition."""

    number: int
    actor: Annotated[str, "Who published it: an opaque name."]
    published_at: Annotated[str, "Time, UTC."]
    changes: Annotated[int, "How many rows it changed."]
    reason: Annotated[str | None, "Why; null where the text was purged."]
    digest: Annotated[str, "The digest of the chain after this edition."]


class ChangeRow(TypedDict):
    """One changed row: a link of the chain."""

    sequence: int
    table: str
    row: Annotated[int, "Id of the row in its table."]
    version: int
    action: str
    digest: str


class EditionDetail(EditionRow):
    """One edition with the rows that it changed."""

    rows: list[ChangeRow]


class Editions(Resource, GenericViewSet[Edition]):
    """Editions, newest first."""

    lookup_field = "number"
    queryset = Edition.objects.order_by("-number")
    filter_backends = ()

    def known_parameters(self) -> frozenset[str]:
        """Lists take paging; an edition takes nothing."""
        return PAGING if self.action == "list" else frozenset()

    @extend_schema(responses=EditionRow)
    def list(self, request: Request) -> Response:
        """List editions, newest first."""
        assert self.paginator is not None
        rows = self.paginator.paginate_queryset(self.get_queryset(), request, view=self) or []
        reasons = _reasons(rows)
        return self.get_paginated_response([_edition_row(row, reasons) for row in rows])

    @extend_schema(responses=EditionDetail)
    def retrieve(self, request: Request, number: int) -> Response:
        """Return one edition with the rows that it changed."""
        found = self.get_queryset().filter(number=number).first()
        if found is None:
            raise NotFound(f"There is no edition {number}.")
        detail: EditionDetail = {**_edition_row(found, _reasons([found])), "rows": _change_rows(found)}
        return Response(detail)


def _reasons(editions: Iterable[Edition]) -> dict[int, str]:
    """Return the reasons of editions by the number of their opening link; purged ones are missing."""
    opening = [edition.first_sequence for edition in editions]
    bodies = Payload.objects.filter(change_id__in=opening).exclude(body="").values_list("change_id", "body")
    return {sequence: json.loads(body)["reason"] for sequence, body in bodies}


def _edition_row(edition: Edition, reasons: dict[int, str]) -> EditionRow:
    return {
        "number": edition.number,
        "actor": edition.actor,
        "published_at": edition.published_at.isoformat(timespec="seconds"),
        "changes": edition.last_sequence - edition.first_sequence,
        "reason": reasons.get(edition.first_sequence),
        "digest": edition.digest,
    }


def _change_rows(edition: Edition) -> list[ChangeRow]:
    changes = edition.changes.exclude(action="open").values_list("sequence", "table", "row_id", "version", "action", "digest")
    return [
        {"sequence": sequence, "table": table, "row": row, "version": version, "action": action, "digest": digest}
        for sequence, table, row, version, action, digest in changes
    ]
