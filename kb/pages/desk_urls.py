"""The addresses of the editor's desk."""

from django.urls import path

from kb.pages.views import desk, desk_changes, desk_log, desk_records

urlpatterns = [
    path("", desk.queue, name="desk"),
    path("p/<str:key>/", desk.proposal_page, name="desk_proposal"),
    path("p/<str:key>/move/<str:code>/", desk.make_move, name="desk_move"),
    path("p/<str:key>/changes/<int:position>/judge/", desk.judge, name="desk_judge"),
    path("p/<str:key>/severity/", desk.assess, name="desk_assess"),
    path("p/<str:key>/confirm/", desk.confirm, name="desk_confirm"),
    path("p/<str:key>/note/", desk.note, name="desk_note"),
    path("p/<str:key>/restricted/", desk.restricted, name="desk_restricted"),
    path("p/<str:key>/assign/", desk.assign, name="desk_assign"),
    path("p/<str:key>/changes/add/", desk_changes.add, name="desk_add"),
    path("p/<str:key>/changes/<int:position>/amend/", desk_changes.amend, name="desk_amend"),
    path("new/", desk_records.new_record, name="desk_new"),
    path("records/<str:slug>/edit/", desk_records.edit_record, name="desk_edit"),
    path("records/<str:slug>/split/", desk_records.split_record, name="desk_split"),
    path("change/<str:code>/", desk_records.change, name="desk_change"),
    path("collected/", desk_records.basket, name="desk_basket"),
    path("collected/send/", desk_records.send, name="desk_send"),
    path("collected/<int:position>/remove/", desk_records.remove, name="desk_remove"),
    path("log/", desk_log.log, name="desk_log"),
    path("figures/", desk_log.figures, name="desk_figures"),
]
