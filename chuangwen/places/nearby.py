"""Where things are to each other: within, along, inside, nearest, alike. Exact to the geodesic metre.

The database narrows down by box, which may only take too many; what is kept is measured (places.geometry).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import shapely
from django.db.models import Q, QuerySet
from shapely.geometry.base import BaseGeometry

from chuangwen.places import geometry, rules
from chuangwen.places.coordinates import Point
from chuangwen.places.models import Place

Box = tuple[float, float, float, float]
# A search for the nearest begins here and doubles, until it has reached across any city.
FIRST_REACH, LAST_REACH = 200.0, 200_000.0


@dataclass(frozen=True, slots=True)
class Near:
    """A place and how far it is, in metres."""

    place: Place
    metres: float


def shape_of(place: Place) -> BaseGeometry:
    return shapely.geometry.shape(place.geometry)


def points_in_box(box: Box) -> Q:
    west, south, east, north = box
    return Q(lat__gte=south, lat__lte=north, lon__gte=west, lon__lte=east)


def touching(box: Box) -> Q:
    """Places whose own box touches this one: for lines and areas, which have an index for it."""
    west, south, east, north = box
    return Q(min_lat__lte=north, max_lat__gte=south, min_lon__lte=east, max_lon__gte=west)


def in_box(rows: QuerySet[Place], box: Box) -> Iterable[Place]:
    """Two questions, so that each has its index."""
    yield from rows.filter(points_in_box(box), extended=False)
    yield from rows.filter(touching(box), extended=True)


def within(rows: QuerySet[Place], of: Point | BaseGeometry, metres: float) -> list[Near]:
    """Places at most so many metres from a point or a geometry ("along" a line, "around" an area), nearest first."""
    centre = of if isinstance(of, BaseGeometry) else shapely.Point(of)
    candidates = list(in_box(rows, geometry.box_around(centre.bounds, metres)))
    found = [near for near in _measured(centre, candidates) if near.metres <= metres]
    return sorted(found, key=lambda near: (near.metres, near.place.pk))


def inside(rows: QuerySet[Place], area: BaseGeometry) -> list[Place]:
    """Places that lie in the area whole, its edge included."""
    shapely.prepare(area)
    return [place for place in in_box(rows, area.bounds) if area.covers(shape_of(place))]


def nearest(rows: QuerySet[Place], of: Point, count: int) -> list[Near]:
    """The so many places nearest to a point, nearest first; fewer where there are not so many in reach."""
    reach = FIRST_REACH
    while True:
        found = within(rows, of, reach)
        if len(found) >= count or reach >= LAST_REACH:
            return found[:count]
        reach *= 4 if not found else 2


def close_pairs(rows: Iterable[Place], others: Iterable[Place], metres: float) -> list[tuple[Near, Place]]:
    """Those of `rows` that lie at most so many metres from one of `others`, each with the nearest of them: two lists
    held against each other in memory, not a question to the database for each. Nearest first.
    """
    known = list(others)
    shapes = [shape_of(each) for each in known]
    tree = shapely.STRtree(shapes)
    found = []
    for row in rows:
        shape = shape_of(row)
        around = tree.query(shapely.box(*geometry.box_around(shape.bounds, metres)))
        distances = [(geometry.metres_between(shape, shapes[key]), key) for key in around if known[key].pk != row.pk]
        if distances and min(distances)[0] <= metres:
            away, key = min(distances)
            found.append((Near(row, away), known[key]))
    return sorted(found, key=lambda pair: (pair[0].metres, pair[0].place.pk))


def alike(rows: QuerySet[Place], *, type_code: str, name: str, at: Point, but: Place | None = None) -> list[Near]:
    """Places that look like this one entered once more, nearest first."""
    found = within(rows.exclude(pk=but.pk) if but else rows, at, rules.SAME_NAME_WITHIN)
    wanted = tight_name(name)
    return [
        near
        for near in found
        if rules.look_like_one(
            metres=near.metres,
            same_type=near.place.type_id == type_code,
            same_name=tight_name(near.place.name) == wanted,
        )
    ]


def tight_name(name: str) -> str:
    """A name as it is compared: without spaces, brackets and case."""
    return "".join(sign for sign in name.lower() if sign.isalnum())


def _measured(centre: BaseGeometry, candidates: list[Place]) -> Iterable[Near]:
    if isinstance(centre, shapely.Point):
        points = [place for place in candidates if not place.extended]
        distances = geometry.metres_from((centre.x, centre.y), [(place.lon, place.lat) for place in points])
        yield from (Near(place, metres) for place, metres in zip(points, distances, strict=True))
        candidates = [place for place in candidates if place.extended]
    for place in candidates:
        yield Near(place, geometry.metres_between(centre, shape_of(place)))
