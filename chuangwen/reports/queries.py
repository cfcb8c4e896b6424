"""What the pages of reports ask, and how a figure of a document is opened."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet

from chuangwen.core import files, jobs
from chuangwen.core.digests import digest
from chuangwen.core.errors import Missing
from chuangwen.core.registry import Ref
from chuangwen.metrics import queries as metrics
from chuangwen.metrics.models import Metric
from chuangwen.metrics.rules import RowChange, changes
from chuangwen.people.access import Viewer
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm, ancestor_paths
from chuangwen.reports import docx, workflow
from chuangwen.reports.models import Report, ReportFigure, ReportForm, ReportState, ReportTemplate

PLAIN_VALUES = [
    "单位名称", "主送机关", "标题", "起始日期", "截止日期", "成文日期",
    "有记录", "编号", "真伪网址", "核对网址", "数字表", "素材", "二维码",
    "期间天数", "期间月数", "截至日期", "期间未完", "前次编号", "前次日期",
]  # fmt: skip


# Whoever has a hand in making a document sees it before it is out.
MAKERS = (Perm.REPORT_WRITE, Perm.REPORT_CHECK, Perm.REPORT_SIGN, Perm.REPORT_ISSUE)


def readable(viewer: Viewer) -> Q:
    """Documents that are out for whoever may read them, the others for whoever has a hand in making them."""
    found = Q(state__in=workflow.OUT) & viewer.scope(Perm.REPORT_VIEW)
    for perm in MAKERS:
        found |= viewer.scope(perm)
    return found


def makes(viewer: Viewer, report_row: Report) -> bool:
    """Whether the viewer has a hand in making documents of the unit, and so hears what is said about a draft."""
    return any(viewer.can(perm, report_row.unit) for perm in MAKERS)


def may_see(viewer: Viewer, report_row: Report) -> bool:
    """As `readable`, of one report."""
    return makes(viewer, report_row) or (report_row.is_out and viewer.can(Perm.REPORT_VIEW, report_row.unit))


def reports(viewer: Viewer) -> QuerySet[Report]:
    """Reports that are kept, newest first; discarded drafts are left out."""
    found = Report.objects.filter(readable(viewer)).exclude(state=ReportState.DISCARDED)
    standing = Count("figures", filter=Q(figures__retired_at__isnull=True))
    return found.select_related("form", "unit", "document", "template__file").annotate(figure_count=standing)


# state → the right of whoever moves a document on from there.
NEXT_HAND = {
    ReportState.DRAFT: Perm.REPORT_WRITE,
    ReportState.SUBMITTED: Perm.REPORT_CHECK,
    ReportState.CHECKED: Perm.REPORT_SIGN,
    ReportState.SIGNED: Perm.REPORT_ISSUE,
}


def to_move_on(viewer: Viewer) -> QuerySet[Report]:
    """The documents whose next step is one that the viewer may take."""
    mine = Q(pk__in=[])
    for state, perm in NEXT_HAND.items():
        mine |= Q(state=state) & viewer.scope(perm)
    return reports(viewer).filter(mine)


def report(viewer: Viewer, uid: UUID) -> Report:
    scope = Report.objects.filter(readable(viewer), uid=uid)
    found = scope.select_related("form", "unit", "document", "template__file", "supersedes", "pdf").first()
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


def templates(unit: Unit, form_row: ReportForm) -> QuerySet[ReportTemplate]:
    reach = Q(unit__path__in=ancestor_paths(unit.path)) | Q(unit__isnull=True)
    return ReportTemplate.objects.filter(reach, form=form_row).select_related("file", "unit")


SORTED_UP_TO = 5000
# Of a comparison of two documents: beyond these the rows are counted and not named.
ROWS_NAMED = 200


@dataclass(frozen=True)
class OpenedCode:
    """What stands behind a printed code: a document, and one of its figures if the code is a figure's."""

    report: Report
    figure: ReportFigure | None


def open_code(code: str) -> OpenedCode:
    """For anybody, signed in or not: says whether such a document is there. Raises Missing for a code never given."""
    related = (
        "report__unit",
        "report__form",
        "report__supersedes",
        "snapshot__metric",
        "snapshot__rows",
        "snapshot__unit",
    )
    figure = ReportFigure.objects.select_related(*related).filter(code=code).first()
    if figure:
        return OpenedCode(figure.report, figure)
    found = Report.objects.select_related("unit", "form", "supersedes").filter(code=code).first()
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


def event_of(viewer: Viewer, figure: ReportFigure) -> Ref | None:
    """The one event that the figure is about, where it is about one and the viewer may see it."""
    subject = figure.snapshot.subject_uid
    return metrics.refs(viewer, "shift", [subject]).get(subject) if subject else None


def may_open(viewer: Viewer | None, report_row: Report) -> bool:
    """The figures of a document that is out open to whoever may see the unit's figures, a draft's to its makers."""
    if viewer is None:
        return False
    return viewer.can(Perm.FIGURE_VIEW, report_row.unit) if report_row.is_out else may_see(viewer, report_row)


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


def between(viewer: Viewer, old: ReportFigure, new: ReportFigure) -> FigureChange | None:
    """What moved from one document's figure to another's of the same metric; None where value and rows are the same."""
    rows = changes(metrics.frozen_rows(old.snapshot), metrics.frozen_rows(new.snapshot))
    was, now = metrics.frozen_value(old.snapshot).exact, metrics.frozen_value(new.snapshot).exact
    if not rows and was == now:
        return None
    refs = metrics.refs(viewer, new.snapshot.rows.noun, [change.uid for change in rows[:ROWS_NAMED]])
    named = [(change, refs.get(change.uid)) for change in rows]
    return FigureChange(new, was, now, named)


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


def already_issued(form_row: ReportForm, unit: Unit, start: date, end: date) -> Report | None:
    """The newest issued report of the same form, unit and period."""
    issued = Report.objects.filter(state__in=workflow.OUT, form=form_row, unit=unit)
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
        counts.setdefault(unit_id, [0, 0])[state not in workflow.OUT] += 1
    return {unit_id: (issued, drafts) for unit_id, (issued, drafts) in counts.items()}


def pdf_failure_key(report_row: Report) -> str:
    """Under which the cache holds why the PDF of the present document could not be made."""
    return f"pdf-failed:{report_row.document.sha256 if report_row.document else report_row.uid}"


def pdf_state(report_row: Report) -> str:
    """ready, running, no_office, failed, or none."""
    if report_row.document and report_row.pdf_of == report_row.document.sha256:
        return "ready"
    if str(report_row.uid) in jobs.arguments_under_way():
        return "running"
    failed = cache.get(pdf_failure_key(report_row))
    return {None: "none", "NoOffice": "no_office"}.get(failed, "failed")


def replaced_faces(report_row: Report) -> list[tuple[str, list[str]]]:
    """(face that was used, the faces in whose place it stands) of the PDF."""
    found: dict[str, list[str]] = {}
    for wanted, used in report_row.pdf_faces:
        found.setdefault(used, []).append(wanted)
    return list(found.items())
