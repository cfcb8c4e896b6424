"""The committed workbooks of the traffic brigade hold the figures of its report, and every total is exact."""

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from chuangwen.demo.brigade_workbooks import main, write_all
from tests.demo.workbook_rows import EXAMPLES, Row, cells_of, day, number, rows_of, text

BANDS = {"高峰": (952, 2478, 2469, 6), "平峰": (952, 1484, 1472, 9), "夜间": (952, 1400, 1374, 21)}


def outcomes() -> list[Row]:
    return rows_of("traffic-brigade-outcomes", "成效登记")


def amounts(*columns: str) -> Counter[tuple[str, ...]]:
    sums: Counter[tuple[str, ...]] = Counter()
    for row in outcomes():
        sums[tuple(text(row, column) for column in columns)] += number(row, "数量")
    return sums


def basics(sheet: str) -> list[Row]:
    return rows_of("traffic-brigade-basics", sheet)


def activities() -> list[Row]:
    return rows_of("traffic-brigade-activities", "活动安排")


def test_68_posts_7_teams_and_3_groups_over_3_squadrons() -> None:
    units = basics("单位名册")
    assert [(row["单位代码"], row["单位名称"], row["类别"]) for row in units] == [
        (f"demo-brigade-s{place}", name, "中队") for place, name in enumerate(["一中队", "二中队", "三中队"], 1)
    ]
    duties = basics("岗点和队伍")
    assert Counter(row["类别"] for row in duties) == {"执勤岗点": 68, "机动应急队": 7, "督导检查": 3}
    posts = [row for row in duties if row["类别"] == "执勤岗点"]
    assert Counter(row["单位"] for row in posts) == {"一中队": 24, "二中队": 23, "三中队": 21}
    assert len({row["名称"] for row in duties}) == 78


def test_officers_have_a_code_and_a_role_and_no_name() -> None:
    staff = basics("人员名册")
    assert len(staff) == len({row["人员代码"] for row in staff}) == 155
    support = Counter(text(row, "职务") for row in staff if "支援民警" in text(row, "职务"))
    assert support == {"市局支援民警": 18, "区局支援民警": 12, "支队支援民警": 15}
    assert not [row for row in staff if row["姓名"]]
    assert all(row["职务"] for row in staff)


def test_every_post_has_three_bands_a_day_and_presence_differs_by_band() -> None:
    log = rows_of("traffic-brigade-duty", "勤务登记")
    posts = {row["名称"] for row in basics("岗点和队伍") if row["类别"] == "执勤岗点"}
    days = {day(row) for row in log}
    assert (len(days), min(days), max(days)) == (14, dt.date(2026, 8, 10), dt.date(2026, 8, 23))
    assert len({(row["日期"], row["岗位"], row["时段"]) for row in log}) == len(log) == 68 * 3 * 14
    assert {row["岗位"] for row in log} == posts
    found = {}
    for band in BANDS:
        due = [(number(row, "应到"), number(row, "实到")) for row in log if row["时段"] == band]
        assert all(1 <= required <= 3 and 0 <= met <= required for required, met in due)
        short = sum(met < required for required, met in due)
        found[band] = (len(due), sum(required for required, _ in due), sum(met for _, met in due), short)
    assert found == BANDS


def test_supervision_reached_61_posts_each_group_over_one_squadron() -> None:
    rows = rows_of("traffic-brigade-outcomes", "督导登记")
    posts = {row["名称"]: row["单位"] for row in basics("岗点和队伍") if row["类别"] == "执勤岗点"}
    assert {(row["督导组"], row["中队"]) for row in rows} == {
        ("第一督导检查组", "二中队"), ("第二督导检查组", "一中队"), ("第三督导检查组", "三中队"),
    }  # fmt: skip
    assert all(posts[row["岗点"]] == row["中队"] for row in rows)
    assert (len(rows), len({row["岗点"] for row in rows})) == (102, 61)
    assert len({(row["日期"], row["督导组"], row["岗点"]) for row in rows}) == 102


