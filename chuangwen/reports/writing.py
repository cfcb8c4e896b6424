"""How a report is made: its figures frozen, its document rendered from them, and what the event says of both.

Called by `services` only.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from chuangwen.core import clock, files
from chuangwen.core.errors import Conflict, Refused
from chuangwen.core.models import StoredFile
from chuangwen.metrics import queries as metrics
from chuangwen.metrics.models import Metric, Snapshot
from chuangwen.metrics.services import freeze
from chuangwen.metrics.sources import Scope
from chuangwen.people.access import Viewer
from chuangwen.reports import docx, queries, template_messages
from chuangwen.reports.models import Report, ReportFigure

# Letters and digits that nobody mistakes on paper; 10 of them are 49 bits.
CODE_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# PostgreSQL: another transaction changed the same row, or gave the same row set, since this one began to look.
OVERTAKEN = {"40001", "23505"}


@contextmanager
def steady() -> Iterator[None]:
    """A transaction that sees one state of the records from beginning to end.

    SQLite has no other kind; PostgreSQL is asked for it where this block is the outermost. Raises Conflict when
    somebody else wrote the same rows meanwhile.
    """
    asked = connection.vendor == "postgresql" and not connection.in_atomic_block
    try:
        with transaction.atomic():
            if asked:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
    except DatabaseError as error:
        if asked and getattr(error.__cause__, "sqlstate", "") in OVERTAKEN:
            raise Conflict(_("同一时刻有人也在写"), mend=_("什么也没有写下，再按一次")) from error
        raise


def new_code() -> str:
    """A code for an address printed on paper; the unique column refuses the one that is taken."""
    return "".join(secrets.choice(CODE_LETTERS) for _each in range(10))


def address(code: str) -> str:
    """The permanent address of a figure or a document, as printed on paper."""
    return f"{settings.PUBLIC_URL}/f/{code}"


def freeze_figures(actor: Viewer, report: Report) -> None:
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


def document_of(actor: Viewer, report: Report) -> StoredFile:
    figures = list(queries.figures(report))
    marks = {figure.name: _mark(figure) for figure in figures}
    values = {**_values(report, figures, marks), "数字表": [_annex(figure, marks[figure.name]) for figure in figures]}
    try:
        # An official document is Chinese whatever language its writer reads the pages in.
        with translation.override("zh-hans"):
            data = docx.render(files.read(report.template.file), figures=marks, values=values)
    except docx.BadTemplate as bad:
        problems = "\n".join(sentence(problem) for problem in bad.problems)
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
        "数值": replace(mark, text=metrics.frozen_value(figure.snapshot).exact),
        "口径": figure.snapshot.metric.official_meaning,
        "记录数": figure.snapshot.rows.count,
        "编码": figure.code,
    }


def _values(report: Report, figures: Iterable[ReportFigure], marks: Mapping[str, docx.FigureMark]) -> dict[str, object]:
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
        "期间天数": (report.end - report.start).days + 1,
        "期间月数": len(clock.months_between(report.start, report.end)),
        **_rule_values(report, figures),
    }


def _rule_values(report: Report, figures: Iterable[ReportFigure]) -> dict[str, str]:
    """Numbers that the text states and a metric's own rule holds: those of the very version that counted here.

    A template may state a rule whose figure it does not print; then the rule in force is meant.
    """
    rules: dict[str, Metric] = {metric.key: metric for metric in metrics.catalogue()}
    rules |= {figure.snapshot.metric.key: figure.snapshot.metric for figure in figures}
    return {name: str(rules[rule["metric"]].params[rule["param"]]) for name, rule in report.form.rule_values.items()}


def sentence(problem: docx.TemplateProblem) -> str:
    what, mend = template_messages.explain(problem.code, problem.params)
    # A form puts the last full stop itself.
    sentence = f"{what.removesuffix('。')}。{mend.removesuffix('。')}"
    return f"{problem.where}：{sentence}" if problem.where else sentence
