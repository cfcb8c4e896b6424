"""The sites of the invented city: what stands along its streets, of which type, and who answers for it. Pure.

Called by demo/ground.py. The choice is drawn with a seed of its own: the same number of sites is the same city.
"""

import math
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import shapely
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from chuangwen.demo import ground_plan as plan

SEED = 20260112
WINTER = (1101, 331)
SUMMER = (601, 930)


@dataclass(frozen=True)
class Site:
    """One place of the register, in metres. `lead` is the code of the unit that answers for it, "" for its district."""

    type: str
    name: str
    shape: BaseGeometry
    lead: str = ""
    address: str = ""
    season: tuple[int, int] | None = None


# type, how many in a thousand, its name after the street's, the unit that answers for it
KINDS = (
    ("restaurant", 110, "饭店", ""),
    ("pharmacy", 60, "药房", ""),
    ("bank", 55, "银行网点", ""),
    ("public_toilet", 70, "公厕", "anlan-urban"),
    ("bus_stop", 90, "公交站", ""),
    ("supermarket", 45, "超市", ""),
    ("hotel", 40, "宾馆", ""),
    ("community_office", 50, "社区居委会", ""),
    ("community_culture_centre", 30, "社区文化服务中心", ""),
    ("school", 30, "小学", "anlan-education"),
    ("minors_counselling", 10, "心理辅导站", "anlan-education"),
    ("market", 28, "集贸市场", ""),
    ("public_premises", 40, "理发店", ""),
    ("internet_cafe", 22, "网吧", ""),
    ("post_office", 16, "邮政所", ""),
    ("mobile_hall", 14, "移动营业厅", ""),
    ("telecom_hall", 12, "电信营业厅", ""),
    ("power_hall", 8, "供电营业厅", ""),
    ("water_hall", 8, "供水营业厅", ""),
    ("government_hall", 6, "便民服务大厅", ""),
    ("hospital", 12, "卫生院", ""),
    ("waste_transfer", 16, "垃圾中转站", "anlan-urban"),
    ("culture_facility", 12, "文化馆", ""),
    ("bookshop", 10, "书店", ""),
    ("cinema", 8, "影院", ""),
    ("rescue_station", 4, "救助点", "anlan-civil-affairs"),
    ("taxi", 8, "出租车候客点", ""),
)
# What a lane has too; the rest stands on streets.
IN_LANES = {"饭店", "公厕", "超市", "理发店", "社区居委会", "药房"}
SINGLE = (
    Site("square", "文庙广场", Polygon([(-640, 2210), (-420, 2230), (-410, 2420), (-630, 2410)]), "anlan-urban"),
    Site("square", "江滩广场", Polygon([(-180, -1240), (190, -1230), (180, -1390), (-170, -1400)]), "anlan-urban"),
    Site("railway_station", "安澜火车站", Point(5900, 7720), "", "北环路"),
    Site("coach_station", "安澜汽车总站", Point(7420, 5080), "", "迎宾大道"),
    Site("school", "安澜市实验小学", Point(-900, 2930), "demo-primary", "文庙路 118 号"),
    Site("school", "安澜市第二小学", Point(2080, 4160), "demo-second-primary", "学府路 52 号"),
    Site("hospital", "安澜市康宁医院", Point(640, 3560), "demo-hospital", "人民路 77 号"),
    Site("patriotic_base", "革命烈士纪念碑", Point(1180, 5620), "anlan-civil-affairs", "北环路"),
    Site("government_hall", "市政务服务中心", Point(860, 1010), "", "中山路 6 号"),
)


