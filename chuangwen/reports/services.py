"""Writing, refreshing and issuing reports, and keeping their templates."""

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from chuangwen.core import clock, events, files
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.core.models import StoredFile
from chuangwen.metrics import queries as metrics
from chuangwen.metrics.models import Metric, Snapshot
from chuangwen.metrics.services import freeze
from chuangwen.metrics.sources import Scope
from chuangwen.people.access import Viewer, require
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm
from chuangwen.reports import docx, queries, template_messages, workflow
from chuangwen.reports.models import Report, ReportFigure, ReportForm, ReportState, ReportTemplate

# Letters and digits that nobody mistakes on paper; 10 of them are 49 bits.
CODE_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def new_code() -> str:
    """A code for an address printed on paper; the unique column refuses the one that is taken."""
    return "".join(secrets.choice(CODE_LETTERS) for _each in range(10))


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
    return [_sentence(problem) for problem in problems]


def _sentence(problem: docx.TemplateProblem) -> str:
    what, mend = template_messages.explain(problem.code, problem.params)
    # A form puts the last full stop itself.
    sentence = f"{what.removesuffix('。')}。{mend.removesuffix('。')}"
    return f"{problem.where}：{sentence}" if problem.where else sentence


def write_report(actor: Viewer, *, form: ReportForm, unit: Unit, start: date, end: date) -> Report:
    """A draft: figures frozen as they are now, the document rendered from them.

    Raises Refused for a period that is upside down, or a unit for which the form is not meant.
    """
    require(actor, Perm.REPORT_WRITE, unit)
    if end < start:
        raise Refused(_("截止日期早于起始日期"), where="end", mend=_("把截止日期改到起始日期之后"))
    if form.unit_kinds and unit.kind_id not in form.unit_kinds:
        raise Refused(_("“%(form)s”不适用于%(unit)s") % {"form": form, "unit": unit}, where="form")
    template = queries.template_in_force(form, unit)
    # Rendering stands inside the transaction: a template that fails here must leave nothing behind.
    with transaction.atomic():
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
        _freeze_figures(actor, report)
        _render(actor, report)
    return report


def refresh(actor: Viewer, *, uid: UUID) -> Report:
    """Freeze the figures anew from today's records and template; the old codes stay valid as an older draft's."""
    report = _for_verb(actor, uid, "refresh")
    template = queries.template_in_force(report.form, report.unit)
    with transaction.atomic():
        moved = Report.objects.filter(pk=report.pk, state=ReportState.DRAFT).update(
            as_of=clock.now(), template=template
        )
        if not moved:
            raise Conflict(_("这份文书刚被别人改了状态"), mend=_("刷新页面看现在的状态"))
        report = queries.report(actor, uid)
        ReportFigure.objects.filter(report=report, retired_at__isnull=True).update(retired_at=clock.now())
        _freeze_figures(actor, report)
        _render(actor, report)
    return report


def issue(actor: Viewer, *, uid: UUID) -> Report:
    """Rendered a last time with the day of issue; from now on neither text nor figures change."""
    report = _for_verb(actor, uid, "issue")
    report.issued_at, report.issued_by, report.state = clock.now(), actor.uid, ReportState.ISSUED
    document = _document(actor, report)
    with transaction.atomic():
        moved = Report.objects.filter(pk=report.pk, state=ReportState.DRAFT, as_of=report.as_of).update(
            state=ReportState.ISSUED, issued_at=report.issued_at, issued_by=actor.uid, document=document
        )
        if not moved:
            raise Conflict(_("这份文书刚被别人改过"), mend=_("刷新页面，看过再签发"))
        _record(actor, report, "report.issued", {"sha256": document.sha256})
    report.document = document
    return report


def discard(actor: Viewer, *, uid: UUID) -> Report:
    """A draft that is not wanted: it stays on record and leaves the lists."""
    report = _for_verb(actor, uid, "discard")
    with transaction.atomic():
        if Report.objects.filter(pk=report.pk, state=ReportState.DRAFT).update(state=ReportState.DISCARDED):
            _record(actor, report, "report.discarded", {})
    return queries.report(actor, uid)


