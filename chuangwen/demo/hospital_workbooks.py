"""The example workbooks of a hospital: leading group, rounds, cleaning, activities, what came of them.

Run as `python -m chuangwen.demo.hospital_workbooks FOLDER`; its output is committed under `reference/examples`. The
group of seven departments founded on 28 June, rounds of leaders once and managers twice a day, toilets every 30
minutes and three works in ten days of September are those of the hospital's report, and so is that the hotline had
over 400 contacts; all other numbers are made. What always holds: the same seed gives the same bytes, every total is
exact, and no person has a name.
"""

import datetime as dt
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from chuangwen.core.tabular.writing import SheetToWrite
from chuangwen.demo import workbook_parts as parts
from chuangwen.demo.workbook_parts import Result, Row, Told

HOSPITAL = "安澜市康宁医院"
PREFIX = "hospital"
SEED = 20260628
CREATED = dt.datetime(2026, 11, 16, 8, 0)  # noqa: DTZ001 - file metadata has no zone
# name, end of its code, what its head answers for in the leading group
DEPARTMENTS = (
    ("综合办公室", "office", "日常组织、督查、考核和材料汇总"),
    ("医教科", "medical", "职工学习教育、心理咨询热线"),
    ("护理部", "nursing", "病区服务和护理礼仪"),
    ("后勤保障部", "logistics", "环境卫生、厕所保洁和改造施工"),
    ("门诊部", "outpatient", "门诊秩序、窗口服务和特需门诊"),
    ("财务科", "finance", "挂号收费窗口服务和经费保障"),
    ("药剂科", "pharmacy", "门诊药房服务"),
)
WARDS = (("一病区", "ward1"), ("二病区", "ward2"), ("三病区", "ward3"), ("四病区", "ward4"))
LEADERS = ["党委书记、院长", "副院长（分管医疗）", "副院长（分管护理）", "副院长（分管后勤）", "纪委书记"]
DEPUTY_HEADS = ["医教科", "护理部", "门诊部"]
WINDOW_STAFF = {"门诊部": 8, "财务科": 6, "药剂科": 6}
GROUP, GROUP_CODE = "康宁医院创建文明城市工作领导小组", "demo-hospital-group"
FOUNDED = dt.date(2026, 6, 28)
REMIT = "组织、指导、协调全院创建工作，逐项分解任务，检查落实情况，研究解决问题。"
GROUP_REMITS = ["主持全面工作", "分管医疗服务和学习教育", "分管病区服务", "分管环境治理和改造施工", "分管监督检查"]

SEPTEMBER = parts.days_between(dt.date(2026, 9, 1), dt.date(2026, 9, 30))
LEADER_ROUND, MANAGER_ROUND = "院领导门诊巡查", "中层干部门诊巡查"
LEADER_TIMES, MANAGER_TIMES = 1, 2
LEADERS_MISSED, MANAGERS_MISSED = 4, 11
TOILETS = [f"门诊{floor}楼{side}侧厕所" for floor in "一二三" for side in "东西"]
CLEANINGS_A_DAY = 20
# How many cleanings were left out on days of their own.
CLEANINGS_MISSED = [1, 1, 1, 2, 1, 3, 1, 2, 1]

WEEKS = parts.days_between(dt.date(2026, 6, 7), dt.date(2026, 11, 15), 7)
HOTLINE = 412
CLINIC_SINCE, BOOKINGS = dt.date(2026, 10, 1), 137
ROUND_PROBLEMS = {"已处置": 59, "发现": 4}
PROBLEM_REMARKS = ["候诊区地面有水渍", "导诊牌被遮挡", "轮椅未归位", "收费窗口排队过长", "饮水机缺水", "禁烟区有烟蒂"]
NOTES = [
    "示例数据。6月28日成立由七个科室组成的领导小组、院领导每日巡查1次以上、中层干部每日巡查2次以上、"
    "厕所每30分钟清扫一次、9月用10天完成三项改造，与医院工作报告一致；热线咨询总数与报告所称“400余”相合，其余数字为编制。",
    "城市和医院名称为虚构。职工只用代码和职务，不写姓名；不登记任何病人的情况。",
    "“单位”填科室名称，院领导填医院名称；“处置”填发现、已处置或主动处置；“照片”填本单位留存的张数。",
    "热线咨询和特需门诊预约按周汇总，日期填该周星期日。",
]

