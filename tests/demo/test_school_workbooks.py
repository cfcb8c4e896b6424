"""The committed example workbooks hold the figures of the school's report, read as an importer reads them."""

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

import chuangwen
from chuangwen.core.tabular import (
    Cell,
    Column,
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
from chuangwen.demo.school_workbooks import HOLIDAYS, main, write_all

EXAMPLES = Path(chuangwen.__file__).parent / "reference" / "examples"
CLASSES = [f"c{number}" for number in range(98, 118)]
KINDS = ["公共设施维护", "文明劝导", "清理小广告", "捡拾垃圾"]
TYPES = ["乱穿马路", "闯红灯", "乱停靠"]

CLASS = Column("class", "班级", a_choice({code: code for code in CLASSES}, "班级"))
PUPIL = Column("pupil", "学生代码", a_code(r"c\d{2,3}-\d{2}"))
SHIFT = Column("shift", "活动编号", a_code(r"s\d{2}"))
DAY = Column("day", "日期", a_date(earliest=dt.date(2026, 3, 1), latest=dt.date(2026, 7, 31)))
ROSTER = Table("roster", "学生代码册", [CLASS, Column("grade", "年级", a_text(9)), PUPIL])
OUTINGS = Table(
    "outings",
    "活动安排",
    [
        SHIFT,
        DAY,
        Column("start", "开始", a_time()),
        Column("end", "结束", a_time()),
        *(Column(key, key, a_text(40)) for key in ("活动", "地点", "带队")),
        Column("photos", "照片", optional(an_integer(minimum=1)), required=False),
        Column("story", "经过", optional(a_text(200)), required=False),
    ],
)
STATES = {word: word for word in ("到", "请假", "缺席")}
ATTENDANCE = Table(
    "attendance", "参加名单", [SHIFT, DAY, CLASS, PUPIL, Column("state", "到场", a_choice(STATES, "到场"))]
)
OUTCOMES = Table(
    "outcomes",
    "成效登记",
    [
        SHIFT,
        DAY,
        Column("at", "时刻", a_time()),
        CLASS,
        Column("kind", "类别", a_choice({word: word for word in KINDS}, "类别")),
        Column("type", "细类", optional(a_choice({word: word for word in TYPES}, "细类"))),
        Column("count", "数量", an_integer(minimum=0)),
        Column("note", "备注", optional(a_text(100))),
    ],
)
ESSAYS = Table(
    "essays",
    "实践心得",
    [
        CLASS,
        PUPIL,
        Column("day", "提交日期", a_date()),
        Column("award", "评选结果", optional(a_choice({"优秀": True}, "评选结果"))),
    ],
)


def rows_of(name: str, table: Table) -> list[Row]:
    path = EXAMPLES / f"primary-school-{name}.xlsx"
    with open_workbook(path, name=path.name) as book:
        recognised = recognise(book.rows(table.label), [table], sheet=table.label)
        assert recognised is not None
        assert (recognised.header_row, recognised.missing, recognised.ignored) == (3, [], [])
        return list(read_rows(book, table.label, recognised))


def values(name: str, table: Table) -> list[dict[str, object]]:
    rows = rows_of(name, table)
    assert [row.problems for row in rows if row.problems] == []
    return [row.values for row in rows]


def outcomes() -> list[tuple[str, str, str | None, int, dt.date]]:
    found = []
    for row in values("outcomes", OUTCOMES):
        class_code, kind, subtype, count, day = (row[key] for key in ("class", "kind", "type", "count", "day"))
        assert isinstance(class_code, str)
        assert isinstance(kind, str)
        assert subtype is None or isinstance(subtype, str)
        assert isinstance(count, int)
        assert isinstance(day, dt.date)
        found.append((class_code, kind, subtype, count, day))
    return found


def cells_of(path: Path) -> dict[str, list[tuple[int, list[Cell]]]]:
    with open_workbook(path, name=path.name) as book:
        return {sheet.name: list(book.rows(sheet.name)) for sheet in book.sheets}


def test_the_roster_has_712_pupils_in_20_classes_of_three_grades() -> None:
    rows = values("roster", ROSTER)
    assert len(rows) == len({row["pupil"] for row in rows}) == 712
    sizes = Counter(row["class"] for row in rows)
    assert list(sizes) == CLASSES
    assert set(sizes.values()) <= {34, 35, 36, 37}
    assert all(str(row["pupil"]).startswith(f"{row['class']}-") for row in rows)
    grades = {row["class"]: row["grade"] for row in rows}
    assert Counter(grades.values()) == {"六年级": 7, "五年级": 7, "四年级": 6}


def test_forty_outings_of_two_classes_keep_off_the_holidays() -> None:
    outings = values("outings", OUTINGS)
    assert [row["shift"] for row in outings] == [f"s{number:02d}" for number in range(1, 41)]
    for row in outings:
        day, start, end = row["day"], row["start"], row["end"]
        assert isinstance(day, dt.date)
        assert dt.date(2026, 3, 1) <= day <= dt.date(2026, 6, 30)
        assert day not in HOLIDAYS
        assert isinstance(start, dt.time)
        assert isinstance(end, dt.time)
        assert start < end
    classes: dict[object, set[object]] = {}
    for row in values("outings", ATTENDANCE):
        classes.setdefault(row["shift"], set()).add(row["class"])
    assert {len(found) for found in classes.values()} == {2}
    assert len(classes) == 40


def test_eight_outings_are_told_in_words_that_hold_no_number_and_no_pupil() -> None:
    told = {row["shift"]: str(row["story"]) for row in values("outings", OUTINGS) if row["story"]}
    assert [*told] == ["s06", "s09", "s13", "s15", "s16", "s23", "s27", "s38"]
    assert not [story for story in told.values() if any(sign.isascii() for sign in story)]
    photos = {row["shift"]: row["photos"] for row in values("outings", OUTINGS) if row["photos"]}
    assert (sum(int(str(count)) for count in photos.values()), set(photos) - set(told)) == (29, {"s20"})


def test_the_holidays_are_those_of_2026() -> None:
    assert {(day.month, day.day) for day in HOLIDAYS} == {
        (4, 4), (4, 5), (4, 6), (5, 1), (5, 2), (5, 3), (5, 4), (5, 5), (6, 19), (6, 20), (6, 21),
    }  # fmt: skip


def test_every_pupil_was_there_at_least_twice() -> None:
    rows = values("outings", ATTENDANCE)
    present = Counter(row["pupil"] for row in rows if row["state"] == "到")
    assert set(present) == {row["pupil"] for row in values("roster", ROSTER)}
    assert min(present.values()) == 2
    assert Counter(row["state"] for row in rows) == {"到": 1560, "请假": 61, "缺席": 9}
    assert len({(row["shift"], row["pupil"]) for row in rows}) == len(rows)


def test_the_totals_are_those_of_the_report() -> None:
    kinds: Counter[str] = Counter()
    types: Counter[str | None] = Counter()
    for _, kind, subtype, count, _ in outcomes():
        assert 1 <= count <= 6
        assert (subtype is not None) == (kind == "文明劝导")
        kinds[kind] += count
        types[subtype] += count
    assert kinds == {"公共设施维护": 108, "文明劝导": 585, "清理小广告": 678, "捡拾垃圾": 734}
    assert (types["乱穿马路"], types["闯红灯"], types["乱停靠"]) == (243, 165, 177)


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ({"公共设施维护"}, ["c98", "c99", "c105", "c117"]),
        ({"文明劝导"}, ["c106", "c116", "c101", "c102"]),
        (
            {"清理小广告", "捡拾垃圾"},
            ["c101", "c102", "c103", "c116", "c98", "c99", "c100", "c105", "c117"],
        ),
    ],
)
def test_one_rule_names_the_outstanding_classes_in_the_reports_order(kinds: set[str], expected: list[str]) -> None:
    totals = dict.fromkeys(CLASSES, 0)
    for class_code, kind, _, count, _ in outcomes():
        if kind in kinds:
            totals[class_code] += count
    mean = sum(totals.values()) / 20
    outstanding = {code: total for code, total in totals.items() if total >= 1.2 * mean}
    assert sorted(outstanding, key=lambda code: -outstanding[code]) == expected
    assert len(set(outstanding.values())) == len(expected)
    assert all(total < 1.1 * mean for code, total in totals.items() if code not in outstanding)


