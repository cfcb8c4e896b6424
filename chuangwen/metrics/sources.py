"""Where figures come from: each source is one queryset of rows, annotated with what each row contributes.

Called by `queries` only. A source gives rows with `numerator` (and `denominator` where a rate is made of them);
`noun` says what the rows are, `unit` and `day` lead from a row to its unit and day. The value of a metric is an
aggregate of this queryset in SQL, and its rows are this same queryset: there is no second path.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from chuangwen.duties.models import Attendance, Outcome, Shift
from chuangwen.people.models import Person, Unit

Params = dict[str, Any]
Rows = QuerySet[Any]


@dataclass(frozen=True)
class Scope:
    """Whose figure, and for which days (both included); with `record`, of that one shift alone."""

    unit: Unit
    start: date
    end: date
    record: UUID | None = None

    def days(self, field: str = "day") -> Q:
        return Q(**{f"{field}__gte": self.start, f"{field}__lte": self.end})

    def below(self, field: str = "unit") -> Q:
        return Q(**{f"{field}__path__startswith": self.unit.path})

    def of_record(self, field: str) -> Q:
        """`field` leads from a row to the uid of its shift."""
        return Q(**{field: self.record}) if self.record else Q()


@dataclass(frozen=True)
class Source:
    """`unit` and `day` are field names, None where a row has none; without a day nothing adds up over days."""

    noun: str
    model: type[Model]
    rows: Callable[[Scope, Params], Rows]
    unit: str
    day: str | None


ONE = Value(1, output_field=IntegerField())


def _kinds(params: Params) -> Q:
    return Q(kind_id__in=params["kinds"]) | Q(kind__parent_id__in=params["kinds"])


def _standing_outcomes(scope: Scope, params: Params) -> QuerySet[Outcome]:
    return Outcome.objects.filter(_kinds(params), scope.days(), scope.of_record("shift__uid"))


def outcomes(scope: Scope, params: Params) -> Rows:
    """params: kinds. A row contributes its amount."""
    return _standing_outcomes(scope, params).filter(scope.below()).annotate(numerator=F("amount"))


def shifts(scope: Scope, _params: Params) -> Rows:
    return Shift.objects.filter(scope.below(), scope.days(), scope.of_record("uid")).annotate(numerator=ONE)


def attendances(scope: Scope, params: Params) -> Rows:
    """params: presence (what counts); with `of_all` every row is in the denominator, else only those that count."""
    counts = Q(presence__in=params["presence"])
    rows = Attendance.objects.filter(scope.below(), scope.days(), scope.of_record("shift__uid"))
    if not params.get("of_all"):
        return rows.filter(counts).annotate(numerator=ONE)
    return rows.annotate(numerator=Case(When(counts, then=1), default=0, output_field=IntegerField()), denominator=ONE)


def _pupils(scope: Scope) -> QuerySet[Person]:
    there = Q(left_on__isnull=True) | Q(left_on__gte=scope.start)
    joined = Q(joined_on__isnull=True) | Q(joined_on__lte=scope.end)
    return Person.objects.filter(there, joined, scope.below(), is_pupil=True)


def pupils(scope: Scope, params: Params) -> Rows:
    """params: least and most times on site in the period, both optional. A row is a pupil."""
    times = Count(
        "attendances",
        filter=scope.days("attendances__day")
        & Q(attendances__presence__in=["present", "late"], attendances__withdrawn_at__isnull=True),
    )
    rows = _pupils(scope).annotate(times=times, numerator=ONE)
    if "least" in params:
        rows = rows.filter(times__gte=params["least"])
    if "most" in params:
        rows = rows.filter(times__lte=params["most"])
    return rows


def pupils_with(scope: Scope, params: Params) -> Rows:
    """params: kinds. Every pupil is in the denominator; with `only_without`, only the pupils that have none count."""
    has = Exists(_standing_outcomes(scope, params).filter(person=OuterRef("pk")))
    if params.get("only_without"):
        return _pupils(scope).filter(~has).annotate(numerator=ONE)
    return _pupils(scope).annotate(
        numerator=Case(When(has, then=1), default=0, output_field=IntegerField()), denominator=ONE
    )


def _classes(scope: Scope) -> QuerySet[Unit]:
    open_then = Q(closed_on__isnull=True) | Q(closed_on__gt=scope.start)
    return Unit.objects.filter(open_then, path__startswith=scope.unit.path, kind_id="class")


def classes(scope: Scope, _params: Params) -> Rows:
    return _classes(scope).annotate(numerator=ONE)


def class_sums(scope: Scope, params: Params) -> Rows:
    """params: kinds. A row is a class and contributes the amount of its outcomes, 0 if it has none."""
    amounts = _standing_outcomes(scope, params).filter(unit=OuterRef("pk")).order_by().values("unit")
    total = Subquery(amounts.annotate(total=Sum("amount")).values("total"), output_field=IntegerField())
    return _classes(scope).annotate(numerator=Coalesce(total, 0))


SOURCES = {
    "outcomes": Source("outcome", Outcome, outcomes, "unit", "day"),
    "shifts": Source("shift", Shift, shifts, "unit", "day"),
    "attendances": Source("attendance", Attendance, attendances, "unit", "day"),
    "pupils": Source("person", Person, pupils, "unit", None),
    "pupils_with": Source("person", Person, pupils_with, "unit", None),
    "classes": Source("unit", Unit, classes, "", None),
    "class_sums": Source("unit", Unit, class_sums, "", None),
}
