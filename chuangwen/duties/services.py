"""What one can do with activity records. Every verb checks the right first and records one Event."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from chuangwen.core import clock, events, reference
from chuangwen.core.errors import Conflict, Refused
from chuangwen.duties import queries, rules
from chuangwen.duties.models import WHOLE_DAY, Attendance, Duty, DutyKind, Handling, Outcome, OutcomeKind, Shift
from chuangwen.people.access import Viewer, require
from chuangwen.people.models import Person, Unit
from chuangwen.people.rules import Perm


@transaction.atomic
def load_reference(tables: Mapping[str, Any]) -> dict[str, int]:
    """Bring the kinds of outcome to what the reference file says; parents stand before their types."""
    rows = [
        {"parent_id": row.get("parent")} | {key: value for key, value in row.items() if key != "parent"}
        for row in tables["outcome_kinds"]
    ]
    return {"outcome_kinds": reference.bring(OutcomeKind, rows)}


def standing_duty(unit: Unit, *, kind: str, name: str) -> Duty:
    """The unit's duty of that name, made the first time that a shift needs it; one that was withdrawn stands again."""
    duty, _created = Duty.everything.get_or_create(unit=unit, kind=kind, name=name)
    if duty.withdrawn_at:
        duty.withdrawn_at = None
        duty.save(update_fields=["withdrawn_at"])
    return duty


@transaction.atomic
def record_outcome(
    actor: Viewer,
    *,
    unit: Unit,
    kind: OutcomeKind,
    amount: int,
    day: date,
    handling: str = Handling.HANDLED,
    note: str = "",
    person: Person | None = None,
    shift: Shift | None = None,
    uid: UUID | None = None,
) -> Outcome:
    """One counted fact. The same actor and uid again returns the row that is there; another actor gets Conflict."""
    require(actor, Perm.ACTIVITY_RECORD, unit)
    if uid and (standing := Outcome.everything.filter(uid=uid).select_related("kind", "unit").first()):
        return _same_or_conflict(actor, standing)
    if day > clock.today():
        raise Refused(_("日期在今天之后"), where="day", mend=_("成效只记已经发生的，请改日期"))
    if kind.children.exists():
        raise Refused(_("“%(kind)s”要分细类记") % {"kind": kind}, where="kind", mend=_("从它的细类里选一个"))
    if kind.code in rules.ESSAYS and (person is None or amount != 1):
        raise Refused(_("心得要记到一名学生，数量为 1"), where="pupil", mend=_("填学生代码，数量写 1"))
    if unit.closed_on and unit.closed_on <= day:
        raise Refused(_("%(unit)s已撤销") % {"unit": unit}, where="unit", mend=_("选现有的单位"))
    values = {"kind": kind, "amount": amount, "unit": unit, "person": person, "shift": shift, "day": day}
    values |= {"handling": handling, "note": note, "recorded_by": actor.uid}
    # Two requests with one uid may arrive together: the second one finds the first one's row.
    outcome, created = Outcome.everything.get_or_create(uid=uid or uuid.uuid4(), defaults=values)
    if not created:
        return _same_or_conflict(actor, outcome)
    _record("outcome.recorded", actor, outcome, {"kind": kind.code, "amount": amount, "day": day.isoformat()})
    return outcome


def _same_or_conflict(actor: Viewer, standing: Outcome) -> Outcome:
    if standing.recorded_by != actor.uid:
        raise Conflict(_("这个 uid 已被别人用过"), where="uid", mend=_("换一个新的 uid 再发"))
    return standing


@transaction.atomic
def correct_outcome(actor: Viewer, *, uid: UUID, amount: int, reason: str, seen: int | None = None) -> Outcome:
    """Change the amount of an outcome; the old amount stays in the event.

    `seen` is the amount that the actor looked at when correcting; Conflict when somebody changed it since.
    """
    outcome = _standing_for_change(actor, uid)
    old = outcome.amount if seen is None else seen
    if old == amount:
        return outcome
    changed = Outcome.objects.filter(pk=outcome.pk, amount=old).update(amount=amount)
    if not changed:
        raise Conflict(_("这条记录刚被别人改过"), mend=_("刷新页面，看过新的数再改"))
    outcome.amount = amount
    _record(
        "outcome.corrected",
        actor,
        outcome,
        {"from": old, "to": amount, "day": outcome.day.isoformat()},
        detail=reason,
    )
    return outcome


