"""The figures of the brigade and of the hospital over their example workbooks: what the reports say, and what a plain
reading of the sheets gives.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import openpyxl
import pytest

from chuangwen.core import written
from chuangwen.metrics import queries, services
from chuangwen.metrics.models import Metric
from chuangwen.metrics.sources import Scope
from chuangwen.people.models import Unit
from tests.duties.examples import BRIGADE, FOLDER, HOSPITAL, brigade, bring_in
from tests.factories.city import City

START, END = date(2026, 3, 1), date(2026, 12, 31)
Row = dict[str, Any]
# From the two reports.
FACTS = {
    "brigade": {
        "执勤岗点数": "68", "机动应急队数": "7", "督导组数": "3", "中队数": "3", "督导覆盖中队数": "3",
        "执勤时段数": "3", "首次培训日期": "8月9日", "首次会议日期": "6月19日",
    },
    "hospital": {
        "领导小组成立日期": "6月28日", "领导小组成员科室数": "7", "改造项目数": "3", "改造用时天数": "10",
        "热线咨询人次": "400余", "院领导每日应巡次数": "1", "中层干部每日应巡次数": "2", "清扫间隔分钟数": "30",
        "改造开工日期": "9月8日", "改造完工日期": "9月17日",
    },
}  # fmt: skip


class Sheets:
    """The workbooks of a unit as they are written, row by row."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.found: dict[str, list[Row]] = {}
        for name in names:
            book = openpyxl.load_workbook(FOLDER / f"{name}.xlsx")
            for sheet in book.worksheets:
                if sheet.title != "说明":
                    self.found.setdefault(sheet.title, []).extend(self._rows(sheet))

    @staticmethod
    def _rows(sheet: Any) -> Iterator[Row]:
        _title, _blank, headings, *rows = sheet.iter_rows(values_only=True)
        for row in rows:
            yield {heading: value for heading, value in zip(headings, row, strict=True) if value not in (None, "")}

    def __call__(self, name: str, **cells: object) -> list[Row]:
        rows = self.found[name]
        return [row for row in rows if all(row.get(heading) == value for heading, value in cells.items())]

    def amount(self, kind: str, *handlings: str, type_name: str = "") -> int:
        rows = [row for row in self("成效登记", 类别=kind) if not type_name or row.get("细类") == type_name]
        return sum(row["数量"] for row in rows if not handlings or row.get("处置", "已处置") in handlings)

    def signed(self, kind: str) -> Counter[str]:
        codes = {row["活动编号"] for row in self("活动安排", 类别=kind)}
        return Counter(row["到场"] for row in self("签到表") if row["活动编号"] in codes)


def percent(top: int, bottom: int) -> str:
    return f"{written.percent(top, bottom)}%"


def both(sheets: Sheets) -> dict[str, str]:
    came, meetings, trainings = sheets.signed("培训"), sheets("活动安排", 类别="会议"), sheets("活动安排", 类别="培训")
    first = min(row["日期"] for row in trainings)
    there, due = came["到"] + came["迟到"], came.total()
    return {
        "会议次数": str(len(meetings)), "培训场次": str(len(trainings)),
        "首次培训日期": f"{first.month}月{first.day}日",
        "应训人次": str(due), "参训人次": str(there), "缺训人次": str(due - there), "到训率": percent(there, due),
    }  # fmt: skip


def of_brigade(sheets: Sheets) -> dict[str, str]:
    mended = ("已处置", "主动处置")
    incidents, taken_up = sheets.amount("路面情况处置"), sheets.amount("路面情况处置", *mended)
    seen = {row["岗点"] for row in sheets("督导登记") if "岗点" in row}
    posts = len(sheets("岗点和队伍", 类别="执勤岗点"))
    found = both(sheets) | posts_of(sheets)
    found |= {
        "路面情况数": incidents, "管事率": percent(taken_up, incidents),
        "主动处置数": sheets.amount("路面情况处置", "主动处置"),
        "督导次数": len(sheets("督导登记")), "督导岗点数": len(seen), "未督导岗点数": posts - len(seen),
        "督导岗点覆盖率": percent(len(seen), posts),
        "督导发现问题数": sheets.amount("督导发现问题"), "督导整改问题数": sheets.amount("督导发现问题", *mended),
        "隐患排查处数": sheets.amount("隐患排查"), "隐患消除处数": sheets.amount("隐患排查", *mended),
        "未消除隐患处数": sheets.amount("隐患排查", "发现"), "交通违法查处起数": sheets.amount("交通违法查处"),
        **{
            f"{name}起数": sheets.amount("交通违法查处", type_name=name)
            for name in ("不礼让斑马线", "不按道行驶", "违法停车", "机动车闯红灯")
        },
        "整治行动次数": len(sheets("活动安排", 类别="整治行动")),
        "宣传活动场次": len(sheets("活动安排", 类别="宣传活动")),
        "发放宣传资料份数": sheets.amount("发放宣传资料"),
        "宣传受众人次": written.lower_bound(sheets.amount("宣传受众")), "双微发布条数": sheets.amount("双微发布"),
    }  # fmt: skip
    return found


