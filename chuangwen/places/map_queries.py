"""What the map asks: what lies in view, the ground under it, what a drawn shape holds.

One filter serves the map and the list of places: `asked` reads the same words from an address. At most 2,000 features
leave here at a time: single places where they are few, else what the cells of H3 count (docs/adr, "clusters by cell").
"""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import h3
import numpy
import shapely
from django.db.models import Avg, Case, Count, Exists, OuterRef, Q, QuerySet, TextField, When
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from chuangwen.core import clock
from chuangwen.core.errors import Missing, Refused
from chuangwen.people.access import Viewer, get_unit, units_with
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm
from chuangwen.places import geometry, map_shapes, queries
from chuangwen.places.models import Layer, Place, PlaceType, Responsibility, Shape
from chuangwen.places.nearby import Box, points_in_box, touching

MOST_FEATURES = 2000
# One more than can be shown one by one: nobody has to count further to know that cells must.
ENOUGH = MOST_FEATURES + 1
# Lines and areas keep their own shape on the map up to so many; beyond, cells count them too.
MOST_SHAPES = 500
# From this zoom on a heap at one spot is cut off rather than counted: nobody could open it further.
CLOSEST = 17.0
# Up to which zoom the coarse and the middle cells serve; the fine ones from there on.
ZOOMS = (11.2, 13.0)
CELLS = ("cell_coarse", "cell_middle", "cell_fine")
# Square kilometres of a cell, from coarse to fine; more cells than this in view are not named one by one.
CELL_AREAS, MOST_CELLS = (36.1, 5.16, 0.737), 300
MOST_SELECTED = 10_000
# A street that does not reach so far is drawn as a lane.
LANE_METRES = 1350.0


@dataclass(frozen=True, slots=True)
class Viewport:
    box: Box
    zoom: float


def read_viewport(query: Mapping[str, str]) -> Viewport:
    """`bbox` is west,south,east,north in degrees, `zoom` the map's. Raises Refused."""
    try:
        west, south, east, north = (map_shapes.number(part) for part in query.get("bbox", "").split(","))
    except ValueError as error:
        raise Refused(
            _("图上范围“%(written)s”读不出来") % {"written": query.get("bbox", "")[:80]},
            where="bbox",
            mend=_("写成“西,南,东,北”四个经纬度，例如 111.6,28.9,111.8,29.1"),
        ) from error
    if west >= east or south >= north:
        raise Refused(_("图上范围是空的"), where="bbox", mend=_("西小于东，南小于北；先写经度，再写纬度"))
    try:
        zoom = map_shapes.number(query.get("zoom") or "0")
    except ValueError as error:
        raise Refused(_("缩放级别不是数字"), where="zoom", mend=_("写 0 到 22 之间的数字")) from error
    return Viewport((max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0)), zoom)


def condition(query: Mapping[str, str]) -> Q:
    """What `q` (words in name, code, address), `type` and `group` of an address ask for."""
    found = Q()
    for word in query.get("q", "").split():
        found &= Q(name__icontains=word) | Q(code__icontains=word) | Q(address__icontains=word)
    if query.get("type"):
        found &= Q(type_id=query["type"])
    if query.get("group"):
        found &= Q(type__group=query["group"])
    return found


def asked(viewer: Viewer, query: Mapping[str, str]) -> QuerySet[Place]:
    """The register within the viewer's rights, narrowed by q, type, group, unit and `in` (a drawn shape).

    Raises Missing for a unit that is not the viewer's, Refused for a shape that cannot be read.
    """
    if not viewer.can(Perm.PLACE_VIEW):
        raise Missing
    found = Place.objects.filter(queries.seen(viewer), condition(query)).order_by()
    if query.get("unit"):
        unit = get_unit(viewer, Perm.PLACE_VIEW, code=query["unit"])
        found = found.filter(queries.of_unit(unit))
    if query.get("in"):
        found = found.filter(pk__in=_keys_inside(_parted(found), map_shapes.read_token(query["in"])))
    return found


def selected(viewer: Viewer, token: str) -> QuerySet[Place]:
    """The places of the register that lie in the shape which `token` spells: for the list's `in`."""
    return asked(viewer, {"in": token}).filter(type__layer=Layer.REGISTER)


