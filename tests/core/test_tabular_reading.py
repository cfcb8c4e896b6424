"""Finding the table on a sheet and reading its rows, with every problem at its place."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from chuangwen.core.tabular import (
    Cell,
    Column,
    Recognised,
    Row,
    Table,
    a_choice,
    a_code,
    a_date,
    a_text,
    a_time,
    an_integer,
    open_workbook,
    optional,
    read_rows,
    recognise,
)

OUTCOMES = Table(
    "outcomes",
    "成效登记",
    [
        Column("day", "日期", a_date(default_year=2026)),
        Column(
            "class",
            "班级",
            a_choice({"c98": 98, "c99": 99}, "班级"),
            synonyms=("班", "所在班级"),
            fill_down=True,
        ),
        Column("count", "数量", an_integer(minimum=0), synonyms=("次数",)),
        Column("note", "备注", optional(a_text(20)), required=False),
    ],
    sheet_names=("成效登记",),
)
SHIFTS = Table(
    "shifts",
    "活动安排",
    [
        Column("day", "日期", a_date()),
        Column("start", "开始", a_time(), synonyms=("开始时间",)),
        Column("end", "结束", a_time(), synonyms=("结束时间",)),
    ],
)
ROSTER = Table(
    "roster", "代码册", [Column("class", "班级", a_text(9)), Column("pupil", "学生代码", a_code(r"c\d+-\d+"))]
)
PRESENT = Table(
    "present",
    "参加名单",
    [*ROSTER.columns, Column("shift", "活动编号", a_text(9)), Column("state", "到场", a_text(9))],
    sheet_names=("参加名单",),
)
HEADING = ["日期", "班级", "数量", "备注"]


def found(rows: Sequence[Sequence[Cell]], *tables: Table, sheet: str = "表") -> Recognised | None:
    numbered = [(number, list(cells)) for number, cells in enumerate(rows, start=1) if any(cells)]
    return recognise(numbered, tables or [OUTCOMES], sheet=sheet)


def read(path: Path, rows: Sequence[Sequence[object]], table: Table = OUTCOMES) -> list[Row]:
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet("表")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    with open_workbook(path, name=path.name) as opened:
        recognised = recognise(opened.rows("表"), [table], sheet="表")
        assert recognised is not None
        return list(read_rows(opened, "表", recognised))


@pytest.mark.parametrize(
    "heading",
    [
        ["日期", "班级", "数量", "备注"],
        [" 日 期 ", "班\n级", "数量（次）", "备注"],
        ["*日期", "所在班级*", "次数(次)", "备注："],
        ["日期", "班", "数量【件】", "备注"],
    ],
)
def test_a_heading_is_found_whatever_units_spaces_and_stars_it_carries(heading: list[Cell]) -> None:
    recognised = found([["安澜市实验小学成效登记表"], [], heading, ["2026-4-2", "c98", 3, None]])
    assert recognised is not None
    assert recognised.positions == {"day": 0, "class": 1, "count": 2, "note": 3}
    assert (recognised.header_row, recognised.first_data_row, recognised.missing) == (3, 4, [])


def test_columns_may_stand_in_any_order_and_unknown_ones_are_listed() -> None:
    recognised = found([[None, "序号", "数量（次）", "日期", "班级", "填表人"]])
    assert recognised is not None
    assert recognised.positions == {"day": 3, "class": 4, "count": 2}
    assert recognised.headings == {"day": "日期 (D)", "class": "班级 (E)", "count": "数量（次） (C)"}
    assert recognised.ignored == ["序号 (B)", "填表人 (F)"]


def test_a_heading_merged_over_two_rows_is_read_as_one() -> None:
    recognised = found(
        [["值班表"], ["日期", "时间", None], [None, "开始", "结束"], ["2026-4-2", "8:00", "9:00"]], SHIFTS
    )
    assert recognised is not None
    assert (recognised.header_row, recognised.first_data_row) == (2, 4)
    assert recognised.positions == {"day": 0, "start": 1, "end": 2}
    assert recognised.headings["end"] == "时间 结束 (C)"


def test_a_title_right_above_the_heading_is_no_part_of_it() -> None:
    recognised = found([["安澜市实验小学成效登记表"], HEADING, ["2026-4-2", "c98", 3, None]])
    assert recognised is not None
    assert (recognised.header_row, recognised.headings["class"]) == (2, "班级 (B)")


def test_a_sheet_of_explanations_is_no_table() -> None:
    assert found([["填写说明"], ["日期要写全"], ["班级写代码"], ["本表由班主任填写", "数量为整数"]]) is None
    assert found([]) is None


def test_a_heading_below_the_fortieth_row_is_not_looked_for() -> None:
    assert found([["标题"]] * 39 + [HEADING]) is not None
    assert found([["标题"]] * 40 + [HEADING]) is None


def test_a_missing_column_is_named() -> None:
    recognised = found([["日期", "班级", "备注"]])
    assert recognised is not None
    assert recognised.missing == ["数量"]


def test_the_table_that_fits_best_is_taken() -> None:
    whole = found([["活动编号", "班级", "学生代码", "到场"]], ROSTER, PRESENT)
    small = found([["班级", "年级", "学生代码"]], ROSTER, PRESENT)
    assert whole is not None
    assert small is not None
    assert (whole.table.key, small.table.key) == ("present", "roster")


def test_a_sheets_name_says_what_it_is_meant_to_be_even_when_a_column_is_missing() -> None:
    recognised = found([["活动编号", "班级", "学生代码"]], ROSTER, PRESENT, sheet="参加名单")
    assert recognised is not None
    assert (recognised.table.key, recognised.missing) == ("present", ["到场"])


def test_rows_come_with_excels_numbers_and_parsed_values(tmp_path: Path) -> None:
    rows = read(
        tmp_path / "a.xlsx",
        [["登记表"], [], HEADING, ["4月2日", "Ｃ９８", "三次", None], [], ["20260403", "c99", 2.0, "好"]],
    )
    assert [(row.number, row.values, row.problems) for row in rows] == [
        (4, {"day": dt.date(2026, 4, 2), "class": 98, "count": 3, "note": None}, []),
        (6, {"day": dt.date(2026, 4, 3), "class": 99, "count": 2, "note": "好"}, []),
    ]


def test_an_absent_optional_column_reads_as_none(tmp_path: Path) -> None:
    [row] = read(tmp_path / "a.xlsx", [HEADING[:3], ["2026-4-2", "c98", 3]])
    assert row.values["note"] is None


def test_every_problem_of_a_row_is_told_with_row_column_and_value(tmp_path: Path) -> None:
    rows = read(
        tmp_path / "a.xlsx",
        [
            HEADING,
            ["2026-02-30", "c999", -2, "x"],
            ["2026-4-2", "c98", 1, "好"],
            ["2026-4-2", "c98", 1, "备" * 21],
            ["2026-4-2", "c98"],
        ],
    )
    told = [[(p.sheet, p.row, p.column, p.value, p.code) for p in row.problems] for row in rows]
    assert told == [
        [
            ("表", 2, "日期 (A)", "2026-02-30", "no_such_date"),
            ("表", 2, "班级 (B)", "c999", "unknown_choice_near"),
            ("表", 2, "数量 (C)", "-2", "negative"),
        ],
        [],
        [("表", 4, "备注 (D)", "备" * 21, "too_long")],
        [("表", 5, "数量 (C)", "", "blank")],
    ]
    assert rows[0].values == {"note": "x"}


def test_the_same_bad_cell_is_told_in_every_row_that_has_it(tmp_path: Path) -> None:
    rows = read(tmp_path / "a.xlsx", [HEADING, *[["2026-4-2", "c999", 1]] * 3])
    assert [(row.problems[0].row, row.problems[0].code) for row in rows] == [
        (2, "unknown_choice_near"),
        (3, "unknown_choice_near"),
        (4, "unknown_choice_near"),
    ]


def test_a_remembered_number_is_not_taken_for_a_truth_value(tmp_path: Path) -> None:
    rows = read(tmp_path / "a.xlsx", [HEADING, ["2026-4-2", "c98", 1], ["2026-4-2", "c98", True]])
    assert [[problem.code for problem in row.problems] for row in rows] == [[], ["not_a_number"]]


@pytest.mark.parametrize(
    "line",
    [
        ["合计", None, 12],
        ["总 计：", None, 12],
        [None, "小计", 12],
        ["本页合计", None, 12],
        ["合计（次）", None, 12],
        HEADING,
        ["填表人：张老师"],
        ["备注：以上为本月数"],
        [None, None, None, None, "表外的字"],
    ],
)
def test_totals_repeated_headings_and_signatures_are_no_data(tmp_path: Path, line: list[Cell]) -> None:
    rows = read(tmp_path / "a.xlsx", [HEADING, ["2026-4-2", "c98", 1], line, ["2026-4-3", "c99", 2]])
    assert [row.number for row in rows] == [2, 4]


def test_a_row_that_only_resembles_a_total_is_data(tmp_path: Path) -> None:
    rows = read(tmp_path / "a.xlsx", [HEADING, ["合计数待核", "c98", 1], ["日期", "c98", 1]])
    assert [[problem.code for problem in row.problems] for row in rows] == [["not_a_date"], ["not_a_date"]]


def test_a_merged_cell_counts_for_the_rows_below_it_only_where_the_column_says_so(tmp_path: Path) -> None:
    rows = read(
        tmp_path / "a.xlsx",
        [HEADING, ["2026-4-2", "c98", 1], ["2026-4-3", None, 2], [None, None, 3], ["2026-4-4", "c99", 4]],
    )
    assert [row.values.get("class") for row in rows] == [98, 98, 98, 99]
    assert [problem.code for problem in rows[2].problems] == ["blank"]


def test_fifty_thousand_rows_are_held_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet("表")
        page.write_row(0, 0, HEADING)
        for number in range(1, 50_001):
            page.write_row(number, 0, [dt.date(2026, 4, 2), "c98", number % 7, f"第{number}行"])
    with open_workbook(path, name="a.xlsx") as opened:
        recognised = recognise(opened.rows("表"), [OUTCOMES], sheet="表")
        assert recognised is not None
        count = total = 0
        for row in read_rows(opened, "表", recognised):
            amount = row.values["count"]
            assert isinstance(amount, int)
            count, total = count + 1, total + amount
    assert (count, total) == (50_000, sum(number % 7 for number in range(1, 50_001)))
