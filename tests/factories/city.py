"""A small city and its cast: who sits where and may do what. The rights of every page are tried with these."""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Model
from django.test import Client

from chuangwen.core import clock
from chuangwen.people.access import Viewer
from chuangwen.people.models import Account, Charter, Grant, Person, Unit
from tests.factories.people import AccountFactory, GrantFactory, PersonFactory, UnitFactory

ANONYMOUS = "anonymous"
BACKEND = "chuangwen.people.backend.AccountBackend"
# name in the cast: (where the person sits, role, over which unit); no role, no grant
CAST = {
    "stranger": ("hospital", "", ""),
    "other_clerk": ("second", "unit_clerk", "second"),
    "clerk": ("school", "unit_clerk", "school"),
    "head": ("school", "unit_head", "school"),
    "office": ("office", "city_office", "city"),
    "recorder": ("c98", "recorder", "c98"),
    "reader": ("office", "reader", "city"),
}


@dataclass
class City:
    """Units by short names (`city.units["school"]`), persons by their part in the cast."""

    units: dict[str, Unit]
    persons: dict[str, Person] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Unit:
        return self.units[name]

    def viewer(self, part: str) -> Viewer:
        """A new one at every call, as at every request."""
        return Viewer(Person.objects.select_related("unit__kind").get(pk=self.persons[part].pk))

    def client(self, part: str) -> Client:
        client = Client()
        if part != ANONYMOUS:
            client.force_login(Account.objects.get(person=self.persons[part]), backend=BACKEND)
        return client


# What was built first on a day, by that day: grants begin some days before it.
_built: dict[date, tuple[City, list[list[Model]]]] = {}


def build() -> City:
    """Fifteen units and seven persons with accounts; no records.

    Built row by row once a run; after that the same rows are put back, in a twentieth of the queries.
    """
    if Unit.everything.exists():
        return _new()
    today = clock.today()
    if today not in _built:
        city = _new()
        units, persons = list(city.units.values()), list(city.persons.values())
        rows: list[list[Model]] = [[*units], [*Charter.objects.all()], [*persons]]
        rows += [[*Account.objects.all()], [*Grant.objects.all()]]
        _built[today] = deepcopy((city, rows))
        return city
    again, tables = deepcopy(_built[today])
    for table in tables:
        type(table[0])._base_manager.bulk_create(table)
    return again


def _new() -> City:
    root = UnitFactory.create(city=True, code="anlan", name="安澜市", name_en="Anlan City", division_code="430700")
    education = UnitFactory.create(code="anlan-education", name="市教育局", parent=root)
    school = UnitFactory.create(school=True, code="demo-primary", name="安澜市实验小学", parent=education)
    second = UnitFactory.create(school=True, code="demo-second-primary", name="安澜市第二小学", parent=education)
    units = {
        "city": root,
        "district": UnitFactory.create(district=True, code="linjiang", name="临江区", parent=root),
        "education": education,
        "office": UnitFactory.create(group=True, code="anlan-office", name="市创文办", parent=root),
        "hospital": UnitFactory.create(hospital=True, code="demo-hospital", name="安澜市康宁医院", parent=root),
        "school": school,
        "second": second,
        "group": UnitFactory.create(group=True, code="demo-primary-group", name="实验小学领导小组", parent=school),
    }
    for name, parent in (("c98", school), ("c99", school), ("d11", second)):
        units[name] = UnitFactory.create(
            klass=True, code=f"{parent.code}-{name}", name=f"{name} 班", short_name=name, parent=parent
        )
    city = City(units)
    for part, (seat, role, over) in CAST.items():
        person = PersonFactory.create(unit=units[seat], code=part.replace("_", "-"), name=f"{part} 的姓名")
        AccountFactory.create(person=person)
        if role:
            GrantFactory.create(person=person, role_id=role, unit=units[over])
        city.persons[part] = person
    return city