def test_some_class_has_no_facility_record_and_june_is_the_quietest_month() -> None:
    assert {code for code, kind, *_ in outcomes() if kind == "公共设施维护"} == set(CLASSES) - {"c111"}
    months: Counter[int] = Counter()
    for *_, count, day in outcomes():
        months[day.month] += count
    assert len(set(months.values())) == len(months) == 4
    assert min(months, key=lambda month: months[month]) == 6


def test_every_outcome_belongs_to_an_outing_of_its_class() -> None:
    outings = {(row["shift"], row["day"], row["class"]) for row in values("outings", ATTENDANCE)}
    days = {(row["shift"], row["day"]) for row in values("outings", OUTINGS)}
    assert {(shift, day) for shift, day, _ in outings} == days
    assert {(row["shift"], row["day"], row["class"]) for row in values("outcomes", OUTCOMES)} <= outings


def test_every_event_has_a_minute_of_its_own_within_its_outing_so_that_two_alike_are_two() -> None:
    hours = {row["shift"]: (row["start"], row["end"]) for row in values("outings", OUTINGS)}
    moments = [(row["shift"], row["class"], row["at"]) for row in values("outcomes", OUTCOMES)]
    assert len(set(moments)) == len(moments)
    for shift, _, at in moments:
        start, end = hours[shift]
        assert isinstance(start, dt.time)
        assert isinstance(end, dt.time)
        assert isinstance(at, dt.time)
        assert start < at < end