def posts_of(sheets: Sheets) -> dict[str, Any]:
    log = sheets("勤务登记")
    found: dict[str, Any] = {
        "执勤班次数": len(log), "未满岗班次数": sum(row["实到"] < row["应到"] for row in log),
        "见警率": percent(sum(row["实到"] for row in log), sum(row["应到"] for row in log)),
    }  # fmt: skip
    for band in ("高峰", "平峰", "夜间"):
        rows = [row for row in log if row["时段"] == band]
        found[f"{band}班次数"] = len(rows)
        found[f"{band}见警率"] = percent(sum(row["实到"] for row in rows), sum(row["应到"] for row in rows))
    return found


def of_hospital(sheets: Sheets) -> dict[str, Any]:
    cleaned = [(row["实清扫次数"], row["应清扫次数"]) for row in sheets("勤务登记")]
    found: dict[str, Any] = both(sheets)
    for name, duty, due in (("院领导", "院领导门诊巡查", 1), ("中层干部", "中层干部门诊巡查", 2)):
        times = [row["次数"] for row in sheets("巡查登记", 巡查=duty)]
        enough = sum(each >= due for each in times)
        found |= {
            f"{name}巡查次数": sum(times), f"{name}巡查达标率": percent(enough, len(times)),
            f"{name}巡查未达标人次": len(times) - enough,
        }  # fmt: skip
    return found | {
        "领导小组成员人数": len(sheets("机构成员")),
        "巡查发现问题数": sheets.amount("巡查发现问题"), "巡查问题处置数": sheets.amount("巡查发现问题", "已处置"),
        "巡查问题未处置数": sheets.amount("巡查发现问题", "发现"),
        "保洁厕所数": len(sheets("岗点和队伍", 类别="定时保洁")),
        "厕所应清扫次数": sum(due for _done, due in cleaned), "厕所清扫次数": sum(done for done, _due in cleaned),
        "厕所漏扫次数": sum(due - done for done, due in cleaned),
        "厕所清扫达标率": percent(sum(done for done, _due in cleaned), sum(due for _done, due in cleaned)),
        "特需门诊预约人次": sheets.amount("特需门诊预约"), "获得荣誉项数": sheets.amount("获得荣誉"),
    }  # fmt: skip


PARTS: list[tuple[str, tuple[str, ...], Callable[[City], Unit], Callable[[Sheets], dict[str, Any]]]] = [
    ("brigade", BRIGADE, brigade, of_brigade),
    ("hospital", HOSPITAL, lambda city: city["hospital"], of_hospital),
]


@pytest.mark.parametrize(("part", "names", "unit_of", "reckon"), PARTS, ids=[part[0] for part in PARTS])
def test_every_figure_over_the_examples_is_what_the_report_says_and_the_sheets_give(
    city: City,
    part: str,
    names: tuple[str, ...],
    unit_of: Callable[[City], Unit],
    reckon: Callable[[Sheets], dict[str, Any]],
) -> None:
    unit = unit_of(city)
    for name in names:
        bring_in(city, unit, name)
    expected = {name: str(said) for name, said in {**reckon(Sheets(names)), **FACTS[part]}.items()}
    known = queries.by_names(expected)
    assert {*known} == {*expected}
    scope = Scope(unit, START, END)
    assert {name: queries.value(known[name], scope).text for name in expected} == expected
    office = city.viewer("office")
    for metric in known.values():
        snapshot = services.freeze(office, metric, scope)
        assert queries.compare(snapshot).same, metric.key
        assert queries.frozen_value(snapshot) == queries.value(metric, scope)


def test_the_figures_of_brigades_and_hospitals_are_all_tried_on_an_example(city: City) -> None:
    tried = {*of_brigade(Sheets(BRIGADE)), *of_hospital(Sheets(HOSPITAL)), *FACTS["brigade"], *FACTS["hospital"]}
    topics = ("post", "team", "supervision", "incident", "hazard", "violation", "campaign", "publicity", "meeting",
              "training", "group", "round", "cleaning", "works", "hotline", "clinic", "honour")  # fmt: skip
    named = {each.name for each in Metric.objects.all() if each.key.split(".")[0] in topics}
    assert named | {"中队数"} == tried


def test_the_exact_number_stands_behind_the_lower_bound_and_the_year_behind_a_day(city: City) -> None:
    for name in HOSPITAL:
        bring_in(city, city["hospital"], name)
    known = queries.by_names(["热线咨询人次", "改造完工日期"])
    values = {name: queries.value(metric, Scope(city["hospital"], START, END)) for name, metric in known.items()}
    assert (values["热线咨询人次"].text, values["热线咨询人次"].exact) == ("400余", "412")
    assert (values["改造完工日期"].text, values["改造完工日期"].exact) == ("9月17日", "2026-09-17")
    assert values["改造完工日期"].numerator == date(2026, 9, 17).toordinal()
