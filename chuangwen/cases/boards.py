"""The board of a unit: where the cases stand, unit by unit below it, each number opening to its rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from chuangwen.cases import queries, workflow
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
    month = clock.midnight(clock.today().replace(day=1))
    rows = queries.all_cases(viewer).filter(
        Q(state__in=workflow.OPEN) | Q(closed_at__gte=month), lead__path__startswith=unit.path, kind__in=queries.COUNTED
    )
    counted = rows.order_by().values("lead__path").annotate(
        open=Count("pk", filter=Q(state__in=workflow.OPEN)),
        late=Count("pk", filter=queries.overdue()),
        fixed=Count("pk", filter=Q(state=workflow.FIXED)),
        closed=Count("pk", filter=Q(state__in=workflow.DONE)),
        in_time=Count("pk", filter=Q(state__in=workflow.DONE, on_time=True)),
    )  # fmt: skip
    return _summed(unit, [dict(line) for line in counted])


NUMBERS = ("open", "late", "fixed", "closed", "in_time")


def _summed(unit: Unit, counted: Iterable[dict[str, Any]]) -> list[Row]:
    below = list(Unit.objects.filter(Q(parent=unit) | Q(pk=unit.pk)).order_by("path"))
    found: dict[int, Row] = {}
    total = Row(None)
    for line in counted:
        path = str(line["lead__path"])
        owner = max((each for each in below if path.startswith(each.path)), key=lambda each: len(each.path))
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
