"""The addresses of pages."""

from django.urls import path, re_path

from kb.pages.views import about, changes, compare, embed, lineage, records, trace
from kb.records.kinds import KINDS_BY_PATH

_LISTS = "|".join(KINDS_BY_PATH)

urlpatterns = [
    path("", records.home, name="home"),
    path("search/", records.search, name="search"),
    re_path(rf"^(?P<kind_path>{_LISTS})/$", records.record_list, name="list"),
    path("r/<str:slug>/", records.record, name="record"),
    path("id/<str:public_id>", records.by_id, name="by_id"),
    path("id/<str:public_id>/", records.by_id),
    path("lineage/<str:key>/", lineage.lineage, name="lineage"),
    path("lineage/<str:key>/picture.svg", lineage.picture_svg, name="picture_svg"),
    path("lineage/<str:key>/picture.png", lineage.picture_png, name="picture_png"),
    path("lineage/<str:key>/changes/", changes.lineage_changes, name="lineage_changes"),
    path("lineage/<str:key>/trace/<str:target>/", trace.trace_page, name="trace"),
    path("what-changed/", changes.what_changed, name="what_changed"),
    path("compare/", compare.compare_page, name="compare"),
    path("embed/lineage/<str:key>/", embed.lineage_embed, name="lineage_embed"),
    path("oembed/", embed.oembed, name="oembed"),
    path("editions/", about.editions, name="editions"),
    path("editions/<int:number>/", about.edition, name="edition"),
    path("sources/", about.sources, name="sources"),
    path("methods/", about.methods, name="methods"),
    path("styleguide/", about.styleguide, name="styleguide"),
]