@dataclass(frozen=True)
class Parted:
    """The rows of the register, points and shapes apart, because each has its own index.

    Types of the ground are left out by code and not by a join, so that the index alone can answer.
    """

    rows: QuerySet[Place]
    types: Mapping[str, PlaceType]

    @cached_property
    def points(self) -> QuerySet[Place]:
        ground = self._ground(Shape.POINT)
        found = self.rows.filter(extended=False)
        return found.exclude(type_id__in=ground) if ground else found

    @cached_property
    def shapes(self) -> QuerySet[Place]:
        return self.rows.filter(extended=True).exclude(type_id__in=self._ground())

    def without(self, groups: Collection[str]) -> "Parted":
        """Rows whose layer is not switched off."""
        off = [each.code for each in self.types.values() if each.group in groups]
        return Parted(self.rows.exclude(type_id__in=off), self.types)

    def _ground(self, shape: str = "") -> list[str]:
        ground = [each for each in self.types.values() if each.layer == Layer.BASE]
        return sorted(each.code for each in ground if not shape or each.shape == shape)


def _parted(rows: QuerySet[Place]) -> Parted:
    return Parted(rows, PlaceType.objects.in_bulk())


def in_view(viewer: Viewer, query: Mapping[str, str]) -> dict[str, Any]:
    """A FeatureCollection of what the viewport holds, with how many there are, and as of when; `off` are groups.

    Where cells count, the cells that reach over the edge of the view count whole, and so does the total.
    """
    view = read_viewport(query)
    parted = _parted(asked(viewer, query))
    parted = parted.without(query["off"].split(",")) if query.get("off") else parted
    points = parted.points.filter(points_in_box(view.box))
    shapes = parted.shapes.filter(touching(view.box))
    some, drawn = points[:ENOUGH].count(), shapes[:ENOUGH].count()
    alone = some + drawn <= MOST_FEATURES or view.zoom >= CLOSEST
    if alone:
        total = points.count() + shapes.count() if some + drawn > MOST_FEATURES else some + drawn
        found = list(_singles(viewer, points, shapes, parted.types))
    else:
        whole = drawn <= MOST_SHAPES
        clusters = _clusters(parted, view, shapes_too=not whole)
        total = sum(each["properties"]["count"] for each in clusters) + (drawn if whole else 0)
        shown = list(_singles(viewer, points.none(), shapes, parted.types)) if whole else []
        found = clusters + shown
    return {
        "type": "FeatureCollection",
        "features": found[:MOST_FEATURES],
        "total": total,
        "clustered": not alone,
        "cut": alone and total > MOST_FEATURES,
        "as_of": timezone.localtime(clock.now()).isoformat(timespec="seconds"),
    }


def _singles(
    viewer: Viewer,
    points: QuerySet[Place],
    shapes: QuerySet[Place],
    types: Mapping[str, PlaceType],
) -> Iterator[dict[str, Any]]:
    """Single places as features."""
    columns = ("uid", "name", "type_id", "unit_id", "closed_on")
    rows: list[tuple[Any, ...]] = list(shapes.values_list(*columns, "lon", "lat", "geometry")[:MOST_FEATURES])
    rows += [(*row, None) for row in points.values_list(*columns, "lon", "lat")[:MOST_FEATURES]]
    units = _labels(viewer, {row[3] for row in rows})
    names = {code: (str(each), each.group) for code, each in types.items()}
    for uid, name, code, unit, closed_on, lon, lat, drawn in rows:
        label, manages = units[unit]
        type_name, group = names[code]
        properties = {
            "uid": str(uid),
            "name": name,
            "type": code,
            "type_name": type_name,
            "group": group,
            "unit": label,
            "closed": closed_on is not None,
            "manages": manages,
            "lon": round(lon, 7),
            "lat": round(lat, 7),
        }
        yield {
            "type": "Feature",
            "geometry": drawn or {"type": "Point", "coordinates": [round(lon, 7), round(lat, 7)]},
            "properties": properties,
        }


