# mypy: disable-error-code="no-untyped-call"
"""Activity records for tests: straight into the tables."""

from datetime import datetime, time, timedelta
from uuid import uuid4

from django.utils import timezone
from factory.declarations import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory

from chuangwen.core import clock
from chuangwen.duties.models import Attendance, Duty, DutyKind, Outcome, Presence, Shift
from tests.factories.people import PersonFactory, UnitFactory


class DutyFactory(DjangoModelFactory[Duty]):
    class Meta:
        model = Duty

    unit = SubFactory(UnitFactory, school=True)
    kind = DutyKind.VOLUNTEERING
    name = Sequence(lambda number: f"文明实践 {number}")


class ShiftFactory(DjangoModelFactory[Shift]):
    """Three to five in the afternoon of a day a week ago."""

    class Meta:
        model = Shift

    duty = SubFactory(DutyFactory)
    unit = SelfAttribute("duty.unit")
    number = Sequence(lambda number: f"H{number:03d}")
    day = LazyFunction(lambda: clock.today() - timedelta(days=7))
    starts_at = LazyAttribute(lambda shift: timezone.make_aware(datetime.combine(shift.day, time(15))))
    ends_at = LazyAttribute(lambda shift: shift.starts_at + timedelta(hours=2))
    place = "文庙路口"


class AttendanceFactory(DjangoModelFactory[Attendance]):
    class Meta:
        model = Attendance

    shift = SubFactory(ShiftFactory)
    person = SubFactory(PersonFactory, pupil=True)
    unit = SelfAttribute("person.unit")
    day = SelfAttribute("shift.day")
    presence = Presence.PRESENT


class OutcomeFactory(DjangoModelFactory[Outcome]):
    """Litter picked up a week ago; the trait `withdrawn` is one that counts nowhere."""

    class Meta:
        model = Outcome

    class Params:
        withdrawn = Trait(withdrawn_at=LazyFunction(clock.now))

    kind_id = "litter_picked"
    amount = 3
    unit = SubFactory(UnitFactory, klass=True)
    day = LazyFunction(lambda: clock.today() - timedelta(days=7))
    recorded_by = LazyFunction(uuid4)
