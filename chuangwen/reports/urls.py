"""Addresses of reports. /f/<code> is printed on paper and never changes."""

from django.urls import path

from chuangwen.reports.views import codes, desk, documents

urlpatterns = [
    path("reports/", documents.reports, name="reports"),
    path("reports/new/", documents.new_report, name="new-report"),
    path("reports/<uuid:uid>/", desk.report, name="report"),
    path("reports/<uuid:uid>/check/", desk.check_report, name="check-report"),
    path("reports/<uuid:uid>/ranking/", desk.ranking, name="report-ranking"),
    path("reports/<uuid:uid>/moved/", desk.moved_report, name="moved-report"),
    path("reports/<uuid:uid>/others/", desk.others_at_report, name="others-at-report"),
    path("reports/<uuid:uid>/text/", desk.edit_report, name="edit-report"),
    path("reports/<uuid:uid>/comments/", desk.comment_report, name="comment-report"),
    path("reports/<uuid:uid>/comments/<uuid:comment>/", desk.settle_comment, name="settle-comment"),
    path("reports/<uuid:uid>/material/<uuid:subject>/<slug:act>/", desk.arrange_report, name="arrange-report"),
    path("reports/<uuid:uid>/reissue/", desk.reissue_report, name="reissue-report"),
    path("reports/<uuid:uid>/document/", documents.document, name="report-document"),
    path("reports/<uuid:uid>/pdf/", documents.pdf, name="report-pdf"),
    path("reports/<uuid:uid>/pdf/file/", documents.pdf_file, name="report-pdf-file"),
    path("reports/<uuid:uid>/move/<slug:verb>/", desk.move_report, name="move-report"),
    path("units/<slug:code>/templates/<slug:form_code>/", documents.templates, name="templates"),
    path("units/<slug:code>/templates/file/<uuid:uid>/", documents.template_file, name="template-file"),
    path("f/", codes.find_document, name="find-document"),
    path("f/<slug:code>", codes.open_code, name="open-code"),
]