def _labels(viewer: Viewer, keys: set[int]) -> dict[int, tuple[str, bool]]:
    """Name of each unit, and whether the viewer may move what it keeps."""
    paths = viewer.paths(Perm.PLACE_MANAGE)
    units = Unit.everything.filter(pk__in=keys)
    return {unit.pk: (unit.label, any(unit.path.startswith(path) for path in paths)) for unit in units}


def _clusters(parted: Parted, view: Viewport, *, shapes_too: bool) -> list[dict[str, Any]]:
    """What each cell in view counts, whole cells: panning the map changes no number. Mean position, box to open."""
    size = sum(view.zoom >= limit for limit in ZOOMS)
    cells = _cells_over(view.box, size)
    column = CELLS[size]
    sums: dict[int, tuple[int, float, float]] = {}
    for rows in (parted.points, parted.shapes) if shapes_too else (parted.points,):
        there = rows if cells is None else rows.filter(**{f"{column}__in": cells})
        counted = there.values_list(column).annotate(count=Count("*"), lon=Avg("lon"), lat=Avg("lat")).order_by()
        for cell, count, lon, lat in counted:
            before = sums.get(cell, (0, 0.0, 0.0))
            sums[cell] = (before[0] + count, before[1] + count * lon, before[2] + count * lat)
    return [
        _cluster(cell, count, lon / count, lat / count)
        for cell, (count, lon, lat) in sorted(sums.items(), key=lambda each: -each[1][0])
    ]


def _cluster(cell: int, count: int, lon: float, lat: float) -> dict[str, Any]:
    edge = h3.cell_to_boundary(h3.int_to_str(cell))
    lats, lons = zip(*edge, strict=True)
    bounds = [round(each, 6) for each in (min(lons), min(lats), max(lons), max(lats))]
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]},
        "properties": {"cluster": True, "cell": h3.int_to_str(cell), "count": count, "bounds": bounds},
    }


def _cells_over(box: Box, size: int) -> list[int] | None:
    """The cells that the box touches; None where they are too many to be named."""
    edge = {0: 0.045, 1: 0.017, 2: 0.0065}[size]
    west, south, east, north = box[0] - edge, box[1] - edge, box[2] + edge, box[3] + edge
    around = shapely.box(west, max(south, -89.0), east, min(north, 89.0))
    if geometry.area_square_metres(around) / 1e6 / CELL_AREAS[size] > MOST_CELLS:
        return None
    corners = [(lat, lon) for lon, lat in around.exterior.coords]
    return [h3.str_to_int(cell) for cell in h3.polygon_to_cells(h3.LatLngPoly(corners), geometry.RESOLUTIONS[size])]


@dataclass(frozen=True, slots=True)
class Ground:
    """The base map as it is sent; `version` changes whenever anything in it does."""

    version: str
    rows: list[tuple[Any, ...]]

    def as_json(self) -> str:
        features = []
        for uid, name, code, lon, lat, west, south, east, north, drawn in self.rows:
            lane = geometry.metres_between_points((west, south), (east, north)) < LANE_METRES
            properties = json.dumps({"uid": str(uid), "name": name, "type": code, "at": [lon, lat], "lane": lane})
            features.append(f'{{"type":"Feature","properties":{properties},"geometry":{drawn}}}')
        return f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'


def ground(viewer: Viewer) -> Ground:
    """Districts, streets, water, green: what lies under the places. Geometries stay the text of the database."""
    if not viewer.can(Perm.PLACE_VIEW):
        raise Missing
    return public_ground()


