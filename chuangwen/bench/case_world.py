"""A city of 118 units and 1,200 places, and as many cases as are asked for: what the pages of cases are measured on.

Written straight into the tables, because 100,000 cases through the services would take a day. One in twenty is open,
in the small world as in the large: a city with a hundred times the cases has a hundred times the open ones, and that is
the harder measure. The closed ones end over the last 24 months, which makes some 4,000 a month of 100,000. Of the open
ones one in five is overdue, one in thirty under supervision; two of a hundred of all are confidential.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

import shapely
from django.utils import timezone

from chuangwen import reference_data
from chuangwen.cases import workflow
from chuangwen.cases.models import Case, CaseCategory, CaseDeadline, CasePart, CaseStep, Part
from chuangwen.core import clock
from chuangwen.people import services as people
from chuangwen.people.models import Account, Grant, Person, Unit
from chuangwen.places import services as places
from chuangwen.places.models import Layer, Place, PlaceType, Shape

SEED = 20261124
MIDDLE, REACH = (111.69, 29.03), (0.13, 0.09)
BUREAUS, STREETS, COMMUNITIES, PLACES = 40, 11, 6, 1_200
OPEN_SHARE, MONTHS = 20, 24
OFFICE, CLERK = "bench-office", "bench-clerk"
# Of twenty-five open ones so many are in each state.
STATES = {
    workflow.RECEIVED: 2, workflow.FILED: 2, workflow.SENT: 3, workflow.WORKING: 9, workflow.FIXED: 5,
    workflow.DISPUTED: 1, workflow.SUSPENDED: 2, workflow.PLANNED: 1,
}  # fmt: skip
KINDS = ("finding", "finding", "finding", "report", "report", "complaint", "hotline", "hazard", "task", "suggestion")
TITLES = (
    "盲道被共享单车占用", "墙面杆件有小广告", "垃圾堆放未清", "路面破损两处", "公益广告褪色", "电动车逆行多发",
    "人行道停放机动车", "楼道堆放杂物", "飞线充电", "公厕缺洗手液", "护栏缺损", "占道经营", "路灯不亮", "窨井盖破损",
)  # fmt: skip
CHUNK = 2_000


@dataclass(frozen=True)
class City:
    """What cases are made of; the same in every world."""

    root: Unit
    bureaus: list[Unit]
    streets: list[Unit]
    persons: list[Person]
    places: list[Place]
    categories: list[CaseCategory]


def found() -> City:
    """The city without cases, and who signs in: the city's office, and a clerk of the first street."""
    reference_data.load()
    operator = people.found_city(code="bench", name="测城", name_en="Bench", division_code="430700")
    root = operator.person.unit

    def unit(parent: Unit, code: str, name: str, kind: str) -> Unit:
        return people.add_unit(operator, parent=parent, code=code, name=name, kind=kind)

    bureaus = [unit(root, f"bureau-{number}", f"第 {number} 局", "bureau") for number in range(BUREAUS)]
    streets = [unit(root, f"street-{number}", f"{number} 号街道", "town") for number in range(STREETS)]
    for street in streets:
        for number in range(COMMUNITIES):
            unit(street, f"{street.code}-{number}", f"{street.name}社区 {number}", "community")
    units = [root, *bureaus, *Unit.objects.filter(path__startswith=root.path, kind="community"), *streets]
    persons = [Person.objects.create(unit=each, code=f"p-{each.code}", name=f"{each.name}的人") for each in units]
    _signs_in(OFFICE, Person.objects.get(unit=root, code=f"p-{root.code}"), "city_office")
    _signs_in(CLERK, Person.objects.get(unit=streets[0]), "unit_clerk")
    places.add_places(_places(root))
    return City(root, bureaus, streets, persons, list(Place.objects.order_by("pk")), list(CaseCategory.objects.all()))


def _signs_in(login: str, person: Person, role: str) -> None:
    Grant.objects.create(person=person, role_id=role, unit=person.unit, since=clock.today() - timedelta(days=900))
    Account.objects.create(login=login, person=person, password="!", must_change_password=False)  # noqa: S106


def _places(root: Unit) -> Iterator[Place]:
    dice = Random(SEED)  # noqa: S311
    types = list(PlaceType.objects.filter(shape=Shape.POINT, layer=Layer.REGISTER).values_list("code", flat=True))
    for number in range(PLACES):
        lon, lat = (middle + dice.uniform(-reach, reach) for middle, reach in zip(MIDDLE, REACH, strict=True))
        kind = types[number % len(types)]
        yield Place(unit=root, type_id=kind, name=f"点位 {number}", **places.located(shapely.Point(lon, lat)))


