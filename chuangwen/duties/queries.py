"""What pages ask about activity records. Every query starts from what the viewer may see."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from chuangwen.core import clock
from chuangwen.core.digests import digest
from chuangwen.core.errors import Missing
from chuangwen.core.models import Event, Import
from chuangwen.core.reference import offered
from chuangwen.core.registry import Ref
from chuangwen.duties.models import Attendance, Duty, DutyKind, Outcome, OutcomeKind, Presence, Shift
from chuangwen.people.access import Viewer
from chuangwen.people.models import Person, Unit
from chuangwen.people.rules import Perm

OUTCOME_LABEL = pgettext_lazy("noun", "成效")
SHIFT_LABEL = pgettext_lazy("noun", "班次")
DUTY_LABEL = pgettext_lazy("noun", "勤务")
ATTENDANCE_LABEL = pgettext_lazy("noun", "到场")
ON_SITE = [Presence.PRESENT, Presence.LATE]


def outcomes(viewer: Viewer, *, unit: Unit | None = None) -> QuerySet[Outcome]:
    """The outcomes that stand, with all that a list shows."""
    found = Outcome.objects.filter(viewer.scope(Perm.ACTIVITY_VIEW))
    if unit:
        found = found.filter(unit__path__startswith=unit.path)
    return found.select_related("kind__parent", "unit", "person", "shift", "source__file")


def shifts(viewer: Viewer, *, unit: Unit | None = None) -> QuerySet[Shift]:
    """Events: what has a number of its own."""
    return _all_shifts(viewer, unit).exclude(number="")


def logs(viewer: Viewer, *, unit: Unit | None = None) -> QuerySet[Shift]:
    """What stands in a log: posts manned, toilets cleaned, rounds and visits of supervision groups."""
    return _all_shifts(viewer, unit).filter(number="")


def shifts_of(viewer: Viewer, duty_row: Duty) -> QuerySet[Shift]:
    return _all_shifts(viewer, None).filter(duty=duty_row)


def visits_of(viewer: Viewer, post: Duty) -> int:
    """How often a supervision group looked at the post."""
    return Shift.objects.filter(viewer.scope(Perm.ACTIVITY_VIEW), target=post).count()


def _all_shifts(viewer: Viewer, unit: Unit | None) -> QuerySet[Shift]:
    found = Shift.objects.filter(viewer.scope(Perm.ACTIVITY_VIEW))
    if unit:
        found = found.filter(unit__path__startswith=unit.path)
    return _with_counts(found)


def _with_counts(rows: QuerySet[Shift]) -> QuerySet[Shift]:
    return rows.select_related("unit", "duty", "target", "source__file").annotate(
        present=_attendances_of_shift(Q(presence__in=ON_SITE)), expected=_attendances_of_shift(Q())
    )


def _attendances_of_shift(counts: Q) -> Coalesce:
    """How many a shift has, counted for the shifts that are shown: a join would first group all that there are."""
    rows = Attendance.objects.filter(counts, shift=OuterRef("pk")).order_by().values("shift")
    return Coalesce(Subquery(rows.annotate(count=Count("pk")).values("count")), 0)


def duties(viewer: Viewer, *, unit: Unit | None = None) -> QuerySet[Duty]:
    """Posts, teams, rounds, outings: what stands, with how many shifts each has had."""
    found = Duty.objects.filter(viewer.scope(Perm.ACTIVITY_VIEW))
    if unit:
        found = found.filter(unit__path__startswith=unit.path)
    return _with_shifts(found)


def _with_shifts(rows: QuerySet[Duty]) -> QuerySet[Duty]:
    shifts = Shift.objects.filter(duty=OuterRef("pk")).order_by().values("duty")
    return rows.select_related("unit", "source__file").annotate(
        held=Coalesce(Subquery(shifts.annotate(count=Count("pk")).values("count")), 0),
        last=Subquery(shifts.annotate(last=Max("day")).values("last")),
    )


def duty(viewer: Viewer, uid: UUID) -> Duty:
    """Also one that was withdrawn with its import, as `shift`."""
    found = _with_shifts(Duty.everything.filter(viewer.scope(Perm.ACTIVITY_VIEW), uid=uid)).first()
    if found is None:
        raise Missing
    return found


def attendances(viewer: Viewer, *, unit: Unit | None = None) -> QuerySet[Attendance]:
    found = Attendance.objects.filter(viewer.scope(Perm.ACTIVITY_VIEW))
    if unit:
        found = found.filter(unit__path__startswith=unit.path)
    return found.select_related("shift__duty", "person", "unit", "source__file")


def outcome(viewer: Viewer, uid: UUID) -> Outcome:
    found = outcomes_with_withdrawn(viewer).filter(uid=uid).first()
    if found is None:
        raise Missing
    return found


def outcomes_with_withdrawn(viewer: Viewer) -> QuerySet[Outcome]:
    return Outcome.everything.filter(viewer.scope(Perm.ACTIVITY_VIEW)).select_related(
        "kind__parent", "unit", "person", "shift", "source__file"
    )


def shift(viewer: Viewer, uid: UUID) -> Shift:
    """Also one that was withdrawn with its import: a frozen figure may still lead to it."""
    found = _with_counts(Shift.everything.filter(viewer.scope(Perm.ACTIVITY_VIEW), uid=uid)).first()
    if found is None:
        raise Missing
    return found


def sums_of_shifts(viewer: Viewer, shift_rows: Collection[Shift]) -> dict[int, list[tuple[str, int, str]]]:
    """shift's id → (kind, amount, unit of count) of what came of it; types are summed up under their kind."""
    rows = outcomes(viewer).filter(shift__in=shift_rows).order_by()
    grouped = rows.annotate(top=Coalesce("kind__parent", "kind")).values_list("shift", "top")
    totals = list(grouped.annotate(total=Sum("amount")))
    known = OutcomeKind.objects.in_bulk({code for _shift, code, _total in totals})
    found: dict[int, list[tuple[str, int, str]]] = {}
    for shift_id, code, total in sorted(totals, key=lambda row: known[row[1]].sort):
        found.setdefault(shift_id, []).append((str(known[code]), total, known[code].unit_of_count))
    return found