def sites(count: int) -> list[Site]:
    """So many sites; the first ones are in every size."""
    dice = random.Random(SEED)  # noqa: S311
    found = [*SINGLE, *_parks(), *_lines(count)]
    found += _crossings(max(8, count // 16))
    found += _homes(dice, max(4, count // 20))
    found += _along(dice, count - len(found))
    return found[:count]


def _parks() -> Iterator[Site]:
    for name, shape in plan.greens().items():
        yield Site("park", name, shape, "anlan-urban", season=SUMMER if "江" in name else None)


def _lines(count: int) -> list[Site]:
    """Segments of the main streets between two crossings, and lanes."""
    near = sorted(
        (segment for way in plan.streets() for segment in plan.segments(way)),
        key=lambda segment: math.hypot(segment[1].centroid.x, segment[1].centroid.y),
    )
    roads = [
        Site("trunk_road", name, line, "anlan-urban", season=WINTER if index % 4 == 0 else None)
        for index, (name, line) in enumerate(near[: max(8, min(80, count // 12))])
    ]
    lanes = [Site("back_lane", way.name, way.line) for way in plan.lanes()[:: 15 if count < 400 else 2]]
    return roads + lanes


def _crossings(count: int) -> Iterator[Site]:
    for index, each in enumerate(plan.crossings()[:count]):
        name = f"{each.one}{each.other}路口"
        yield Site("crossing", name, Point(each.spot), "demo-brigade", f"{each.one}与{each.other}交叉口")
        if index % 3 == 0:
            east, north = each.spot
            yield Site("post", f"{name}岗", Point(east + 26, north + 22), "demo-brigade", f"{each.one}口")


def _homes(dice: random.Random, count: int) -> Iterator[Site]:
    """Residential areas beside the lanes, as quarters of a block."""
    words = ("花园", "家园", "小区", "新村", "苑")
    taken: list[BaseGeometry] = []
    ways = shapely.union_all([way.line for way in (*plan.streets(), *plan.lanes())]).buffer(12)
    lanes = list(plan.lanes())
    dice.shuffle(lanes)
    for index, way in enumerate(lanes):
        if len(taken) == count:
            return
        shape = _beside(way, 62, 34 + dice.random() * 22, dice.uniform(0.3, 0.6)).difference(ways)
        if shape.geom_type == "Polygon" and not any(shape.intersects(other) for other in taken):
            taken.append(shape)
            yield Site("residential_area", way.name.rstrip("巷") + words[index % len(words)], shape, address=way.name)


def _beside(way: plan.Way, away: float, wide: float, along: float) -> Polygon:
    here, ahead = (way.line.interpolate(way.line.length * along + step) for step in (0, 20))
    east, north = (ahead.x - here.x) / 20, (ahead.y - here.y) / 20
    middle = (here.x - north * away, here.y + east * away)
    corners = ((-75, -wide), (75, -wide), (75, wide), (-75, wide))
    return Polygon([(middle[0] + a * east - b * north, middle[1] + a * north + b * east) for a, b in corners])


def _along(dice: random.Random, count: int) -> Iterator[Site]:
    """Shops, offices and stops at the kerb, denser near the centre; no two at one spot."""
    streets, every = plan.streets(), [*plan.streets(), *plan.lanes()]
    kinds, shares = list(KINDS), [kind[1] for kind in KINDS]
    named: Counter[str] = Counter()
    taken: list[plan.Spot] = []
    river = plan.river().buffer(20)
    shapely.prepare(river)
    for _each in range(count):
        code, _share, word, lead = dice.choices(kinds, shares)[0]
        way, spot = _kerb(dice, every if word in IN_LANES else streets, taken, river)
        taken.append(spot)
        named[way.name + word] += 1
        number = named[way.name + word]
        name = f"{way.name}{word}" if number == 1 else f"{way.name}{plan.numbered(number)}号{word}"
        season = SUMMER if code == "market" and number % 2 else None
        yield Site(code, name, Point(spot), lead, f"{way.name} {dice.randint(1, 288)} 号", season)


def _kerb(
    dice: random.Random,
    ways: list[plan.Way],
    taken: list[plan.Spot],
    river: BaseGeometry,
) -> tuple[plan.Way, plan.Spot]:
    weights = [way.line.length / (3 if way.lane else 1) for way in ways]
    while True:
        way = dice.choices(ways, weights)[0]
        along = dice.uniform(30, way.line.length - 30)
        here, ahead = way.line.interpolate(along), way.line.interpolate(along + 10)
        off = dice.choice((-1, 1)) * (dice.uniform(18, 34) if not way.lane else dice.uniform(9, 16))
        east, north = (ahead.x - here.x) / 10, (ahead.y - here.y) / 10
        spot = (here.x - north * off, here.y + east * off)
        far = math.hypot(*spot)
        if dice.random() > 1.25 - far / 7500 or river.covers(Point(spot)):
            continue
        if all(abs(spot[0] - x) > 45 or abs(spot[1] - y) > 45 for x, y in taken):
            return way, spot
