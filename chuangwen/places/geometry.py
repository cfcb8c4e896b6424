"""Geometry on the globe: what a GeoJSON geometry must be, where it lies, how far things are. No Django.

Called by services, queries, importers and the map. Points are (longitude, latitude) in degrees of WGS-84, distances
are geodesic metres on its ellipsoid. Lines and edges run straight between their corners in degrees, as maps draw them.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import h3
import numpy
import shapely
from pyproj import Geod, Transformer
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from chuangwen.places.coordinates import Point

GEOD = Geod(ellps="WGS84")
SHAPES = {
    "Point": "point",
    "LineString": "line",
    "MultiLineString": "line",
    "Polygon": "area",
    "MultiPolygon": "area",
}
MOST_CORNERS = 5000
# H3's resolutions: edges of about 3.7, 1.4 and 0.5 km, as many pixels apart on a map of a city, a district, a street.
RESOLUTIONS = (6, 7, 8)
# A line straight in degrees bends in any plane: 2 m over 17 km, a millimetre over so many degrees.
STRETCH = 0.005
# Nothing on the ellipsoid is shorter: metres of a degree of latitude, and of longitude at the equator.
LATITUDE_METRES, LONGITUDE_METRES = 110_574.0, 111_319.0


class BadGeometry(Exception):
    """A geometry that cannot be taken; `code` is one of `geometry_messages`, `params` what its sentence needs."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Measured:
    """Where a geometry lies: its point, its box, its cells from coarse to fine."""

    lon: float
    lat: float
    box: tuple[float, float, float, float]
    cells: tuple[int, int, int]


def read(written: Any) -> BaseGeometry:
    """The geometry that GeoJSON describes, flat and with closed rings. Raises BadGeometry."""
    if not isinstance(written, dict) or written.get("type") not in SHAPES:
        kind = written.get("type") if isinstance(written, dict) else ""
        raise BadGeometry("geometry_kind", kind=str(kind or "—"))
    try:
        found = shapely.force_2d(shape(written))
    except (ValueError, TypeError, AttributeError, IndexError, KeyError, shapely.errors.ShapelyError) as error:
        raise BadGeometry("geometry_unreadable") from error
    return checked(found)


def checked(found: BaseGeometry) -> BaseGeometry:
    """The geometry itself, where it can be drawn and measured. Raises BadGeometry."""
    if found.is_empty:
        raise BadGeometry("geometry_empty")
    corners = shapely.get_num_coordinates(found)
    if corners > MOST_CORNERS:
        raise BadGeometry("geometry_too_long", count=str(corners), limit=str(MOST_CORNERS))
    if not all(math.isfinite(number) for number in found.bounds):
        raise BadGeometry("geometry_unreadable")
    if found.geom_type.endswith("LineString") and found.length == 0:
        raise BadGeometry("line_without_length")
    if not found.is_valid:
        raise BadGeometry("area_crosses_itself", where=_where(explain_validity(found)))
    return found


def _where(explanation: str) -> str:
    """The point out of shapely's "Self-intersection[111.7 29.03]"."""
    return explanation.partition("[")[2].rstrip("]").replace(" ", ", ") or "—"


def converted(found: BaseGeometry, convert: Callable[[float, float], Point]) -> BaseGeometry:
    return shapely.transform(found, lambda points: numpy.array([convert(lon, lat) for lon, lat in points]))


def require_on_globe(found: BaseGeometry) -> None:
    """Raises BadGeometry: a latitude over 90 is most often a longitude."""
    west, south, east, north = found.bounds
    far_east, far_north = max(-west, east), max(-south, north)
    if far_east <= 180 and far_north <= 90:
        return
    swapped = far_east <= 90 and far_north <= 180
    raise BadGeometry("axes_swapped" if swapped else "off_the_globe", at=f"{west:.6f}, {south:.6f}")


def require_in_city(found: BaseGeometry, city: BaseGeometry | None) -> None:
    """Raises BadGeometry: outside the city, or in it once its axes are swapped. Without a boundary all is inside."""
    require_on_globe(found)
    if city is None or _prepared(city).intersects(found):
        return
    at = "{:.6f}, {:.6f}".format(*found.representative_point().coords[0])
    turned = shapely.transform(found, lambda points: points[:, ::-1])
    if _prepared(city).intersects(turned):
        raise BadGeometry("axes_swapped", at=at)
    raise BadGeometry("outside_city", at=at)


