"""The example workbooks of a primary school: what its office keeps, ready to be imported.

Run as `python -m chuangwen.demo.school_workbooks FOLDER`; its output is committed under
`reference/examples`. The totals and the outstanding classes are those of the school's report of March to
June 2026; what each class and each pupil did is made. What always holds: the same seed gives the same
bytes, and every total is exact.
"""

import datetime as dt
import random
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chuangwen.core.tabular.writing import SheetToWrite
from chuangwen.demo import workbook_parts as parts
from chuangwen.demo.workbook_parts import Row, Told

SCHOOL = "安澜市实验小学"
SEED = 20260301
CREATED = dt.datetime(2026, 7, 1, 8, 0)  # noqa: DTZ001 - file metadata has no zone
GRADES = {"六年级": range(98, 105), "五年级": range(105, 112), "四年级": range(112, 118)}
CLASSES = [f"c{number}" for numbers in GRADES.values() for number in numbers]
SIZES = [36, 35, 36, 37, 35, 36, 36, 35, 36, 34, 36, 37, 35, 36, 36, 35, 36, 37, 34, 34]

FACILITIES, PERSUASION, STICKERS, LITTER = "公共设施维护", "文明劝导", "清理小广告", "捡拾垃圾"
PERSUASION_TYPES = {"乱穿马路": 243, "闯红灯": 165, "乱停靠": 177}
CLEANING = {STICKERS: 678, LITTER: 734}
# The outstanding classes with their totals; the report gives the classes, the totals are made to fit its
# rule.
TOP_FACILITIES = {"c98": 16, "c99": 13, "c105": 11, "c117": 9}
TOP_PERSUASION = {"c106": 52, "c116": 47, "c101": 43, "c102": 39}
TOP_CLEANING = {
    "c101": 112, "c102": 107, "c103": 103, "c116": 99, "c98": 96,
    "c99": 93, "c100": 91, "c105": 89, "c117": 87,
}  # fmt: skip
NO_FACILITIES = "c111"

HOLIDAYS = {
    *(dt.date(2026, 4, day) for day in (4, 5, 6)),
    *(dt.date(2026, 5, day) for day in range(1, 6)),
    *(dt.date(2026, 6, day) for day in (19, 20, 21)),
}
OUTINGS_BY_MONTH = {3: 11, 4: 13, 5: 10, 6: 6}
# How readily a count falls on an outing of the month: fewer towards the examinations of June.
WEIGHT_BY_MONTH = {3: 3, 4: 4, 5: 3, 6: 1, 7: 1}
ACTIVITIES = ["小手牵大手文明出行劝导", "洁净街巷志愿服务", "爱护公共设施行动", "清理小广告行动"]
PLACES = ["学府路口", "文庙路口", "桥口街", "校门口路段", "柳堤公园"]
LEADERS = ["德育副校长", "大队辅导员", "政教主任", "六年级组长", "五年级组长", "四年级组长"]
REMARKS = {
    FACILITIES: ["扶正倒地的自行车", "擦拭站牌", "扶正垃圾桶"],
    PERSUASION: ["行人已退回等候", "车辆已挪到停车线内"],
    STICKERS: ["电线杆", "楼道口", "公告栏背面"],
    LITTER: ["绿化带", "路边排水口", "公园步道"],
}
# What the school wrote down about an outing beside its place and leader.
TOLD = {
    "S06": Told("学生在公园出入口两侧站位，提醒骑车的市民下车推行，陪行动不便的老人走过斑马线。", photos=4),
    "S09": Told("学生沿街扶正倒地的自行车、擦拭站牌，把松动的垃圾桶记下位置，交社区报修。", photos=3),
    "S13": Told(
        "学生把劝导用语写在手举牌上，与交通志愿者轮换站位。结束后，各班交流怎样开口劝导更容易被接受。", photos=5
    ),
    "S15": Told("学生先用湿布润湿再铲除小广告，避免刮伤墙面。清理干净的电线杆由班级认领，定期回看。", photos=3),
    "S16": Told("学生沿步道分段捡拾垃圾，分类装袋。结束后，各组把垃圾较多的位置标在图上，交公园管理处。", photos=6),
    "S20": Told(photos=2),
    "S23": Told("学生擦洗公园座椅和健身器材，发现松动的螺丝，请带队教师转告公园管理处。", photos=4),
    "S27": Told("放学后，学生与沿街商户一起清扫门前人行道，商户答应每天收摊时清扫一次。"),
    "S38": Told("学生把清理小广告的位置和内容登记成表，由政教主任转交社区。", photos=2),
}
THIRD_TIME, ON_LEAVE, ABSENT = 136, 61, 9
NOT_SUBMITTED, EXCELLENT = 7, 34
BAD_ROWS = 25
NOTES = [
    "示例数据：各班、各人数字为编制。",
    "合计数与表现突出的班级代码与学校工作报告一致；学校名称为虚构。",
    "学生只用代码，不写姓名。",
]


