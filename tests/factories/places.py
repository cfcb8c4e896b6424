"""Places for tests: straight into the tables, around the middle of the invented city."""

from typing import Any
from uuid import uuid4

import shapely
from shapely.geometry.base import BaseGeometry

from chuangwen.people.models import Unit
from chuangwen.places.models import Place
from chuangwen.places.services import located

MIDDLE = (111.69, 29.03)
# Some 23 km each way.
BOUNDARY = shapely.box(111.57, 28.93, 111.81, 29.13)


def place(unit: Unit, at: tuple[float, float] = MIDDLE, *, type_code: str = "market", **more: Any) -> Place:
    return drawn(unit, shapely.Point(at), type_code=type_code, **more)


def drawn(unit: Unit, shape: BaseGeometry, *, type_code: str, **more: Any) -> Place:
    name = more.pop("name", f"点位 {uuid4().hex[:6]}")
    return Place.objects.create(unit=unit, type_id=type_code, name=name, **located(shape), **more)


def boundary(unit: Unit) -> Place:
    return drawn(unit, BOUNDARY, type_code="city_area", name="市界")
