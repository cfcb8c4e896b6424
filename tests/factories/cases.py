"""A street of units around a case, and cases on their way: through the services, as users make them."""

from typing import Any
from uuid import uuid4

from chuangwen.cases import services
from chuangwen.cases.models import Case, CaseCategory
from chuangwen.cases.services import Given, Opening
from chuangwen.evidence import services as evidence
from chuangwen.evidence.models import Evidence
from chuangwen.people.access import Viewer
from chuangwen.people.models import Person, Unit
from tests.evidence.samples import encoded, picture
from tests.factories.city import City
from tests.factories.people import AccountFactory, GrantFactory, PersonFactory, UnitFactory

# name: (unit, role, over which unit)
CAST = {
    "dispatcher": ("office", "city_office", "city"),
    "lead_clerk": ("bureau", "unit_clerk", "bureau"),
    "lead_other": ("bureau", "unit_clerk", "bureau"),
    "lead_head": ("bureau", "unit_head", "bureau"),
    "squad_clerk": ("squad", "unit_clerk", "squad"),
    "street_clerk": ("street", "unit_clerk", "street"),
    "supervisor": ("watchers", "supervisor", "city"),
    "leader": ("city", "leader", "city"),
}


def populate(city: City) -> City:
    """Two bureaus, a squad below one of them, a street office, a supervision group; and who sits there."""
    root = city["city"]
    bureau = UnitFactory.create(code="anlan-urban", name="市城管局", parent=root)
    city.units |= {
        "bureau": bureau,
        "squad": UnitFactory.create(code="anlan-urban-1", name="城管一中队", parent=bureau, kind_id="squadron"),
        "street": UnitFactory.create(code="anlan-wenmiao", name="文庙街道", parent=root, kind_id="town"),
        "watchers": UnitFactory.create(code="anlan-watch", name="督导一组", parent=root, kind_id="working_group"),
    }
    for part, (seat, role, over) in CAST.items():
        person = PersonFactory.create(unit=city[seat], code=part.replace("_", "-"), name=f"{part} 的姓名")
        AccountFactory.create(person=person)
        GrantFactory.create(person=person, role_id=role, unit=city[over])
        city.persons[part] = person
    return city


def photo(actor: Viewer, unit: Unit, number: int = 1) -> Evidence:
    """A small picture, handed in by them; every number another one."""
    return evidence.hand_in(actor, unit=unit, name=f"{number}.jpg", chunks=[encoded(picture(number))], uid=uuid4())


def category(code: str = "bicycle_parking") -> CaseCategory:
    return CaseCategory.objects.get(pk=code)


def opened(city: City, by: str = "clerk", **more: Any) -> Case:
    """A finding of the school's, received by the city."""
    actor = city.viewer(by)
    values: dict[str, Any] = {"kind": "finding", "title": "盲道被共享单车占用", "opened_for": actor.person.unit} | more
    return services.open_case(actor, Opening(**values)).case


def filed(city: City, code: str = "bicycle_parking", **more: Any) -> Case:
    case = opened(city, **more)
    return services.move(city.viewer("dispatcher"), uid=case.uid, verb="file", given=Given(category=category(code)))


def sent(city: City, lead: str = "bureau", *, given: dict[str, Any] | None = None, **more: Any) -> Case:
    case = filed(city, **more)
    words = Given(lead=city[lead], **(given or {}))
    return services.move(city.viewer("dispatcher"), uid=case.uid, verb="dispatch", given=words)


def fixed(city: City, by: str = "lead_clerk", number: int = 7, **more: Any) -> Case:
    case = sent(city, **more)
    actor = city.viewer(by)
    photos = [photo(actor, actor.person.unit, number)]
    return services.move(actor, uid=case.uid, verb="fix", given=Given(reason="清走单车，画了停车框", photos=photos))


def closed(city: City, by: str = "dispatcher", **more: Any) -> Case:
    case = fixed(city, **more)
    return services.move(city.viewer(by), uid=case.uid, verb="verify", given=Given(reason="现场看过，通畅"))


def person(city: City, part: str) -> Person:
    return city.persons[part]
