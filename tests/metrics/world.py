"""Random records of a school as plain facts, and the same facts in the database.

The tests of figures compute from the facts in plain Python, the product from the database.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from uuid import uuid4

from chuangwen.core import clock
from chuangwen.duties.models import Attendance, Outcome, Shift
from chuangwen.people.models import Person, Unit
from tests.factories.city import City
from tests.factories.duties import DutyFactory, ShiftFactory
from tests.factories.people import UnitFactory
from tests.metrics.world_of_cases import Matter, make_cases
from tests.metrics.world_of_duties import Deeds, Maker

FIRST = date(2026, 2, 10)
DAYS = 160
KINDS = (
    "facility_kept", "persuaded_crossing", "persuaded_red_light", "persuaded_parking",
    "sticker_scrubbed", "litter_picked", "essay", "essay_excellent",
)  # fmt: skip
PRESENCES = ("present", "present", "present", "late", "excused", "absent")


@dataclass(frozen=True)
class Pupil:
    code: str
    klass: str
    left_on: date | None


@dataclass(frozen=True)
class Attended:
    pupil: str
    day: date
    presence: str


@dataclass(frozen=True)
class Counted:
    kind: str
    amount: int
    klass: str
    pupil: str
    day: date
    withdrawn: bool


@dataclass
class World:
    """What the school did, as facts. `classes` are the open ones, in the order of the tree."""

    school: Unit
    classes: list[str] = field(default_factory=list)
    pupils: list[Pupil] = field(default_factory=list)
    shifts: list[date] = field(default_factory=list)
    attended: list[Attended] = field(default_factory=list)
    counted: list[Counted] = field(default_factory=list)
    deeds: Deeds = field(default_factory=Deeds)
    cases: list[Matter] = field(default_factory=list)


def make(city: City, seed: int) -> World:
    """A school of up to eight classes, one of them closed, beside another school whose records must never count."""
    chance = Random(seed)  # noqa: S311 - records, no secrets
    world = World(city["school"])
    names = [f"k{number}" for number in range(1, chance.randint(3, 8))]
    units = {name: _class(world.school, name) for name in names}
    world.classes = [city["c98"].short_name, city["c99"].short_name, *names]
    units |= {"c98": city["c98"], "c99": city["c99"]}
    _class(world.school, "closed", closed_on=FIRST)
    persons = _pupils(chance, world, units)
    _shifts(chance, world, units, persons)
    _counted(chance, world, units, persons)
    world.deeds = Maker(city, chance, FIRST, DAYS).make()
    world.cases = make_cases(city, chance, FIRST, DAYS)
    for kind in KINDS:
        Outcome.objects.create(unit=city["d11"], kind_id=kind, amount=1_000_000, day=FIRST, recorded_by=uuid4())
    return world


def _class(school: Unit, name: str, closed_on: date | None = None) -> Unit:
    return UnitFactory.create(
        klass=True, code=f"{school.code}-{name}", name=f"{name} 班", short_name=name, parent=school, closed_on=closed_on
    )


def _day(chance: Random) -> date:
    return FIRST + timedelta(days=chance.randrange(DAYS))


def _pupils(chance: Random, world: World, units: dict[str, Unit]) -> dict[str, Person]:
    for name in world.classes:
        for number in range(chance.randint(0, 5)):
            left = chance.choice([None, None, None, date(2026, 3, 1), date(2026, 2, 28), _day(chance)])
            world.pupils.append(Pupil(f"{name}-{number:02d}", name, left))
    rows = [
        Person(unit=units[each.klass], code=each.code, is_pupil=True, left_on=each.left_on) for each in world.pupils
    ]
    Person.objects.bulk_create(rows)
    return {row.code: row for row in rows}


def _shifts(chance: Random, world: World, units: dict[str, Unit], persons: dict[str, Person]) -> None:
    duty = DutyFactory.create(unit=world.school)
    rows: list[Attendance] = []
    for number in range(chance.randint(0, 7)):
        day = _day(chance)
        shift: Shift = ShiftFactory.create(duty=duty, number=f"S{number}", day=day)
        world.shifts.append(day)
        for pupil in chance.sample(world.pupils, chance.randint(0, len(world.pupils))):
            presence = chance.choice(PRESENCES)
            world.attended.append(Attended(pupil.code, day, presence))
            person = persons[pupil.code]
            rows.append(Attendance(shift=shift, person=person, unit=units[pupil.klass], day=day, presence=presence))
    Attendance.objects.bulk_create(rows)


def _counted(chance: Random, world: World, units: dict[str, Unit], persons: dict[str, Person]) -> None:
    most = chance.choice([1, 2, 9])  # small amounts make ties
    for _number in range(chance.randint(0, 60)):
        kind, klass = chance.choice(KINDS), chance.choice(world.classes)
        own = [pupil.code for pupil in world.pupils if pupil.klass == klass]
        pupil = chance.choice(own) if own and kind.startswith("essay") else ""
        amount = 1 if kind.startswith("essay") else chance.randint(1, most)
        world.counted.append(Counted(kind, amount, klass, pupil, _day(chance), chance.random() < 0.15))
    Outcome.objects.bulk_create(
        Outcome(
            kind_id=each.kind,
            amount=each.amount,
            unit=units[each.klass],
            person=persons.get(each.pupil),
            day=each.day,
            withdrawn_at=clock.now() if each.withdrawn else None,
            recorded_by=uuid4(),
        )
        for each in world.counted
    )
