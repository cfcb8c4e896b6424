"""Writing, refreshing and issuing reports, and keeping their templates."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock, events, files
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.core.models import StoredFile
from chuangwen.metrics import queries as metrics
from chuangwen.people.access import Viewer, require
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm
from chuangwen.reports import docx, queries, workflow
from chuangwen.reports.models import Report, ReportFigure, ReportForm, ReportState, ReportTemplate
from chuangwen.reports.writing import DOCX, document_of, freeze_figures, new_code, sentence, steady


@transaction.atomic
def load_reference(forms: list[tuple[Mapping[str, Any], bytes]]) -> dict[str, int]:
    """Bring the forms to what their manifests say; a changed standard template becomes a new version."""
    for manifest, template in forms:
        values = {key: value for key, value in manifest.items() if key != "code"}
        form, _created = ReportForm.objects.update_or_create(code=manifest["code"], defaults=values)
        file = files.keep([template], name=f"{form.code}.docx", media_type=DOCX, unit_uid=None, created_by=None)
        standing = ReportTemplate.objects.filter(form=form, unit__isnull=True).select_related("file").first()
        if standing is None or standing.file.sha256 != file.sha256:
            ReportTemplate.objects.create(form=form, file=file, created_at=clock.now())
        else:
            file.delete()
    return {"report_forms": len(forms)}


@transaction.atomic
def keep_template(actor: Viewer, *, form: ReportForm, unit: Unit, name: str, data: bytes) -> ReportTemplate:
    """A unit's own version of a form's template, checked before it is kept.

    Raises Refused with every problem named when it cannot be used.
    """
    require(actor, Perm.TEMPLATE_MANAGE, unit)
    problems = check_template(form, data)
    if problems:
        raise Refused("\n".join(problems), where="file", mend=_("在 Word 里改好，再传一次；现在用的模板没有动"))
    file = files.keep([data], name=name, media_type=DOCX, unit_uid=unit.uid, created_by=actor.uid)
    return _put_in_force(actor, form, unit, file)


@transaction.atomic
def restore_template(actor: Viewer, *, form: ReportForm, unit: Unit) -> ReportTemplate:
    """Put the standard template in force again for a unit that has its own."""
    require(actor, Perm.TEMPLATE_MANAGE, unit)
    return _put_in_force(actor, form, unit, queries.standard_template(form).file)


def _put_in_force(actor: Viewer, form: ReportForm, unit: Unit, file: StoredFile) -> ReportTemplate:
    template = ReportTemplate.objects.create(form=form, unit=unit, file=file, created_at=clock.now())
    events.record(
        "template.kept",
        actor_uid=actor.uid,
        noun="template",
        subject_uid=template.uid,
        unit_uid=unit.uid,
        data={"form": form.code, "sha256": file.sha256},
    )
    return template


def check_template(form: ReportForm, data: bytes) -> list[str]:
    """Every problem of a template as a sentence with its place; empty when it can be used."""
    known = {*metrics.catalogue().values_list("name", flat=True), *queries.PLAIN_VALUES, *form.rule_values}
    try:
        problems = docx.check(data, known)
    except docx.BadTemplate as bad:
        problems = bad.problems
    return [sentence(problem) for problem in problems]


def template_warnings(data: bytes) -> list[str]:
    """What a template that can be used lacks, as sentences: it is kept all the same."""
    names = docx.names_used(data)
    lacks = []
    if not metrics.by_names(names):
        lacks.append(_("模板里没有一个数字，写出的文书点不开任何记录。需要数字时，把名称写进两层花括号"))
    if "编号" not in names:
        lacks.append(_("模板里没有“编号”，印出的文书无法核对真伪。建议在文末加一行，写入编号和真伪网址"))
    if "数字表" not in names:
        lacks.append(_("模板里没有“数字表”，文书末尾不列数字的编码。建议照通用模板加上附件"))
    return lacks


def write_report(actor: Viewer, *, form: ReportForm, unit: Unit, start: date, end: date) -> Report:
    """A draft: figures frozen as they are now, the document rendered from them.

    Raises Refused for a period that is upside down or not over, or a unit for which the form is not meant.
    """
    require(actor, Perm.REPORT_WRITE, unit)
    if end < start:
        raise Refused(_("截止日期早于起始日期"), where="end", mend=_("把截止日期改到起始日期之后"))
    if end > clock.today():
        raise Refused(_("截止日期在今天之后"), where="end", mend=_("改到今天或更早，没有过完的日子还没有记录"))
    if form.unit_kinds and unit.kind_id not in form.unit_kinds:
        raise Refused(_("“%(form)s”不适用于%(unit)s") % {"form": form, "unit": unit}, where="form")
    template = queries.template_in_force(form, unit)
    # Rendering stands inside the transaction: a template that fails here must leave nothing behind.
    with steady():
        report = Report.objects.create(
            code=new_code(),
            form=form,
            template=template,
            unit=unit,
            start=start,
            end=end,
            title=form.title,
            as_of=clock.now(),
            created_at=clock.now(),
            created_by=actor.uid,
        )
        freeze_figures(actor, report)
        _render(actor, report)
    return report


def refresh(actor: Viewer, *, uid: UUID, seen: datetime | None = None) -> Report:
    """Freeze the figures anew from today's records and template; the old codes stay valid as an older draft's."""
    report = _for_verb(actor, uid, "refresh", seen)
    template = queries.template_in_force(report.form, report.unit)
    with steady():
        _move(report, as_of=clock.now(), template=template)
        report = queries.report(actor, uid)
        ReportFigure.objects.filter(report=report, retired_at__isnull=True).update(retired_at=clock.now())
        freeze_figures(actor, report)
        _render(actor, report)
    return report


def issue(actor: Viewer, *, uid: UUID, seen: datetime | None = None) -> Report:
    """Rendered a last time with the day of issue; from now on neither text nor figures change.

    `seen` is the moment of the draft that the issuer read. Raises Conflict when it has been rewritten since.
    """
    report = _for_verb(actor, uid, "issue", seen)
    report.issued_at, report.issued_by, report.state = clock.now(), actor.uid, ReportState.ISSUED
    document = document_of(actor, report)
    with transaction.atomic():
        changed = {"issued_at": report.issued_at, "issued_by": actor.uid, "document": document}
        _move(report, state=ReportState.ISSUED, **changed)
        report.document = document
        _record(actor, report, "report.issued", _content(report, document))
    return report


def discard(actor: Viewer, *, uid: UUID, seen: datetime | None = None) -> Report:
    """A draft that is not wanted: it stays on record and leaves the lists."""
    report = _for_verb(actor, uid, "discard", seen)
    with transaction.atomic():
        _move(report, state=ReportState.DISCARDED)
        _record(actor, report, "report.discarded", {})
    return queries.report(actor, uid)


def _move(report: Report, **changed: object) -> None:
    """Change the draft that was read, and no other."""
    standing = Report.objects.filter(pk=report.pk, state=ReportState.DRAFT, as_of=report.as_of)
    if not standing.update(**changed):
        raise Conflict(_("这份文书刚被别人改过"), mend=_("刷新页面，看过再定"))


def _for_verb(actor: Viewer, uid: UUID, verb: str, seen: datetime | None) -> Report:
    report = queries.report(actor, uid)
    row = workflow.transition(verb)
    if not actor.can(Perm(row.perm), report.unit):
        raise Missing
    if report.state not in row.sources:
        raise Refused(
            _("%(state)s的文书不能再这样做") % {"state": report.get_state_display()},
            mend=_("需要新的数字时，另写一份"),
        )
    if seen is not None and seen != report.as_of:
        raise Conflict(_("这份草稿刚被重写过，请看过新的文字再签发"), mend=_("刷新页面看现在的文字"))
    return report


def _render(actor: Viewer, report: Report) -> None:
    report.document = document_of(actor, report)
    Report.objects.filter(pk=report.pk, state=ReportState.DRAFT).update(document=report.document)
    _record(actor, report, "report.drafted", _content(report, report.document))


def _content(report: Report, document: StoredFile) -> dict[str, object]:
    """What `queries.verify_reports` holds the report to."""
    return {"sha256": document.sha256, "figures": queries.figures_digest(report)}


def _record(actor: Viewer, report: Report, verb: str, data: Mapping[str, object]) -> None:
    events.record(
        verb,
        actor_uid=actor.uid,
        noun="report",
        subject_uid=report.uid,
        unit_uid=report.unit.uid,
        data={
            "form": report.form.code,
            "start": report.start.isoformat(),
            "end": report.end.isoformat(),
            **data,
        },
    )


def leads_nowhere() -> bool:
    """Whether the addresses in documents can be opened only on this machine."""
    return urlsplit(settings.PUBLIC_URL).hostname in {"localhost", "127.0.0.1", "::1"}
