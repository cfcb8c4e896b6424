"""What the pages of reports ask, and how a figure of a document is opened."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from chuangwen.core import events, files
from chuangwen.core.digests import digest
from chuangwen.core.errors import Missing
from chuangwen.core.models import Event
from chuangwen.core.registry import Ref
from chuangwen.metrics import queries as metrics
from chuangwen.metrics.models import Metric
from chuangwen.metrics.rules import RowChange
from chuangwen.people.access import Viewer
from chuangwen.people.models import Person, Unit
from chuangwen.people.rules import Perm, ancestor_paths
from chuangwen.reports import docx, workflow
from chuangwen.reports.models import Report, ReportFigure, ReportForm, ReportState, ReportTemplate

PLAIN_VALUES = [
    "单位名称", "主送机关", "标题", "起始日期", "截止日期", "成文日期",
    "有记录", "编号", "真伪网址", "核对网址", "数字表",
    "期间天数", "期间月数",
]  # fmt: skip


def readable(viewer: Viewer) -> Q:
    """Issued documents for whoever may read them, drafts for whoever may write them."""
    issued = Q(state=ReportState.ISSUED) & viewer.scope(Perm.REPORT_VIEW)
    return issued | viewer.scope(Perm.REPORT_WRITE)


def reports(viewer: Viewer) -> QuerySet[Report]:
    """Reports that are kept, newest first; discarded drafts are left out."""
    found = Report.objects.filter(readable(viewer)).exclude(state=ReportState.DISCARDED)
    standing = Count("figures", filter=Q(figures__retired_at__isnull=True))
    return found.select_related("form", "unit", "document", "template__file").annotate(figure_count=standing)


def report(viewer: Viewer, uid: UUID) -> Report:
    scope = Report.objects.filter(readable(viewer), uid=uid)
    found = scope.select_related("form", "unit", "document", "template__file").first()
    if found is None:
        raise Missing
    return found


def allowed(viewer: Viewer, report_row: Report) -> set[str]:
    """The verbs that the viewer may use on this report in its present state."""
    rows = workflow.verbs_from(report_row.state)
    return {row.verb for row in rows if viewer.can(Perm(row.perm), report_row.unit)}


def figures(report_row: Report) -> QuerySet[ReportFigure]:
    standing = report_row.figures.filter(retired_at__isnull=True)
    return standing.select_related("snapshot__metric", "snapshot__rows", "snapshot__unit")


def text_of(report_row: Report) -> list[docx.Block]:
    """The document's own text as blocks for the page: what is read here is what Word shows."""
    return docx.blocks(files.read(report_row.document)) if report_row.document else []


def forms() -> QuerySet[ReportForm]:
    return ReportForm.objects.all()


def form(code: str) -> ReportForm:
    found = ReportForm.objects.filter(code=code).first()
    if found is None:
        raise Missing
    return found


def template_in_force(form_row: ReportForm, unit: Unit) -> ReportTemplate:
    """The newest template of the unit or of the nearest unit above it that has one, else the standard one."""
    reach = Q(unit__path__in=ancestor_paths(unit.path)) | Q(unit__isnull=True)
    found = list(ReportTemplate.objects.filter(reach, form=form_row).select_related("file", "unit"))
    if not found:
        raise Missing
    return max(found, key=lambda template: (template.unit.depth if template.unit else -1, template.pk))


def standard_template(form_row: ReportForm) -> ReportTemplate:
    found = ReportTemplate.objects.filter(form=form_row, unit__isnull=True).select_related("file").first()
    if found is None:
        raise Missing
    return found


def templates(viewer: Viewer, unit: Unit, form_row: ReportForm) -> QuerySet[ReportTemplate]:
    reach = Q(unit__path__in=ancestor_paths(unit.path)) | Q(unit__isnull=True)
    return ReportTemplate.objects.filter(reach, form=form_row).select_related("file", "unit")


SORTED_UP_TO = 5000


@dataclass(frozen=True)
class OpenedCode:
    """What stands behind a printed code: a document, and one of its figures if the code is a figure's."""

    report: Report
    figure: ReportFigure | None