def _for_verb(actor: Viewer, uid: UUID, verb: str) -> Report:
    report = queries.report(actor, uid)
    row = workflow.transition(verb)
    if not actor.can(Perm(row.perm), report.unit):
        raise Missing
    if report.state not in row.sources:
        raise Refused(
            _("%(state)s的文书不能再这样做") % {"state": report.get_state_display()},
            mend=_("需要新的数字时，另写一份"),
        )
    return report


def _freeze_figures(actor: Viewer, report: Report) -> None:
    names = docx.names_used(files.read(report.template.file))
    known = metrics.by_names([*names, *report.form.has_records])
    scope = Scope(report.unit, report.start, report.end)
    ordered = [known[name] for name in dict.fromkeys([*names, *report.form.has_records]) if name in known]
    ReportFigure.objects.bulk_create(
        _figure(report, order, freeze(actor, each, scope)) for order, each in enumerate(ordered)
    )


def _figure(report: Report, order: int, snapshot: Snapshot) -> ReportFigure:
    return ReportFigure(
        code=new_code(),
        report=report,
        name=snapshot.metric.name,
        text=snapshot.text,
        order=order,
        snapshot=snapshot,
    )


def _render(actor: Viewer, report: Report) -> None:
    report.document = _document(actor, report)
    Report.objects.filter(pk=report.pk, state=ReportState.DRAFT).update(document=report.document)
    _record(actor, report, "report.drafted", {"sha256": report.document.sha256})


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


def address(code: str) -> str:
    """The permanent address of a figure or a document, as printed on paper."""
    return f"{settings.PUBLIC_URL}/f/{code}"


def leads_nowhere() -> bool:
    """Whether the addresses in documents can be opened only on this machine."""
    return urlsplit(settings.PUBLIC_URL).hostname in {"localhost", "127.0.0.1", "::1"}


def _document(actor: Viewer, report: Report) -> StoredFile:
    figures = list(report.figures.filter(retired_at__isnull=True).select_related("snapshot__metric", "snapshot__rows"))
    marks = {figure.name: _mark(figure) for figure in figures}
    values = {**_values(report, marks), "数字表": [_annex(figure, marks[figure.name]) for figure in figures]}
    try:
        # An official document is Chinese whatever language its writer reads the pages in.
        with translation.override("zh-hans"):
            data = docx.render(files.read(report.template.file), figures=marks, values=values)
    except docx.BadTemplate as bad:
        problems = "\n".join(_sentence(problem) for problem in bad.problems)
        raise Refused(problems, mend=_("改好模板再写；什么也没有写下")) from bad
    return files.keep([data], name=report.file_name, media_type=DOCX, unit_uid=report.unit.uid, created_by=actor.uid)


def _mark(figure: ReportFigure) -> docx.FigureMark:
    snapshot = figure.snapshot
    number = metrics.frozen_value(snapshot).number
    return docx.FigureMark(name=figure.name, text=figure.text, url=address(figure.code), number=number)


def _annex(figure: ReportFigure, mark: docx.FigureMark) -> dict[str, object]:
    return {
        "序号": figure.order + 1,
        "名称": figure.name,
        "数值": mark,
        "口径": figure.snapshot.metric.official_meaning,
        "记录数": figure.snapshot.rows.count,
        "编码": figure.code,
    }


def _values(report: Report, marks: Mapping[str, docx.FigureMark]) -> dict[str, object]:
    has_records = any(marks[name].number for name in report.form.has_records if name in marks)
    day = timezone.localdate(report.issued_at) if report.issued_at else clock.today()
    return {
        "单位名称": report.unit.name,
        "主送机关": report.form.addressee,
        "标题": report.title,
        "起始日期": clock.official_day(report.start),
        "截止日期": clock.official_day(report.end),
        "成文日期": clock.official_day(day),
        "有记录": has_records,
        "编号": report.code,
        "真伪网址": address(report.code),
        "核对网址": address(""),
        **_rule_values(report.form),
    }


def _rule_values(form: ReportForm) -> dict[str, str]:
    """Numbers that the text states and the metric's own rule holds, so that the two never differ."""
    newest: dict[str, Metric] = {metric.key: metric for metric in metrics.catalogue()}
    return {name: str(newest[rule["metric"]].params[rule["param"]]) for name, rule in form.rule_values.items()}
