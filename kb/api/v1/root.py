"""The entrance of the API: what there is, and at which edition."""

from typing import Annotated, TypedDict

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kb.api.resource import Resource
from kb.exchange.exporters.reference import absolute
from kb.ledger.write import current_edition
from kb.records.sources import FOUNDING

LISTS = (
    "datasets", "models", "products", "issues", "reports", "legislation", "parties", "records",
    "statements", "replies", "disputes", "editions", "vocabulary",
)  # fmt: skip


class Entrance(TypedDict):
    """What the API holds."""

    name: str
    edition: Annotated[int, "The newest edition, which lists and records are read from."]
    licence: str
    addresses: Annotated[dict[str, str], "Lists by name."]
    lineage: Annotated[dict[str, str], "Addresses of lineage; {key} is an id or a slug."]
    schema: str
    docs: str


class Root(Resource):
    """The entrance."""

    @extend_schema(responses=Entrance, operation_id="v1_root")
    def get(self, request: Request) -> Response:
        """Return the addresses of the API and the newest edition."""
        ways = ("downstream", "upstream", "paths")
        entrance: Entrance = {
            "name": f"{settings.SITE_NAME} API",
            "edition": current_edition(),
            "licence": FOUNDING.licence,
            "addresses": {name: absolute(f"/api/v1/{name}/") for name in LISTS},
            "lineage": {way: absolute(f"/api/v1/lineage/{{key}}/{way}/") for way in ways},
            "schema": absolute("/api/schema/"),
            "docs": absolute("/api/docs/"),
        }
        return Response(entrance)
