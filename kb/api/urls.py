"""The addresses of the API. What none of them matches is answered with a problem, never with a page."""

from typing import Any

from django.urls import URLPattern, path, re_path

from kb.api.docs import DocsView, SchemaView, unknown_address
from kb.api.v1 import proposals, records
from kb.api.v1.compare import Compare
from kb.api.v1.disputes import Disputes
from kb.api.v1.editions import Editions
from kb.api.v1.lineage import Closure, Paths
from kb.api.v1.lineage_diff import Diff
from kb.api.v1.replies import Replies
from kb.api.v1.root import Root
from kb.api.v1.similar import Similar
from kb.api.v1.statements import Statements
from kb.api.v1.vocabulary import VocabularyView
from kb.records.filters import FILTERS_OF, EveryKindFilters
from kb.records.kinds import KINDS

_LIST: dict[str, Any] = {"get": "list"}
_ONE: dict[str, Any] = {"get": "retrieve"}


def _family(name: str, kind: str) -> list[URLPattern]:
    more: dict[str, Any] = {"kind": kind, "filterset_class": FILTERS_OF.get(kind, EveryKindFilters)}
    return [
        path(f"v1/{name}/", records.Records.as_view(_LIST, **more)),
        path(f"v1/{name}/<str:key>/", records.Records.as_view(_ONE, **more)),
    ]


urlpatterns = [
    path("v1/", Root.as_view(), name="api_root"),
    *(pattern for kind in KINDS.values() if kind.code != "unresolved" for pattern in _family(kind.path, kind.code)),
    *_family("records", ""),
    path("v1/statements/", Statements.as_view(_LIST)),
    path("v1/statements/<int:number>/", Statements.as_view(_ONE)),
    path("v1/replies/", Replies.as_view(_LIST)),
    path("v1/disputes/", Disputes.as_view(_LIST)),
    path("v1/editions/", Editions.as_view(_LIST)),
    path("v1/editions/<int:number>/", Editions.as_view(_ONE)),
    path("v1/lineage/<str:key>/downstream/", Closure.as_view(direction="downstream")),
    path("v1/lineage/<str:key>/upstream/", Closure.as_view(direction="upstream")),
    path("v1/lineage/<str:key>/paths/", Paths.as_view()),
    path("v1/lineage/<str:key>/diff/", Diff.as_view()),
    path("v1/compare/", Compare.as_view()),
    path("v1/proposals/", proposals.Proposals.as_view()),
    path("v1/proposals/<str:key>/", proposals.OneProposal.as_view()),
    path("v1/proposals/<str:key>/withdraw/", proposals.Withdraw.as_view()),
    path("v1/proposals/<str:key>/answer/", proposals.AnswerQuestion.as_view()),
    path("v1/similar-issues/", Similar.as_view()),
    path("v1/vocabulary/", VocabularyView.as_view(), name="api_vocabulary"),
    path("schema/", SchemaView.as_view(), name="api_schema"),
    path("docs/", DocsView.as_view(), name="api_docs"),
    re_path("", unknown_address),
]
