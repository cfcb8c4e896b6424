"""The example workbooks of a traffic brigade: posts, duty, supervision, activities, what came of them.

Run as `python -m chuangwen.demo.brigade_workbooks FOLDER`; its output is committed under `reference/examples`. The
68 posts, 7 teams, 3 supervision groups over 3 squadrons, 3 bands, the meeting on 19 June and the training day on 9
August are those of the brigade's report; all other numbers, the roads and the city are made. What always holds:
the same seed gives the same bytes, every total is exact, and no officer has a name.
"""

import datetime as dt
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from chuangwen.core.tabular.writing import SheetToWrite
from chuangwen.demo import workbook_parts as parts
from chuangwen.demo.workbook_parts import Result, Row, Told

BRIGADE = "交警市区一大队"
PREFIX = "traffic-brigade"
SEED = 20260809
CREATED = dt.datetime(2026, 11, 16, 8, 0)  # noqa: DTZ001 - file metadata has no zone
SQUADRONS = {"一中队": "demo-brigade-s1", "二中队": "demo-brigade-s2", "三中队": "demo-brigade-s3"}

# Each squadron's streets: every street of the first list crosses every one of the second; then single places.
STREETS = {
    "一中队": (
        "学府路 文庙路 桥口街",
        "长宁街 柳堤路 听雨街 青禾路 南屏街 望江路 竹溪街",
        "实验小学门前 柳堤公园南门 文庙广场东侧",
    ),
    "二中队": (
        "临江大道 安顺路 惠民路",
        "石桥街 白鹭路 新圩街 广济街 枫林路 水门街 长堤路",
        "汽车客运站出口 临江农贸市场门前",
    ),
    "三中队": ("望山路 康宁路 工农街", "梅园路 北塘街 松岗路 东园街 砚池街 马头街 云梯路", ""),
}
TEAMS = ["一中队", "一中队", "二中队", "二中队", "三中队", "三中队", BRIGADE]
# Each group looks at one squadron that is not its own number's, and how many of its posts it reached, how often.
GROUPS = {
    "第一督导检查组": ("二中队", 21, 36),
    "第二督导检查组": ("一中队", 22, 36),
    "第三督导检查组": ("三中队", 18, 30),
}
OWN_OFFICERS = {BRIGADE: 14, "一中队": 34, "二中队": 32, "三中队": 30}
COMMAND = ["大队长", "教导员", "副大队长", "副大队长", "综合股股长", "勤务股股长", "宣传股股长", "事故股股长"]
SUPPORT = {"市局支援民警": 18, "区局支援民警": 12, "支队支援民警": 15}

FIRST_DUTY, LAST_DUTY = dt.date(2026, 8, 10), dt.date(2026, 8, 23)
# Band: hours, how many are due at a post, how many shifts of the fortnight fell short.
BANDS = {"高峰": ("07:30-09:30", (2, 3), 6), "平峰": ("14:30-16:30", (1, 2), 9), "夜间": ("20:00-22:00", (1, 2), 21)}
EMPTY = 3  # Every so many of the short shifts had nobody at all.
SHORT_REMARKS = ["临时调往事故现场", "换班衔接脱节", "民警请假，未补位"]

