"""Places for tests of the map: drawn in a small square around the city's centre, entered without a service."""

import itertools
from typing import Any

import shapely

from chuangwen.people.models import Unit
from chuangwen.places import services
from chuangwen.places.models import Place
from tests.factories import places

CENTRE = (111.69, 29.03)
BOX = (111.49, 28.88, 111.89, 29.18)
_numbers = itertools.count(1)


def put(unit: Unit, type_code: str, shape: Any, *, name: str = "", **fields: Any) -> Place:
    """One place; `shape` is a pair of degrees or a geometry of shapely."""
    drawn = shapely.Point(shape) if isinstance(shape, tuple) else shape
    return places.drawn(unit, drawn, type_code=type_code, name=name or f"点{next(_numbers)}", **fields)


def put_many(unit: Unit, count: int, *, type_code: str = "bank", step: float = 0.0004) -> None:
    """Points in rows of fifty, from the centre to the east and to the north."""
    lon, lat = CENTRE
    spots = ((lon + (index % 50) * step, lat + (index // 50) * step) for index in range(count))
    services.add_places(
        Place(unit=unit, type_id=type_code, name=f"点{index}", **services.located(shapely.Point(spot)))
        for index, spot in enumerate(spots)
    )


def city_outline(unit: Unit) -> Place:
    return put(unit, "city_area", shapely.box(*BOX), name="安澜市")
