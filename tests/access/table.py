"""Who may do what at every address of the site: one row for each, checked for completeness against the URLconf.

`reads` and `writes` name the least role; "" is everybody, None nobody. A row's path is filled from the sample world.
"""

from dataclasses import dataclass

ROLES = ("anonymous", "reader", "contributor", "reviewer", "editor", "admin")


@dataclass(frozen=True, slots=True)
class Row:
    """One address. `shown` is what a reading answers with; `own` marks pages that show only what is one's own."""

    path: str
    reads: str | None = ""
    writes: str | None = None
    shown: int = 200
    own: bool = False


def _public(*paths: str, shown: int = 200) -> list[Row]:
    return [Row(path, shown=shown) for path in paths]


def _desk(role: str, *paths: str) -> list[Row]:
    return [Row(f"/desk/{path}", role, None) for path in paths]


def _acts(role: str, *paths: str) -> list[Row]:
    return [Row(f"/desk/{path}", None, role) for path in paths]


def _forms(role: str, *paths: str) -> list[Row]:
    return [Row(f"/desk/{path}", role, role) for path in paths]


KIND_PATHS = ("datasets", "models", "products", "issues", "reports", "legislation", "parties")

TABLE: list[Row] = [
    *_public(
        "/", "/search/", "/datasets/", "/r/{model}/", "/r/{model}/statements/", "/statements/{statement}/", "/lineage/{model}/",
        "/lineage/{model}/steps/", "/lineage/{model}/picture.svg", "/lineage/{model}/picture.png", "/lineage/{model}/changes/",
        "/what-changed/", "/compare/",
        "/embed/lineage/{model}/", "/editions/", "/editions/1/", "/sources/", "/methods/", "/styleguide/",
        "/report-material/",
        "/decisions/", "/lineage/{data}/trace/{app}/", "/oembed/?url={site}/lineage/{model}/",
    ),
    *_public("/id/{model_id}", "/id/{model_id}/", shown=302),
    *_public(
        "/api/v1/", *(f"/api/v1/{path}/" for path in (*KIND_PATHS, "records")), "/api/v1/models/{model}/",
        "/api/v1/datasets/{data}/",
        "/api/v1/products/{app}/", "/api/v1/issues/{issue}/", "/api/v1/reports/{report}/", "/api/v1/legislation/{law}/",
        "/api/v1/parties/{party}/", "/api/v1/records/{model}/", "/api/v1/statements/",
        "/api/v1/statements/{statement}/",
        "/api/v1/replies/", "/api/v1/disputes/", "/api/v1/editions/", "/api/v1/editions/1/",
        "/api/v1/lineage/{model}/downstream/",
        "/api/v1/lineage/{model}/upstream/", "/api/v1/lineage/{data}/paths/?to={app}",
        "/api/v1/lineage/{data}/diff/?from=1&to=2",
        "/api/v1/compare/?a={model}&b={app}", "/api/v1/vocabulary/", "/api/schema/", "/api/docs/",
    ),
    *_public("/api/v1/similar-issues/?title=Painter%20shows%20bias"),
    *_public("/api/v1/proposals/{proposal}/", shown=404),
    *_public("/api/nowhere/", shown=404),
    Row("/file/", "", ""),
    Row("/submissions/", "", ""),
    *_public("/file/{proposal}/receipt/", "/submissions/{proposal}/", shown=404),
    *(Row(f"/{path}", "", None, shown=404) for path in ("file/{proposal}/check/", "file/{proposal}/found/")),
    Row("/finding/{token}/", "", ""),
    *_public("/finding/nowhere/", shown=404),
    *(Row(f"/dispute/{path}/", "", "") for path in ("record/{model}", "statement/{statement}")),
    *_public("/dispute/followed/{dispute}/", shown=404),
    *(Row(f"/correct/{path}/", "", "") for path in ("record/{model}", "statement/{statement}")),
    *_desk("reviewer", "disputes/", "disputes/{dispute}/"),
    *_forms("editor", "replies/{reply}/", "records/{model}/ask/"),
    *_acts(
        "editor", "p/{proposal}/replies/ask/", "p/{proposal}/replies/waive/", "p/{proposal}/replies/share/",
        "p/{proposal}/links/{link}/revoke/", "replies/{reply}/again/", "replies/{reply}/holds/", "replies/{reply}/take-back/",
        "disputes/{dispute}/acknowledge/",
    ),
    *_desk("reviewer", "", "new/", "collected/", "figures/", "p/{proposal}/", "records/{model}/edit/"),
    *_desk("editor", "log/"),
    *_desk("admin", "jobs/", "representatives/"),
    *_forms("reviewer", "change/add_alias/?record={model}"),
    *_forms("editor", "records/{model}/split/", "p/{proposal}/changes/add/", "p/{proposal}/changes/1/amend/"),
    *_acts(
        "reviewer", "collected/send/", "collected/1/remove/", "p/{proposal}/move/ask/", "p/{proposal}/note/",
        "p/{proposal}/assign/",
    ),
    *_acts(
        "editor", "p/{proposal}/changes/1/judge/", "p/{proposal}/severity/", "p/{proposal}/confirm/", "p/{proposal}/take-over/",
        "p/{proposal}/restricted/",
    ),
    *_desk("editor", "inbox/"),
    *_forms("editor", "inbox/{entry}/"),
    *_acts("editor", "inbox/{entry}/ignore/"),
    *_desk("editor", "feeds/", "feeds/opml/export/"),
    *_forms("editor", "feeds/add/", "feeds/opml/", "feeds/{feed}/"),
    *_acts("editor", "feeds/new/", "feeds/{feed}/poll/", "feeds/{feed}/remove/", "feeds/{feed}/moves/{move}/undo/"),
    *_acts("admin", "jobs/{job}/retry/", "jobs/{job}/drop/"),
    *_acts("admin", "representatives/1/decide/", "representatives/{representation}/end/"),
]  # fmt: skip
