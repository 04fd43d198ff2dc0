"""The addresses of the editor's desk."""

from django.urls import path

from kb.pages.views import desk, desk_changes, desk_disputes, desk_log, desk_records, desk_replies

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
    path("p/<str:key>/replies/ask/", desk_replies.ask_party, name="desk_ask"),
    path("p/<str:key>/replies/waive/", desk_replies.waive_party, name="desk_waive"),
    path("p/<str:key>/replies/share/", desk_replies.share_finding, name="desk_share"),
    path("p/<str:key>/links/<int:number>/revoke/", desk_replies.revoke_link, name="desk_revoke"),
    path("replies/<int:number>/", desk_replies.reply_page, name="desk_reply"),
    path("replies/<int:number>/again/", desk_replies.send_again, name="desk_again"),
    path("records/<str:slug>/ask/", desk_replies.ask_about_record, name="desk_record_ask"),
    path("disputes/", desk_disputes.disputes, name="desk_disputes"),
    path("disputes/<str:key>/", desk_disputes.dispute_page, name="desk_dispute"),
    path("disputes/<str:key>/<str:code>/", desk_disputes.make_step, name="desk_dispute_step"),
    path("log/", desk_log.log, name="desk_log"),
    path("figures/", desk_log.figures, name="desk_figures"),
]