SUNDAYS = parts.days_between(dt.date(2026, 6, 28), dt.date(2026, 11, 15), 7)
INCIDENTS = {"已处置": 873, "主动处置": 391, "发现": 22}
INCIDENT_REMARKS = {"已处置": "接报后处置", "主动处置": "巡查中主动处置", "发现": "已登记，处置结果未回填"}
VIOLATIONS = {"不礼让斑马线": 638, "不按道行驶": 574, "违法停车": 1127, "机动车闯红灯": 283}
CAMPAIGN_SHARE = 3  # One violation in so many was found in a campaign.
HAZARDS = {"已处置": 139, "发现": 7}
HAZARD_REMARKS = ["路口标线磨损", "信号灯被树枝遮挡", "隔离护栏缺损", "路灯不亮", "井盖松动", "警示牌被遮挡"]
FOUND_BY_GROUPS = {"已处置": 54, "发现": 4}
GROUP_REMARKS = ["交接班记录不全", "岗位装备未带齐", "着装不规范", "指挥手势不标准", "站位偏离岗点"]
LEAFLETS, AUDIENCE, POSTS_ONLINE = 6850, 4326, 86
TRAINED = ["到"] * 42 + ["迟到"] * 2 + ["请假"]
SIGNED_MEETINGS = ("H01", "H03", "H05")
NOTES = [
    "示例数据。执勤岗点68个、机动应急队7支、督导检查组3个、中队3个、时段3个，6月19日的会议和8月9日的培训，"
    "与大队工作报告一致；其余数字为编制。",
    "城市、道路和单位名称为虚构。民警只用代码和职务，不写姓名。",
    "“单位”填中队或大队的名称；“处置”填发现、已处置或主动处置；“照片”填本单位留存的张数。",
    "成效按周汇总登记的，日期填该周星期日；集中行动和宣传活动的成效填活动编号。",
]

TOLD = {
    "H01": Told(
        "会议传达四级联建的工作要求，把执勤、督导、宣传三项工作分到各中队，当场明确牵头人和完成时限。",
        photos=3,
    ),
    "H02": Told(
        "各中队带着踏勘记录逐点核对，合并相距过近的岗点，定下每个岗点的站位和职责。核对后的岗点表当周发到各中队。"
    ),
    "H04": Told(photos=2),
    "X01": Told(
        "上午由业务骨干讲解岗点分布、指挥手势和常见违法行为的处置要求，下午到路口分组实操。"
        "当天请假的，由所在中队另行补训。",
        photos=8,
        target=45,
    ),
    "C01": Told(
        "民警与志愿者在斑马线两侧分组，一组向驾驶人讲解礼让规定，一组引导行人按信号过街。"
        "活动后，志愿者把行人提出的意见整理成表，交中队办理。",
        photos=6,
    ),
    "C03": Told(photos=3),
    "C04": Told(
        "民警与家长志愿者划出临时落客区，引导送学车辆即停即走。上学时段结束后，双方商定此后由志愿者值守落客区。",
        photos=5,
    ),
    "C06": Told(
        "民警在市场出入口与摊主逐户沟通，请送货车辆避开早市时段，志愿者在现场帮助摆正占道的非机动车。",
        photos=4,
    ),
    "Z01": Told(
        "行动前在片区各出入口同时设卡，入口与出口互通车辆信息，驶离车辆在出口接受检查。"
        "对首次轻微违法的驾驶人，当场讲明规定后放行。",
        photos=4,
    ),
    "Z03": Told(
        "机动应急队在路段前方分流，中队在后方收口，把违法停车和逆行的车辆留在路段内逐一处理。"
        "处理结束后，中队留人值守，防止再次乱停。",
        photos=5,
    ),
    "Z05": Told(
        "各中队按路段分段包干，同向推进，对人行道和盲道上的违法停车逐辆登记。"
        "能联系到车主的先通知驶离，不驶离的依法处理。",
        photos=3,
    ),
}
ACTIVITIES = parts.activities(
    """
    H01 2026-06-19 15:00-16:30 会议 四级联建工作要求传达部署会 大队会议室 大队长
    H02 2026-07-10 09:00-10:30 会议 执勤岗点设置碰头会 大队会议室 副大队长
    H03 2026-08-07 15:00-16:00 会议 支援民警编组部署会 大队会议室 教导员
    H04 2026-08-24 15:00-16:30 会议 岗点勤务小结会 大队会议室 大队长
    H05 2026-09-14 15:00-16:00 会议 隐患整改调度会 大队会议室 副大队长
    H06 2026-10-12 15:00-16:00 会议 宣传工作碰头会 大队会议室 教导员
    H07 2026-11-09 15:00-16:30 会议 勤务质量分析会 大队会议室 大队长
    X01 2026-08-09 08:30-17:30 培训 支援民警岗前培训 大队训练场 副大队长
    C01 2026-06-27 09:00-11:00 宣传活动 礼让斑马线宣传 柳堤公园南门 一中队民警
    C02 2026-07-18 18:30-20:30 宣传活动 车辆各行其道宣传 桥口街 一中队民警
    C03 2026-08-22 09:00-11:00 宣传活动 文明乘车宣传 汽车客运站出口 二中队民警
    C04 2026-09-01 07:20-08:20 宣传活动 开学交通安全宣传 实验小学门前 一中队民警
    C05 2026-09-26 09:00-11:00 宣传活动 礼让斑马线宣传 文庙广场东侧 宣传股民警
    C06 2026-10-17 08:00-10:00 宣传活动 非机动车安全宣传 临江农贸市场门前 二中队民警
    C07 2026-10-31 18:30-20:30 宣传活动 车辆各行其道宣传 工农街 三中队民警
    C08 2026-11-14 09:00-11:00 宣传活动 礼让斑马线宣传 柳堤公园南门 一中队民警
    Z01 2026-07-03 08:00-11:00 整治行动 围栏式交通违法整治 临江大道 大队长
    Z02 2026-07-17 15:00-18:00 整治行动 拉网式交通违法整治 文庙路 副大队长
    Z03 2026-08-14 19:30-22:30 整治行动 布袋式交通违法整治 望山路 大队长
    Z04 2026-08-28 08:00-11:00 整治行动 围栏式交通违法整治 安顺路 副大队长
    Z05 2026-09-11 16:00-19:00 整治行动 拉网式交通违法整治 学府路 副大队长
    Z06 2026-09-18 19:30-22:30 整治行动 布袋式交通违法整治 康宁路 大队长
    Z07 2026-10-09 08:00-11:00 整治行动 围栏式交通违法整治 惠民路 副大队长
    Z08 2026-10-23 15:00-18:00 整治行动 拉网式交通违法整治 桥口街 副大队长
    Z09 2026-11-06 19:30-22:30 整治行动 布袋式交通违法整治 工农街 大队长
    """,
    TOLD,
)


