"""The living records of the demo: the outings of the last eight weeks, relative to today, seeded."""

from datetime import date, datetime, time, timedelta
from random import Random
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils import timezone

from chuangwen.core import events
from chuangwen.duties import services as duties
from chuangwen.duties.models import Attendance, DutyKind, Outcome, Presence, Shift
from chuangwen.people.access import Viewer
from chuangwen.people.models import Person, Unit

WEEKS = 8
SEED = 20261120
PLACES = ("学府路口", "文庙路口", "桥口街", "校门口路段", "柳堤公园")
KINDS = (
    ("facility_kept", 2),
    ("persuaded_crossing", 5),
    ("persuaded_red_light", 4),
    ("persuaded_parking", 3),
    ("sticker_scrubbed", 6),
    ("litter_picked", 8),
)


@transaction.atomic
def build(clerk: Viewer, school: Unit, today: date) -> None:
    """One outing of two classes on every Friday of the last weeks, with who came and what came of it."""
    rng = Random(SEED)  # noqa: S311
    duty = duties.standing_duty(school, kind=DutyKind.VOLUNTEERING, name="秋季学期文明实践")
    classes = list(school.children.filter(kind_id="class").order_by("path"))
    friday = today - timedelta(days=(today.weekday() - 4) % 7)
    for week in range(WEEKS):
        day = friday - timedelta(weeks=WEEKS - 1 - week)
        number = f"Q{day:%m%d}"
        shift = Shift(
            uid=uuid5(NAMESPACE_URL, f"demo:{number}"),
            duty=duty,
            unit=school,
            number=number,
            day=day,
            starts_at=_at(day, 15),
            ends_at=_at(day, 17),
            place=rng.choice(PLACES),
            leader="大队辅导员",
        )
        duties.add_shifts([shift])
        for unit in rng.sample(classes, 2):
            _class_on_shift(rng, clerk, shift, unit)
    events.record(
        "demo.lived",
        actor_uid=clerk.uid,
        noun="unit",
        subject_uid=school.uid,
        unit_uid=school.uid,
        data={"weeks": WEEKS},
    )


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _class_on_shift(rng: Random, clerk: Viewer, shift: Shift, unit: Unit) -> None:
    pupils = list(Person.objects.filter(unit=unit, is_pupil=True))
    chosen = rng.sample(pupils, min(18, len(pupils)))
    presences = [Presence.EXCUSED if rng.random() < 0.05 else Presence.PRESENT for _pupil in chosen]
    duties.add_attendances(
        Attendance(shift=shift, person=pupil, unit=unit, day=shift.day, presence=presence)
        for pupil, presence in zip(chosen, presences, strict=True)
    )
    duties.add_outcomes(
        Outcome(
            kind_id=kind,
            amount=rng.randint(1, most),
            unit=unit,
            shift=shift,
            day=shift.day,
            recorded_by=clerk.uid,
        )
        for kind, most in KINDS
        for _event in range(rng.randint(1, 3))
    )
