"""Whose figure, and for which days; and the words in which sources speak. Base of all sources."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, IntegerField, Model, Q, QuerySet, Value, When

from chuangwen.core import clock
from chuangwen.people.access import Viewer
from chuangwen.people.models import Unit

Params = dict[str, Any]
Rows = QuerySet[Any]
ONE = Value(1, output_field=IntegerField())


@dataclass(frozen=True)
class Scope:
    """Whose figure, and for which days (both included); with `record`, of that one shift alone."""

    unit: Unit
    start: date
    end: date
    record: UUID | None = None

    def days(self, field: str = "day") -> Q:
        return Q(**{f"{field}__gte": self.start, f"{field}__lte": self.end})

    def moments(self, field: str) -> Q:
        """The same days, of a field that is a moment."""
        return Q(**{f"{field}__gte": clock.midnight(self.start)}) & self.by_end(field)

    def by_end(self, field: str) -> Q:
        """Before the last day is over."""
        return Q(**{f"{field}__lt": clock.midnight(self.end + timedelta(days=1))})

    def below(self, field: str = "unit") -> Q:
        return Q(**{f"{field}__path__startswith": self.unit.path})

    def of_record(self, field: str) -> Q:
        """`field` leads from a row to the uid of its shift."""
        return Q(**{field: self.record}) if self.record else Q()


@dataclass(frozen=True)
class Source:
    """`unit` and `day` are field names, None where a row has none; without a day nothing adds up over days. `ends` is
    the moment at which a row that may last for days ends.
    """

    noun: str
    model: type[Model]
    rows: Callable[[Scope, Params], Rows]
    unit: str
    day: str | None
    ends: str = ""
    # What else its value is made of: records that are not among its rows.
    reads: tuple[type[Model], ...] = ()
    # Which of its rows a viewer may see, where a right over the row's unit is not all of it.
    seen: Callable[[Viewer], Q] | None = None


def counted(condition: Q | Exists, contributes: Any = ONE) -> Case:
    """What a row contributes where the condition holds; 0 elsewhere."""
    return Case(When(condition, then=contributes), default=0, output_field=IntegerField())