def test_the_training_on_9_august_has_45_due_44_there_and_one_excused() -> None:
    (training,) = [row for row in activities() if row["类别"] == "培训"]
    assert (training["活动编号"], training["日期"], training["目标人数"]) == ("X01", dt.date(2026, 8, 9), 45)
    signed = [row for row in rows_of("traffic-brigade-activities", "签到表") if row["活动编号"] == "X01"]
    support = {row["人员代码"] for row in basics("人员名册") if "支援民警" in text(row, "职务")}
    assert {row["人员代码"] for row in signed} == support
    assert Counter(row["到场"] for row in signed) == {"到": 42, "迟到": 2, "请假": 1}


def test_activities_begin_with_the_meeting_on_19_june() -> None:
    rows = activities()
    assert Counter(row["类别"] for row in rows) == {"会议": 7, "培训": 1, "宣传活动": 8, "整治行动": 9}
    assert min((day(row), text(row, "类别")) for row in rows) == (dt.date(2026, 6, 19), "会议")
    campaigns = Counter(text(row, "活动")[:3] for row in rows if row["类别"] == "整治行动")
    assert campaigns == {"围栏式": 3, "拉网式": 3, "布袋式": 3}
    told = [text(row, "经过") for row in rows if row["经过"]]
    assert len(told) == 9
    # A number in a story would be one that opens to no record.
    assert not [story for story in told if any(sign.isdigit() for sign in story)]


def test_the_totals_of_the_outcomes_are_exact() -> None:
    assert amounts("类别", "处置") == {
        ("路面情况处置", "已处置"): 873, ("路面情况处置", "主动处置"): 391, ("路面情况处置", "发现"): 22,
        ("隐患排查", "已处置"): 139, ("隐患排查", "发现"): 7,
        ("督导发现问题", "已处置"): 54, ("督导发现问题", "发现"): 4,
        ("交通违法查处", ""): 2622, ("发放宣传资料", ""): 6850, ("宣传受众", ""): 4326, ("双微发布", ""): 86,
    }  # fmt: skip
    types = {key[1]: amount for key, amount in amounts("类别", "细类").items() if key[1]}
    assert types == {"不礼让斑马线": 638, "不按道行驶": 574, "违法停车": 1127, "机动车闯红灯": 283}


def test_outcomes_of_activities_stand_on_their_day_and_no_two_rows_are_alike() -> None:
    days = {row["活动编号"]: row["日期"] for row in activities()}
    rows = outcomes()
    assert all(days[row["活动编号"]] == row["日期"] for row in rows if row["活动编号"])
    kinds = {row["活动编号"]: row["类别"] for row in activities()}
    with_results = Counter(kinds[code] for code in {row["活动编号"] for row in rows} - {None})
    assert with_results == {"宣传活动": 8, "整治行动": 9}
    # Not even where how it was handled does not count.
    assert len({tuple(value for key, value in row.items() if key != "处置") for row in rows}) == len(rows) == 641
    assert dt.date(2026, 6, 19) <= min(day(row) for row in rows)
    assert max(day(row) for row in rows) == dt.date(2026, 11, 15)


def test_writing_them_again_gives_the_same_cells_and_the_same_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = write_all(tmp_path / "one")
    assert main([str(tmp_path / "two")]) == 0
    assert capsys.readouterr().out.splitlines() == [str(tmp_path / "two" / path.name) for path in paths]
    assert {path.name for path in paths} == {path.name for path in EXAMPLES.glob("traffic-brigade-*.xlsx")}
    for path in paths:
        assert cells_of(path) == cells_of(EXAMPLES / path.name)
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_every_workbook_says_what_is_made_and_the_command_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    for path in EXAMPLES.glob("traffic-brigade-*.xlsx"):
        sheets = cells_of(path)
        assert "其余数字为编制" in str(sheets["说明"][0])
        assert all(rows[0][1][0] == f"交警市区一大队{name}" for name, rows in sheets.items() if name != "说明")
    assert main([]) == 2
    assert "brigade_workbooks FOLDER" in capsys.readouterr().err
