"""What the demo city does in rounds: lottery shops near schools, a leader's reception day, groups that supervise.

Called by `city` after `cases`. Everything goes through the services at the moment at which it would have happened.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from chuangwen.cases import gathering, services, supervision
from chuangwen.cases.models import Case, CaseCategory
from chuangwen.cases.services import Campaign, Given, Matter, PlaceGiven, ReporterGiven
from chuangwen.core import clock
from chuangwen.people import services as people
from chuangwen.people.access import Viewer
from chuangwen.people.models import Unit
from chuangwen.places import services as places
from chuangwen.places.models import Place, PlaceType

# Name, metres east and north of the school near which it lies, and which of the schools.
SHOPS = (
    ("文庙路福彩店", 70, 40, "安澜市实验小学"),
    ("文庙路体彩店", -90, 110, "安澜市实验小学"),
    ("学宫巷福彩店", 120, -130, "安澜市实验小学"),
    ("学府路福彩店", 60, 80, "安澜市第二小学"),
    ("学府路体彩店", -150, 30, "安澜市第二小学"),
    ("书院街福彩店", 20, -170, "安澜市第二小学"),
    ("迎春路体彩店", 260, 240, "安澜市第二小学"),
)
METRES_OF_LAT, METRES_OF_LON = 110_830.0, 97_370.0
NOTICE = "学校周边 200 米内的彩票店，月底前搬离或停止销售。福彩店由民政局、体彩店由教育局牵头；办完写明结果。"
MATTERS = (
    ("老旧小区加装电梯，低层住户有意见", 6, "anlan-urban", "dispute_matter", True),
    ("企业改制时工龄认定问题", 2, "anlan-civil-affairs", "grievance", False),
    ("沿街商铺噪声扰民", 3, "wenmiao-street", "grievance", False),
)
GROUPS = (("anlan-watch-1", "督导一组", "anlan-urban"), ("anlan-watch-2", "督导二组", "linjiang"))


def build(operator: Viewer, viewers: Mapping[str, Viewer], units: Mapping[str, Unit], today: date) -> None:
    shops = _shops(operator, units)
    _lottery(viewers, units, shops, today)
    _reception(viewers, units, today)
    _supervision(operator, viewers, units, today)


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    """The moment, or a little before now where that is later."""
    moment = timezone.make_aware(datetime.combine(day, time(hour, minute)))
    return min(moment, clock.now() - timedelta(minutes=20))


def _shops(operator: Viewer, units: Mapping[str, Unit]) -> list[Place]:
    schools = {row.name: row for row in Place.objects.filter(type="school")}
    kind = PlaceType.objects.get(pk="lottery_shop")
    made = []
    for name, east, north, school in SHOPS:
        at = schools[school]
        lon, lat = at.lon + east / METRES_OF_LON, at.lat + north / METRES_OF_LAT
        written = {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]}
        made.append(
            places.add_place(operator, unit=units["linjiang"], place_type=kind, name=name, written=written)
        )  # fmt: skip
    return made


def _lottery(
    viewers: Mapping[str, Viewer], units: Mapping[str, Unit], shops: list[Place], today: date
) -> None:  # fmt: skip
    """The campaign, ten days on: the civil affairs bureau has half of it done, the education bureau one."""
    office, begun = viewers["office"], today - timedelta(days=10)
    category = CaseCategory.objects.get(pk="lottery_near_school")
    with clock.held_at(_at(begun, 9, 30)):
        found = gathering.found(
            office,
            gathering.Asked(shops[0].type, PlaceType.objects.get(pk="school"), gathering.METRES, category),
        )
        owners = {"福彩": units["anlan-civil-affairs"], "体彩": units["anlan-education"]}
        rows = [PlaceGiven(row.place, owners["体彩" if "体彩" in row.place.name else "福彩"]) for row in found]
        campaign = Campaign(
            uid=uuid5(NAMESPACE_URL, "demo-lottery"), unit=units["anlan"], title="学校周边彩票店清退", text=NOTICE,
            category=category, rows=rows, until=_at_end(today + timedelta(days=6)),
        )  # fmt: skip
        done = services.open_for_places(office, campaign)
    civil = [case for case in done.made if case.lead == units["anlan-civil-affairs"]]
    for number, case in enumerate(civil[:3]):
        with clock.held_at(_at(begun + timedelta(days=3 + number), 10)):
            services.move(viewers["civil-clerk"], uid=case.uid, verb="fix", given=Given(reason="已搬离，店面腾空"))
        if number < 2:
            with clock.held_at(_at(begun + timedelta(days=4 + number), 15)):
                services.move(office, uid=case.uid, verb="verify", given=Given(reason="现场看过，已搬离"))


def _at_end(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(17, 30)))


def _reception(viewers: Mapping[str, Viewer], units: Mapping[str, Unit], today: date) -> None:
    """Three matters of one morning; one is settled."""
    office, leader, day = viewers["office"], viewers["leader"].person, today - timedelta(days=6)
    made: list[Case] = []
    for number, (title, heads, lead, category, repeated) in enumerate(MATTERS):
        with clock.held_at(_at(day, 9, 5 + 20 * number)):
            matter = Matter(
                uid=uuid5(NAMESPACE_URL, f"demo-matter:{number}"), unit=units["anlan"], received_by=leader, day=day,
                title=title, text="来访人当面反映，愿意配合协调。", heads=heads, repeated=repeated,
                reporter=ReporterGiven("来访人", f"0736-500000{number}"),
                category=CaseCategory.objects.get(pk=category), leader=leader, lead=units[lead],
            )  # fmt: skip
            made.append(services.receive(office, matter).case)
    with clock.held_at(_at(day + timedelta(days=3), 16)):
        services.move(
            viewers["urban-head"], uid=made[0].uid, verb="fix", given=Given(reason="与各户谈妥，已签意见书")
        )  # fmt: skip
    with clock.held_at(_at(day + timedelta(days=4), 10)):
        services.move(office, uid=made[0].uid, verb="verify", given=Given(reason="回访来访人，满意"))


def _supervision(operator: Viewer, viewers: Mapping[str, Viewer], units: Mapping[str, Unit], today: date) -> None:
    """Two groups, one over a bureau, one over a district; some visits of the last days."""
    office, walker = viewers["office"], viewers["supervisor"]
    for code, name, over in GROUPS:
        group = people.found_group(
            operator, parent=units["anlan"], code=code, name=name, name_en="", kind="working_group",
            remit="看现场，催办，核验。", founded_on=date(2026, 1, 12),
        )  # fmt: skip
        services.watch(office, group=group, over=units[over], since=today - timedelta(days=30))
    area = Place.objects.filter(type="district_area", name="东浦新区").first()
    if area:
        services.watch(office, group=group, area=area, since=today - timedelta(days=30))
    listed = supervision.to_visit(walker, [row.unit for row in supervision.groups(office)])
    for number, case in enumerate(listed[: len(listed) // 3]):
        with clock.held_at(max(_at(today - timedelta(days=number % 9), 10), case.received_at + timedelta(minutes=5))):
            services.move(walker, uid=case.uid, verb="visit", given=Given(reason="到现场看过，已提醒责任单位"))