def test_705_pupils_wrote_an_essay_and_34_are_excellent() -> None:
    rows = values("essays", ESSAYS)
    pupils = {row["pupil"] for row in rows}
    assert len(rows) == len(pupils) == 705
    assert len({row["pupil"] for row in values("roster", ROSTER)} - pupils) == 7
    assert sum(row["award"] is True for row in rows) == 34


def test_the_bad_workbook_has_exactly_three_bad_rows_and_says_which() -> None:
    rows = rows_of("outcomes-bad", OUTCOMES)
    assert len(rows) == 25
    told = [(p.row, p.column, p.value, p.code) for row in rows for p in row.problems]
    assert told == [
        (10, "日期 (B)", "2026-02-30", "no_such_date"),
        (17, "班级 (D)", "c999", "unknown_choice_near"),
        (24, "数量 (G)", "-2", "negative"),
    ]


def test_the_mended_workbook_is_the_same_but_for_the_three_cells_and_lies_in_july() -> None:
    bad = cells_of(EXAMPLES / "primary-school-outcomes-bad.xlsx")["成效登记"]
    mended = cells_of(EXAMPLES / "primary-school-outcomes-mended.xlsx")["成效登记"]
    different = [
        (number, column)
        for (number, before), (_, after) in zip(bad, mended, strict=True)
        for column, (one, other) in enumerate(zip(before, after, strict=True))
        if one != other
    ]
    assert different == [(10, 1), (17, 3), (24, 6)]
    rows = values("outcomes-mended", OUTCOMES)
    known = {(row["shift"], row["day"]) for row in values("outcomes-mended", OUTINGS)}
    assert len(rows) == 25
    assert {(row["shift"], row["day"]) for row in rows} == known
    assert all(isinstance(row["day"], dt.date) and row["day"].month == 7 for row in rows)


def test_every_workbook_says_that_its_numbers_are_made() -> None:
    paths = sorted(EXAMPLES.glob("primary-school-*.xlsx"))
    assert len(paths) == 6
    for path in paths:
        sheets = cells_of(path)
        assert sheets["说明"][0] == (1, ["示例数据：各班、各人数字为编制。"])
        assert all(rows[0][1][0] == f"安澜市实验小学{name}登记表" for name, rows in sheets.items() if name != "说明")


def test_writing_them_again_gives_the_same_cells_and_the_same_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = write_all(tmp_path / "one")
    assert main([str(tmp_path / "two")]) == 0
    assert capsys.readouterr().out.splitlines() == [str(tmp_path / "two" / path.name) for path in paths]
    assert {path.name for path in paths} == {path.name for path in EXAMPLES.glob("primary-school-*.xlsx")}
    for path in paths:
        assert cells_of(path) == cells_of(EXAMPLES / path.name)
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_the_command_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "FOLDER" in capsys.readouterr().err
