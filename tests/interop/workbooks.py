"""Workbooks as clerks send them, good and bad, for the tests of imports.

The small city has the classes c98 and c99 in the school `demo-primary`.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from chuangwen.core.tabular import SheetToWrite, write_workbook
from tests.core.test_tabular_old_formats import biff, compound

OUTCOMES = ["日期", "班级", "类别", "细类", "数量", "备注"]
SHIFTS = ["活动编号", "日期", "开始", "结束", "地点"]
ATTENDANCES = ["活动编号", "日期", "班级", "学生代码", "到场"]
PUPILS = ["班级", "学生代码"]
GOOD: list[list[object]] = [
    ["2026-04-02", "c98", "捡拾垃圾", "", 3, "路边"],
    ["2026.4.3", "c99", "公共设施维护", "", 2, ""],
    ["2026年4月6日", "c98", "文明劝导", "闯红灯", "5次", ""],
]
# The row of Excel in which the first row of data stands: title, blank, heading.
FIRST = 4
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def sheet(name: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> SheetToWrite:
    return SheetToWrite(name, headings, rows, title=f"实验小学{name}")


def book(*sheets: SheetToWrite) -> bytes:
    out = io.BytesIO()
    write_workbook(out, sheets)
    return out.getvalue()


def outcomes(rows: Iterable[Sequence[object]] = GOOD) -> bytes:
    return book(sheet("成效登记", OUTCOMES, rows))


def changed(index: int, column: int, value: object) -> list[list[object]]:
    """The good rows with one cell changed."""
    rows: list[list[object]] = [list(row) for row in GOOD]
    rows[index][column] = value
    return rows


def upload(data: bytes, name: str = "登记表.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def merged_headings() -> bytes:
    """Headings over two rows, merged across and down, as an office prints them."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        page = workbook.add_worksheet("成效登记")
        page.merge_range(0, 0, 0, 5, "四月份成效登记")
        for column, text in enumerate(["日期", "班级"]):
            page.merge_range(1, column, 2, column, text)
        page.merge_range(1, 2, 1, 4, "成效")
        page.write_row(2, 2, ["类别", "细类", "数量"])
        page.merge_range(1, 5, 2, 5, "备注")
        for number, row in enumerate(GOOD, start=3):
            page.write_row(number, 0, row)
    return out.getvalue()


def formula_error() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        page = workbook.add_worksheet("成效登记")
        page.write_row(0, 0, OUTCOMES)
        for number, row in enumerate(GOOD, start=1):
            page.write_row(number, 0, row)
        page.write_formula(2, 4, "=1/0", None, "#DIV/0!")
    return out.getvalue()


def empty_rows(count: int) -> bytes:
    """The good rows, and below them rows that are formatted and hold nothing."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as workbook:
        page = workbook.add_worksheet("成效登记")
        framed = workbook.add_format({"border": 1})
        page.write_row(0, 0, OUTCOMES)
        for number, row in enumerate(GOOD, start=1):
            page.write_row(number, 0, row)
        for number in range(len(GOOD) + 1, len(GOOD) + 1 + count):
            for column in range(len(OUTCOMES)):
                page.write_blank(number, column, None, framed)
    return out.getvalue()


def with_macros() -> bytes:
    """A workbook with a macro part, renamed to .xlsx."""
    out = io.BytesIO(outcomes())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/vbaProject.bin", OLE + b"\0" * 512)
    return out.getvalue()


def zip_bomb() -> bytes:
    """A sheet of sixty-four megabytes that packs into a few kilobytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(outcomes())) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name == "xl/worksheets/sheet1.xml":
                _pour(target, name)
            else:
                target.writestr(name, source.read(name))
    return out.getvalue()


def _pour(archive: zipfile.ZipFile, name: str) -> None:
    block = b" " * (1024 * 1024)
    with archive.open(name, "w") as part:
        for _megabyte in range(64):
            part.write(block)


def old_format() -> bytes:
    """An .xls file with the first of the good rows."""
    first: list[str | float] = ["2026-04-02", "c98", "捡拾垃圾", "", 3.0, "路边"]
    cells: dict[tuple[int, int], str | float] = {(0, column): text for column, text in enumerate(OUTCOMES)}
    cells |= {(1, column): value for column, value in enumerate(first) if value != ""}
    return compound(biff(cells))
