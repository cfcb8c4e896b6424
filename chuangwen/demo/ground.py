"""The ground of the demo city and its register of places: districts, river, streets, and sites with who answers.

Called by demo/city.py. `small` has 120 places of the register, `full` as many as a real city (1,200).
"""

import random
from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.db import transaction
from shapely.geometry.base import BaseGeometry

from chuangwen.core import events
from chuangwen.demo import ground_plan as plan
from chuangwen.demo.ground_sites import SEED, Site, sites
from chuangwen.people import services as people
from chuangwen.people.access import Viewer, require
from chuangwen.people.models import Person, Unit
from chuangwen.people.rules import Perm
from chuangwen.places import services
from chuangwen.places.models import Charge, Place, Responsibility

COUNTS = {"small": 120, "full": 1200}
SINCE = date(2026, 1, 12)
# One place in so many has a leader who looks after it.
SPONSORED = 6
DISTRICT_NAMES = {"linjiang": "临江区", "wangshan": "望山区", "dongpu": "东浦新区"}


@transaction.atomic
def build(operator: Viewer, units: Mapping[str, Unit], *, size: str) -> int:
    """Enter ground and sites; returns how many places the register has."""
    city = units["anlan"]
    require(operator, Perm.PLACE_MANAGE, city)
    ground = [_row(city, code, name, shape) for code, name, shape in _ground()]
    services.add_places(_identified(ground, random.Random(SEED)))  # noqa: S311
    found = sites(COUNTS[size])
    rows = [_row(units[_district(site.shape)], site.type, site.name, site.shape, site.address) for site in found]
    services.add_places(_identified(rows, random.Random(SEED + 1)))  # noqa: S311
    saved = {row.uid: row for row in Place.objects.filter(uid__in=[row.uid for row in rows]).select_related("unit")}
    placed = [(site, saved[row.uid]) for site, row in zip(found, rows, strict=True)]
    charges = services.add_responsibilities(_charges(placed, units, _sponsors(operator, units)))
    events.record(
        "places.entered",
        actor_uid=operator.uid,
        noun="place",
        subject_uid=None,
        unit_uid=city.uid,
        data={"ground": len(ground), "places": len(rows), "responsibilities": charges},
    )
    return len(rows)


def _ground() -> Iterable[tuple[str, str, BaseGeometry]]:
    yield "city_area", "安澜市", plan.city()
    for code, shape in plan.districts().items():
        yield "district_area", DISTRICT_NAMES[code], shape
    yield "water", "澜江", plan.river()
    yield from (("water", name, shape) for name, shape in plan.lakes().items())
    yield from (("green", name, shape) for name, shape in plan.greens().items())
    yield from (("street", way.name, way.line) for way in (*plan.streets(), *plan.lanes()))


def _row(unit: Unit, type_code: str, name: str, shape: BaseGeometry, address: str = "") -> Place:
    place = services.located(plan.lonlat(shape))
    return Place(unit=unit, type_id=type_code, name=name, address=address, **place)


def _identified(rows: list[Place], dice: random.Random) -> list[Place]:
    """The same city has the same uids each time, so that an address kept from one demo opens in the next."""
    for row in rows:
        row.uid = UUID(int=dice.getrandbits(128), version=4)
    return rows


def _district(shape: BaseGeometry) -> str:
    spot = shape.representative_point()
    return min(plan.districts(), key=lambda code: plan.districts()[code].distance(spot))


def _sponsors(operator: Viewer, units: Mapping[str, Unit]) -> dict[int, Person]:
    """Leaders by role, one for each district."""
    return {
        units[code].pk: people.add_person(
            operator, unit=units[code], code=f"{code}-sponsor", name=f"{name}包保领导", title="分管副区长"
        )
        for code, name in DISTRICT_NAMES.items()
    }


def _charges(
    placed: Iterable[tuple[Site, Place]], units: Mapping[str, Unit], sponsors: Mapping[int, Person]
) -> Iterable[Responsibility]:
    for index, (site, place) in enumerate(placed):
        lead = units[site.lead] if site.lead else place.unit
        yield Responsibility(place=place, unit=lead, charge=Charge.LEAD, since=SINCE)
        if site.season:
            start, end = site.season
            yield Responsibility(
                place=place, unit=place.unit, charge=Charge.ASSIST, season_from=start, season_to=end, since=SINCE
            )
        if index % SPONSORED == 0:
            person = sponsors[place.unit.pk]
            yield Responsibility(place=place, unit=place.unit, person=person, charge=Charge.SPONSOR, since=SINCE)
