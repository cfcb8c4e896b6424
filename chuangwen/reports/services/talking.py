"""Comments on a draft, and its PDF."""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock, files
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.people.access import Viewer
from chuangwen.reports import desk, pdf, queries, workflow
from chuangwen.reports.models import Report, ReportComment
from chuangwen.reports.services.moving import record

PDF = "application/pdf"
QUOTE = 80
COMMENT = 500


@transaction.atomic
def comment(actor: Viewer, *, uid: UUID, text: str, anchor: str = "") -> ReportComment:
    """A remark on a paragraph, or on the whole. Whoever may read the draft may remark on it."""
    report = queries.report(actor, uid)
    if report.state not in workflow.MAKING:
        raise Refused(_("已印发的文书不能再批注"), mend=_("要改就更新一份"))
    if not text.strip():
        raise Refused(_("批注是空的"), where="text", mend=_("写一句话"))
    if len(text.strip()) > COMMENT:
        raise Refused(_("批注太长"), where="text", mend=_("写在 500 字以内"))
    quote = desk.spoken(report, anchor)
    if anchor and not quote:
        raise Conflict(_("这一段已经不在了"), mend=_("刷新页面，在现在的文字上批注"))
    made = ReportComment.objects.create(
        report=report, anchor=anchor, quote=quote[:QUOTE], text=text.strip(), by=actor.uid, at=clock.now()
    )
    record(actor, report, "report.commented", {"comment": str(made.uid)}, detail=made.text)
    return made


@transaction.atomic
def settle(actor: Viewer, *, uid: UUID, comment_uid: UUID) -> None:
    """Say that a remark is dealt with. The same again changes nothing."""
    report = queries.report(actor, uid)
    if not queries.makes(actor, report):
        raise Missing
    if report.state not in workflow.MAKING:
        raise Refused(_("已印发的文书不能再批注"), mend=_("要改就更新一份"))
    open_ones = ReportComment.objects.filter(report=report, uid=comment_uid, settled_at__isnull=True)
    if open_ones.update(settled_at=clock.now(), settled_by=actor.uid):
        record(actor, report, "report.comment_settled", {"comment": str(comment_uid)})


def keep_pdf(report: Report) -> Report:
    """The PDF of the document as it stands; one that is there already is kept. Slow: called by a job.

    Raises `pdf.NoOffice` and `pdf.OfficeFailed`.
    """
    document = report.document
    if document is None or report.pdf_of == document.sha256:
        return report
    made = pdf.to_pdf(files.read(document), office=settings.OFFICE)
    file = files.keep(
        [made.data],
        name=document.name.removesuffix(".docx") + ".pdf",
        media_type=PDF,
        unit_uid=report.unit.uid,
        created_by=document.created_by,
    )
    # Only for the document that it was made of: the draft may have been written anew meanwhile.
    standing = Report.objects.filter(pk=report.pk, document=document)
    standing.update(pdf=file, pdf_of=document.sha256, pdf_faces=[list(pair) for pair in made.replaced])
    return report
