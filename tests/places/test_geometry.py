"""What a geometry must be, and what is said of one that is not."""

from typing import Any

import pytest
import shapely

from chuangwen.places import geometry
from chuangwen.places.geometry import BadGeometry
from chuangwen.places.geometry_messages import MESSAGES
from tests.factories.places import BOUNDARY, MIDDLE


def code_of(written: Any) -> str:
    with pytest.raises(BadGeometry) as caught:
        geometry.require_in_city(geometry.read(written), BOUNDARY)
    what, mend = MESSAGES[caught.value.code]
    assert str(what).format(**caught.value.params)
    assert str(mend).format(**caught.value.params)
    return caught.value.code


def point(*at: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(at)}


def area(*corners: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(corner) for corner in (*corners, corners[0])]]}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (None, "geometry_kind"),
        ([111.69, 29.03], "geometry_kind"),
        ({"type": "GeometryCollection", "geometries": []}, "geometry_kind"),
        ({"type": "Point"}, "geometry_unreadable"),
        ({"type": "Point", "coordinates": ["a", "b"]}, "geometry_unreadable"),
        ({"type": "Point", "coordinates": [float("nan"), 29.0]}, "geometry_unreadable"),
        ({"type": "Point", "coordinates": []}, "geometry_empty"),
        ({"type": "Polygon", "coordinates": [[[111.69, 29.03], [111.7, 29.03]]]}, "geometry_unreadable"),
        ({"type": "LineString", "coordinates": [[111.69, 29.03], [111.69, 29.03]]}, "line_without_length"),
        (area((111.69, 29.03), (111.7, 29.04), (111.7, 29.03), (111.69, 29.04)), "area_crosses_itself"),
        (point(29.03, 111.69), "axes_swapped"),
        (point(500, 29), "off_the_globe"),
        (point(122.9, 29.03), "outside_city"),
        (point(111.55, 29.03), "outside_city"),
        (
            {"type": "LineString", "coordinates": [[111.6 + n / 1e5, 29.0] for n in range(geometry.MOST_CORNERS + 1)]},
            "geometry_too_long",
        ),
    ],
)
def test_what_cannot_be_taken_is_named(written: Any, code: str) -> None:
    assert code_of(written) == code


def test_where_an_area_crosses_itself_is_said() -> None:
    with pytest.raises(BadGeometry) as caught:
        geometry.read(area((111.69, 29.03), (111.70, 29.04), (111.70, 29.03), (111.69, 29.04)))
    assert caught.value.params["where"].startswith("111.69")


def test_heights_are_left_out_and_rings_are_closed() -> None:
    assert geometry.as_geojson(geometry.read(point(111.69, 29.03, 52.0))) == point(111.69, 29.03)
    open_ring = {"type": "Polygon", "coordinates": [[[111.69, 29.03], [111.7, 29.03], [111.7, 29.04], [111.69, 29.04]]]}
    assert geometry.read(open_ring).is_closed or geometry.read(open_ring).area > 0


def test_without_a_boundary_every_point_of_the_globe_is_taken_but_a_swapped_one_is_seen() -> None:
    geometry.require_in_city(geometry.read(point(2.35, 48.85)), None)
    with pytest.raises(BadGeometry, match="axes_swapped"):
        geometry.require_in_city(geometry.read(point(29.03, 111.69)), None)


def test_the_point_of_a_line_is_its_middle_and_of_an_area_lies_inside() -> None:
    line = shapely.LineString([(111.69, 29.03), (111.70, 29.03), (111.70, 29.04)])
    assert (geometry.measured(line).lon, geometry.measured(line).lat) == pytest.approx((111.70, 29.03))
    hollow = shapely.Polygon([(0, 0), (0, 3), (3, 3), (3, 2), (1, 2), (1, 1), (3, 1), (3, 0)])
    measured = geometry.measured(hollow)
    assert hollow.contains(shapely.Point(measured.lon, measured.lat))


def test_length_and_area_are_those_of_the_globe() -> None:
    east = geometry.length_metres(shapely.LineString([MIDDLE, (MIDDLE[0] + 0.01, MIDDLE[1])]))
    assert east == pytest.approx(geometry.metres_between_points(MIDDLE, (MIDDLE[0] + 0.01, MIDDLE[1])))
    square = shapely.box(111.69, 29.03, 111.70, 29.04)
    assert geometry.area_square_metres(square) == pytest.approx(974 * 1108, rel=0.01)
