"""Every bad workbook is refused with its sheet, row, column, reason and mend: on the page and by the command."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from chuangwen.core.models import Event, ImportState
from chuangwen.duties.models import Attendance, Outcome, Shift
from tests.factories.city import City
from tests.factories.people import PersonFactory
from tests.interop import workbooks
from tests.interop.sending import page, run_command, send
from tests.interop.workbooks import ATTENDANCES, GOOD, SHIFTS, book, changed, outcomes, sheet

Told = tuple[str, int, str, str, str]


def outcome_row(**cells: object) -> bytes:
    """One outcome whose shift is written as well."""
    row = {"活动编号": "", "日期": "2026-04-02", "班级": "c98", "类别": "捡拾垃圾", "细类": "", "数量": 1, **cells}
    return book(sheet("成效登记", list(row), [list(row.values())]))


def a_shift(*, ends: str = "17:00") -> list[object]:
    return ["S01", "2026-04-02", "15:00", ends, "桥口街"]


def attended(*row: object) -> bytes:
    return book(sheet("活动安排", SHIFTS, [a_shift()]), sheet("参加名单", ATTENDANCES, [row]))


CASES: dict[str, tuple[Callable[[], bytes], Told]] = {
    "a day that does not exist": (
        lambda: outcomes(changed(0, 0, "2026-02-30")),
        ("成效登记", 4, "日期 (A)", "没有“2026-02-30”这一天", "核对月份和日子"),
    ),
    "a day to come": (
        lambda: outcomes(changed(0, 0, "2199-01-01")),
        ("成效登记", 4, "日期 (A)", "“2199-01-01”晚于", "当天或以前"),
    ),
    "a class that does not exist": (
        lambda: outcomes(changed(1, 1, "c999")),
        ("成效登记", 5, "班级 (B)", "没有“c999”这个班级", "是不是“c99”？"),
    ),
    "a class of another school": (
        lambda: outcomes(changed(1, 1, "d11")),
        ("成效登记", 5, "班级 (B)", "没有“d11”这个班级", "可以填："),
    ),
    "the same row twice": (
        lambda: outcomes([*GOOD, GOOD[0]]),
        ("成效登记", 7, "", "与第 4 行是同一条", "重复的删去一行"),
    ),
    "a negative count": (
        lambda: outcomes(changed(2, 4, -2)),
        ("成效登记", 6, "数量 (E)", "“-2”是负数", "不能小于 1"),
    ),
    "a count of nothing": (
        lambda: outcomes(changed(2, 4, 0)),
        ("成效登记", 6, "数量 (E)", "“0”太小", "不能小于 1"),
    ),
    "a formula error": (
        workbooks.formula_error,
        ("成效登记", 3, "数量 (E)", "这一格是公式，结果出错：#DIV/0!", "改正公式"),
    ),
    "a missing column": (
        lambda: book(sheet("成效登记", ["日期", "班级", "类别"], [row[:3] for row in GOOD])),
        ("成效登记", 3, "数量", "缺少“数量”一列", "在表头加上“数量”"),
    ),
    "a kind that needs its type": (
        lambda: outcome_row(类别="文明劝导"),
        ("成效登记", 4, "细类 (E)", "“文明劝导”没有写细类", "乱穿马路、闯红灯、乱停靠"),
    ),
    "a type of another kind": (
        lambda: outcome_row(细类="闯红灯"),
        ("成效登记", 4, "细类 (E)", "“闯红灯”不是“捡拾垃圾”的细类", "没有细类的类别请留空"),
    ),
    "an essay without its pupil": (
        lambda: outcome_row(类别="实践心得"),
        ("成效登记", 4, "类别 (D)", "成效登记里不能登记“实践心得”", "心得请用实践心得表，一行一名学生"),
    ),
    "half of a table": (
        lambda: book(sheet("四月", ["日期", "姓名"], [["2026-04-02", "某"]])),
        ("四月", 3, "", "最像", "在表头补上缺的列"),
    ),
    "a shift that does not exist": (
        lambda: outcome_row(活动编号="S99"),
        ("成效登记", 4, "活动编号 (A)", "没有编号为 S99 的活动", "核对活动编号"),
    ),
    "a shift that ends before it starts": (
        lambda: book(sheet("活动安排", SHIFTS, [a_shift(ends="14:00")])),
        ("活动安排", 4, "结束 (D)", "结束时间不晚于开始时间", "24 小时制"),
    ),
    "an attendance on another day than its shift": (
        lambda: attended("S01", "2026-04-03", "c98", "c98-01", "到"),
        ("参加名单", 4, "日期 (B)", "日期与活动 S01 的日期 2026-04-02 不一致", "改成同一天"),
    ),
    "a pupil nobody knows": (
        lambda: attended("S01", "2026-04-02", "c98", "c98-77", "到"),
        ("参加名单", 4, "学生代码 (D)", "没有代码为 c98-77 的学生", "先导入学生代码册"),
    ),
    "a pupil of another class": (
        lambda: attended("S01", "2026-04-02", "c99", "c98-01", "到"),
        ("参加名单", 4, "学生代码 (D)", "c98-01 不是 c99 的学生", "两者要一致"),
    ),
    "a pupil's code of another class in the register": (
        lambda: book(sheet("学生代码册", ["班级", "学生代码"], [["c98", "c99-05"]])),
        ("学生代码册", 4, "学生代码 (B)", "代码 c99-05 不以班级 c98 开头", "如 c98-01"),
    ),
    "no table that anybody knows": (
        lambda: book(sheet("通讯录", ["品名", "单价"], [["笔", "1"]])),
        ("", 0, "", "没有认出可以导入的表", "成效登记"),
    ),
    "headings and nothing below": (lambda: outcomes([]), ("", 0, "", "表里没有数据行", "在表头下面填好数据")),
    "no workbook at all": (
        lambda: b"class,count\nc98,3\n",
        ("", 0, "", "“登记表.xlsx”不是表格文件", "另存为 .xlsx"),
    ),
    "macros": (workbooks.with_macros, ("", 0, "", "“登记表.xlsx”带有宏", "另存为“Excel 工作簿（.xlsx）”")),
    "a zip bomb": (
        workbooks.zip_bomb,
        ("", 0, "", "“登记表.xlsx”展开后大得不正常", "把数据复制到新建的工作簿"),
    ),
}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> tuple[bytes, Told]:
    make, told = CASES[request.param]
    return make(), told


@pytest.fixture
def pupil(city: City) -> None:
    PersonFactory.create(pupil=True, unit=city["c98"], code="c98-01")


def standing() -> tuple[int, ...]:
    return Outcome.objects.count(), Shift.objects.count(), Attendance.objects.count(), Event.objects.count()


@pytest.mark.usefixtures("pupil")
def test_the_page_says_where_it_is_wrong_and_how_to_mend_it_and_nothing_comes_in(
    city: City, case: tuple[bytes, Told]
) -> None:
    data, (where, row, column, what, mend) = case
    clerk, before = city.client("clerk"), standing()
    sent = send(clerk, city["school"], data)
    text = page(clerk, sent)
    assert sent.state == ImportState.REFUSED
    assert [(each["sheet"], each["row"], each["column"]) for each in sent.problems] == [(where, row, column)]
    for part in (f">{where}<", f">{row or ''}<", f">{column}<", what, mend):
        assert part in text
    assert standing() == before


@pytest.mark.usefixtures("pupil")
@pytest.mark.parametrize("options", [[], ["--dry-run"]], ids=["import", "dry run"])
def test_the_command_says_the_same_exits_1_and_imports_nothing(
    tmp_path: Path, case: tuple[bytes, Told], options: list[str]
) -> None:
    data, (where, row, column, what, mend) = case
    run_command(tmp_path, b"makes the operator, whose events are not counted")
    before = standing()
    code, said = run_command(tmp_path, data, *options)
    (problem,) = said["problems"]
    assert (code, said["state"], said["problem_count"]) == (1, "refused", 1)
    assert (problem["sheet"], problem["row"], problem["column"]) == (where, row, column)
    assert what in problem["what"]
    assert mend in problem["mend"]
    assert standing() == before


def test_three_bad_rows_are_named_and_none_of_the_good_ones_comes_in(
    city: City, client_of: Callable[..., Client]
) -> None:
    rows = [["2026-04-02", "c98", "捡拾垃圾", "", number + 1, ""] for number in range(1000)]
    rows[16][0], rows[499][1], rows[998][4] = "2026-13-01", "c77", "约三"
    before = standing()
    sent = send(client_of("clerk"), city["school"], outcomes(rows))
    told = [(each["row"], each["column"], each["value"], each["code"]) for each in sent.problems]
    assert told == [
        (20, "日期 (A)", "2026-13-01", "no_such_date"),
        (503, "班级 (B)", "c77", "unknown_choice"),
        (1002, "数量 (E)", "约三", "approximate"),
    ]
    assert "有 3 处要改" in page(client_of("clerk"), sent).replace('<span class="is-act">', "").replace("</span>", "")
    assert standing() == before


def test_of_very_many_problems_the_page_lists_some_and_says_how_many_there_are(city: City) -> None:
    rows = [["2026-02-30", "c98", "捡拾垃圾", "", number + 1, ""] for number in range(620)]
    sent = send(city.client("clerk"), city["school"], outcomes(rows))
    assert (sent.problem_count, len(sent.problems)) == (620, 500)
    text = page(city.client("clerk"), sent)
    assert "620" in text
    assert "这里列前 100 行" in text


def test_an_empty_file_is_refused_before_anything_is_read(city: City) -> None:
    answer = city.client("clerk").post(
        "/imports/", {"unit": city["school"].pk, "file": workbooks.upload(b"")}, follow=True
    )
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
