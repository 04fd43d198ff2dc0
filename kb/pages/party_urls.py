"""The addresses of a party's side: confidential reading, requests for replies, and disputes."""

from django.urls import path

from kb.pages.views import disputes, finding, party_requests

urlpatterns = [
    path("finding/<str:token>/", finding.finding, name="finding"),
    path("account/requests/", party_requests.requests, name="account_requests"),
    path("account/requests/<int:number>/", party_requests.request_page, name="account_request"),
    path("dispute/record/<str:slug>/", disputes.dispute_record, name="dispute_record"),
    path("dispute/statement/<int:number>/", disputes.dispute_statement, name="dispute_statement"),
    path("dispute/followed/<str:key>/", disputes.followed, name="dispute"),
    path("dispute/followed/<str:key>/withdraw/", disputes.withdraw, name="dispute_withdraw"),
]
