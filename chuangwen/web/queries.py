"""What the pages across domains ask: the work bench and the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core import clock, written
from chuangwen.core.errors import Missing
from chuangwen.core.models import Event, Import, ImportState
from chuangwen.core.paging import as_count
from chuangwen.core.work import Item, Work, waiting_for
from chuangwen.core.work import Waiting as WaitingWork
from chuangwen.duties import queries as duties
from chuangwen.duties.models import Shift
from chuangwen.interop import queries as imports
from chuangwen.metrics import queries as metrics
from chuangwen.metrics.models import Metric, Shape
from chuangwen.metrics.sources import Scope
from chuangwen.people.access import Viewer, units_with
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm
from chuangwen.reports import queries as reports
from chuangwen.reports.models import Report
from chuangwen.reports.workflow import OUT

# What a bench may show, in this order: of each unit the first of those for which it has records.
BENCH = (
    "shift.count", "attendance.times", "attendance.rate",
    "outcome.facility", "outcome.persuaded", "outcome.sticker", "outcome.litter", "essay.count",
    "post.presence", "incident.rate", "incident.count", "hazard.count", "violation.count", "supervision.count",
    "round.leader_rate", "round.manager_rate", "cleaning.rate", "hotline.contacts", "clinic.bookings",
    "publicity.count", "training.rate", "meeting.count",
)  # fmt: skip
SHOWN = 8


@dataclass(frozen=True)
class BenchFigure:
    metric: Metric
    number: str
    unit: str
    before: str
    parts: str


def bench_figures(viewer: Viewer, scope: Scope) -> list[BenchFigure]:
    """This period beside the one before it, from the day sums; nothing of which neither has a record."""
    found = {metric.key: metric for metric in metrics.catalogue().filter(key__in=BENCH)}
    chosen = [found[key] for key in BENCH if key in found]
    length = scope.end - scope.start + timedelta(days=1)
    earlier = Scope(scope.unit, scope.start - length, scope.end - length)
    now, before = metrics.totals(viewer, chosen, scope), metrics.totals(viewer, chosen, earlier)
    known = [metric for metric in chosen if metric.pk in now or metric.pk in before]
    return [_bench_figure(metric, now.get(metric.pk), before.get(metric.pk)) for metric in known[:SHOWN]]


def _bench_figure(metric: Metric, now: Any, before: Any) -> BenchFigure:
    if metric.shape != Shape.RATE:
        return BenchFigure(
            metric,
            written.grouped(now[0] if now else 0),
            metric.unit_of_count,
            str(before[0] if before else 0),
            "",
        )
    return BenchFigure(
        metric,
        written.percent(*now) if now else "—",
        "%",
        written.percent(*before) if before else "—",
        f"{written.grouped(now[0])} / {written.grouped(now[1])}" if now else "",
    )


@dataclass(frozen=True)
class Bar:
    """A week of the chart in the drawing's own units (272 × 96)."""

    x: float
    y: float
    height: float
    monday: date
    total: int


@dataclass(frozen=True)
class Chart:
    bars: list[Bar]
    top: int
    width: float


def chart(viewer: Viewer, scope: Scope) -> Chart | None:
    """Weekly sums of people persuaded; None where nothing happened."""
    persuaded = metrics.catalogue().filter(key="outcome.persuaded").first()
    if persuaded is None:
        return None
    weeks = metrics.by_week(viewer, persuaded, scope)
    top = max((total for _monday, total in weeks), default=0)
    if not top:
        return None
    step = 272 / len(weeks)
    bars = [
        Bar(round(index * step, 1), round(96 - total * 88 / top, 1), round(total * 88 / top, 1), monday, total)
        for index, (monday, total) in enumerate(weeks)
    ]
    return Chart(bars, top, round(min(step * 0.7, 24), 1))


@dataclass(frozen=True)
class Waiting:
    """What waits for the viewer's hand."""

    to_confirm: QuerySet[Import]
    to_mend: QuerySet[Import]
    drafts: QuerySet[Report]

    @property
    def count(self) -> int:
        return len(self.to_confirm) + len(self.to_mend) + len(self.drafts)


def waiting(viewer: Viewer) -> Waiting:
    recent = clock.now() - timedelta(days=30)
    brought = imports.imports(viewer).filter(created_at__gte=recent)
    return Waiting(
        brought.filter(state=ImportState.READY)[:5],
        brought.filter(state__in=[ImportState.REFUSED, ImportState.FAILED])[:5],
        reports.to_move_on(viewer)[:8],
    )


# Of each kind the page shows so many; its number opens the others.
HERE = 8


@dataclass(frozen=True)
class WaitingLine:
    """A kind of work with what waits of it, as far as the page shows it; `url` opens all of it."""

    work: Work
    waiting: WaitingWork
    items: Sequence[Item]
    url: str

    @property
    def left_out(self) -> int:
        return self.waiting.count - len(self.items)

    @property
    def more(self) -> bool:
        return self.left_out > 0


