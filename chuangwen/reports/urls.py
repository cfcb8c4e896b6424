"""Addresses of reports. /f/<code> is printed on paper and never changes."""

from django.urls import path

from chuangwen.reports import views

urlpatterns = [
    path("reports/", views.reports, name="reports"),
    path("reports/new/", views.new_report, name="new-report"),
    path("reports/<uuid:uid>/", views.report, name="report"),
    path("reports/<uuid:uid>/check/", views.check_report, name="check-report"),
    path("reports/<uuid:uid>/document/", views.document, name="report-document"),
    path("reports/<uuid:uid>/<slug:verb>/", views.move_report, name="move-report"),
    path("units/<slug:code>/templates/<slug:form_code>/", views.templates, name="templates"),
    path("units/<slug:code>/templates/file/<uuid:uid>/", views.template_file, name="template-file"),
    path("f/", views.find_document, name="find-document"),
    path("f/<slug:code>", views.open_code, name="open-code"),
]
