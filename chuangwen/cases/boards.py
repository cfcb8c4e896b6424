"""The board of a unit: where the cases stand, unit by unit below it, each number opening to its rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from chuangwen.cases import queries, workflow
from chuangwen.cases.models import Case
from chuangwen.core import clock
from chuangwen.people.access import Viewer
from chuangwen.people.models import Unit


@dataclass
class Row:
    """A unit with how many cases it leads; `late` are among the open ones, `closed` and `in_time` of this month."""

    unit: Unit | None
    open: int = 0
    late: int = 0
    fixed: int = 0
    closed: int = 0
    in_time: int = 0
    urls: dict[str, str] = field(default_factory=dict)


def board(viewer: Viewer, unit: Unit) -> list[Row]:
    """One row for each unit directly below that leads a case, or the unit itself; the latest first, the sum last."""
    counted: dict[int, dict[str, int]] = {}
    for line in (*_open(viewer, unit), *_closed(viewer, unit)):
        counted.setdefault(line.pop("lead"), dict.fromkeys(NUMBERS, 0)).update(line)
    return _summed(unit, counted)


# Apart, so that each is counted from an index of its own.


def _led(viewer: Viewer, unit: Unit) -> QuerySet[Case]:
    rows = queries.all_cases(viewer).filter(lead__isnull=False, kind__in=queries.COUNTED).order_by()
    if unit.parent_id is None:
        return rows
    return rows.filter(lead__in=Unit.everything.filter(path__startswith=unit.path).order_by().values("pk"))


def _open(viewer: Viewer, unit: Unit) -> Iterable[dict[str, Any]]:
    rows = _led(viewer, unit).filter(due_at__isnull=False).values("lead")
    counted = rows.annotate(
        open=Count("pk"),
        late=Count("pk", filter=queries.overdue()),
        fixed=Count("pk", filter=Q(state=workflow.FIXED)),
    )
    return [dict(line) for line in counted]


def _closed(viewer: Viewer, unit: Unit) -> Iterable[dict[str, Any]]:
    month = clock.midnight(clock.today().replace(day=1))
    rows = _led(viewer, unit).filter(state__in=workflow.DONE, closed_at__gte=month).values("lead")
    counted = rows.annotate(closed=Count("pk"), in_time=Count("pk", filter=Q(on_time=True)))
    return [dict(line) for line in counted]


NUMBERS = ("open", "late", "fixed", "closed", "in_time")


def _summed(unit: Unit, counted: Mapping[int, Mapping[str, int]]) -> list[Row]:
    below = list(Unit.objects.filter(Q(parent=unit) | Q(pk=unit.pk)).order_by("path"))
    paths = dict(Unit.everything.filter(pk__in=counted).values_list("pk", "path")) if counted else {}
    found: dict[int, Row] = {}
    total = Row(None)
    for lead, line in counted.items():
        owner = max((each for each in below if paths[lead].startswith(each.path)), key=lambda each: len(each.path))
        row = found.setdefault(owner.pk, Row(owner))
        for name in NUMBERS:
            for each in (row, total):
                setattr(each, name, getattr(each, name) + line[name])
    rows = sorted(found.values(), key=lambda row: (-row.late, -row.open, row.unit.path if row.unit else ""))
    for row in (*rows, total):
        row.urls = _urls(row.unit or unit)
    return [*rows, total] if rows else []


def _urls(unit: Unit) -> dict[str, str]:
    month = clock.today().replace(day=1).isoformat()
    asked = {
        "open": {"view": "open"},
        "late": {"view": "over"},
        "fixed": {"view": "fixed"},
        "closed": {"view": "done", "closed": month},
        "in_time": {"view": "done", "closed": month, "in_time": "1"},
    }
    return {name: reverse("cases") + "?" + urlencode({"lead": unit.code, **query}) for name, query in asked.items()}