def posts() -> dict[str, list[tuple[str, str]]]:
    """squadron -> its posts with the street on which each stands."""
    found = {}
    for squadron, (streets, crossings, places) in STREETS.items():
        corners = [(f"{street}{other}口", street) for street in streets.split() for other in crossings.split()]
        found[squadron] = [*corners, *((place, place) for place in places.split())]
    return found


def officers() -> tuple[list[Row], dict[str, list[str]]]:
    """(rows of 人员名册, unit -> codes); those of other police offices stand under 支援."""
    rows: list[Row] = []
    codes: dict[str, list[str]] = {"支援": []}
    for number, (unit, count) in enumerate(OWN_OFFICERS.items()):
        codes[unit] = [f"j{number}{place:02d}" for place in range(1, count + 1)]
        for place, code in enumerate(codes[unit]):
            heads = COMMAND if unit == BRIGADE else [f"{unit}中队长", f"{unit}指导员"]
            title = heads[place] if place < len(heads) else "综合股民警" if unit == BRIGADE else f"{unit}民警"
            rows.append((unit, code, "", title))
    for title, count in SUPPORT.items():
        for _ in range(count):
            codes["支援"].append(f"y{len(codes['支援']) + 1:02d}")
            rows.append((BRIGADE, codes["支援"][-1], "", title))
    return rows, codes


def _duties() -> list[Row]:
    """Posts, teams and groups: unit, name, kind, place; the other columns do not apply to a brigade."""
    rows: list[Row] = []
    for squadron, own in posts().items():
        rows += [(squadron, name, "执勤岗点", place) for name, place in own]
    numbered = zip("一二三四五六七", TEAMS, strict=True)
    rows += [(unit, f"第{number}机动应急队", "机动应急队", "") for number, unit in numbered]
    return rows + [(BRIGADE, name, "督导检查", f"{squadron}辖区") for name, (squadron, _, _) in GROUPS.items()]