def kinds() -> QuerySet[OutcomeKind]:
    return OutcomeKind.objects.select_related("parent").order_by("sort")


def outcome_refs(viewer: Viewer, uids: Collection[UUID]) -> Mapping[UUID, Ref]:
    rows = outcomes_with_withdrawn(viewer).filter(uid__in=uids)
    return {
        row.uid: Ref(row.uid, _outcome_label(row), reverse("outcome", args=[row.uid]), row.source_label) for row in rows
    }


def _outcome_label(row: Outcome) -> str:
    who = f" {row.person}" if row.person else ""
    return f"{row.day} {row.unit.label}{who} {row.kind} {row.amount} {row.kind.unit_of_count}"


def shift_refs(viewer: Viewer, uids: Collection[UUID]) -> Mapping[UUID, Ref]:
    seen = Shift.everything.filter(viewer.scope(Perm.ACTIVITY_VIEW), uid__in=uids)
    rows = seen.select_related("duty", "target", "source__file")
    return {row.uid: Ref(row.uid, str(row), reverse("shift", args=[row.uid]), row.source_label) for row in rows}


def duty_refs(viewer: Viewer, uids: Collection[UUID]) -> Mapping[UUID, Ref]:
    rows = Duty.everything.filter(viewer.scope(Perm.ACTIVITY_VIEW), uid__in=uids).select_related("unit", "source__file")
    return {
        row.uid: Ref(row.uid, f"{row.unit.label} {row}", reverse("duty", args=[row.uid]), row.source_label)
        for row in rows
    }


def attendance_refs(viewer: Viewer, uids: Collection[UUID]) -> Mapping[UUID, Ref]:
    seen = Attendance.everything.filter(viewer.scope(Perm.ACTIVITY_VIEW), uid__in=uids)
    rows = seen.select_related("shift", "person", "unit", "source__file")
    return {
        row.uid: Ref(
            row.uid,
            f"{row.day} {row.unit.label} {row.person} {row.get_presence_display()}",
            reverse("shift", args=[row.shift.uid]),
            row.source_label,
        )
        for row in rows
    }


def outcome_digests(uids: Collection[UUID]) -> Mapping[UUID, str]:
    """Digest of the present state of each outcome that stands: what a figure could depend on, and nothing else."""
    fields = ["kind_id", "amount", "unit_id", "person_id", "shift_id", "day", "handling"]
    rows = Outcome.objects.filter(uid__in=uids).values_list("uid", *fields)
    return {uid: digest(values) for uid, *values in rows}


