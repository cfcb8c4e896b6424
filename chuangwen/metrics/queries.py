"""The one code path of every figure: its value, its rows, and how today compares with what was frozen."""

import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from math import ceil
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from chuangwen.core import clock, written
from chuangwen.core.errors import Missing
from chuangwen.core.registry import Ref, digests, resolve
from chuangwen.metrics.models import Metric, MetricDay, RowSet, Shape, Snapshot, Style
from chuangwen.metrics.rules import Frozen, RowChange, changes, decompressed, unpacked
from chuangwen.metrics.sources import SOURCES, Rows, Scope, Source
from chuangwen.people.access import Viewer, require
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm

# noun → the right by which its rows may be seen: the same by which the noun resolves them.
RIGHTS = {
    "outcome": Perm.ACTIVITY_VIEW,
    "shift": Perm.ACTIVITY_VIEW,
    "attendance": Perm.ACTIVITY_VIEW,
    "duty": Perm.ACTIVITY_VIEW,
    "person": Perm.PERSON_VIEW,
    "unit": Perm.UNIT_VIEW,
    "case": Perm.CASE_VIEW,
}
SMALL_CELL = 5
NONE = "无"
UNSAID = "—"


@dataclass(frozen=True)
class Value:
    """A figure's value. `numerator` and, for a rate, `denominator` are exact; `text` is what is printed. Of a figure
    that is a day, `numerator` is the day's ordinal.
    """

    numerator: int
    denominator: int | None
    text: str
    day: date | None = None

    @property
    def exact(self) -> str:
        """As `text`, but without the lower bound of prose, and a day with its year."""
        if self.day:
            return self.day.isoformat()
        return str(self.numerator) if self.text.endswith("余") else self.text

    @property
    def number(self) -> Decimal | None:
        """What a condition in a template compares: the share in per cent for a rate."""
        if self.denominator is None:
            return Decimal(self.numerator)
        return Decimal(self.numerator) * 100 / self.denominator if self.denominator else None


def catalogue() -> QuerySet[Metric]:
    """The version in force of every metric."""
    today = clock.today()
    in_force = Metric.objects.filter(valid_from__lte=today)
    newest = in_force.values("key").annotate(newest=Max("version")).values_list("key", "newest")
    condition = Q(pk__in=[])
    for key, version in newest:
        condition |= Q(key=key, version=version)
    return Metric.objects.filter(condition)


def by_names(names: Collection[str]) -> dict[str, Metric]:
    return {metric.name: metric for metric in catalogue().filter(name__in=names)}


def metric(urn: str) -> Metric:
    """`key@version`; Missing if there is none."""
    key, _at, version = urn.partition("@")
    found = Metric.objects.filter(key=key, version=int(version) if version.isdecimal() else 0).first()
    if found is None:
        raise Missing
    return found


def source_of(metric: Metric) -> Source:
    return SOURCES[metric.source]


def adds_up_over_days(metric: Metric) -> bool:
    return metric.shape in {Shape.SUM, Shape.RATE} and source_of(metric).day is not None


def rows(metric: Metric, scope: Scope) -> Rows:
    """The rows that the figure counts, each with `numerator` and maybe `denominator`; whoever looks."""
    found = source_of(metric).rows(scope, metric.params)
    if metric.shape in {Shape.MONTH_MIN, Shape.MONTH_MAX}:
        month, _total = extreme_month(metric, scope)
        return found.filter(day__gte=month, day__lt=(month + timedelta(days=32)).replace(day=1))
    if metric.shape == Shape.LIST_TOP:
        least = _least_outstanding(found, Fraction(metric.params["factor"]))
        return found.filter(numerator__gt=0, numerator__gte=least).order_by("-numerator", "path")
    if metric.shape in {Shape.LIST_ZERO, Shape.COUNT_ZERO}:
        return found.filter(numerator=0).order_by("path")
    return found


def _least_outstanding(found: Rows, factor: Fraction) -> int:
    """The least whole number that is not below `factor` times the mean: exact, a quotient would lose the ties."""
    sums = found.aggregate(total=Sum("numerator"), count=Count("pk"))
    return ceil(factor * sums["total"] / sums["count"]) if sums["count"] else 0


def extreme_month(metric: Metric, scope: Scope) -> tuple[date, int]:
    """The first day of the month with the least (or most) and its sum; months without rows count as 0."""
    found = source_of(metric).rows(scope, metric.params)
    by_month = found.annotate(month=TruncMonth("day")).order_by().values("month").annotate(total=Sum("numerator"))
    totals = {row["month"]: row["total"] for row in by_month}
    months = [(totals.get(month, 0), month) for month in clock.months_between(scope.start, scope.end)]
    total, month = min(months) if metric.shape == Shape.MONTH_MIN else max(months)
    return month, total