def fill(city: City, size: int) -> None:
    """So many cases with their parts, a deadline and two steps each."""
    dice = Random(SEED)  # noqa: S311
    now = timezone.localtime(clock.now())
    for first in range(0, size, CHUNK):
        numbers = range(first, min(size, first + CHUNK))
        rows = Case.objects.bulk_create(_case(city, dice, now, number, size) for number in numbers)
        CasePart.objects.bulk_create(part for row in rows if row.lead for part in _parts(city, dice, row))
        CaseDeadline.objects.bulk_create(_deadline(row) for row in rows)
        CaseStep.objects.bulk_create(step for row in rows for step in _steps(row))


def _case(city: City, dice: Random, now: datetime, number: int, size: int) -> Case:
    """The last of a world are the open ones, as numbers are given in the order of receipt."""
    closed = size - size // OPEN_SHARE
    place, category = dice.choice(city.places), dice.choice(city.categories)
    person, street = dice.choice(city.persons), dice.choice(city.streets)
    if number < closed:
        ended = now - timedelta(days=MONTHS * 30.4 * (1 - number / closed))
        received = ended - timedelta(days=dice.uniform(0.2, 9))
        way = _ended(dice, received, ended, person)
    else:
        received = now - timedelta(days=14 * (1 - (number - closed) / max(1, size - closed)))
        way = _open(dice, now, received)
    lead = dice.choice(city.bureaus if dice.random() < 0.6 else city.streets)
    return Case(
        number=f"{received:%y%m}-{number:06d}", kind=dice.choice(KINDS), category=category,
        title=f"{dice.choice(TITLES)}", text="巡查时看到，附近居民反映有几天了。", unit=city.root,
        lead=None if way["state"] in workflow.AT_OFFICE else lead, opened_by=person, opened_for=street, place=place,
        address=f"{dice.choice(('文庙', '安澜', '学府', '望山'))}路 {dice.randint(1, 200)} 号",
        lon=place.lon + dice.uniform(-1, 1) / 500, lat=place.lat + dice.uniform(-1, 1) / 500,
        confidential=dice.random() < 0.02, supervised=number >= closed and dice.random() < 0.033,
        received_at=received, filed_at=received, **way,
    )  # fmt: skip


def _ended(dice: Random, received: datetime, ended: datetime, person: Person) -> dict[str, Any]:
    due = received + timedelta(days=7)
    return {
        "state": workflow.CLOSED if dice.random() < 0.93 else workflow.DECLINED,
        "sent_at": received, "fixed_at": ended, "fixed_by": person, "closed_at": ended, "closed_by": person,
        "fix_due_at": due, "on_time": ended <= due,
    }  # fmt: skip


def _open(dice: Random, now: datetime, received: datetime) -> dict[str, Any]:
    state = dice.choices(list(STATES), list(STATES.values()))[0]
    late = dice.random() < 0.2
    due = now - timedelta(hours=dice.uniform(1, 100)) if late else now + timedelta(days=dice.uniform(0.5, 10))
    return {"state": state, "due_at": due, "fix_due_at": due, "sent_at": received}


def _parts(city: City, dice: Random, row: Case) -> Iterator[CasePart]:
    yield CasePart(case=row, unit=row.lead, part=Part.LEAD, since=row.received_at)
    helper = dice.choice(city.streets)
    if dice.random() < 0.15 and helper != row.lead:
        yield CasePart(case=row, unit=helper, part=Part.ASSIST, since=row.received_at, task="配合清理")


def _deadline(row: Case) -> CaseDeadline:
    phase = workflow.PHASE_OF.get(row.state, workflow.FIX)
    due = row.due_at or row.fix_due_at or row.received_at
    return CaseDeadline(case=row, phase=phase, since=row.received_at, due_at=due, met_at=row.closed_at)


def _steps(row: Case) -> Iterator[CaseStep]:
    told = {"case": row, "by": row.opened_by, "unit": row.opened_for}
    yield CaseStep(at=row.received_at, verb="open", capacity=workflow.REPORTER, to_state=workflow.RECEIVED, **told)
    if row.closed_at:
        yield CaseStep(at=row.closed_at, verb="verify", capacity=workflow.OFFICE, to_state=row.state, **told)
