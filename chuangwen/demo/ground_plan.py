"""The plan of the invented city: outline, districts, river, lakes, greens, streets and lanes, drawn by hand in metres.

Called by demo/ground.py. Metres count from the city's centre to the east and to the north; `lonlat` turns them into
degrees of WGS-84. Everything here is pure and comes out the same each time.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy
import shapely
from shapely import ops
from shapely.affinity import rotate, scale, translate
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

Spot = tuple[float, float]
CENTRE = (111.69, 29.03)
# Metres of a degree at the centre, on WGS-84.
EAST_METRES, NORTH_METRES = 97_425.0, 110_841.0

OUTLINE: Sequence[Spot] = (
    (-14200, -2600), (-13600, 1800), (-12100, 4700), (-11400, 7600), (-8300, 9300), (-4600, 9700), (-1500, 10600),
    (2400, 10100), (5600, 10700), (9100, 9200), (10800, 6700), (13600, 5400), (14400, 2100), (13300, -1400),
    (12700, -4300), (9900, -6500), (8200, -9100), (4300, -9900), (600, -9200), (-3400, -10300), (-7200, -9500),
    (-9700, -7300), (-12600, -6200),
)  # fmt: skip
RIVER: Sequence[Spot] = (
    (-15500, -4300), (-11500, -3300), (-7600, -2100), (-4400, -1650), (-1500, -2250), (1500, -1850), (4300, -450),
    (7600, 550), (11500, 900), (15500, 2300),
)  # fmt: skip
RIVER_WIDTH = 420.0
# From the river up to the north: 望山区 lies west of it, 临江区 east.
DIVIDE: Sequence[Spot] = ((-2250, -2600), (-2150, 300), (-2000, 3000), (-2350, 6000), (-2900, 11500))

STREETS: dict[str, Sequence[Spot]] = {
    "安澜大道": ((-11200, -1000), (-5600, -420), (-600, 250), (4600, 1450), (12600, 3600)),
    "望山路": ((-10300, 1850), (-5600, 1900), (-800, 2120), (3400, 2750), (8200, 4000)),
    "中山路": ((-7900, 780), (-3050, 900), (600, 1180), (4780, 2080), (7700, 2900)),
    "文昌路": ((-8000, 4250), (-3100, 4150), (1950, 4450), (7600, 5300)),
    "书院街": ((-3100, 3050), (-950, 3080), (1960, 3300), (4700, 3700)),
    "北环路": ((-10300, 6650), (-4000, 6750), (2000, 6950), (9200, 7600)),
    "滨江路": (
        (-10900, -2500), (-7500, -1500), (-4400, -1080), (-1450, -1620), (1300, -1250), (4000, 100), (7500, 1100),
    ),
    "南门街": ((-3000, -4300), (150, -3950), (3550, -3350), (6300, -2250), (8900, -1500)),
    "东浦大道": ((-9200, -6250), (-3000, -5950), (2600, -5350), (6700, -4350), (12000, -2700)),
    "湖光路": ((-6000, -8050), (280, -7750), (4000, -7050), (7200, -6300)),
    "江南路": ((-7200, -3150), (-4400, -2600), (-1500, -3050), (1700, -2650), (4600, -1250), (7800, -250), (11200, 50)),
    "文庙路": ((-1100, 6900), (-980, 4200), (-800, 2120), (-560, 250), (-330, -2000), (130, -3950), (320, -7740)),
    "学府路": ((1950, 6950), (1950, 4450), (2180, 2550), (2480, 880), (3000, -1000), (3550, -3350), (4000, -7050)),
    "柳堤路": ((-3250, 6750), (-3100, 4150), (-3070, 2000), (-3030, 0), (-3050, -1250)),
    "人民路": ((480, 6900), (500, 4350), (560, 2230), (780, 540), (850, -1420)),
    "桥口路": ((4720, 7180), (4680, 4750), (4760, 3100), (4850, 1500), (5050, 450)),
    "望山大街": ((-5800, 6720), (-5650, 4200), (-5600, 1900), (-5600, -420), (-5750, -1150)),
    "西门路": ((-8050, 6700), (-7980, 4250), (-7900, 1860), (-7850, -660)),
    "迎宾大道": ((7650, 7450), (7600, 5300), (7750, 3850), (8000, 2300), (8300, 640), (8800, -1520), (9300, -3500)),
    "青年路": ((3350, 7050), (3300, 4650), (3400, 2750), (3600, 1180), (3750, 0)),
    "科技路": ((6200, -2300), (6500, -4400), (7100, -6320)),
    "兴浦路": ((-3000, -4300), (-2950, -5950), (-2800, -7950)),
    "船厂路": ((-5700, -2900), (-5900, -6050), (-5950, -8050)),
    "学堂街": ((-5650, 3000), (-4300, 2980), (-3100, 3050)),
    "莲湖路": ((1880, -2640), (1900, -5450), (2050, -7500)),
    "钟楼街": ((-780, 2000), (-100, 1750), (640, 1700)),
}  # fmt: skip

# name, middle, half length, half width, degrees turned
LAKES = (("莲湖", (-450, -6700), 620, 380, 12.0), ("镜湖", (6150, 4700), 520, 330, -20.0))
GREENS = (
    ("望山森林公园", (-10000, 4500), 1150, 1900, 18.0),
    ("望山公园", (-6800, 3050), 620, 480, 4.0),
    ("镜湖公园", (6150, 4700), 780, 560, -20.0),
    ("莲湖公园", (-450, -6700), 880, 620, 12.0),
    ("文庙公园", (-1650, 3620), 330, 300, 0.0),
    ("东浦湿地公园", (9700, -900), 900, 420, -14.0),
    ("烈士陵园", (1250, 5700), 380, 420, 3.0),
    ("体育公园", (-4400, 5450), 560, 520, 2.0),
)
EMBANKMENT = "澜江风光带"


@dataclass(frozen=True)
class Way:
    """A street or lane, in metres."""

    name: str
    line: LineString
    lane: bool = False


def lonlat(found: BaseGeometry) -> BaseGeometry:
    """The same in degrees."""
    return shapely.transform(
        found,
        lambda spots: numpy.column_stack(
            (CENTRE[0] + spots[:, 0] / EAST_METRES, CENTRE[1] + spots[:, 1] / NORTH_METRES)
        ),
    )


def curve(spots: Sequence[Spot], steps: int = 6) -> list[Spot]:
    """A smooth line through the spots (Catmull and Rom's)."""
    ends = [spots[0], *spots, spots[-1]]
    drawn: list[Spot] = []
    for before, start, end, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for step in range(steps):
            t = step / steps
            drawn.append(
                (
                    _between(t, before[0], start[0], end[0], after[0]),
                    _between(t, before[1], start[1], end[1], after[1]),
                )
            )
    return [*drawn, spots[-1]]


def _between(t: float, before: float, start: float, end: float, after: float) -> float:
    pull = 2 * before - 5 * start + 4 * end - after
    turn = 3 * start - 3 * end + after - before
    return 0.5 * (2 * start + (end - before) * t + pull * t * t + turn * t**3)


@lru_cache(maxsize=1)
def city() -> Polygon:
    return Polygon(curve([*OUTLINE, OUTLINE[0]], 4)).buffer(0)


@lru_cache(maxsize=1)
def river() -> BaseGeometry:
    return LineString(curve(RIVER)).buffer(RIVER_WIDTH / 2, quad_segs=4).intersection(city())


def oval(middle: Spot, long: float, wide: float, turned: float) -> Polygon:
    """A rounded patch whose shore is not quite an ellipse."""
    spots = []
    for step in range(28):
        angle = math.tau * step / 28
        swell = 1 + 0.09 * math.sin(3 * angle + long) + 0.05 * math.sin(5 * angle)
        spots.append((math.cos(angle) * swell, math.sin(angle) * swell))
    return translate(rotate(scale(Polygon(spots), long, wide), turned), *middle)


def lakes() -> dict[str, BaseGeometry]:
    return {name: oval(middle, long, wide, turned) for name, middle, long, wide, turned in LAKES}


def greens() -> dict[str, BaseGeometry]:
    """Parks without the water in them, and the strip along the river's north bank."""
    water = shapely.union_all([river(), *lakes().values()])
    found = {name: oval(middle, long, wide, turned).difference(water) for name, middle, long, wide, turned in GREENS}
    bank = LineString(curve(RIVER[3:7])).buffer(RIVER_WIDTH / 2 + 130, cap_style="flat")
    found[EMBANKMENT] = max(_parts(bank.intersection(_halves()[0]).difference(water)), key=lambda part: part.area)
    return {name: part.simplify(4) for name, part in found.items()}


def _parts(found: BaseGeometry) -> list[BaseGeometry]:
    return list(getattr(found, "geoms", [found]))


@lru_cache(maxsize=1)
def _halves() -> tuple[BaseGeometry, BaseGeometry]:
    """The city north and south of the river's middle."""
    pieces = _parts(ops.split(city(), LineString(curve(RIVER))))
    north = max(pieces, key=lambda piece: piece.centroid.y)
    return north, min(pieces, key=lambda piece: piece.centroid.y)


@lru_cache(maxsize=1)
def districts() -> dict[str, BaseGeometry]:
    """By the code of the unit that is the district."""
    north, south = _halves()
    pieces = _parts(ops.split(north, LineString(curve(DIVIDE))))
    west, east = sorted(pieces, key=lambda piece: piece.centroid.x)
    return {"linjiang": east, "wangshan": west, "dongpu": south}


@lru_cache(maxsize=1)
def streets() -> list[Way]:
    return [Way(name, LineString(curve(spots))) for name, spots in STREETS.items()]


NUMBERS = "一二三四五六七八九"


def numbered(number: int) -> str:
    """1 → 一, 12 → 十二; up to 99."""
    tens, ones = divmod(number, 10)
    ten = "十" if tens == 1 else f"{NUMBERS[tens - 1]}十" if tens else ""
    return ten + (NUMBERS[ones - 1] if ones else "")


@lru_cache(maxsize=1)
def lanes() -> list[Way]:
    """Lanes at right angles to the streets of the centre, from one street to the next."""
    grown: list[Way] = []
    dry = shapely.union_all([river(), *lakes().values(), *greens().values()]).buffer(30)
    shapely.prepare(dry)
    for street in streets():
        others = shapely.union_all([other.line for other in streets() if other is not street])
        count = 0
        for line in _grown(street.line):
            cut = _until(line, others)
            if cut is None or dry.intersects(cut) or any(cut.distance(way.line) < 90 for way in grown):
                continue
            count += 1
            grown.append(Way(f"{street.name}{numbered(count)}巷", cut, lane=True))
    return grown


def _grown(line: LineString) -> Iterator[LineString]:
    """Candidates for lanes: every 310 m to both sides, bent a little."""
    for along in range(180, int(line.length) - 150, 310):
        start, ahead = line.interpolate(along), line.interpolate(along + 20)
        if math.hypot(start.x, start.y) > 6800:
            continue
        east, north = (ahead.x - start.x) / 20, (ahead.y - start.y) / 20
        for side in (1, -1):
            across = (-north * side, east * side)
            bend = ((along // 310) % 5 - 2) * 9
            yield LineString(
                [
                    (start.x, start.y),
                    (start.x + across[0] * 420 + east * bend, start.y + across[1] * 420 + north * bend),
                    (start.x + across[0] * 1500, start.y + across[1] * 1500),
                ]
            )


def _until(line: LineString, others: BaseGeometry) -> LineString | None:
    """The line up to the next street; None where that is too near or too far."""
    met = line.intersection(others)
    if met.is_empty:
        return None
    reach = min(line.project(spot) for spot in _parts(met) if isinstance(spot, shapely.Point))
    return _piece(line, 0, reach) if 220 <= reach <= 1300 else None


def _piece(line: LineString, start: float, end: float) -> LineString:
    return LineString(ops.substring(line, start, end).coords)


@dataclass(frozen=True)
class Crossing:
    """Where two streets meet."""

    one: str
    other: str
    spot: Spot


@lru_cache(maxsize=1)
def crossings() -> list[Crossing]:
    found: list[Crossing] = []
    ways = streets()
    for index, one in enumerate(ways):
        for other in ways[index + 1 :]:
            met = one.line.intersection(other.line)
            if isinstance(met, shapely.Point) and not met.is_empty:
                found.append(Crossing(one.name, other.name, (met.x, met.y)))
    return sorted(found, key=lambda crossing: math.hypot(*crossing.spot))


def segments(way: Way) -> list[tuple[str, LineString]]:
    """A street cut at its crossings, each piece named by the two streets between which it runs."""
    marks = sorted(
        (way.line.project(shapely.Point(each.spot)), each.other if each.one == way.name else each.one)
        for each in crossings()
        if way.name in {each.one, each.other}
    )
    return [
        (f"{way.name}（{first}至{second}段）", _piece(way.line, start, end))
        for (start, first), (end, second) in pairwise(marks)
        if end - start > 300
    ]
