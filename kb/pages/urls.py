"""The addresses of pages."""

from django.urls import include, path, re_path

from kb.pages.views import about, changes, compare, desk_log, embed, lineage, operations, records, safety, statements, trace
from kb.pages.views.lasting import lasting
from kb.pages.views.read_only import read_only
from kb.records.kinds import KINDS_BY_PATH

_LISTS = "|".join(KINDS_BY_PATH)

urlpatterns = [
    path("", read_only(lasting(records.home)), name="home"),
    path("search/", read_only(records.search), name="search"),
    re_path(rf"^(?P<kind_path>{_LISTS})/$", read_only(lasting(records.record_list)), name="list"),
    path("r/<str:slug>/", read_only(lasting(records.record)), name="record"),
    path("r/<str:slug>/statements/", read_only(lasting(records.record_statements)), name="record_statements"),
    path("id/<str:public_id>", read_only(records.by_id), name="by_id"),
    path("id/<str:public_id>/", read_only(records.by_id)),
    path("statements/<int:number>/", read_only(lasting(statements.statement)), name="statement"),
    path("lineage/<str:key>/", read_only(lasting(lineage.lineage)), name="lineage"),
    path("lineage/<str:key>/steps/", read_only(lasting(lineage.steps)), name="lineage_steps"),
    path("lineage/<str:key>/picture.svg", read_only(lasting(lineage.picture_svg)), name="picture_svg"),
    path("lineage/<str:key>/picture.png", read_only(lasting(lineage.picture_png)), name="picture_png"),
    path("lineage/<str:key>/changes/", read_only(changes.lineage_changes), name="lineage_changes"),
    path("lineage/<str:key>/trace/<str:target>/", read_only(lasting(trace.trace_page)), name="trace"),
    path("what-changed/", read_only(lasting(changes.what_changed)), name="what_changed"),
    path("compare/", read_only(lasting(compare.compare_page)), name="compare"),
    path("embed/lineage/<str:key>/", read_only(lasting(embed.lineage_embed)), name="lineage_embed"),
    path("oembed/", read_only(embed.oembed), name="oembed"),
    path("editions/", read_only(lasting(about.editions)), name="editions"),
    path("editions/<int:number>/", read_only(lasting(about.edition)), name="edition"),
    path("sources/", read_only(about.sources), name="sources"),
    path("methods/", read_only(about.methods), name="methods"),
    path("styleguide/", read_only(about.styleguide), name="styleguide"),
    path("report-material/", read_only(safety.report_material), name="report_material"),
    path("desk/jobs/", operations.jobs_page, name="jobs"),
    path("desk/jobs/<int:number>/retry/", operations.retry_job, name="job_retry"),
    path("desk/jobs/<int:number>/drop/", operations.drop_job, name="job_drop"),
    path("desk/", include("kb.pages.desk_urls")),
    path("", include("kb.pages.filing_urls")),
    path("", include("kb.pages.party_urls")),
    path("decisions/", read_only(desk_log.public_decisions), name="decisions"),
]