TOLD = {
    "H01": Told("会议宣布成立领导小组，逐项宣读任务分工。各科室负责人当场核对本科室的任务和完成时限。", photos=2),
    "H02": Told(photos=1),
    "H04": Told("会议对照施工图逐段核对停用窗口的时间，定下施工期间的临时取药点和导诊人员。", photos=2),
    "H05": Told(
        "参会人员到门诊大厅沿就诊路线走了一遍，把仍需调整的标识和座椅位置当场记下，交后勤保障部办理。", photos=3
    ),
    "X02": Told(
        "培训把窗口常见的问答编成情景，由窗口人员轮流扮演病人和工作人员，练习文明用语。练习后逐组点评。",
        photos=4,
        target=20,
    ),
    "X04": Told("学习后，各科室对照岗位列出容易发生的问题，交纪委书记汇总，作为日常检查的内容。", target=19),
    "G01": Told(
        "药房与挂号收费处对调后，病人缴费、取药不再折返。施工分两段进行，先搬药房，再搬窗口，施工期间在大厅设临时取药点。",
        photos=9,
    ),
    "G02": Told("滚动屏显示出诊专家、候诊人数和停诊通知，原来张贴在墙上的纸质通知全部撤下。", photos=4),
    "G03": Told(
        "门诊部列出全部标识逐块核对，统一名称、颜色和挂放高度。更换后，请导诊人员和志愿者按标识走一遍，指路不清的再作调整。",
        photos=7,
    ),
    "C01": Told("各科室和病区混合编队，比赛安排在下班后进行，不影响值班。", photos=6),
    "C02": Told(
        "医务人员在柳堤社区设咨询台，向居民讲解睡眠和情绪调节的常识。需要进一步咨询的居民，由工作人员登记后约定来院时间。",
        photos=5,
    ),
    "C04": Told(photos=3),
    "F01": Told("咨询师到社区活动室值守，居民可单独面谈。谈话内容不登记，只计场次。", photos=2),
}
ACTIVITIES = parts.activities(
    """
    H01 2026-06-28 09:00-10:30 会议 创建工作领导小组成立会 行政楼会议室 院长
    H02 2026-07-06 17:00-17:40 会议 创建工作紧急碰头会 行政楼会议室 院长
    H03 2026-08-03 17:00-17:40 会议 创建工作紧急碰头会 行政楼会议室 院长
    H04 2026-09-07 17:00-18:00 会议 门诊改造紧急碰头会 行政楼会议室 院长
    H05 2026-09-18 16:00-17:30 会议 门诊改造验收碰头会 门诊大厅 分管后勤副院长
    H06 2026-10-12 17:00-17:40 会议 创建工作紧急碰头会 行政楼会议室 院长
    H07 2026-11-02 17:00-17:40 会议 创建工作紧急碰头会 行政楼会议室 院长
    X01 2026-07-08 15:00-17:00 培训 公民道德和职业规范学习 行政楼会议室 医教科主任
    X02 2026-07-22 17:30-19:00 培训 窗口文明用语培训 门诊大厅 门诊部主任
    X03 2026-08-12 15:00-17:00 培训 中心组专题学习 行政楼会议室 院长
    X04 2026-09-23 15:00-17:00 培训 廉洁从业警示教育 行政楼会议室 纪委书记
    X05 2026-10-21 17:30-19:00 培训 窗口文明用语培训 门诊大厅 门诊部主任
    X06 2026-11-11 15:00-17:00 培训 文明行医专题学习 行政楼会议室 医教科主任
    G01 2026-09-08 08:00-18:00 改造工程 门诊药房与挂号收费处对调 门诊大厅 后勤保障部主任 2026-09-14
    G02 2026-09-11 08:00-18:00 改造工程 电子滚动屏安装 门诊大厅 后勤保障部主任 2026-09-15
    G03 2026-09-13 08:00-18:00 改造工程 门诊服务标识统一 门诊楼 门诊部主任 2026-09-17
    C01 2026-08-14 17:30-20:00 宣传活动 职工篮球赛 院内球场 医教科主任
    C02 2026-09-26 09:00-11:30 宣传活动 心理健康知识宣传 柳堤社区 医教科主任
    C03 2026-10-01 18:30-20:30 宣传活动 街道文艺演出 文庙街道 护理部主任
    C04 2026-10-10 09:00-11:30 宣传活动 心理健康知识宣传 文庙广场 医教科主任
    F01 2026-10-24 14:00-17:00 便民服务 心理咨询进社区 柳堤社区 医教科主任
    F02 2026-11-07 14:00-17:00 便民服务 心理咨询进社区 桥口街社区 医教科主任
    """,
    TOLD,
)
# Sessions and who is due there; the word of everybody who was not simply there, by place on the list.
SESSIONS: dict[str, tuple[str, dict[int, str]]] = {
    "X01": ("管理人员", {3: "请假"}),
    "X02": ("窗口人员", {7: "请假", 15: "请假"}),
    "X03": ("管理人员", {11: "迟到"}),
    "X04": ("管理人员", {2: "请假", 17: "迟到"}),
    "X05": ("窗口人员", {4: "缺席"}),
    "X06": ("管理人员", {8: "请假", 14: "请假"}),
}