def open_code(code: str) -> OpenedCode:
    """For anybody, signed in or not: says whether such a document is there. Raises Missing for a code never given."""
    related = ("report__unit", "report__form", "snapshot__metric", "snapshot__rows", "snapshot__unit")
    figure = ReportFigure.objects.select_related(*related).filter(code=code).first()
    if figure:
        return OpenedCode(figure.report, figure)
    found = Report.objects.select_related("unit", "form").filter(code=code).first()
    if found is None:
        raise Missing
    return OpenedCode(found, None)


@dataclass(frozen=True)
class FrozenRow:
    """A row of a figure: what it contributed, what it says today, and its line if the viewer may see it."""

    uid: UUID
    contribution: int
    change: RowChange | None
    ref: Ref | None


@dataclass(frozen=True)
class OpenedFigure:
    figure: ReportFigure
    rows: list[FrozenRow]
    total_rows: int
    hidden: int
    comparison: metrics.Comparison

    @property
    def same_value(self) -> bool:
        """The value stands although records changed."""
        now, then = self.comparison.now, self.figure.snapshot
        return (now.numerator, now.denominator, now.text) == (then.numerator, then.denominator, then.text)


def may_open(viewer: Viewer | None, report_row: Report) -> bool:
    """The figures of an issued document open to whoever may see the unit's figures, a draft's to its writers."""
    if viewer is None:
        return False
    perm = Perm.FIGURE_VIEW if report_row.state == ReportState.ISSUED else Perm.REPORT_WRITE
    return viewer.can(perm, report_row.unit)


def opened_figure(viewer: Viewer, figure: ReportFigure, *, first: int = 0, many: int = 50) -> OpenedFigure:
    """The figure with a stretch of its frozen rows, changed ones first.

    Up to SORTED_UP_TO rows come in the order of their lines, and it is known how many the viewer may not see; of
    more rows only the stretch is looked up.
    """
    metrics.require_figures(viewer, figure.report.unit)
    snapshot = figure.snapshot
    frozen = metrics.frozen_rows(snapshot)
    comparison = metrics.compare(snapshot)
    changed = {change.uid: change for change in comparison.changed}
    uids = sorted({*frozen, *changed}, key=lambda uid: (uid not in changed, uid))
    few = len(uids) <= SORTED_UP_TO
    visible = metrics.refs(viewer, snapshot.rows.noun, uids if few else uids[first : first + many])
    if few:
        uids.sort(key=lambda uid: (uid not in changed, _label(visible, uid)))
    rows = [
        FrozenRow(uid, frozen[uid][0] if uid in frozen else 0, changed.get(uid), visible.get(uid))
        for uid in uids[first : first + many]
    ]
    hidden = len(uids) - len(visible) if few else sum(row.ref is None for row in rows)
    return OpenedFigure(figure, rows, len(uids), hidden, comparison)


def _label(visible: dict[UUID, Ref], uid: UUID) -> str:
    ref = visible.get(uid)
    return ref.label if ref else "\uffff"


@dataclass(frozen=True)
class FigureChange:
    """A figure of an earlier document that the records no longer bear out, with the rows that moved it."""

    figure: ReportFigure
    was: str
    now: str
    rows: list[tuple[RowChange, Ref | None]]


def compare_document(viewer: Viewer, data: bytes) -> list[FigureChange]:
    """Every figure linked in a document that has changed since. Raises Missing when none of its codes is known."""
    codes = [link.url.rsplit("/", 1)[-1] for link in docx.links(data)]
    related = ("report__unit", "snapshot__metric", "snapshot__rows", "snapshot__unit")
    known = ReportFigure.objects.select_related(*related).filter(code__in=codes).order_by("order")
    seen = [figure for figure in known if may_open(viewer, figure.report)]
    if not seen:
        raise Missing
    found = [(figure, metrics.compare(figure.snapshot)) for figure in seen]
    return [_changed(viewer, figure, comparison) for figure, comparison in found if not comparison.same]


