"""The facts of events, asked of the activity records in a handful of queries. Called by `material` only."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from chuangwen.duties.models import Attendance, Outcome, Presence, Shift
from chuangwen.people.models import Unit
from chuangwen.reports.rules import Facts

ON_SITE = [Presence.PRESENT, Presence.LATE]


def events(unit: Unit, start: date, end: date, kinds: Collection[str]) -> list[Shift]:
    """The unit's events of these kinds of duty, oldest first, each with `heads` and `came_of_it`."""
    return list(_of_unit(unit, kinds).filter(day__gte=start, day__lte=end))


def _of_unit(unit: Unit, kinds: Collection[str]) -> QuerySet[Shift]:
    found = Shift.objects.filter(unit__path__startswith=unit.path, duty__kind__in=kinds)
    return found.select_related("duty").annotate(heads=_heads(), came_of_it=_amounts()).order_by("day", "number", "pk")


def _heads() -> Coalesce:
    rows = Attendance.objects.filter(shift=OuterRef("pk"), presence__in=ON_SITE).order_by().values("shift")
    return Coalesce(Subquery(rows.annotate(count=Count("pk")).values("count"), output_field=IntegerField()), 0)


def _amounts() -> Coalesce:
    rows = Outcome.objects.filter(shift=OuterRef("pk")).order_by().values("shift")
    return Coalesce(Subquery(rows.annotate(total=Sum("amount")).values("total"), output_field=IntegerField()), 0)


def by_uid(uids: Collection[UUID]) -> dict[UUID, Shift]:
    return {shift.uid: shift for shift in Shift.objects.filter(uid__in=uids).select_related("duty")}


def known(unit: Unit, shifts: list[Shift], start: date, end: date, *, used: set[UUID]) -> dict[UUID, Facts]:
    """What is known of each event; `used` are those that the last document told."""
    earlier = _sizes_before(shifts)
    reached = _reached(unit, {shift.duty_id for shift in shifts}, start, end)
    units = Unit.objects.filter(path__startswith=unit.path, kind__is_group=False, closed_on__isnull=True)
    parts = units.exclude(pk=unit.pk).count()
    means = _means(shifts)
    siblings: dict[int, int] = {}
    for shift in shifts:
        siblings[shift.duty_id] = siblings.get(shift.duty_id, 0) + 1
    return {
        shift.uid: Facts(
            size=size_of(shift),
            heads=_annotated(shift, "heads"),
            target=shift.required or means[shift.duty.kind],
            planned=bool(shift.required),
            previous=earlier[shift.uid],
            siblings=siblings[shift.duty_id],
            reached=reached.get(shift.duty_id, 0),
            units=parts,
            photos=shift.photos,
            story=bool(shift.story.strip()),
            used=shift.uid in used,
        )
        for shift in shifts
    }


def size_of(shift: Shift) -> int:
    """Heads on site; where nobody was listed, what came of it."""
    return _annotated(shift, "heads") or _annotated(shift, "came_of_it")


def _annotated(shift: Any, name: str) -> int:
    value: int = getattr(shift, name)
    return value


def _means(shifts: Iterable[Shift]) -> dict[str, int]:
    """kind of duty → mean size of its events that have one, 0 where none has."""
    sizes: dict[str, list[int]] = {}
    for shift in shifts:
        sizes.setdefault(shift.duty.kind, []).append(size_of(shift))
    counted = {kind: [size for size in found if size] for kind, found in sizes.items()}
    return {kind: round(sum(found) / len(found)) if found else 0 for kind, found in counted.items()}


def _sizes_before(shifts: list[Shift]) -> dict[UUID, int | None]:
    """The size of the event before each of the same duty, also one before the period; None for the first."""
    duties = {shift.duty_id for shift in shifts}
    last = max((shift.day for shift in shifts), default=date.min)
    all_of_them = Shift.objects.filter(duty__in=duties, day__lte=last).annotate(heads=_heads(), came_of_it=_amounts())
    newest: dict[int, int] = {}
    found: dict[UUID, int | None] = {}
    for shift in all_of_them.order_by("day", "number", "pk"):
        found[shift.uid] = newest.get(shift.duty_id)
        newest[shift.duty_id] = size_of(shift)
    return found


def _reached(unit: Unit, duties: Collection[int], start: date, end: date) -> dict[int, int]:
    """duty → how many units below took part in its events of these days."""
    took_part: dict[int, set[int]] = {}
    for model in (Attendance, Outcome):
        below = model.objects.filter(shift__duty__in=duties, day__gte=start, day__lte=end).exclude(unit=unit)
        for duty, part in below.order_by().values_list("shift__duty", "unit").distinct():
            took_part.setdefault(duty, set()).add(part)
    return {duty: len(parts) for duty, parts in took_part.items()}


def days_of(shift: Shift) -> str:
    """4月2日, or 9月8日至17日 for an event that lasted."""
    first, last = timezone.localdate(shift.starts_at), timezone.localdate(shift.ends_at)
    said = f"{first.month}月{first.day}日"
    if last == first:
        return said
    return f"{said}至{last.day}日" if last.month == first.month else f"{said}至{last.month}月{last.day}日"