def value(metric: Metric, scope: Scope) -> Value:
    """The figure, computed in SQL from its rows. It does not depend on who looks: ask `may_see` for that."""
    return _VALUES.get(Shape(metric.shape), _sum)(metric, scope, rows(metric, scope))


def _sum(metric: Metric, _scope: Scope, found: Rows) -> Value:
    total = found.aggregate(total=Sum("numerator"))["total"] or 0
    return Value(total, None, _printed(metric, total))


def _rate(metric: Metric, _scope: Scope, found: Rows) -> Value:
    sums = found.aggregate(top=Sum("numerator"), bottom=Sum("denominator"))
    top, bottom = sums["top"] or 0, sums["bottom"] or 0
    places = metric.params.get("places", 1)
    return Value(top, bottom, f"{written.percent(top, bottom, places)}%" if bottom else UNSAID)


def _list(_metric: Metric, _scope: Scope, found: Rows) -> Value:
    labels = [unit.official_label for unit in found]
    return Value(len(labels), None, "、".join(labels) or NONE)


def _count(_metric: Metric, _scope: Scope, found: Rows) -> Value:
    count = found.count()
    return Value(count, None, str(count))


def _month(metric: Metric, scope: Scope, _found: Rows) -> Value:
    month, total = extreme_month(metric, scope)
    return Value(total, None, f"{month.month}月" if metric.style == Style.TEXT else _printed(metric, total))


def _distinct(metric: Metric, _scope: Scope, found: Rows) -> Value:
    count = found.aggregate(count=Count(metric.params["field"], distinct=True))["count"]
    return Value(count, None, _printed(metric, count))


def _max(metric: Metric, _scope: Scope, found: Rows) -> Value:
    most = found.aggregate(most=Max("numerator"))["most"] or 0
    return Value(most, None, _printed(metric, most))


def _days(metric: Metric, found: Rows) -> tuple[date, date] | None:
    """The first day and the last one, to the end of what lasts; None where there are no rows."""
    ends = source_of(metric).ends
    said = found.aggregate(first=Min("day"), last=Max(ends or "day"))
    if said["first"] is None:
        return None
    return said["first"], timezone.localdate(said["last"]) if ends else said["last"]


def _day(metric: Metric, _scope: Scope, found: Rows) -> Value:
    days = _days(metric, found)
    return _said_day(days[metric.shape == Shape.LAST_DAY]) if days else Value(0, None, UNSAID)


def _said_day(day: date) -> Value:
    return Value(day.toordinal(), None, f"{day.month}月{day.day}日", day)


def _span(metric: Metric, _scope: Scope, found: Rows) -> Value:
    days = _days(metric, found)
    count = (days[1] - days[0]).days + 1 if days else 0
    return Value(count, None, _printed(metric, count))


# Of every shape that is no plain sum.
_VALUES: dict[str, Callable[[Metric, Scope, Rows], Value]] = {
    Shape.RATE: _rate,
    Shape.LIST_TOP: _list,
    Shape.LIST_ZERO: _list,
    Shape.COUNT_ZERO: _count,
    Shape.MONTH_MIN: _month,
    Shape.MONTH_MAX: _month,
    Shape.COUNT_DISTINCT: _distinct,
    Shape.FIRST_DAY: _day,
    Shape.LAST_DAY: _day,
    Shape.SPAN_DAYS: _span,
    Shape.MAX: _max,
}


def _printed(metric: Metric, total: int) -> str:
    if metric.confidential and 0 < total < SMALL_CELL:
        return f"少于{SMALL_CELL}"
    return written.lower_bound(total) if metric.style == Style.LOWER_BOUND else str(total)


def frozen_state(metric: Metric, scope: Scope) -> dict[UUID, tuple[int, str]]:
    """uid → (contribution, digest of the row's present state) of every row that the figure counts."""
    source = source_of(metric)
    contributions = dict(rows(metric, scope).values_list("uid", "numerator"))
    states = digests(source.noun, contributions.keys())
    return {uid: (amount, states.get(uid, "")) for uid, amount in contributions.items()}


def frozen_rows(snapshot: Snapshot) -> Frozen:
    return unpacked(decompressed(bytes(snapshot.rows.data)))


def frozen_value(snapshot: Snapshot) -> Value:
    is_day = snapshot.metric.shape in {Shape.FIRST_DAY, Shape.LAST_DAY} and snapshot.numerator
    day = date.fromordinal(snapshot.numerator) if is_day else None
    return Value(snapshot.numerator, snapshot.denominator, snapshot.text, day)


