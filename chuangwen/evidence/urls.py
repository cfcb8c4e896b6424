"""Addresses of evidence."""

from django.urls import path

from chuangwen.evidence.views import files, pages

urlpatterns = [
    path("evidence/", pages.evidence, name="evidence"),
    path("evidence/new/", pages.new, name="new-evidence"),
    path("evidence/upload/", files.upload, name="upload-evidence"),
    path("evidence/zip/", files.bundle, name="evidence-zip"),
    path("evidence/<uuid:uid>/", pages.piece, name="evidence-piece"),
    path("evidence/<uuid:uid>/state/", files.state, name="evidence-state"),
    path("evidence/<uuid:uid>/caption/", pages.caption, name="caption-evidence"),
    path("evidence/<uuid:uid>/redact/", pages.redact, name="redact-evidence"),
    path("evidence/<uuid:uid>/retry/", pages.retry, name="retry-evidence"),
    path("evidence/<uuid:uid>/withdraw/", pages.withdraw, name="withdraw-evidence"),
    path("evidence/<uuid:uid>/download/", files.download, name="download-evidence"),
    path("evidence/<uuid:uid>/file/<slug:role>/<slug:sha256>/", files.file, name="evidence-file"),
]