def _changed(viewer: Viewer, figure: ReportFigure, comparison: metrics.Comparison) -> FigureChange:
    refs = metrics.refs(viewer, figure.snapshot.rows.noun, [change.uid for change in comparison.changed])
    rows = [(change, refs.get(change.uid)) for change in comparison.changed]
    return FigureChange(figure, metrics.frozen_value(figure.snapshot).exact, comparison.now.exact, rows)


@dataclass(frozen=True)
class Checked:
    """A report held against today's records: figures that moved (what, was, now), and those whose rows alone did."""

    moved: list[tuple[ReportFigure, str, str]]
    touched: list[ReportFigure]


def check(report_row: Report) -> Checked:
    """Values are exact, also where the document prints a lower bound."""
    checked = Checked([], [])
    for figure in figures(report_row):
        comparison = metrics.compare(figure.snapshot)
        was, now = metrics.frozen_value(figure.snapshot).exact, comparison.now.exact
        if was != now:
            checked.moved.append((figure, was, now))
        elif not comparison.same:
            checked.touched.append(figure)
    return checked


def figures_digest(report_row: Report) -> str:
    """One digest over what the document prints of every figure, and over the rows behind it."""
    said: list[list[object]] = []
    for figure in figures(report_row):
        frozen = figure.snapshot
        value = [frozen.text, frozen.numerator, frozen.denominator, frozen.rows.digest]
        said.append([figure.code, figure.name, figure.text, *value])
    # A code is there once, so nothing else decides the order.
    said.sort(key=lambda each: str(each[0]))
    return digest(said)


def verify_reports() -> Iterator[events.Fault]:
    """Every issued report whose document or figures are not those of the event that issued it."""
    issued = Event.objects.filter(verb="report.issued").order_by("id")
    said: dict[UUID | None, dict[str, Any]] = {event.subject_uid: event.data for event in issued}
    for found in Report.objects.filter(state=ReportState.ISSUED).select_related("document").order_by("id").iterator():
        name, event = f"report {found.code}", said.get(found.uid)
        if event is None:
            yield events.Fault(name, "no event says that it was issued")
            continue
        if found.document is None or found.document.sha256 != event["sha256"]:
            yield events.Fault(name, "its document is not the one that was issued")
        # A report of an earlier version of the program has no digest of its figures.
        if event.get("figures") not in {None, figures_digest(found)}:
            yield events.Fault(name, "its figures are not those that were issued")


def issuer(report_row: Report) -> Person | None:
    """Who issued it."""
    return Person.objects.filter(uid=report_row.issued_by).first() if report_row.issued_by else None


def already_issued(form_row: ReportForm, unit: Unit, start: date, end: date) -> Report | None:
    """The newest issued report of the same form, unit and period."""
    issued = Report.objects.filter(state=ReportState.ISSUED, form=form_row, unit=unit)
    return issued.filter(start=start, end=end).first()


def usable_figures() -> QuerySet[Metric]:
    """What a template may name."""
    return metrics.catalogue()


def template(unit: Unit, uid: UUID) -> ReportTemplate:
    reach = Q(unit__path__in=ancestor_paths(unit.path)) | Q(unit__isnull=True)
    found = ReportTemplate.objects.filter(reach, uid=uid).select_related("file").first()
    if found is None:
        raise Missing
    return found


def is_code(code: str) -> bool:
    """Whether any document or figure ever had this code."""
    return ReportFigure.objects.filter(code=code).exists() or Report.objects.filter(code=code).exists()


def unit_panel(viewer: Viewer, unit: Unit) -> dict[str, object] | None:
    """The unit's latest documents for its page; None where there are none to see."""
    found = list(reports(viewer).filter(unit=unit).order_by("-created_at", "-id")[:5])
    return {"reports": found} if found else None


def counts_by_unit(viewer: Viewer, start: date, end: date) -> dict[int, tuple[int, int]]:
    """unit's id → (issued, drafts) among the documents whose period ends within these days."""
    found = reports(viewer).filter(end__gte=start, end__lte=end).order_by().values_list("unit", "state")
    counts: dict[int, list[int]] = {}
    for unit_id, state in found:
        counts.setdefault(unit_id, [0, 0])[state != ReportState.ISSUED] += 1
    return {unit_id: (issued, drafts) for unit_id, (issued, drafts) in counts.items()}
