"""Random records of a unit that mans posts, cleans toilets, goes on rounds and trains: as plain facts, and the same
facts in the database.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import uuid4

from django.utils import timezone

from chuangwen.core import clock
from chuangwen.duties.models import Attendance, Duty, DutyKind, Outcome, Shift
from chuangwen.people.models import Charter, Membership, Person, Unit
from tests.factories.city import City
from tests.factories.duties import DutyFactory, ShiftFactory
from tests.factories.people import PersonFactory, UnitFactory

BANDS = ("peak", "ordinary", "night")
HANDLINGS = ("seen", "handled", "self_initiated")
EVENTS = ("training", "meeting", "publicity", "campaign", "project", "service")
PRESENCES = ("present", "late", "excused", "absent")
RESULTS = (
    "hazard", "road_incident", "violation_crosswalk", "violation_lane", "violation_parking", "violation_red_light",
    "supervision_problem", "leaflet", "audience", "media_post", "hotline_contact", "clinic_booking", "round_problem",
    "honour",
)  # fmt: skip


@dataclass(frozen=True)
class Arranged:
    name: str
    kind: str
    unit: str
    times: int | None = None
    minutes: int | None = None
    rank: str = ""
    withdrawn: bool = False


@dataclass(frozen=True)
class Logged:
    duty: str
    kind: str
    day: date
    band: str
    required: int
    met: int


@dataclass(frozen=True)
class Visit:
    unit: str
    post: str
    day: date


@dataclass(frozen=True)
class Went:
    duty: Arranged
    person: str
    day: date
    times: int


@dataclass(frozen=True)
class Held:
    kind: str
    name: str
    first: date
    last: date


@dataclass(frozen=True)
class Signed:
    kind: str
    day: date
    presence: str


@dataclass(frozen=True)
class Result:
    kind: str
    amount: int
    handling: str
    day: date
    withdrawn: bool


@dataclass(frozen=True)
class Sits:
    person: str
    unit: str
    unit_kind: str
    since: date
    until: date | None


@dataclass
class Deeds:
    """What the unit has arranged and done. `founded` are the days of its leading groups."""

    units: dict[str, str] = field(default_factory=dict)
    arranged: list[Arranged] = field(default_factory=list)
    logged: list[Logged] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    went: list[Went] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    signed: list[Signed] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    founded: list[date] = field(default_factory=list)
    sits: list[Sits] = field(default_factory=list)


class Maker:
    """Makes deeds of the school, and some of the second school that must never count."""

    def __init__(self, city: City, chance: Random, first: date, days: int) -> None:
        self.city, self.chance, self.first, self.days = city, chance, first, days
        self.deeds = Deeds()
        self.units: dict[str, Unit] = {}
        self.duties: dict[str, Duty] = {}
        self.persons: dict[str, Person] = {}

    def make(self) -> Deeds:
        self._units()
        self._arrange()
        self._log()
        self._supervise()
        self._persons()
        self._rounds()
        self._events()
        self._results()
        self._groups()
        self._strangers()
        return self.deeds

    def _day(self) -> date:
        return self.first + timedelta(days=self.chance.randrange(self.days))

    def _units(self) -> None:
        for kind in ("squadron", "department", "ward"):
            for number in range(self.chance.randint(0, 3)):
                name = f"{kind}-{number}"
                self.deeds.units[name] = kind
                self.units[name] = UnitFactory.create(
                    kind_id=kind, code=f"u-{name}", name=name, parent=self.city["school"]
                )
        self.units["own"] = self.city["school"]

    def _some_unit(self) -> str:
        return self.chance.choice([*self.units])

    def _arrange(self) -> None:
        for kind, most in (("post", 6), ("mobile_team", 2), ("supervision", 2), ("interval", 3), ("round", 3)):
            for number in range(self.chance.randint(0, most)):
                times = self.chance.randint(1, 3) if kind == "round" else None
                minutes = self.chance.choice([15, 30, 60]) if kind == "interval" else None
                rank = self.chance.choice(["leader", "manager"]) if kind == "round" else ""
                gone = self.chance.random() < 0.15
                each = Arranged(f"{kind}-{number}", kind, self._some_unit(), times, minutes, rank, gone)
                self.deeds.arranged.append(each)
                self.duties[each.name] = DutyFactory.create(
                    unit=self.units[each.unit], kind=kind, name=each.name, times_per_day=times, every_minutes=minutes,
                    rank=rank, withdrawn_at=clock.now() if gone else None,
                )  # fmt: skip

    def _of(self, *kinds: str) -> list[Arranged]:
        return [each for each in self.deeds.arranged if each.kind in kinds]

    def _log(self) -> None:
        rows = []
        for duty in self._of("post", "mobile_team", "interval"):
            for _number in range(self.chance.randint(0, 8)):
                required = self.chance.randint(0, 4)
                more = 2 if duty.kind == "interval" else 0
                met = self.chance.randint(0, required + more)
                band = "" if duty.kind == "interval" else self.chance.choice([*BANDS, ""])
                each = Logged(duty.name, duty.kind, self._day(), band, required, met)
                self.deeds.logged.append(each)
                rows.append(self._shift(each.duty, each.day, band=band, required=required, met=met))
        Shift.objects.bulk_create(rows)

    def _shift(self, duty: str, day: date, **values: object) -> Shift:
        row = self.duties[duty]
        starts = timezone.make_aware(datetime.combine(day, time(8)))
        return Shift(duty=row, **{"unit": row.unit, "day": day, "starts_at": starts, "ends_at": starts + HOUR} | values)

    def _supervise(self) -> None:
        posts = self._of("post")
        rows = []
        for group in self._of("supervision"):
            for _number in range(self.chance.randint(0, 5)):
                post = self.chance.choice([*posts, None]) if posts else None
                unit = post.unit if post else self._some_unit()
                self.deeds.visits.append(Visit(unit, post.name if post else "", day := self._day()))
                target = self.duties[post.name] if post else None
                rows.append(self._shift(group.name, day, unit=self.units[unit], target=target))
        Shift.objects.bulk_create(rows)

    def _persons(self) -> None:
        for number in range(self.chance.randint(2, 6)):
            self.persons[f"w{number}"] = PersonFactory.create(unit=self.units[self._some_unit()], code=f"w{number}")

    def _rounds(self) -> None:
        rows = []
        for duty in self._of("round"):
            for day in {self._day() for _number in range(self.chance.randint(0, 6))}:
                shift = ShiftFactory.create(duty=self.duties[duty.name], number="", day=day)
                for code, person in self.persons.items():
                    times = self.chance.randint(0, 3)
                    self.deeds.went.append(Went(duty, code, day, times))
                    presence = "present" if times else "absent"
                    rows.append(self._attendance(shift, person, presence, times=times))
        Attendance.objects.bulk_create(rows)

    def _attendance(self, shift: Shift, person: Person, presence: str, **more: object) -> Attendance:
        return Attendance(shift=shift, person=person, unit=person.unit, day=shift.day, presence=presence, **more)

    def _events(self) -> None:
        rows = []
        for number in range(self.chance.randint(0, 14)):
            kind, first = self.chance.choice(EVENTS), self._day()
            last = first + timedelta(days=self.chance.choice([0, 0, 1, 6]))
            each = Held(kind, f"{kind}-{self.chance.randint(1, 2)}", first, last)
            self.deeds.held.append(each)
            duty, _made = Duty.objects.get_or_create(unit=self.units["own"], kind=kind, name=each.name)
            ends = timezone.make_aware(datetime.combine(last, time(23, 30)))
            shift = ShiftFactory.create(duty=duty, number=f"E{number}", day=first, ends_at=ends)
            for person in self.persons.values() if kind in {"training", "meeting"} else ():
                presence = self.chance.choice(PRESENCES)
                self.deeds.signed.append(Signed(kind, first, presence))
                rows.append(self._attendance(shift, person, presence))
        Attendance.objects.bulk_create(rows)

    def _results(self) -> None:
        rows = []
        for _number in range(self.chance.randint(0, 60)):
            each = Result(
                self.chance.choice(RESULTS), self.chance.randint(1, 90), self.chance.choice(HANDLINGS), self._day(),
                self.chance.random() < 0.15,
            )  # fmt: skip
            self.deeds.results.append(each)
            rows.append(self._outcome(each, self.units[self._some_unit()]))
        Outcome.objects.bulk_create(rows)

    def _outcome(self, each: Result, unit: Unit) -> Outcome:
        return Outcome(
            kind_id=each.kind, amount=each.amount, handling=each.handling, unit=unit, day=each.day,
            withdrawn_at=clock.now() if each.withdrawn else None, recorded_by=uuid4(),
        )  # fmt: skip

    def _groups(self) -> None:
        """The small city gives the school a group of its own; here it gets its day and its members."""
        group = self.city["group"]
        self.deeds.founded.append(day := self._day())
        Charter.objects.filter(unit=group).update(founded_on=day)
        for code, person in self.persons.items():
            if self.chance.random() < 0.7:
                since = self._day()
                until = since + timedelta(days=self.chance.randint(0, 60)) if self.chance.random() < 0.4 else None
                Membership.objects.create(group=group, person=person, position="member", since=since, until=until)
                name = next(name for name, unit in self.units.items() if unit == person.unit)
                self.deeds.sits.append(Sits(code, name, self.deeds.units.get(name, "school"), since, until))

    def _strangers(self) -> None:
        """The second school's, which must never count for the first."""
        second = self.city["second"]
        for kind in DutyKind.values:
            duty = DutyFactory.create(unit=second, kind=kind, times_per_day=90, every_minutes=900, rank="leader")
            shift = ShiftFactory.create(duty=duty, number="", day=self.first, band="peak", required=900, met=1)
            person = PersonFactory.create(unit=second)
            self._attendance(shift, person, "present", times=90).save()
        for kind in RESULTS:
            self._outcome(Result(kind, 1_000_000, "handled", self.first, withdrawn=False), second).save()
        UnitFactory.create(kind_id="squadron", parent=second)
        UnitFactory.create(group=True, parent=second)


HOUR = timedelta(hours=1)