@dataclass(frozen=True, slots=True)
class Outing:
    code: str
    day: dt.date
    classes: tuple[str, str]
    activity: str
    place: str
    leader: str

    @property
    def hours(self) -> tuple[dt.time, dt.time]:
        """After lessons on a school day, in the morning at the weekend."""
        if self.day.weekday() >= 5:
            return dt.time(8, 30), dt.time(10, 30)
        return dt.time(16, 0), dt.time(17, 10)


@dataclass(frozen=True, slots=True)
class Outcome:
    outing: Outing
    class_code: str
    kind: str
    subtype: str
    amount: int
    remark: str
    at: dt.time = dt.time()

    def row(self) -> Row:
        start = (self.outing.code, self.outing.day, self.at, self.class_code)
        return (*start, self.kind, self.subtype, self.amount, self.remark)


@dataclass(frozen=True, slots=True)
class School:
    """Everything the workbooks show. `pupils` maps a class to its codes; attendance is outing, class,
    pupil, state.
    """

    pupils: dict[str, list[str]]
    outings: list[Outing]
    attendance: list[tuple[Outing, str, str, str]]
    outcomes: list[Outcome]
    essays: list[tuple[str, str, dt.date, str]]


def make_school(seed: int = SEED) -> School:
    """The school's spring of 2026, the same for the same seed."""
    chance = parts.source_of_chance(seed)
    pupils = {
        code: [f"{code}-{number:02d}" for number in range(1, size + 1)]
        for code, size in zip(CLASSES, SIZES, strict=True)
    }
    outings = _outings(chance)
    return School(
        pupils=pupils,
        outings=outings,
        attendance=_attendance(chance, pupils, outings),
        outcomes=_outcomes(chance, _class_totals(chance), outings),
        essays=_essays(chance, pupils),
    )