def _duty_log(chance: random.Random) -> list[Row]:
    names = [name for own in posts().values() for name, _ in own]
    due = {(name, band): chance.choice(numbers) for name in names for band, (_, numbers, _) in BANDS.items()}
    days = parts.days_between(FIRST_DUTY, LAST_DUTY)
    short: dict[tuple[dt.date, str, str], int] = {}
    for band, (_, _, count) in BANDS.items():
        fallen = chance.sample([(day, name, band) for day in days for name in names], count)
        short |= {key: place for place, key in enumerate(fallen)}
    rows: list[Row] = []
    for day in days:
        for name in names:
            for band, (hours, _, _) in BANDS.items():
                required, place = due[name, band], short.get((day, name, band))
                met = required if place is None else 0 if place % EMPTY == 0 else required - 1
                remark = "" if place is None else chance.choice(SHORT_REMARKS)
                rows.append((day, name, band, *parts.hours_of(hours), required, met, remark))
    return rows


def _sign_ins(codes: dict[str, list[str]]) -> list[Row]:
    """The support officers at their training; the command and the heads of squadrons at meetings."""
    days = {item.code: item.day for item in ACTIVITIES}
    heads = [(BRIGADE, code) for code in codes[BRIGADE][: len(COMMAND)]]
    heads += [(squadron, code) for squadron in SQUADRONS for code in codes[squadron][:2]]
    rows: list[Row] = [("X01", days["X01"], BRIGADE, *each) for each in zip(codes["支援"], TRAINED, strict=True)]
    for code in SIGNED_MEETINGS:
        # One of the command is out at every meeting, another each time.
        away = SIGNED_MEETINGS.index(code) + 2
        rows += [(code, days[code], *who, "请假" if place == away else "到") for place, who in enumerate(heads)]
    return rows


