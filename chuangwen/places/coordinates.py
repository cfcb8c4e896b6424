"""Coordinate systems of Chinese maps: everything is kept in WGS-84, the others exist at import and display alone.

Called by importers, forms and the map. No Django. Points are (longitude, latitude) in degrees.

GCJ-02 is WGS-84 with a displacement of some hundred metres that was never published; what stands here is the
approximation that open map software has used since 2010 (reference points: the projects eviltransform and
coordtransform). BD-09 turns and shifts GCJ-02 once more. Both inverses are found by iteration, to a millimetre.
"""

import math
from collections.abc import Callable
from enum import StrEnum

Point = tuple[float, float]

# The ellipsoid of Krassovsky, on which the displacement is reckoned: semi-major axis in metres, squared eccentricity.
AXIS, ECCENTRICITY = 6378245.0, 0.00669342162296594323
# Where the displacement applies: west, south, east, north.
CHINA = (72.004, 0.8293, 137.8347, 55.8271)
BAIDU = math.pi * 3000 / 180
MILLIMETRE = 1e-8


class CoordinateSystem(StrEnum):
    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def _in_china(lon: float, lat: float) -> bool:
    west, south, east, north = CHINA
    return west <= lon <= east and south <= lat <= north


def wgs84_to_gcj02(lon: float, lat: float) -> Point:
    """Outside China's rectangle a point stays where it is."""
    if not _in_china(lon, lat):
        return lon, lat
    x, y = lon - 105.0, lat - 35.0
    ripple = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + ripple
    north += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + ripple
    east += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    phi = math.radians(lat)
    root = 1 - ECCENTRICITY * math.sin(phi) ** 2
    meridian = AXIS * (1 - ECCENTRICITY) / (root * math.sqrt(root))
    parallel = AXIS / math.sqrt(root) * math.cos(phi)
    return lon + math.degrees(east / parallel), lat + math.degrees(north / meridian)


def gcj02_to_bd09(lon: float, lat: float) -> Point:
    reach = math.hypot(lon, lat) + 0.00002 * math.sin(lat * BAIDU)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * BAIDU)
    return reach * math.cos(angle) + 0.0065, reach * math.sin(angle) + 0.006


def _inverse(forward: Callable[[float, float], Point], lon: float, lat: float) -> Point:
    """The point that `forward` sends to (lon, lat): the displacement changes so slowly that each step is a hundred
    times nearer.
    """
    guess = (lon, lat)
    for _step in range(20):
        there = forward(*guess)
        off = (there[0] - lon, there[1] - lat)
        guess = (guess[0] - off[0], guess[1] - off[1])
        if max(abs(off[0]), abs(off[1])) < MILLIMETRE / 10:
            break
    return guess


def gcj02_to_wgs84(lon: float, lat: float) -> Point:
    if not _in_china(lon, lat):
        return lon, lat
    return _inverse(wgs84_to_gcj02, lon, lat)


def bd09_to_gcj02(lon: float, lat: float) -> Point:
    return _inverse(gcj02_to_bd09, lon, lat)


def to_wgs84(system: CoordinateSystem, lon: float, lat: float) -> Point:
    if system == CoordinateSystem.WGS84:
        return lon, lat
    if system == CoordinateSystem.BD09:
        lon, lat = bd09_to_gcj02(lon, lat)
    return gcj02_to_wgs84(lon, lat)


def from_wgs84(system: CoordinateSystem, lon: float, lat: float) -> Point:
    if system == CoordinateSystem.WGS84:
        return lon, lat
    found = wgs84_to_gcj02(lon, lat)
    return gcj02_to_bd09(*found) if system == CoordinateSystem.BD09 else found
