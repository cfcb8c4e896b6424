"""How a report is made: its figures frozen, its document rendered from them, and what the event says of both.

Called by `services` only.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import takewhile
from typing import Any
from uuid import UUID

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
from chuangwen.reports import docx, material, queries, template_messages
from chuangwen.reports.models import Report, ReportFigure
from chuangwen.reports.placing import as_edit, placed

# Letters and digits that nobody mistakes on paper; 10 of them are 49 bits.
CODE_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# PostgreSQL: another transaction changed the same row, or gave the same row set, since this one began to look.
OVERTAKEN = {"40001", "23505"}
# After these the text is over: what follows is signature, day and annex.
CLOSING = {"sign", "date", "pagebreak", "table"}


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
    """Every figure that the template names, and those of the told material, that are not frozen yet.

    Over the days that have passed: a day to come has no records, and must not count as an empty one. Figures of
    material that is told no more are retired.
    """
    names = docx.names_used(files.read(report.template.file))
    known = metrics.by_names([*names, *report.form.has_records])
    scope = Scope(report.unit, report.start, min(report.end, timezone.localdate(report.as_of)))
    wanted: dict[tuple[str, UUID | None], tuple[Metric, Scope]] = {
        (name, None): (known[name], scope) for name in [*names, *report.form.has_records] if name in known
    }
    for subject, each in material.told_figures(report):
        wanted[each.name, subject] = (each, replace(scope, record=subject))
    found = queries.figures(report)
    standing = {(figure.snapshot.metric.name, figure.snapshot.subject_uid): figure for figure in found}
    gone = [figure.pk for key, figure in standing.items() if key not in wanted]
    ReportFigure.objects.filter(pk__in=gone).update(retired_at=clock.now())
    order = max((figure.order for figure in standing.values()), default=-1) + 1
    missing = [(metric, where) for key, (metric, where) in wanted.items() if key not in standing]
    made = [_figure(report, order + place, freeze(actor, each, where)) for place, (each, where) in enumerate(missing)]
    ReportFigure.objects.bulk_create(made)


def _figure(report: Report, order: int, snapshot: Snapshot) -> ReportFigure:
    return ReportFigure(
        code=new_code(),
        report=report,
        name=figure_name(snapshot),
        text=snapshot.text,
        order=order,
        snapshot=snapshot,
    )


def figure_name(snapshot: Snapshot) -> str:
    """As a mark names it: the figure of one told event carries the beginning of the event's uid."""
    name: str = snapshot.metric.name
    return f"{name}·{snapshot.subject_uid.hex[:6]}" if snapshot.subject_uid else name


def document_of(actor: Viewer, report: Report) -> tuple[StoredFile, list[dict[str, Any]]]:
    """The document, rendered and kept, and the writers' changes, each with where it stands and whether it does."""
    edits = _placed(report) if report.edits else []
    drafted = _drafted(report, [as_edit(edit) for edit in edits if edit["placed"]], told=True)
    name, unit = report.file_name, report.unit.uid
    return files.keep([drafted.data], name=name, media_type=DOCX, unit_uid=unit, created_by=actor.uid), edits


def _placed(report: Report) -> list[dict[str, Any]]:
    figures = {figure.name: address(figure.code) for figure in queries.figures(report)}
    bare = _drafted(report, [], told=True)
    names = {url: name for name, url in figures.items()}
    return placed(report.edits, docx.blocks(bare.data), names, figures)


def _drafted(report: Report, edits: Sequence[docx.Edit], *, told: bool) -> docx.Drafted:
    figures = list(queries.figures(report))
    marks = {figure.name: _mark(figure) for figure in figures}
    values = {
        **_values(report, figures, marks),
        "数字表": [_annex(place, figure, marks[figure.name]) for place, figure in enumerate(figures, start=1)],
        "素材": material.rows(report, marks) if told else [],
    }
    try:
        # An official document is Chinese whatever language its writer reads the pages in.
        with translation.override("zh-hans"):
            template, moment = files.read(report.template.file), report.signed_at or report.as_of
            return docx.render_draft(template, figures=marks, values=values, edits=edits, moment=moment)
    except docx.BadTemplate as bad:
        problems = "\n".join(sentence(problem) for problem in bad.problems)
        raise Refused(problems, mend=_("改好模板再写；什么也没有写下")) from bad


def room_for_material(report: Report) -> int:
    """How many characters the form leaves for material, beside what the template writes anyway."""
    bare = _drafted(report, [], told=False)
    return report.form.length - length_of_blocks(docx.blocks(bare.data))


def length_of_blocks(blocks: Iterable[docx.Block]) -> int:
    """Characters of the text, from the title to what stands before the signature."""
    text = takewhile(lambda block: block.kind not in CLOSING, blocks)
    return sum(len(run.text) for block in text for run in block.runs)


def content(report: Report) -> dict[str, object]:
    """What `verifying` holds the report to."""
    return {
        "sha256": report.document.sha256 if report.document else "",
        "figures": queries.figures_digest(report),
    }


def _mark(figure: ReportFigure) -> docx.FigureMark:
    snapshot = figure.snapshot
    number = metrics.frozen_value(snapshot).number
    return docx.FigureMark(name=figure.name, text=figure.text, url=address(figure.code), number=number)


def _annex(place: int, figure: ReportFigure, mark: docx.FigureMark) -> dict[str, object]:
    return {
        "序号": place,
        "名称": figure.snapshot.metric.name,
        "数值": replace(mark, text=metrics.frozen_value(figure.snapshot).exact),
        "口径": figure.snapshot.metric.official_meaning,
        "记录数": figure.snapshot.rows.count,
        "编码": figure.code,
    }


def _values(report: Report, figures: Iterable[ReportFigure], marks: Mapping[str, docx.FigureMark]) -> dict[str, object]:
    has_records = any(marks[name].number for name in report.form.has_records if name in marks)
    day = timezone.localdate(report.signed_at) if report.signed_at else clock.today()
    as_of = timezone.localdate(report.as_of)
    before = report.supersedes
    return {
        "单位名称": report.unit.name,
        "主送机关": report.form.addressee,
        "标题": report.title,
        "起始日期": clock.official_day(report.start),
        "截止日期": clock.official_day(report.end),
        "成文日期": clock.official_day(day),
        "有记录": has_records,
        "截至日期": clock.official_day(min(report.end, as_of)),
        "期间未完": report.end > as_of,
        "前次编号": before.code if before else "",
        "前次日期": clock.official_day(timezone.localdate(before.issued_at)) if before and before.issued_at else "",
        "编号": report.code,
        "真伪网址": address(report.code),
        "二维码": docx.Qr(address(report.code)),
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
