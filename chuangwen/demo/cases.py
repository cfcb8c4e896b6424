"""The cases of the demo city: what was found in the last weeks, handed over, fixed, sent back, overdue or disputed.

Called by `city`. Every case goes through the services at the moment at which it would have happened; the same seed and
day give the same cases. The photos are drawn: the same spot before and after.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone
from PIL import ImageDraw

from chuangwen.cases import services
from chuangwen.cases.models import Case, CaseCategory, Channel
from chuangwen.cases.services import Given, Opening, PartGiven
from chuangwen.core import clock
from chuangwen.demo.photos import BINS, DARK, PAVEMENT, scene
from chuangwen.evidence import services as evidence
from chuangwen.evidence.models import Evidence
from chuangwen.people.access import Viewer
from chuangwen.people.models import Unit
from chuangwen.places.models import Place

SEED = 20261124
SIZE = (640, 480)
FULL = 240
# What the way of a case from today may take; one that began later began yesterday.
ROOM = timedelta(hours=6)


@dataclass(frozen=True)
class Sort:
    """A thing that is found often: its category, words, the types of place where it is, who answers for it."""

    category: str
    title: str
    places: tuple[str, ...]
    lead: str
    done: str
    weight: int = 2


SORTS = (
    Sort("bicycle_parking", "盲道被共享单车占用", ("trunk_road", "crossing"), "anlan-urban", "清走单车，停入停车框", 6),
    Sort(
        "small_adverts",
        "墙面杆件有小广告",
        ("trunk_road", "residential_area", "back_lane"),
        "anlan-urban",
        "全部清除",
        8,
    ),
    Sort(
        "exposed_rubbish",
        "垃圾堆放未清",
        ("market", "back_lane", "residential_area"),
        "anlan-urban",
        "清运干净并冲洗",
        5,
    ),
    Sort("street_stalls", "占道摆摊", ("market", "trunk_road"), "anlan-urban", "劝离，引导到便民点", 4),
    Sort("faded_publicity", "公益广告褪色", ("square", "park", "trunk_road"), "anlan-urban", "已更换", 3),
    Sort("traffic_manners", "电动车逆行多发", ("crossing",), "demo-brigade", "增派岗点，增设标识", 3),
    Sort("car_parking", "人行道停放机动车", ("trunk_road", "hospital"), "demo-brigade", "已劝离并处罚", 3),
    Sort("stairway_heaps", "楼道堆放杂物", ("residential_area",), "liudi", "入户劝导，已清空", 4),
    Sort("charging_wires", "飞线充电", ("residential_area",), "liudi", "拆除飞线，引导到充电桩", 2),
    Sort("dead_corner", "院墙角落无人打扫", ("residential_area", "back_lane"), "wenmiao-street", "清理，落实责任人", 3),
    Sort("public_toilet", "公厕缺洗手液", ("public_toilet", "square", "park"), "wenmiao-street", "已补齐", 2),
    Sort("railing", "护栏缺损", ("crossing", "trunk_road"), "demo-brigade", "已补装", 2),
)
# How a case went: weight, and how far it came.
WAYS = (
    (30, "closed"), (8, "closed_late"), (5, "reworked"), (4, "reopened"), (12, "working"), (8, "overdue"),
    (9, "fixed"), (7, "sent"), (6, "filed"), (7, "received"), (3, "extension"), (2, "suspended"), (2, "disputed"),
    (2, "declined"),
)  # fmt: skip
CLERKS = {
    "anlan-urban": "urban-clerk",
    "demo-brigade": "brigade-clerk",
    "wenmiao-street": "street-clerk",
    "liudi": "grid",
    "anlan-civil-affairs": "civil-clerk",
}


@dataclass
class Stage:
    """Who acts where, and the dice."""

    viewers: Mapping[str, Viewer]
    units: Mapping[str, Unit]
    today: date
    dice: Random
    places: Mapping[str, list[Place]]
    made: int = 0
    categories: Mapping[str, CaseCategory] = field(default_factory=dict)

    def at(self, day: date, hour: int, minute: int) -> datetime:
        return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def build(viewers: Mapping[str, Viewer], units: Mapping[str, Unit], today: date, *, size: str) -> int:
    """Some 90 cases, or 240 for the full size; returns how many."""
    places: dict[str, list[Place]] = {}
    for place in Place.objects.filter(closed_on__isnull=True).select_related("type").order_by("pk"):
        places.setdefault(place.type_id, []).append(place)
    categories = {row.code: row for row in CaseCategory.objects.all()}
    dice = Random(SEED)  # noqa: S311
    stage = Stage(viewers, units, today, dice, places, categories=categories)
    for _each in range(FULL if size == "full" else 90):
        _found(stage)
    _orders(stage)
    return stage.made


def _found(stage: Stage) -> None:
    """One thing is found and goes its way."""
    dice = stage.dice
    sort = dice.choices(SORTS, [each.weight for each in SORTS])[0]
    way = dice.choices([way for _weight, way in WAYS], [weight for weight, _way in WAYS])[0]
    place = dice.choice([place for code in sort.places for place in stage.places.get(code, [])] or [None])
    recent = way in {"sent", "filed", "received", "fixed"}
    day = stage.today - timedelta(days=dice.randint(0, 1) if recent else dice.randint(2, 45))
    begun = stage.at(day, dice.randint(7, 16), dice.randint(0, 59))
    if begun > clock.now() - ROOM:
        begun -= timedelta(days=1)
    who = dice.choice(("supervisor", "grid", "clerk", "urban-clerk", "office"))
    with clock.held_at(begun):
        case = _opened(stage, who, sort, place)
    Journey(stage, case, sort, begun).go(way)


def _opened(stage: Stage, who: str, sort: Sort, place: Place | None) -> Case:
    actor = stage.viewers[who]
    stage.made += 1
    hotline = who == "office" and stage.dice.random() < 0.6
    photos = [] if hotline else [_photo(stage, actor, after=False)]
    opening = Opening(
        uid=_uid(stage, "case"),
        kind="hotline" if hotline else "finding",
        title=sort.title,
        opened_for=actor.person.unit,
        place=place,
        address=place.address if place else "",
        channel=Channel.HOTLINE if hotline else Channel.STAFF,
        external=f"12345-{stage.today.year}{stage.made:05d}" if hotline else "",
        photos=photos,
    )
    return services.open_case(actor, opening).case


@dataclass
class Journey:
    """A case on its way: each step some hours after the one before, never after now."""

    stage: Stage
    case: Case
    sort: Sort
    at: datetime

    def move(self, who: str, verb: str, hours: float, **given: Any) -> None:
        """Nothing happens in the future: what would, has not happened yet."""
        self.at = min(self.at + timedelta(hours=hours), clock.now() - timedelta(seconds=1))
        with clock.held_at(self.at):
            actor = self.stage.viewers[who]
            self.case = services.move(actor, uid=self.case.uid, verb=verb, given=Given(**given))

    @property
    def clerk(self) -> str:
        return CLERKS[self.sort.lead]

    def go(self, way: str) -> None:
        if way == "received":
            return
        if way == "declined":
            self.move("office", "decline", 1, reason="同一事项已经在办，不再另立。")
            return
        self.move("office", "file", 0.5, category=self.stage.categories[self.sort.category])
        if way == "filed":
            return
        self._dispatch()
        if way != "sent":
            self.move(self.clerk, "accept", 1)
            getattr(self, f"_{way}")()

    def _dispatch(self) -> None:
        parts = []
        if self.stage.dice.random() < 0.15 and self.sort.lead != "wenmiao-street":
            parts = [PartGiven(self.stage.units["wenmiao-street"], "协助劝导，防止反复")]
        self.move("office", "dispatch", 0.4, lead=self.stage.units[self.sort.lead], parts=parts)

    def _fix(self, hours: float) -> None:
        actor = self.stage.viewers[self.clerk]
        with clock.held_at(min(self.at + timedelta(hours=hours), clock.now() - timedelta(seconds=1))):
            photos = [_photo(self.stage, actor, after=True)]
        self.move(self.clerk, "fix", hours, reason=self.sort.done, photos=photos)

    def _working(self) -> None:
        """Under way, with time left: the clock of the city gives it until tomorrow at least."""
        until = clock.now() + timedelta(days=self.stage.dice.randint(1, 4))
        with clock.held_at(self.at):
            self.case = services.move(
                self.stage.viewers["office"], uid=self.case.uid, verb="supervise",
                given=Given(reason="请按期办结", until=until),
            )  # fmt: skip

    def _overdue(self) -> None:
        self.move("supervisor", "press", 70, reason="已到期，请抓紧")

    def _fixed(self) -> None:
        self._fix(3)

    def _closed(self) -> None:
        self._fix(1.5)
        self.move("office", "verify", 3, reason="现场看过，整改到位")

    def _closed_late(self) -> None:
        self._fix(24 * 30)
        self.move("office", "verify", 5, reason="已整改，超期")

    def _reworked(self) -> None:
        self._fix(2)
        self.move("supervisor", "send_back", 2, reason="现场仍有，再清一遍")
        self._fix(5)
        self.move("office", "verify", 3, reason="第二次看，到位")

    def _reopened(self) -> None:
        self._closed()
        self.move("office", "reopen", 48, reason="回访时又出现了")

    def _extension(self) -> None:
        until = max(clock.now() + timedelta(days=3), self.at + timedelta(days=5))
        self._working()
        self.move(self.clerk, "ask_extension", 1, until=until, reason="材料未到，需延几天")

    def _suspended(self) -> None:
        self._extension_of("ask_suspension", "grant_suspension")

    def _extension_of(self, ask: str, grant: str) -> None:
        until = clock.now() + timedelta(days=20)
        self._working()
        self.move(self.clerk, ask, 1, until=until, reason="道路正在改造，完工后一并整改")
        self.move("office", grant, 3, reason="同意")

    def _disputed(self) -> None:
        other = "wenmiao-street" if self.sort.lead != "wenmiao-street" else "anlan-urban"
        self.move(self.clerk, "transfer", 2, lead=self.stage.units[other], reason="在他们的地界")
        self.move(CLERKS[other], "transfer", 2, lead=self.stage.units[self.sort.lead], reason="权属不在我处")
        self.move(self.clerk, "refuse", 2, reason="界限不清，请裁定")


def _orders(stage: Stage) -> None:
    """An order of the office to two bureaus, one of them past its day; an instruction after a visit."""
    office = stage.viewers["office"]
    for number, (kind, title, lead, days, left) in enumerate(ORDERS):
        begun = stage.at(stage.today - timedelta(days=days), 9, 10 + number)
        with clock.held_at(min(begun, clock.now() - timedelta(hours=1))):
            opening = Opening(
                uid=uuid5(NAMESPACE_URL, f"demo-order:{number}"),
                kind=kind,
                title=title,
                opened_for=office.person.unit,
                leader=stage.viewers["leader"].person,
            )
            until = stage.at(stage.today + timedelta(days=left), 17, 30)
            services.open_and_send(office, opening, lead=stage.units[lead], until=until)
        stage.made += 1


ORDERS = (
    ("order", "文庙路沿线小广告集中清除", "anlan-urban", 8, -2),
    ("order", "学校周边停车秩序整治", "demo-brigade", 3, 4),
    ("instruction", "现场调研指示：公益广告破损的一周内换完", "anlan-urban", 5, 2),
    ("task", "报送三季度创建工作小结", "anlan-education", 2, 6),
    ("milestone", "迎检准备：实地点位全部自查一遍", "wenmiao-street", 1, 12),
)


def _photo(stage: Stage, actor: Viewer, *, after: bool) -> Evidence:
    """Handed in at the moment that is held, its copies made at once."""
    number = stage.made * 2 + after
    row = evidence.hand_in(
        actor,
        unit=actor.person.unit,
        name=f"IMG_{stage.made:04d}{'b' if after else 'a'}.jpg",
        chunks=[_drawn(stage.made, after=after)],
        uid=_uid(stage, f"photo-{number}-{stage.dice.randint(0, 10**9)}"),
    )
    evidence.make_copies(row.uid)
    return row


def _drawn(number: int, *, after: bool) -> bytes:
    """A street with things lying about, or the same street without them."""
    image = scene(number).resize(SIZE)
    dice = Random(number)  # noqa: S311
    draw = ImageDraw.Draw(image)
    if after:
        draw.rectangle((0, 300, SIZE[0], SIZE[1]), fill=PAVEMENT)
        draw.rectangle((60, 380, 300, 450), outline=(250, 250, 250), width=5)
    else:
        for _each in range(9):
            left, top = dice.randint(20, 560), dice.randint(300, 430)
            draw.ellipse((left, top, left + dice.randint(24, 70), top + 40), fill=dice.choice((*BINS, DARK)))
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=82)
    return buffer.getvalue()


def _uid(stage: Stage, what: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"demo-case:{stage.made}:{what}")