@lru_cache(maxsize=8)
def _prepared(area: BaseGeometry) -> BaseGeometry:
    shapely.prepare(area)
    return area


def rounded(found: BaseGeometry) -> BaseGeometry:
    """To seven places, a centimetre: what is kept."""
    return shapely.transform(found, lambda points: numpy.round(points, 7))


def as_geojson(found: BaseGeometry) -> dict[str, Any]:
    return {"type": found.geom_type, "coordinates": _lists(mapping(found)["coordinates"])}


def _lists(coordinates: Any) -> Any:
    return [_lists(each) for each in coordinates] if isinstance(coordinates, tuple | list) else float(coordinates)


def measured(found: BaseGeometry) -> Measured:
    """A line's point is its middle, an area's lies inside it."""
    if found.geom_type == "LineString":
        middle = found.interpolate(0.5, normalized=True)
    else:
        middle = found.representative_point()
    west, south, east, north = found.bounds
    # Rounding may put the middle of a straight line a hair outside its box.
    lon, lat = min(max(middle.x, west), east), min(max(middle.y, south), north)
    coarse, middling, fine = (h3.str_to_int(h3.latlng_to_cell(lat, lon, size)) for size in RESOLUTIONS)
    return Measured(lon, lat, (west, south, east, north), (coarse, middling, fine))


def metres_between_points(one: Point, other: Point) -> float:
    return float(GEOD.inv(*one, *other)[2])


def metres_from(point: Point, others: Iterable[Point]) -> list[float]:
    """The distance of each of the others, reckoned together."""
    there = list(others)
    if not there:
        return []
    lons, lats = zip(*there, strict=True)
    count = len(there)
    return [float(each) for each in GEOD.inv([point[0]] * count, [point[1]] * count, lons, lats)[2]]


def metres_between(one: BaseGeometry, other: BaseGeometry) -> float:
    """The shortest way between two geometries; 0 where they touch.

    The nearest points are looked for in a plane that touches the globe at the first geometry, then again at the point
    that was found; the way between them is geodesic.
    """
    if one.intersects(other):
        return 0.0
    one, other = shapely.segmentize(one, STRETCH), shapely.segmentize(other, STRETCH)
    centre = one.representative_point()
    for _round in range(2):
        forward, back = _plane(round(centre.x, 7), round(centre.y, 7))
        way = shapely.shortest_line(_through(forward, one), _through(forward, other))
        near = [tuple(point) for point in shapely.get_coordinates(_through(back, way))]
        centre = shapely.Point(near[0])
        if one.geom_type == "Point":
            break
    return metres_between_points(near[0], near[1])


def _through(transformer: Transformer, found: BaseGeometry) -> BaseGeometry:
    return shapely.transform(found, lambda at: numpy.column_stack(transformer.transform(at[:, 0], at[:, 1])))


@lru_cache(maxsize=256)
def _plane(lon: float, lat: float) -> tuple[Transformer, Transformer]:
    plane = f"+proj=aeqd +lat_0={lat} +lon_0={lon} +ellps=WGS84"
    return (
        Transformer.from_crs("EPSG:4326", plane, always_xy=True),
        Transformer.from_crs(plane, "EPSG:4326", always_xy=True),
    )


def box_around(bounds: tuple[float, float, float, float], metres: float) -> tuple[float, float, float, float]:
    """A box in degrees that holds everything within so many metres of the given box."""
    west, south, east, north = bounds
    tall = metres / LATITUDE_METRES * 1.001
    widest = math.cos(math.radians(min(89.0, max(abs(south - tall), abs(north + tall)))))
    wide = metres / (LONGITUDE_METRES * widest) * 1.001
    return west - wide, south - tall, east + wide, north + tall


def length_metres(found: BaseGeometry) -> float:
    return float(GEOD.geometry_length(found))


def area_square_metres(found: BaseGeometry) -> float:
    return abs(float(GEOD.geometry_area_perimeter(found)[0]))
