"""The addresses of filing, and of following what one submitted."""

from django.urls import path

from kb.pages.views import corrections, filing, submissions

urlpatterns = [
    path("file/", filing.begin, name="file"),
    path("file/<str:key>/receipt/", filing.receipt, name="file_receipt"),
    path("file/<str:key>/check/", filing.check, name="file_check"),
    path("file/<str:key>/discard/", filing.discard, name="file_discard"),
    path("file/<str:key>/<str:step>/", filing.step_page, name="file_step"),
    path("correct/record/<str:slug>/", corrections.correct_record, name="correct_record"),
    path("correct/statement/<int:number>/", corrections.correct_statement, name="correct_statement"),
    path("submissions/", submissions.submissions, name="submissions"),
    path("submissions/<str:key>/", submissions.status, name="submission"),
    path("submissions/<str:key>/<str:code>/", submissions.act, name="submission_act"),
]