def shift_digests(uids: Collection[UUID]) -> Mapping[UUID, str]:
    """What came later than the first documents is digested only where a shift says it: theirs still compare."""
    fields = ["duty_id", "band", "required", "met", "target_id", "ends_at"]
    rows = Shift.objects.filter(uid__in=uids).values_list("uid", "unit_id", "number", "day", "duty__kind", *fields)
    found = {}
    for uid, unit, number, day, kind, *later, ends_at in rows:
        more = [] if kind == DutyKind.VOLUNTEERING else [kind, *later, timezone.localdate(ends_at)]
        found[uid] = digest([unit, number, day, *more])
    return found


def attendance_digests(uids: Collection[UUID]) -> Mapping[UUID, str]:
    """As shift_digests."""
    fields = ["shift_id", "person_id", "unit_id", "day", "presence"]
    rows = Attendance.objects.filter(uid__in=uids).values_list("uid", "times", *fields)
    return {uid: digest(values if times is None else [*values, times]) for uid, times, *values in rows}


def duty_digests(uids: Collection[UUID]) -> Mapping[UUID, str]:
    fields = ["unit_id", "kind", "name", "times_per_day", "every_minutes", "rank"]
    rows = Duty.objects.filter(uid__in=uids).values_list("uid", *fields)
    return {uid: digest(values) for uid, *values in rows}


def countable_kinds() -> QuerySet[OutcomeKind]:
    """The kinds under which one may record: those that have no types of their own."""
    return offered(OutcomeKind.objects.filter(children__isnull=True)).order_by("sort")


def history(row: Outcome) -> list[Event]:
    """What happened to an outcome, newest first."""
    return list(Event.objects.filter(noun="outcome", subject_uid=row.uid).select_related("detail").order_by("-id"))


def chosen_outcomes(
    viewer: Viewer, *, unit: Unit | None, kind: str, start: date | None, end: date | None
) -> QuerySet[Outcome]:
    """The outcomes that a client asks for; a kind brings its types with it."""
    found = outcomes(viewer, unit=unit)
    if kind:
        found = found.filter(Q(kind=kind) | Q(kind__parent=kind))
    if start:
        found = found.filter(day__gte=start)
    if end:
        found = found.filter(day__lte=end)
    return found.order_by("-day", "-id")


def unit_panel(viewer: Viewer, unit: Unit) -> dict[str, object] | None:
    """What the unit's page says of its records this year; None where there are none to see."""
    if not viewer.can(Perm.ACTIVITY_VIEW, unit) or unit.kind.is_group:
        return None
    first = clock.today().replace(month=1, day=1)
    summed = outcomes(viewer, unit=unit).filter(day__gte=first).aggregate(count=Count("pk"), last=Max("day"))
    held = Shift.objects.filter(unit__path__startswith=unit.path, day__gte=first).exclude(number="").count()
    if not summed["count"] and not held:
        return None
    asked = f"?unit={unit.code}&from={first}"
    return {
        "year": first.year,
        "outcomes": summed["count"],
        "last": summed["last"],
        "shifts": held,
        "outcomes_url": reverse("outcomes") + asked,
        "shifts_url": reverse("shifts") + asked,
    }


def pupil(unit: Unit, code: str) -> Person | None:
    return Person.objects.filter(unit=unit, code=code, is_pupil=True, left_on__isnull=True).first()


def round_days_of(source: Import) -> QuerySet[Shift]:
    """Days of a round that no workbook holds, and on which only rounds of this import hang."""
    on_it = Attendance.objects.filter(shift=OuterRef("pk"))
    alone = Exists(on_it.filter(source=source)) & ~Exists(on_it.exclude(source=source))
    outcomes_on_it = Outcome.objects.filter(shift=OuterRef("pk"))
    return Shift.objects.filter(alone, ~Exists(outcomes_on_it), duty__kind=DutyKind.ROUND, source__isnull=True)


def of_import(rows: QuerySet[Any], written: str) -> QuerySet[Any]:
    """The rows that came with one import; `written` is its uid from an address, and nonsense finds nothing."""
    if not written:
        return rows
    try:
        return rows.filter(source__uid=UUID(written))
    except ValueError:
        return rows.none()