@transaction.atomic
def withdraw_outcome(actor: Viewer, *, uid: UUID, reason: str) -> Outcome:
    """Take an outcome back: it stays with its reason and counts nowhere from now on."""
    outcome = _standing_for_change(actor, uid)
    outcome.withdrawn_at = clock.now()
    if not Outcome.objects.filter(pk=outcome.pk).update(withdrawn_at=outcome.withdrawn_at):
        raise Conflict(_("这条记录刚被别人改过"), mend=_("刷新页面，看过新的数再改"))
    _record("outcome.withdrawn", actor, outcome, {"day": outcome.day.isoformat()}, detail=reason)
    return outcome


@transaction.atomic
def judge_essay(actor: Viewer, *, uid: UUID, excellent: bool) -> Outcome:
    """Name an essay excellent, or take that back. The same judgement again changes nothing."""
    outcome = _standing_for_change(actor, uid)
    if outcome.kind_id not in rules.ESSAYS:
        raise Refused(_("这条记录不是心得"), mend=_("只有心得可以评优"))
    wanted = rules.EXCELLENT_ESSAY if excellent else rules.ESSAY
    if Outcome.objects.filter(pk=outcome.pk).exclude(kind=wanted).update(kind=wanted):
        _record("essay.judged", actor, outcome, {"to": wanted, "day": outcome.day.isoformat()})
    outcome.refresh_from_db(fields=["kind"])
    return outcome


def _standing_for_change(actor: Viewer, uid: UUID) -> Outcome:
    outcome = queries.outcome(actor, uid)
    require(actor, Perm.ACTIVITY_RECORD, outcome.unit)
    if outcome.withdrawn_at:
        raise Refused(_("这条记录已撤回，不能再改"), mend=_("如撤错了，请重新记一条"))
    return outcome


def _record(verb: str, actor: Viewer, outcome: Outcome, data: Mapping[str, object], *, detail: str = "") -> None:
    events.record(
        verb,
        actor_uid=actor.uid,
        noun="outcome",
        subject_uid=outcome.uid,
        unit_uid=outcome.unit.uid,
        data=data,
        detail=detail,
    )


def round_of_the_day(duty: Duty, day: date) -> Shift:
    """The day of a round, on which everybody's rounds hang: made for the first who went, and standing again where it
    was withdrawn with the last.
    """
    starts, ends = (clock.midnight(day) + timedelta(hours=at.hour, minutes=at.minute) for at in WHOLE_DAY)
    values = {"duty": duty, "unit": duty.unit, "day": day, "starts_at": starts, "ends_at": ends, "place": duty.place}
    uid = uuid.uuid5(duty.uid, day.isoformat())
    shift, _created = Shift.everything.update_or_create(uid=uid, defaults={**values, "withdrawn_at": None})
    return shift


def withdraw_empty_rounds() -> int:
    """Days of a round on which nobody's rounds hang any more, because the import that brought them was undone."""
    standing = Attendance.objects.filter(shift=OuterRef("pk"))
    empty = Shift.objects.filter(~Exists(standing), duty__kind=DutyKind.ROUND, source__isnull=True)
    return empty.update(withdrawn_at=clock.now())


def add_duties(rows: Iterable[Duty]) -> int:
    """As add_shifts."""
    return len(Duty.objects.bulk_create(rows, batch_size=500))


def add_shifts(rows: Iterable[Shift]) -> int:
    """Rows come whole from an importer, inside the import's transaction and under its right and event."""
    return len(Shift.objects.bulk_create(rows, batch_size=500))


def add_attendances(rows: Iterable[Attendance]) -> int:
    """As add_shifts."""
    return len(Attendance.objects.bulk_create(rows, batch_size=500))


def add_outcomes(rows: Iterable[Outcome]) -> int:
    """As add_shifts."""
    return len(Outcome.objects.bulk_create(rows, batch_size=500))
