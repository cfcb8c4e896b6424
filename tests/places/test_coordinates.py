"""GCJ-02 and BD-09 against points that others published, and back again.

The points are those that the open projects eviltransform (Shanghai, Shenzhen, Beijing) and coordtransform (Beijing)
give in their tests and documents. They are results of the same public approximation, printed to 1e-12 of a degree, so
that the source's own error is below a micrometre; how far the approximation itself is from the secret displacement,
nobody can publish (a few metres are told). Their own simple inverse of BD-09 is off by some centimetres.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.places.coordinates import (
    CoordinateSystem,
    bd09_to_gcj02,
    from_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    to_wgs84,
    wgs84_to_gcj02,
)
from chuangwen.places.geometry import metres_between_points

PUBLISHED = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
]
in_china = st.tuples(st.floats(75, 134), st.floats(18, 53))


@pytest.mark.parametrize(("wgs84", "gcj02"), PUBLISHED)
def test_published_points_are_met_within_a_metre_both_ways(
    wgs84: tuple[float, float], gcj02: tuple[float, float]
) -> None:
    assert metres_between_points(wgs84_to_gcj02(*wgs84), gcj02) < 0.001
    assert metres_between_points(gcj02_to_wgs84(*gcj02), wgs84) < 0.001


def test_published_points_of_baidu_are_met_within_a_metre_both_ways() -> None:
    assert metres_between_points(gcj02_to_bd09(116.404, 39.915), (116.41036949371029, 39.92133699351021)) < 0.001
    assert metres_between_points(bd09_to_gcj02(116.404, 39.915), (116.39762729119315, 39.90865673957631)) < 0.1


@given(in_china)
def test_there_and_back_again_is_the_same_point(at: tuple[float, float]) -> None:
    for system in CoordinateSystem:
        assert metres_between_points(to_wgs84(system, *from_wgs84(system, *at)), at) < 0.01


@given(in_china)
def test_the_displacement_is_less_than_a_kilometre(at: tuple[float, float]) -> None:
    assert metres_between_points(wgs84_to_gcj02(*at), at) < 1000


def test_outside_china_nothing_is_displaced() -> None:
    assert wgs84_to_gcj02(2.35, 48.85) == (2.35, 48.85)
    assert gcj02_to_wgs84(139.77, 35.68) == (139.77, 35.68)