def public_ground() -> Ground:
    """The same without sign-in: what anybody sees who walks through the city, and no place of the register."""
    drawn = Cast("geometry", TextField())
    rows = Place.objects.filter(type__layer=Layer.BASE, closed_on__isnull=True).order_by("type__sort", "id")
    box = ("min_lon", "min_lat", "max_lon", "max_lat")
    found = list(rows.values_list("uid", "name", "type_id", "lon", "lat", *box, drawn))
    return Ground(hashlib.sha256(repr(found).encode()).hexdigest()[:24], found)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of types as the map shows it: its sign stands in the symbol, its number chooses shape and colour."""

    name: str
    label: str
    number: int

    @property
    def sign(self) -> str:
        return self.label[:1]


# So many shapes of symbol has the map.
SYMBOLS = 8


def groups(viewer: Viewer) -> list[Group]:
    """The groups of which the viewer sees a place, in the order of their types."""
    # A type that was added without a place in the order comes last, or it would change every group's symbol.
    ordered = PlaceType.objects.filter(layer=Layer.REGISTER).order_by(Case(When(sort=0, then=1), default=0), "sort")
    every = dict.fromkeys(ordered.values_list("group", flat=True))
    numbers = {name: index % SYMBOLS for index, name in enumerate(every)}
    labels = {each.group: each.group_label for each in queries.types_in_use(viewer)}
    return [Group(name, label, numbers[name]) for name, label in labels.items()]


def units(viewer: Viewer) -> QuerySet[Unit]:
    """The units that keep a place or answer for one, within the viewer's rights: for filters."""
    keeps = Exists(Place.objects.filter(unit=OuterRef("pk")).order_by())
    answers = Exists(Responsibility.objects.filter(queries.standing(), unit=OuterRef("pk")).order_by())
    return units_with(viewer, Perm.PLACE_VIEW).filter(Q(keeps) | Q(answers), closed_on__isnull=True)


def selection_box(query: Mapping[str, str]) -> Box | None:
    """Where the map looks when its address names a drawn shape."""
    return map_shapes.read_token(query["in"]).bounds if query.get("in") else None


def city_box(viewer: Viewer) -> Box | None:
    """Where the whole-city view looks: the city's outline, else all that the viewer sees."""
    outline = queries.city_boundary()
    if outline is not None:
        return outline.bounds
    rows = asked(viewer, {}).values_list("min_lon", "min_lat", "max_lon", "max_lat")[:MOST_FEATURES]
    if not rows:
        return None
    wests, souths, easts, norths = zip(*rows, strict=True)
    return min(wests), min(souths), max(easts), max(norths)


@dataclass(frozen=True, slots=True)
class Selection:
    """What a drawn shape holds: how many of which type, most first, and the token that spells the shape."""

    count: int
    types: list[tuple[str, int]]
    token: str


def select(viewer: Viewer, query: Mapping[str, str], drawn: Any) -> Selection:
    """What of the rows that the address asks for lies in the shape whole. `drawn` is GeoJSON of an area."""
    parted = _parted(asked(viewer, query))
    token = map_shapes.write_token(map_shapes.drawn_area(drawn))
    keys = _keys_inside(parted, map_shapes.read_token(token))
    counted = Counter(Place.objects.filter(pk__in=keys).values_list("type_id", flat=True))
    types = [(str(parted.types[code]), count) for code, count in counted.most_common()]
    return Selection(len(keys), types, token)


def _keys_inside(parted: Parted, area: BaseGeometry) -> list[int]:
    """Points and shapes that lie in the area whole, its edge included, reckoned all at once."""
    if area.is_empty:
        return []
    shapely.prepare(area)
    points = list(parted.points.filter(points_in_box(area.bounds)).values_list("pk", "lon", "lat"))
    shapes = list(parted.shapes.filter(touching(area.bounds)).values_list("pk", Cast("geometry", TextField())))
    keys = [key for key, _drawn in shapes]
    inside: list[int] = []
    if points:
        spots = numpy.array([point[1:] for point in points])
        held = numpy.atleast_1d(shapely.covers(area, shapely.points(spots)))
        inside += [point[0] for point, yes in zip(points, held, strict=True) if yes]
    if shapes:
        held = numpy.atleast_1d(shapely.covers(area, shapely.from_geojson([drawn for _key, drawn in shapes])))
        inside += [key for key, yes in zip(keys, held, strict=True) if yes]
    if len(inside) > MOST_SELECTED:
        raise Refused(
            _("圈中了 %(count)s 处，一次最多 %(limit)s 处") % {"count": len(inside), "limit": MOST_SELECTED},
            where="in",
            mend=_("圈小一些，或先按类型、单位筛选"),
        )
    return inside


def feature(viewer: Viewer, uid: UUID) -> dict[str, Any]:
    """One place as the map draws it."""
    place = queries.place(viewer, uid)
    rows = Place.objects.filter(pk=place.pk)
    types = {place.type_id: place.type}
    return next(_singles(viewer, rows.filter(extended=False), rows.filter(extended=True), types))
