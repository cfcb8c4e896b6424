"""What the generators of the example workbooks share: sheets with a title, exact splits, the command.

Called by `school_workbooks`, `brigade_workbooks` and `hospital_workbooks`. What always holds: nothing here draws
from another source of chance than the one it is given, so the same seed gives the same bytes.
"""

import datetime as dt
import random
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chuangwen.core.tabular.writing import SheetToWrite, write_workbook

Row = Sequence[object]
Books = Mapping[str, Sequence[SheetToWrite]]

WIDTHS = {
    "日期": 12, "提交日期": 12, "成立日期": 12, "起始日期": 12, "结束日期": 12, "单位代码": 22, "机构代码": 22,
    "单位": 18, "单位名称": 18, "上级单位": 18, "机构": 34, "机构名称": 34, "职务": 22, "分工": 34, "职责": 44,
    "文件标题": 40, "文号": 20, "活动": 28, "地点": 22, "带队": 16, "类别": 16, "细类": 16, "名称": 22, "岗位": 24,
    "岗点": 24, "厕所": 22, "应清扫次数": 14, "实清扫次数": 14, "督导组": 18, "巡查": 20, "备注": 26, "经过": 60,
}  # fmt: skip

ACTIVITY_HEADINGS = (
    "活动编号", "日期", "开始", "结束", "活动", "类别", "地点", "带队", "结束日期", "目标人数", "照片", "经过",
)  # fmt: skip
OUTCOME_HEADINGS = ("活动编号", "日期", "时刻", "单位", "类别", "细类", "数量", "处置", "备注")
SIGN_IN_HEADINGS = ("活动编号", "日期", "单位", "人员代码", "到场")


@dataclass(frozen=True, slots=True)
class Told:
    """What an office keeps about an activity beside its date: blank where it keeps nothing."""

    story: str = ""
    photos: int | None = None
    target: int | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """One row of 活动安排."""

    code: str
    day: dt.date
    hours: tuple[dt.time, dt.time]
    kind: str
    name: str
    place: str
    leader: str
    last_day: dt.date | None
    told: Told

    def row(self) -> Row:
        head = (self.code, self.day, *self.hours, self.name, self.kind, self.place, self.leader)
        return (*head, self.last_day, self.told.target, self.told.photos, self.told.story)


@dataclass(frozen=True, slots=True)
class Result:
    """One row of 成效登记."""

    day: dt.date
    unit: str
    kind: str
    amount: int
    subtype: str = ""
    handling: str = ""
    remark: str = ""
    activity: str = ""
    at: dt.time | None = None

    def row(self) -> Row:
        head = (self.activity, self.day, self.at, self.unit, self.kind, self.subtype)
        return (*head, self.amount, self.handling, self.remark)


def source_of_chance(seed: int) -> random.Random:
    """Chance that is the same for the same seed."""
    return random.Random(seed)  # noqa: S311 - examples, no secrets


def evenly(chance: random.Random, total: int, count: int) -> list[int]:
    """Whole numbers that add up to the total, each about the mean: the weeks of a steady service."""
    weights = [chance.randint(20, 40) for _ in range(count)]
    amounts = [total * weight // sum(weights) for weight in weights]
    for place in chance.sample(range(count), total - sum(amounts)):
        amounts[place] += 1
    return amounts


def hours_of(text: str) -> tuple[dt.time, dt.time]:
    """Start and end of `07:30-09:30`."""
    start, end = (dt.time.fromisoformat(hour) for hour in text.split("-"))
    return start, end


def activities(lines: str, told: Mapping[str, Told]) -> list[Activity]:
    """One activity a line: number, day, hours, kind, name, place, leader, and the last day where there is one."""
    found = []
    for line in lines.strip().splitlines():
        code, day, hours, kind, name, place, leader, *last = line.split()
        last_day = dt.date.fromisoformat(last[0]) if last else None
        head = (code, dt.date.fromisoformat(day), hours_of(hours), kind, name, place, leader, last_day)
        found.append(Activity(*head, told.get(code, Told())))
    return found


def days_between(first: dt.date, last: dt.date, step: int = 1) -> list[dt.date]:
    """Every day, or every so many days, both ends included."""
    return [first + dt.timedelta(days=number) for number in range(0, (last - first).days + 1, step)]


def titled(
    title: str, name: str, headings: Sequence[str], rows: Iterable[Row], widths: Mapping[str, float] | None = None
) -> SheetToWrite:
    """A sheet whose heading stands in row 3 under its title."""
    return SheetToWrite(name, headings, rows, title=title, widths=widths or WIDTHS)


def write_books(folder: Path, books: Books, *, notes: Sequence[str], created: dt.datetime) -> list[Path]:
    """Write each book as `<name>.xlsx` into `folder`, which is made when needed; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, sheets in books.items():
        path = folder / f"{name}.xlsx"
        write_workbook(path, sheets, notes=notes, created=created)
        paths.append(path)
    return paths


def run(arguments: Sequence[str], module: str, write_all: Callable[[Path], list[Path]]) -> int:
    """Write the workbooks into the folder that is the only argument; returns the exit code."""
    if len(arguments) != 1:
        sys.stderr.write(f"usage: python -m chuangwen.demo.{module} FOLDER\n")
        return 2
    for path in write_all(Path(arguments[0])):
        sys.stdout.write(f"{path}\n")
    return 0