def staff() -> list[tuple[str, str, str]]:
    """(unit, code, title): leaders l01 to l05, middle managers m01 to m14, window staff c01 to c20."""
    found = [(HOSPITAL, f"l{number:02d}", title) for number, title in enumerate(LEADERS, 1)]
    heads = [(name, f"{name}主任") for name, _, _ in DEPARTMENTS] + [(name, f"{name}主任") for name, _ in WARDS]
    heads += [(name, f"{name}副主任") for name in DEPUTY_HEADS]
    found += [(unit, f"m{number:02d}", title) for number, (unit, title) in enumerate(heads, 1)]
    windows = [unit for unit, count in WINDOW_STAFF.items() for _ in range(count)]
    return found + [(unit, f"c{number:02d}", "窗口人员") for number, unit in enumerate(windows, 1)]


def _of_rank(letter: str) -> list[tuple[str, str]]:
    return [(unit, code) for unit, code, _ in staff() if code.startswith(letter)]


def _units() -> list[Row]:
    """code, name, short name, kind, the unit above: blank where that is the hospital."""
    rows: list[Row] = [(f"demo-hospital-{end}", name, "", "科室", "") for name, end, _ in DEPARTMENTS]
    return rows + [(f"demo-hospital-{end}", name, "", "病区", "") for name, end in WARDS]


def _members() -> list[Row]:
    """The leaders, and the heads of the seven departments with what each answers for."""
    positions = ["组长"] + ["副组长"] * (len(LEADERS) - 1)
    leaders = zip(_of_rank("l"), positions, GROUP_REMITS, strict=True)
    rows: list[Row] = [(GROUP, *who, position, remit) for who, position, remit in leaders]
    heads = _of_rank("m")[: len(DEPARTMENTS)]
    return rows + [(GROUP, *who, "成员", remit) for who, (_, _, remit) in zip(heads, DEPARTMENTS, strict=True)]


def _duties() -> list[Row]:
    """unit, name, kind, place, times a day, minutes between, rank."""
    return [
        (HOSPITAL, LEADER_ROUND, "巡查", "门诊部", LEADER_TIMES, "", "领导班子"),
        (HOSPITAL, MANAGER_ROUND, "巡查", "门诊部", MANAGER_TIMES, "", "中层干部"),
        *(("后勤保障部", name, "定时保洁", "门诊楼", "", 30, "") for name in TOILETS),
    ]


def _rounds(chance: random.Random) -> list[Row]:
    """Every leader and manager on every day of September: as often as asked or once more, but for those missed."""
    rows: list[Row] = []
    for letter, duty, times, missed in (
        ("l", LEADER_ROUND, LEADER_TIMES, LEADERS_MISSED),
        ("m", MANAGER_ROUND, MANAGER_TIMES, MANAGERS_MISSED),
    ):
        turns = [(day, code) for day in SEPTEMBER for _, code in _of_rank(letter)]
        short = set(chance.sample(turns, missed))
        for turn in turns:
            done = chance.randrange(times) if turn in short else times + (chance.random() < 0.2)
            rows.append((*turn, done, duty))
    return sorted(rows, key=lambda row: (str(row[0]), str(row[3]), str(row[1])))


def _cleanings(chance: random.Random) -> list[Row]:
    turns = [(day, name) for day in SEPTEMBER for name in TOILETS]
    short = dict(zip(chance.sample(turns, len(CLEANINGS_MISSED)), CLEANINGS_MISSED, strict=True))
    hours = parts.hours_of("07:30-17:30")
    rows: list[Row] = []
    for turn in turns:
        missed = short.get(turn, 0)
        remark = "保洁员交接班，未补位" if missed else ""
        rows.append((*turn, *hours, CLEANINGS_A_DAY, CLEANINGS_A_DAY - missed, remark))
    return rows


