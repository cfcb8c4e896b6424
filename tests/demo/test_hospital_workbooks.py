"""The committed workbooks of the hospital hold the figures of its report, and every total is exact."""

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from chuangwen.demo.hospital_workbooks import main, write_all
from tests.demo.workbook_rows import EXAMPLES, Row, cells_of, day, number, rows_of, text

DEPARTMENTS = ["综合办公室", "医教科", "护理部", "后勤保障部", "门诊部", "财务科", "药剂科"]
HOSPITAL = "安澜市康宁医院"


def basics(sheet: str) -> list[Row]:
    return rows_of("hospital-basics", sheet)


def activities() -> list[Row]:
    return rows_of("hospital-activities", "活动安排")


def outcomes(kind: str) -> list[Row]:
    return [row for row in rows_of("hospital-outcomes", "成效登记") if row["类别"] == kind]


def total(kind: str, handling: str | None = None) -> int:
    return sum(number(row, "数量") for row in outcomes(kind) if row["处置"] == handling)


def test_seven_departments_and_four_wards() -> None:
    units = [(row["单位名称"], row["类别"]) for row in basics("单位名册")]
    wards = ["一病区", "二病区", "三病区", "四病区"]
    assert units == [(name, "科室") for name in DEPARTMENTS] + [(name, "病区") for name in wards]


def test_the_leading_group_is_of_28_june_with_the_heads_of_the_seven_departments() -> None:
    (group,) = basics("工作机构")
    assert (group["成立日期"], group["类别"], group["文号"]) == (dt.date(2026, 6, 28), "领导小组", "康医〔2026〕18号")
    members = basics("机构成员")
    assert Counter(row["组内职务"] for row in members) == {"组长": 1, "副组长": 4, "成员": 7}
    assert [row["单位"] for row in members if row["组内职务"] == "成员"] == DEPARTMENTS
    assert {row["机构"] for row in members} == {group["机构名称"]}
    staff = {(row["单位"], row["人员代码"]) for row in basics("人员名册")}
    assert {(row["单位"], row["人员代码"]) for row in members} <= staff
    assert all(row["分工"] for row in members)


def test_persons_have_a_code_and_a_role_and_no_name() -> None:
    staff = basics("人员名册")
    assert Counter(text(row, "人员代码")[0] for row in staff) == {"l": 5, "m": 14, "c": 20}
    assert {row["单位"] for row in staff if text(row, "人员代码")[0] == "l"} == {HOSPITAL}
    assert len({row["人员代码"] for row in staff}) == len(staff)
    assert not [row for row in staff if row["姓名"]]


def test_rounds_of_september_are_mostly_met() -> None:
    rows = rows_of("hospital-rounds", "巡查登记")
    assert len({(row["日期"], row["人员代码"]) for row in rows}) == len(rows) == 19 * 30
    assert {text(row, "日期")[:7] for row in rows} == {"2026-09"}
    found = {}
    for duty in basics("岗点和队伍")[:2]:
        times = [number(row, "次数") for row in rows if row["巡查"] == duty["名称"]]
        met = sum(each >= number(duty, "每日次数") for each in times)
        found[duty["职级"]] = (len(times), sum(times), met, len(times) - met)
    assert found == {"领导班子": (150, 177, 146, 4), "中层干部": (420, 907, 409, 11)}


def test_six_toilets_are_cleaned_every_30_minutes_but_for_13_times() -> None:
    toilets = [row for row in basics("岗点和队伍") if row["类别"] == "定时保洁"]
    assert [row["间隔分钟"] for row in toilets] == [30] * 6
    rows = rows_of("hospital-cleaning", "勤务登记")
    assert len({(row["日期"], row["厕所"]) for row in rows}) == len(rows) == 6 * 30
    assert {row["厕所"] for row in rows} == {row["名称"] for row in toilets}
    # Ten hours with a cleaning each half hour are twenty.
    assert {(row["开始"], row["结束"], row["应清扫次数"]) for row in rows} == {(dt.time(7, 30), dt.time(17, 30), 20)}
    assert sum(number(row, "实清扫次数") for row in rows) == 3587
    assert sum(number(row, "实清扫次数") < 20 for row in rows) == 9


def test_three_works_take_ten_days_of_september() -> None:
    works = [row for row in activities() if row["类别"] == "改造工程"]
    assert [row["活动"] for row in works] == ["门诊药房与挂号收费处对调", "电子滚动屏安装", "门诊服务标识统一"]
    first, last = day(works[0]), day(works[-1], "结束日期")
    assert (first, (last - first).days + 1) == (dt.date(2026, 9, 8), 10)
    assert all(first <= day(row) <= day(row, "结束日期") <= last for row in works)


def test_activities_by_kind_and_who_came_to_training() -> None:
    rows = activities()
    kinds = Counter(row["类别"] for row in rows)
    assert kinds == {"会议": 7, "培训": 6, "宣传活动": 4, "改造工程": 3, "便民服务": 2}
    assert min(day(row) for row in rows) == dt.date(2026, 6, 28)
    stories = [text(row, "经过") for row in rows if row["经过"]]
    assert len(stories) == 11
    # A number in a story would be one that opens to no record.
    assert not [story for story in stories if any(sign.isdigit() for sign in story)]
    signed = rows_of("hospital-activities", "签到表")
    assert {row["活动编号"] for row in signed} == {row["活动编号"] for row in rows if row["类别"] == "培训"}
    assert Counter(row["到场"] for row in signed) == {"到": 107, "迟到": 2, "请假": 6, "缺席": 1}
    days = {row["活动编号"]: row["日期"] for row in rows}
    assert all(days[row["活动编号"]] == row["日期"] for row in signed)


def test_412_contacts_to_15_november_and_the_other_totals() -> None:
    contacts = outcomes("热线咨询")
    assert total("热线咨询") == 412
    assert (len(contacts), contacts[0]["日期"], contacts[-1]["日期"]) == (
        24,
        dt.date(2026, 6, 7),
        dt.date(2026, 11, 15),
    )
    assert (total("特需门诊预约"), outcomes("特需门诊预约")[0]["日期"]) == (137, dt.date(2026, 10, 4))
    assert (total("巡查发现问题", "已处置"), total("巡查发现问题", "发现")) == (59, 4)
    assert total("获得荣誉") == 1
    rows = rows_of("hospital-outcomes", "成效登记")
    assert len({tuple(row.values()) for row in rows}) == len(rows) == 95
    assert {row["单位"] for row in rows} <= set(DEPARTMENTS)


def test_writing_them_again_gives_the_same_cells_and_the_same_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = write_all(tmp_path / "one")
    assert main([str(tmp_path / "two")]) == 0
    assert capsys.readouterr().out.splitlines() == [str(tmp_path / "two" / path.name) for path in paths]
    assert {path.name for path in paths} == {path.name for path in EXAMPLES.glob("hospital-*.xlsx")}
    for path in paths:
        assert cells_of(path) == cells_of(EXAMPLES / path.name)
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_every_workbook_says_what_is_made_and_the_command_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    for path in EXAMPLES.glob("hospital-*.xlsx"):
        sheets = cells_of(path)
        assert "其余数字为编制" in str(sheets["说明"][0])
        assert all(rows[0][1][0] == f"{HOSPITAL}{name}" for name, rows in sheets.items() if name != "说明")
    assert main([]) == 2
    assert "hospital_workbooks FOLDER" in capsys.readouterr().err