def _outings(chance: random.Random) -> list[Outing]:
    days: list[dt.date] = []
    for month, count in OUTINGS_BY_MONTH.items():
        candidates = [dt.date(2026, month, day) for day in range(1, 31)]
        open_days = [day for day in candidates if day.weekday() in (2, 4, 5, 6) and day not in HOLIDAYS]
        days += sorted(chance.sample(open_days, count))
    outings = []
    for index, day in enumerate(days):
        # Every ten outings take each class once, each time with another companion.
        turn, place = divmod(index, len(CLASSES) // 2)
        first, second = CLASSES[place], CLASSES[10 + (place + 3 * turn) % 10]
        activity, spot, leader = (chance.choice(words) for words in (ACTIVITIES, PLACES, LEADERS))
        outings.append(Outing(f"S{index + 1:02d}", day, (first, second), activity, spot, leader))
    return outings


def _of_class(outings: Sequence[Outing], class_code: str) -> list[Outing]:
    return [outing for outing in outings if class_code in outing.classes]


def _attendance(
    chance: random.Random, pupils: Mapping[str, list[str]], outings: Sequence[Outing]
) -> list[tuple[Outing, str, str, str]]:
    """Half a class goes each time, so that each pupil goes twice; some go once more, or are listed and do
    not come.
    """
    states: dict[tuple[str, str], str] = {}
    spare: list[tuple[str, str]] = []
    for class_code, codes in pupils.items():
        own = [outing.code for outing in _of_class(outings, class_code)]
        for number, pupil in enumerate(codes):
            turns = own[number % 2 :: 2]
            states |= {(outing, pupil): "到" for outing in turns}
            spare.append((chance.choice([outing for outing in own if outing not in turns]), pupil))
    chance.shuffle(spare)
    words = ["到"] * THIRD_TIME + ["请假"] * ON_LEAVE + ["缺席"] * ABSENT
    states |= dict(zip(spare, words, strict=False))
    by_code = {outing.code: outing for outing in outings}
    listed = sorted(states, key=lambda key: (key[0], CLASSES.index(key[1].split("-")[0]), key[1]))
    return [(by_code[code], pupil.split("-")[0], pupil, states[code, pupil]) for code, pupil in listed]


def _class_totals(chance: random.Random) -> dict[tuple[str, str, str], int]:
    """(class, kind, subtype) -> total; every total of the school is exact."""
    facilities = _spread(chance, 108, TOP_FACILITIES, ceiling=5, without=NO_FACILITIES)
    persuasion = _spread(chance, sum(PERSUASION_TYPES.values()), TOP_PERSUASION, ceiling=32)
    cleaning = _spread(chance, sum(CLEANING.values()), TOP_CLEANING, ceiling=70)
    totals = {(code, FACILITIES, ""): amount for code, amount in facilities.items()}
    for (code, subtype), amount in _deal(chance, persuasion, PERSUASION_TYPES).items():
        totals[code, PERSUASION, subtype] = amount
    for (code, kind), amount in _deal(chance, cleaning, CLEANING).items():
        totals[code, kind, ""] = amount
    return totals


def _spread(
    chance: random.Random, total: int, top: Mapping[str, int], *, ceiling: int, without: str = ""
) -> dict[str, int]:
    """Give the top classes what they have and spread the rest, no class above the ceiling."""
    amounts = {code: top.get(code, 0) for code in CLASSES}
    others = [code for code in CLASSES if code not in top and code != without]
    rest = total - sum(top.values())
    for code in others:
        amounts[code] = rest // len(others) // 2
    left = rest - sum(amounts[code] for code in others)
    while left:
        code = chance.choice(others)
        if amounts[code] < ceiling:
            amounts[code] += 1
            left -= 1
    return amounts


def _deal(chance: random.Random, amounts: Mapping[str, int], kinds: Mapping[str, int]) -> dict[tuple[str, str], int]:
    """Split each class's amount into kinds so that the kinds' totals are exact: shuffle all units and deal
    them.
    """
    units = [kind for kind, count in kinds.items() for _ in range(count)]
    chance.shuffle(units)
    dealt: dict[tuple[str, str], int] = {}
    for code, amount in amounts.items():
        for _ in range(amount):
            key = code, units.pop()
            dealt[key] = dealt.get(key, 0) + 1
    return dealt


def _outcomes(
    chance: random.Random, totals: Mapping[tuple[str, str, str], int], outings: Sequence[Outing]
) -> list[Outcome]:
    outcomes = []
    for (class_code, kind, subtype), total in totals.items():
        own = _of_class(outings, class_code)
        weights = [WEIGHT_BY_MONTH[outing.day.month] for outing in own]
        left = total
        while left:
            amount = min(left, chance.randint(1, 2 if kind == FACILITIES else 6))
            left -= amount
            [outing] = chance.choices(own, weights)
            remark = chance.choice(REMARKS[kind]) if chance.random() < 0.25 else ""
            outcomes.append(Outcome(outing, class_code, kind, subtype, amount, remark))
    return _timed(chance, sorted(outcomes, key=_place_of))


def _timed(chance: random.Random, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Every event at a minute of its own within its class's outing, so that two alike are still two."""
    by_class: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_class[outcome.outing.code, outcome.class_code].append(outcome)
    timed = []
    for events in by_class.values():
        start, end = (hour.hour * 60 + hour.minute for hour in events[0].outing.hours)
        minutes = sorted(chance.sample(range(start + 5, end), len(events)))
        order = chance.sample(events, len(events))
        timed += [replace(event, at=dt.time(*divmod(minute, 60))) for event, minute in zip(order, minutes, strict=True)]
    return timed


def _place_of(item: Outcome) -> tuple[str, int, str, str]:
    return item.outing.code, CLASSES.index(item.class_code), item.kind, item.subtype


def _essays(chance: random.Random, pupils: Mapping[str, list[str]]) -> list[tuple[str, str, dt.date, str]]:
    everyone = [(class_code, pupil) for class_code, codes in pupils.items() for pupil in codes]
    missing = set(chance.sample(everyone, NOT_SUBMITTED))
    written = [who for who in everyone if who not in missing]
    excellent = set(chance.sample(written, EXCELLENT))
    june = [dt.date(2026, 6, day) for day in range(8, 27)]
    days = [day for day in june if day.weekday() < 5 and day not in HOLIDAYS]
    return [(*who, chance.choice(days), "优秀" if who in excellent else "") for who in written]


def _july(chance: random.Random) -> tuple[list[Outing], list[Outcome]]:
    """Two outings after the report's period with 25 outcomes, for showing how bad rows are refused and
    mended.
    """
    outings = [
        Outing("S41", dt.date(2026, 7, 4), ("c98", "c105"), ACTIVITIES[1], PLACES[4], LEADERS[1]),
        Outing("S42", dt.date(2026, 7, 8), ("c106", "c117"), ACTIVITIES[0], PLACES[0], LEADERS[0]),
    ]
    totals = {
        (code, kind, subtype): 9
        for outing in outings
        for code in outing.classes
        for kind, subtype in ((LITTER, ""), (STICKERS, ""), (PERSUASION, "乱穿马路"))
    }
    return outings, _outcomes(chance, totals, outings)[:BAD_ROWS]


def _spoilt(rows: Sequence[Row]) -> list[Row]:
    """The same rows with a day that does not exist, a class that does not exist, and a count below zero."""
    spoilt = [list(row) for row in rows]
    spoilt[6][1] = "2026-02-30"
    spoilt[13][3] = "c999"
    spoilt[20][6] = -2
    return [tuple(row) for row in spoilt]


def write_all(folder: Path) -> list[Path]:
    """Write the six workbooks into `folder`, which is made when needed; returns their paths."""
    school = make_school()
    grade_of = {f"c{number}": grade for grade, numbers in GRADES.items() for number in numbers}
    roster = [(code, grade_of[code], pupil) for code, pupils in school.pupils.items() for pupil in pupils]
    present = [(outing.code, outing.day, *who) for outing, *who in school.attendance]
    july_outings, july = _july(parts.source_of_chance(SEED + 1))
    mended = [outcome.row() for outcome in july]
    books = {
        "roster": [_sheet("学生代码册", ["班级", "年级", "学生代码"], roster)],
        "outings": [
            _shifts(school.outings, TOLD),
            _sheet("参加名单", ["活动编号", "日期", "班级", "学生代码", "到场"], present),
        ],
        "outcomes": [_results([outcome.row() for outcome in school.outcomes])],
        "essays": [_sheet("实践心得", ["班级", "学生代码", "提交日期", "评选结果"], school.essays)],
        "outcomes-bad": [_shifts(july_outings), _results(_spoilt(mended))],
        "outcomes-mended": [_shifts(july_outings), _results(mended)],
    }
    named = {f"primary-school-{name}": sheets for name, sheets in books.items()}
    return parts.write_books(folder, named, notes=NOTES, created=CREATED)


def _shifts(outings: Sequence[Outing], told: Mapping[str, Told] | None = None) -> SheetToWrite:
    """The outings; with `told`, also how many photos the school keeps and what happened."""
    headings = ["活动编号", "日期", "开始", "结束", "活动", "地点", "带队"]
    rows: list[Row] = [(item.code, item.day, *item.hours, item.activity, item.place, item.leader) for item in outings]
    if told is not None:
        headings += ["照片", "经过"]
        beside = [told.get(item.code, Told()) for item in outings]
        rows = [(*row, known.photos, known.story) for row, known in zip(rows, beside, strict=True)]
    return _sheet("活动安排", headings, rows)


def _results(rows: Sequence[Row]) -> SheetToWrite:
    return _sheet("成效登记", ["活动编号", "日期", "时刻", "班级", "类别", "细类", "数量", "备注"], rows)


def _sheet(name: str, headings: Sequence[str], rows: Sequence[Row]) -> SheetToWrite:
    widths = {"日期": 12, "提交日期": 12, "活动": 26, "地点": 14, "带队": 14, "类别": 16, "备注": 22, "经过": 60}
    return parts.titled(f"{SCHOOL}{name}登记表", name, headings, rows, widths)


def main(arguments: Sequence[str]) -> int:
    """Write the workbooks into the folder that is the only argument; returns the exit code."""
    return parts.run(arguments, "school_workbooks", write_all)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