def _sign_ins() -> list[Row]:
    days = {item.code: item.day for item in ACTIVITIES}
    due = {"管理人员": _of_rank("l") + _of_rank("m"), "窗口人员": _of_rank("c")}
    return [
        (code, days[code], *who, states.get(place, "到"))
        for code, (audience, states) in SESSIONS.items()
        for place, who in enumerate(due[audience])
    ]


def make_results(seed: int = SEED) -> list[Result]:
    """All that the hospital counted from June to 15 November, by day."""
    chance = parts.source_of_chance(seed)
    since = [day for day in WEEKS if day >= CLINIC_SINCE]
    results = [*_weekly(chance, "医教科", "热线咨询", HOTLINE, WEEKS)]
    results += _weekly(chance, "门诊部", "特需门诊预约", BOOKINGS, since)
    for handling, total in ROUND_PROBLEMS.items():
        # What is still open was found in the last days.
        results += _problems(chance, total, handling, SEPTEMBER if handling == "已处置" else SEPTEMBER[-6:])
    honour = "心理咨询热线团队获评市级青年文明集体"
    results.append(Result(dt.date(2026, 10, 30), "医教科", "获得荣誉", 1, remark=honour))
    return sorted(results, key=lambda item: (item.day, item.kind, str(item.at)))


def _weekly(chance: random.Random, unit: str, kind: str, total: int, weeks: Sequence[dt.date]) -> Iterator[Result]:
    for day, amount in zip(weeks, parts.evenly(chance, total, len(weeks)), strict=True):
        yield Result(day, unit, kind, amount, remark="本周汇总")


def _problems(chance: random.Random, total: int, handling: str, days: Sequence[dt.date]) -> Iterator[Result]:
    """One row a problem, each at a minute of its own so that two alike are still two."""
    for minute in chance.sample(range(8 * 60, 17 * 60), total):
        at, remark = dt.time(*divmod(minute, 60)), chance.choice(PROBLEM_REMARKS)
        yield Result(chance.choice(days), "门诊部", "巡查发现问题", 1, "", handling, remark, at=at)


def write_all(folder: Path) -> list[Path]:
    """Write the five workbooks into `folder`, which is made when needed; returns their paths."""
    chance = parts.source_of_chance(SEED + 1)
    charter = (
        GROUP_CODE,
        GROUP,
        "领导小组",
        FOUNDED,
        REMIT,
        "关于成立创建文明城市工作领导小组的通知",
        "康医〔2026〕18号",
    )
    people = [(unit, code, "", title) for unit, code, title in staff()]
    charter_headings = ["机构代码", "机构名称", "类别", "成立日期", "职责", "文件标题", "文号"]
    cleaning_headings = ["日期", "厕所", "开始", "结束", "应清扫次数", "实清扫次数", "备注"]
    books = {
        "basics": [
            _sheet("单位名册", ["单位代码", "单位名称", "简称", "类别", "上级单位"], _units()),
            _sheet("人员名册", ["单位", "人员代码", "姓名", "职务"], people),
            _sheet("工作机构", charter_headings, [charter]),
            _sheet("机构成员", ["机构", "单位", "人员代码", "组内职务", "分工"], _members()),
            _sheet("岗点和队伍", ["单位", "名称", "类别", "地点", "每日次数", "间隔分钟", "职级"], _duties()),
        ],
        "rounds": [_sheet("巡查登记", ["日期", "人员代码", "次数", "巡查"], _rounds(chance))],
        "cleaning": [_sheet("勤务登记", cleaning_headings, _cleanings(chance))],
        "activities": [
            _sheet("活动安排", parts.ACTIVITY_HEADINGS, [item.row() for item in ACTIVITIES]),
            _sheet("签到表", parts.SIGN_IN_HEADINGS, _sign_ins()),
        ],
        "outcomes": [_sheet("成效登记", parts.OUTCOME_HEADINGS, [item.row() for item in make_results()])],
    }
    named = {f"{PREFIX}-{name}": sheets for name, sheets in books.items()}
    return parts.write_books(folder, named, notes=NOTES, created=CREATED)


def _sheet(name: str, headings: Sequence[str], rows: Sequence[Row]) -> SheetToWrite:
    return parts.titled(f"{HOSPITAL}{name}", name, headings, rows)


def main(arguments: Sequence[str]) -> int:
    """Write the workbooks into the folder that is the only argument; returns the exit code."""
    return parts.run(arguments, "hospital_workbooks", write_all)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
