"""Addresses of imports."""

from django.urls import path

from chuangwen.interop import views

urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/<uuid:uid>/", views.import_page, name="import"),
    path("imports/<uuid:uid>/state/", views.import_state, name="import-state"),
    path("imports/<uuid:uid>/confirm/", views.confirm_import, name="confirm-import"),
    path("imports/<uuid:uid>/dismiss/", views.dismiss, name="dismiss-import"),
    path("imports/<uuid:uid>/columns/", views.columns, name="import-columns"),
    path("imports/<uuid:uid>/mend/", views.mend_import, name="mend-import"),
    path("imports/<uuid:uid>/bad-rows/", views.bad_rows, name="import-bad-rows"),
    path("imports/columns/<int:key>/forget/", views.forget_column, name="forget-column"),
    path("imports/<uuid:uid>/undo/", views.undo, name="undo-import"),
    path("imports/<uuid:uid>/file/", views.import_file, name="import-file"),
    path("imports/<uuid:uid>/problems/", views.import_problems, name="import-problems"),
    path("units/<slug:code>/import-template/<slug:noun>/", views.import_template, name="import-template"),
]
