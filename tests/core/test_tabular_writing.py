"""What exports write: text stays text, days stay days, and the reader gets back what was written."""

import datetime as dt
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuangwen.core.tabular import SheetToWrite, open_workbook, write_table, write_workbook

DAY = dt.date(2026, 4, 2)
CREATED = dt.datetime(2026, 7, 1, 8, 0)  # noqa: DTZ001 - file metadata without a zone


def test_a_list_reads_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows = [
        ["文庙路口", 3, Decimal("2.5"), DAY, dt.time(8, 30), True, None, ""],
        ["c98", 0, 1.5, None, None, False],
    ]
    write_table(path, sheet="名单", headings=["点位", "数", "分", "日期", "时间", "到场", "空", "白"], rows=rows)
    with open_workbook(path, name="a.xlsx") as book:
        assert list(book.rows("名单"))[1:] == [
            (2, ["文庙路口", 3, 2.5, DAY, dt.time(8, 30), "是"]),
            (3, ["c98", 0, 1.5, None, None, "否"]),
        ]


@pytest.mark.parametrize("text", ["=1+1", "+86 10", "-1", "@SUM(A1)", "{=1}", "http://x.cn", "007"])
def test_text_that_looks_like_a_formula_is_written_as_text(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.xlsx"
    write_table(path, sheet="表", headings=["内容"], rows=[[text]])
    page = openpyxl.load_workbook(path).active
    assert page is not None
    assert page["A2"].value == text
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in xml
    assert b"<hyperlink" not in xml
    assert xml.count(b'r="A2" t="inlineStr"') == 1


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20), min_size=1, max_size=8)
)
def test_any_text_survives_writing_and_reading(tmp_path: Path, texts: list[str]) -> None:
    path = tmp_path / "a.xlsx"
    write_table(path, sheet="表", headings=["内容"], rows=[[text] for text in texts])
    with open_workbook(path, name="a.xlsx") as book:
        read = [cells[0] for _, cells in book.rows("表")][1:]
    assert read == texts


def test_the_heading_is_frozen_and_filtered_and_notes_have_their_own_sheet(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_table(
        path,
        sheet="表",
        headings=["班级", "数量"],
        rows=[["c98", 1]],
        widths={"班级": 30},
        notes=["第一条", "第二条"],
    )
    book = openpyxl.load_workbook(path)
    page = book["表"]
    assert (page.freeze_panes, page.auto_filter.ref, page.column_dimensions["A"].width) == (
        "A2",
        "A1:B2",
        pytest.approx(30, abs=1),
    )
    assert [row[0] for row in book["说明"].iter_rows(values_only=True)] == ["第一条", "第二条"]


def test_a_short_list_of_words_becomes_a_drop_down_and_a_long_one_does_not() -> None:
    buffer = io.BytesIO()
    choices = {"到场": ["到", "缺席"], "班级": [f"第{number}班" for number in range(100)], "数": ()}
    write_workbook(buffer, [SheetToWrite("表", ["班级", "到场", "数"], [], choices=choices)])
    page = openpyxl.load_workbook(buffer).active
    assert page is not None
    (offered,) = page.data_validations.dataValidation
    assert (str(offered.sqref), offered.formula1) == ("B2:B5001", '"到,缺席"')


def test_a_titled_sheet_has_its_heading_in_row_three() -> None:
    buffer = io.BytesIO()
    write_workbook(buffer, [SheetToWrite("a/b:c", ["班级"], [["c98"]], title="登记表")])
    page = openpyxl.load_workbook(buffer).active
    assert page is not None
    assert [cell.value for cell in page["A"]] == ["登记表", None, "班级", "c98"]
    assert (page.title, page.freeze_panes) == ("a b c", "A4")


def test_the_same_rows_give_the_same_bytes() -> None:
    def made() -> bytes:
        buffer = io.BytesIO()
        write_workbook(buffer, [SheetToWrite("表", ["班级"], [["c98"], [DAY]])], notes=["注"], created=CREATED)
        return buffer.getvalue()

    assert made() == made()


def test_long_identifiers_and_long_texts_lose_nothing_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_table(path, sheet="表", headings=["证号", "文"], rows=[[430702199001011234, "长" * 40_000]])
    with open_workbook(path, name="a.xlsx") as book:
        [_, (_, cells)] = list(book.rows("表"))
    assert cells == ["430702199001011234", "长" * 32_766 + "…"]


def test_what_no_cell_can_hold_is_the_callers_mistake() -> None:
    with pytest.raises(TypeError, match="list"):
        write_table(io.BytesIO(), sheet="表", headings=["a"], rows=[[["x"]]])


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chuangwen.core.tabular.writing.MAX_ROWS", 3)
    write_table(io.BytesIO(), sheet="表", headings=["a"], rows=[[1], [2]])
    with pytest.raises(ValueError, match="at most 3 rows"):
        write_table(io.BytesIO(), sheet="表", headings=["a"], rows=[[1], [2], [3]])


def test_an_aware_moment_is_written_as_its_own_wall_clock(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    moment = dt.datetime(2026, 4, 2, 8, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    write_table(path, sheet="表", headings=["时间"], rows=[[moment]])
    with open_workbook(path, name="a.xlsx") as book:
        assert list(book.rows("表"))[1] == (2, [moment.replace(tzinfo=None)])