def _supervision() -> list[Row]:
    """Each group walks its squadron's posts in turn, again from the first when the last that it reaches is done."""
    rows: list[Row] = []
    days = parts.days_between(FIRST_DUTY, LAST_DUTY)
    for group, (squadron, reached, visits) in GROUPS.items():
        names = [name for name, _ in posts()[squadron]][:reached]
        for number in range(visits):
            day = days[number * len(days) // visits]
            earlier = sum(1 for row in rows if row[0] == day and row[1] == group)
            start = dt.time(8 + earlier, 0)
            rows.append((day, group, squadron, names[number % reached], start, dt.time(start.hour, 40)))
    return sorted(rows, key=lambda row: (str(row[0]), str(row[1]), str(row[4])))


def _weekly(
    chance: random.Random, kind: str, total: int, remark: str, *, subtype: str = "", handling: str = ""
) -> Iterator[Result]:
    """The total over all squadrons and weeks, one row each."""
    amounts = parts.evenly(chance, total, len(SUNDAYS) * len(SQUADRONS))
    for place, amount in enumerate(amounts):
        week, squadron = divmod(place, len(SQUADRONS))
        yield Result(SUNDAYS[week], [*SQUADRONS][squadron], kind, amount, subtype, handling, remark)


def _scattered(
    chance: random.Random, kind: str, total: int, handling: str, days: Sequence[dt.date], remarks: Sequence[str]
) -> Iterator[Result]:
    """The total in rows of one to three, each at a minute of its own so that two alike are still two."""
    left, minutes = total, chance.sample(range(8 * 60, 18 * 60), total)
    while left:
        amount = min(left, chance.randint(1, 3))
        left -= amount
        at, squadron = dt.time(*divmod(minutes.pop(), 60)), chance.choice([*SQUADRONS])
        yield Result(chance.choice(days), squadron, kind, amount, "", handling, chance.choice(remarks), at=at)


def _violations(chance: random.Random) -> Iterator[Result]:
    campaigns = [item for item in ACTIVITIES if item.kind == "整治行动"]
    for subtype, total in VIOLATIONS.items():
        found = total // CAMPAIGN_SHARE
        amounts = parts.evenly(chance, found, len(campaigns) * len(SQUADRONS))
        for place, amount in enumerate(amounts):
            campaign, squadron = campaigns[place // len(SQUADRONS)], [*SQUADRONS][place % len(SQUADRONS)]
            at = campaign.hours[1]
            yield Result(campaign.day, squadron, "交通违法查处", amount, subtype, activity=campaign.code, at=at)
        yield from _weekly(chance, "交通违法查处", total - found, "日常勤务", subtype=subtype)


def _publicity(chance: random.Random) -> Iterator[Result]:
    events = [item for item in ACTIVITIES if item.kind == "宣传活动"]
    for kind, total in (("发放宣传资料", LEAFLETS), ("宣传受众", AUDIENCE)):
        for event, amount in zip(events, parts.evenly(chance, total, len(events)), strict=True):
            # The event belongs to the squadron whose officer leads it, or to the brigade.
            unit = next((name for name in SQUADRONS if event.leader.startswith(name)), BRIGADE)
            yield Result(event.day, unit, kind, amount, activity=event.code, at=event.hours[1])
    for day, amount in zip(SUNDAYS, parts.evenly(chance, POSTS_ONLINE, len(SUNDAYS)), strict=True):
        yield Result(day, BRIGADE, "双微发布", amount, remark="本周微博、微信公众号发布")


def make_results(seed: int = SEED) -> list[Result]:
    """All that the brigade counted from 27 June to 15 November, by day."""
    chance = parts.source_of_chance(seed)
    weekdays = [day for day in parts.days_between(dt.date(2026, 6, 22), dt.date(2026, 11, 13)) if day.weekday() < 5]
    fortnight = parts.days_between(FIRST_DUTY, LAST_DUTY)
    results: list[Result] = []
    for handling in ("已处置", "主动处置"):
        remark = INCIDENT_REMARKS[handling]
        results += _weekly(chance, "路面情况处置", INCIDENTS[handling], remark, handling=handling)
    left_open = [INCIDENT_REMARKS["发现"]]
    results += _scattered(chance, "路面情况处置", INCIDENTS["发现"], "发现", weekdays, left_open)
    results += _violations(chance)
    for handling, total in HAZARDS.items():
        # What is still open was found in the last weeks.
        days = weekdays if handling == "已处置" else weekdays[-20:]
        results += _scattered(chance, "隐患排查", total, handling, days, HAZARD_REMARKS)
    for handling, total in FOUND_BY_GROUPS.items():
        results += _scattered(chance, "督导发现问题", total, handling, fortnight, GROUP_REMARKS)
    results += _publicity(chance)
    return sorted(results, key=lambda item: (item.day, item.kind, item.subtype, item.unit, str(item.at)))


def write_all(folder: Path) -> list[Path]:
    """Write the four workbooks into `folder`, which is made when needed; returns their paths."""
    people, codes = officers()
    units = [(code, name, "", "中队", "") for name, code in SQUADRONS.items()]
    log = _duty_log(parts.source_of_chance(SEED + 1))
    books = {
        "basics": [
            _sheet("单位名册", ["单位代码", "单位名称", "简称", "类别", "上级单位"], units),
            _sheet("人员名册", ["单位", "人员代码", "姓名", "职务"], people),
            _sheet("岗点和队伍", ["单位", "名称", "类别", "地点"], _duties()),
        ],
        "activities": [
            _sheet("活动安排", parts.ACTIVITY_HEADINGS, [item.row() for item in ACTIVITIES]),
            _sheet("签到表", parts.SIGN_IN_HEADINGS, _sign_ins(codes)),
        ],
        "duty": [_sheet("勤务登记", ["日期", "岗位", "时段", "开始", "结束", "应到", "实到", "备注"], log)],
        "outcomes": [
            _sheet("督导登记", ["日期", "督导组", "中队", "岗点", "开始", "结束"], _supervision()),
            _sheet("成效登记", parts.OUTCOME_HEADINGS, [item.row() for item in make_results()]),
        ],
    }
    named = {f"{PREFIX}-{name}": sheets for name, sheets in books.items()}
    return parts.write_books(folder, named, notes=NOTES, created=CREATED)


def _sheet(name: str, headings: Sequence[str], rows: Sequence[Row]) -> SheetToWrite:
    return parts.titled(f"{BRIGADE}{name}", name, headings, rows)


def main(arguments: Sequence[str]) -> int:
    """Write the workbooks into the folder that is the only argument; returns the exit code."""
    return parts.run(arguments, "brigade_workbooks", write_all)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
