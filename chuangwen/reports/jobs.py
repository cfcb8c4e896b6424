"""Making the PDF of a document in the background: LibreOffice takes seconds."""

from subprocess import TimeoutExpired
from uuid import UUID

from django.core.cache import cache

from chuangwen.core.jobs import job
from chuangwen.reports import docx, pdf, queries, services
from chuangwen.reports.models import Report

FAILED_SECONDS = 600


@job
def make_pdf(uid: str) -> None:
    report = Report.objects.select_related("document", "unit").get(uid=UUID(uid))
    cache.delete(queries.pdf_failure_key(report))
    try:
        services.keep_pdf(report)
    except (pdf.NoOffice, pdf.OfficeFailed, docx.BadTemplate, ValueError, TimeoutExpired) as failure:
        cache.set(queries.pdf_failure_key(report), type(failure).__name__, FAILED_SECONDS)