def waiting_lines(viewer: Viewer, only: str = "") -> list[WaitingLine]:
    """Everything that waits for the viewer, by kind; `only` opens one kind. Missing for a kind that is not there."""
    found = waiting_for(viewer, only=only)
    if only and not found:
        raise Missing
    return [
        WaitingLine(
            each.work,
            each.waiting,
            each.waiting.items if only else each.waiting.items[:HERE],
            f"{reverse('waiting')}?of={each.work.key}",
        )
        for each in found
        if each.waiting.count
    ]


@dataclass(frozen=True)
class OnHand:
    """What waits for the viewer over all nouns, with the first cases; `count` says 1000+ beyond what is counted."""

    total: int
    cases: Sequence[Item]

    @property
    def count(self) -> str:
        return as_count(self.total)


def on_hand(viewer: Viewer) -> OnHand:
    found = {each.work.key: each.waiting for each in waiting_for(viewer)}
    of_cases = found["case"].items[:HERE] if "case" in found else ()
    return OnHand(sum(each.count for each in found.values()), of_cases)


def latest_reports(viewer: Viewer) -> QuerySet[Report]:
    return reports.reports(viewer).filter(state__in=OUT).order_by("-issued_at")[:5]


def events(viewer: Viewer) -> QuerySet[Event]:
    """The log of the units whose events the viewer may read."""
    units = units_with(viewer, Perm.EVENT_VIEW).values("uid")
    return Event.objects.filter(Q(unit_uid__in=units) | Q(unit_uid__isnull=True, actor_uid=viewer.uid))


def presets(today: date) -> list[tuple[str, date, date]]:
    """(label, first day, last day) of the periods that one asks for most."""
    month = today.replace(day=1)
    last_month_end = month - timedelta(days=1)
    quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    return [
        (_("本周"), today - timedelta(days=today.weekday()), today),
        (_("本月"), month, today),
        (_("上月"), last_month_end.replace(day=1), last_month_end),
        (_("本季度"), quarter, today),
        (_("今年以来"), today.replace(month=1, day=1), today),
    ]


def recent_shifts(viewer: Viewer, unit: Unit) -> list[tuple[Shift, list[tuple[str, int, str]]]]:
    """The latest outings of a unit, each with what came of it."""
    found = list(duties.shifts(viewer, unit=unit).order_by("-day", "-number")[:6])
    sums = duties.sums_of_shifts(viewer, found)
    return [(shift, sums.get(shift.pk, [])) for shift in found]


@dataclass(frozen=True)
class UnitLine:
    """A unit on the office's bench: what its records of the period say, and whether it has reported."""

    unit: Unit
    outings: int
    on_site: int
    outcomes: int
    last: date | None
    issued: int
    drafts: int

    @property
    def is_silent(self) -> bool:
        return self.last is None


OVERVIEW = {"shift.count": "outings", "attendance.times": "on_site"}
OUTCOMES = ("outcome.facility", "outcome.persuaded", "outcome.sticker", "outcome.litter")


def unit_lines(viewer: Viewer, scope: Scope) -> list[UnitLine]:
    """Every unit below that keeps records, in the order of the tree: an overview, never a ranking."""
    kinds = {kind for form in reports.forms() for kind in form.unit_kinds}
    units = list(units_with(viewer, Perm.FIGURE_VIEW).filter(path__startswith=scope.unit.path, kind__in=kinds))
    if len(units) < 2:
        return []
    known = metrics.catalogue().filter(key__in=[*OVERVIEW, *OUTCOMES])
    days = metrics.day_sums(viewer, known, scope).order_by().values_list("unit__path", "metric__key")
    sums = list(days.annotate(total=Sum("numerator"), last=Max("day")))
    counts = reports.counts_by_unit(viewer, scope.start, scope.end)
    return [_unit_line(unit, sums, counts.get(unit.pk, (0, 0))) for unit in units]


def _unit_line(unit: Unit, sums: list[tuple[str, str, int, date]], documents: tuple[int, int]) -> UnitLine:
    own = [row for row in sums if row[0].startswith(unit.path)]
    total = {"outings": 0, "on_site": 0, "outcomes": 0}
    for _path, key, amount, _last in own:
        total[OVERVIEW.get(key, "outcomes")] += amount
    last = max((row[3] for row in own), default=None)
    return UnitLine(unit, **total, last=last, issued=documents[0], drafts=documents[1])


def own_units(viewer: Viewer) -> QuerySet[Unit]:
    """Units to switch between: those over which the viewer holds something, not every class below."""
    held = Q(path__in=[grant.unit.path for grant in viewer.grants])
    schools = Q(kind__is_group=False) & ~Q(kind__in=["class", "department"])
    return units_with(viewer, Perm.FIGURE_VIEW).filter(held | schools)[:60]
