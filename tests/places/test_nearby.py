"""Within, along, inside, nearest and alike, against a brute-force geodesic over everything."""

import random

import pytest
import shapely
from pyproj import Geod

from chuangwen.places import geometry, nearby
from chuangwen.places.models import Place
from tests.factories.city import City
from tests.factories.places import MIDDLE, drawn, place

GEOD = Geod(ellps="WGS84")


def around(seed: int, count: int, reach: float = 0.01) -> list[tuple[float, float]]:
    dice = random.Random(seed)  # noqa: S311 - the same points every time
    spots = ((MIDDLE[0] + dice.uniform(-reach, reach), MIDDLE[1] + dice.uniform(-reach, reach)) for _ in range(count))
    return [(round(lon, 7), round(lat, 7)) for lon, lat in spots]


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    return float(GEOD.inv(*one, *other)[2])


def test_within_200_m_is_what_a_geodesic_over_5000_pairs_says(city: City) -> None:
    places = [place(city["school"], at) for at in around(1, 100, 0.004)]
    pairs, differing = 0, []
    for centre in around(2, 50, 0.004):
        found = {near.place.pk: near.metres for near in nearby.within(Place.objects.all(), centre, 200)}
        for each in places:
            exact = metres(centre, (each.lon, each.lat))
            pairs += 1
            if (exact <= 200) != (each.pk in found) or (each.pk in found and abs(found[each.pk] - exact) > 1e-6):
                differing.append((centre, each.pk, exact))
    assert pairs == 5000
    assert differing == []


def test_they_come_nearest_first(city: City) -> None:
    for at in around(3, 30, 0.002):
        place(city["school"], at)
    distances = [near.metres for near in nearby.within(Place.objects.all(), MIDDLE, 150)]
    assert distances == sorted(distances)
    assert len(distances) > 3


def test_along_a_line_is_measured_to_the_line_and_not_to_its_corners(city: City) -> None:
    line = shapely.LineString([(111.68, 29.03), (111.70, 29.03)])
    beside = place(city["school"], (111.69, 29.0309))
    place(city["school"], (111.69, 29.0330))
    found = nearby.within(Place.objects.filter(extended=False), line, 120)
    assert [near.place for near in found] == [beside]
    assert found[0].metres == pytest.approx(metres((111.69, 29.0309), (111.69, 29.03)), abs=0.05)


def test_a_line_is_near_where_its_nearest_stretch_is(city: City) -> None:
    road = drawn(city["school"], shapely.LineString([(111.60, 29.03), (111.78, 29.03)]), type_code="trunk_road")
    (near,) = nearby.within(Place.objects.all(), (111.75, 29.0309), 150)
    assert near.place == road
    # A point every few metres of the road, and the nearest of them.
    brute = min(metres((111.75, 29.0309), (111.74 + step * 2e-5, 29.03)) for step in range(1000))
    assert near.metres == pytest.approx(brute, abs=0.1)


def test_two_lines_are_as_far_apart_as_their_nearest_points() -> None:
    one = shapely.LineString([(111.60, 29.03), (111.78, 29.031)])
    other = shapely.LineString([(111.70, 29.05), (111.72, 29.035)])
    brute = min(
        metres(
            (one.interpolate(a / 400, normalized=True).x, one.interpolate(a / 400, normalized=True).y), (111.72, 29.035)
        )
        for a in range(401)
    )
    assert geometry.metres_between(one, other) == pytest.approx(brute, abs=1.0)
    assert geometry.metres_between(one, shapely.LineString([(111.7, 29.0), (111.7, 29.1)])) == 0


def test_inside_takes_the_edge_and_leaves_what_only_reaches_in(city: City) -> None:
    area = shapely.box(111.68, 29.02, 111.70, 29.04)
    inside, on_edge = place(city["school"], (111.69, 29.03)), place(city["school"], (111.68, 29.03))
    place(city["school"], (111.6799, 29.03))
    drawn(city["school"], shapely.LineString([(111.69, 29.03), (111.71, 29.03)]), type_code="trunk_road")
    assert set(nearby.inside(Place.objects.all(), area)) == {inside, on_edge}


@pytest.mark.parametrize("count", [1, 10, 60])
def test_the_nearest_are_those_that_sorting_all_by_distance_gives(city: City, count: int) -> None:
    places = [place(city["school"], at) for at in around(4, 50, 0.03)]
    brute = sorted(places, key=lambda each: metres(MIDDLE, (each.lon, each.lat)))[:count]
    assert [near.place.pk for near in nearby.nearest(Place.objects.all(), MIDDLE, count)] == [each.pk for each in brute]


def test_alike_are_the_same_type_within_30_m_and_the_same_name_within_300_m(city: City) -> None:
    step = 0.0001  # some 10 m to the east
    school = city["school"]
    same_type = place(school, (MIDDLE[0] + 2 * step, MIDDLE[1]), name="甲")
    place(school, (MIDDLE[0] + 4 * step, MIDDLE[1]), name="乙")
    place(school, (MIDDLE[0] + 2 * step, MIDDLE[1]), name="丙", type_code="bank")
    same_name = place(school, (MIDDLE[0] + 25 * step, MIDDLE[1]), name="石桥 市场", type_code="bank")
    place(school, (MIDDLE[0] + 40 * step, MIDDLE[1]), name="石桥市场", type_code="bank")
    found = nearby.alike(Place.objects.all(), type_code="market", name="石桥（市场）", at=MIDDLE)
    assert [near.place for near in found] == [same_type, same_name]