def scope_of(snapshot: Snapshot) -> Scope:
    return Scope(snapshot.unit, snapshot.start, snapshot.end, snapshot.subject_uid)


@dataclass(frozen=True)
class Comparison:
    """What the records say today about a frozen figure."""

    now: Value
    changed: list[RowChange]
    printed: str

    @property
    def same(self) -> bool:
        """The same rows and the same words: the month with the least may move while both have no rows at all."""
        return not self.changed and self.printed == self.now.text


def compare(snapshot: Snapshot) -> Comparison:
    scope = scope_of(snapshot)
    today = frozen_state(snapshot.metric, scope)
    return Comparison(value(snapshot.metric, scope), changes(frozen_rows(snapshot), today), snapshot.text)


def refs(viewer: Viewer, noun_key: str, uids: Collection[UUID]) -> dict[UUID, Ref]:
    """The rows that the viewer may see, as lines that open."""
    return resolve(noun_key, viewer, uids)


def require_figures(viewer: Viewer, unit: Unit) -> None:
    require(viewer, Perm.FIGURE_VIEW, unit)


def day_sums(viewer: Viewer, metrics: Collection[Metric], scope: Scope) -> QuerySet[MetricDay]:
    """The stored day sums that dashboards add up."""
    require(viewer, Perm.FIGURE_VIEW, scope.unit)
    return MetricDay.objects.filter(scope.below(), scope.days(), metric__in=metrics)


def totals(viewer: Viewer, metrics: Collection[Metric], scope: Scope) -> dict[int, tuple[int, int | None]]:
    """metric's id → (numerator, denominator) over the scope, in one query."""
    sums = (
        day_sums(viewer, metrics, scope)
        .order_by()
        .values("metric")
        .annotate(top=Sum("numerator"), bottom=Sum("denominator"))
    )
    return {row["metric"]: (row["top"], row["bottom"]) for row in sums}


def by_week(viewer: Viewer, metric: Metric, scope: Scope) -> list[tuple[date, int]]:
    """(Monday, sum) of every week that the scope touches; weeks without anything are 0."""
    days = day_sums(viewer, [metric], scope).values("day").annotate(top=Sum("numerator")).order_by("day")
    weeks: dict[date, int] = {}
    monday = scope.start - timedelta(days=scope.start.weekday())
    while monday <= scope.end:
        weeks[monday] = 0
        monday += timedelta(days=7)
    for row in days:
        weeks[row["day"] - timedelta(days=row["day"].weekday())] += row["top"]
    return sorted(weeks.items())


def as_of(scope: Scope) -> datetime | None:
    """When the day sums of the scope were last made."""
    newest: datetime | None = MetricDay.objects.filter(scope.below()).aggregate(newest=Max("as_of"))["newest"]
    return newest


def verify_rows() -> Iterator[tuple[str, str]]:
    """(row set, what) of every frozen row set whose content is not what its digest says."""
    for row_set in RowSet.objects.iterator():
        if not _is_whole(row_set):
            yield f"frozen rows {row_set.digest[:12]}", "their content was altered"


def _is_whole(row_set: RowSet) -> bool:
    try:
        return content_digest(row_set.noun, decompressed(bytes(row_set.data))) == row_set.digest
    except zlib.error:
        return False


def content_digest(noun_key: str, data: bytes) -> str:
    """The address of a row set: what the rows are, and their packed form."""
    return sha256(noun_key.encode() + b"\n" + data).hexdigest()


@dataclass(frozen=True)
class CurrentRows:
    """The rows behind a figure as they are now, as far as the viewer may see them."""

    refs: list[tuple[Ref, int]]
    total: int
    hidden: int


def current_rows(viewer: Viewer, metric: Metric, scope: Scope, *, many: int) -> CurrentRows:
    """The first `many` visible rows with what each contributes; rows that contribute nothing come last.

    Counted and cut off in SQL: only what is shown becomes lines, however many rows the figure has.
    """
    require(viewer, Perm.FIGURE_VIEW, scope.unit)
    source, found = source_of(metric), rows(metric, scope)
    seen = source.seen(viewer) if source.seen else viewer.scope(RIGHTS[source.noun], source.unit)
    visible = found.filter(seen)
    shown = dict(visible.order_by("-numerator", "pk").values_list("uid", "numerator")[:many])
    lines = refs(viewer, source.noun, shown.keys())
    total = found.count()
    listed = [(lines[uid], amount) for uid, amount in shown.items() if uid in lines]
    return CurrentRows(listed, total, total - visible.count())
