"""Reads the committed example workbooks row by row, headings as keys."""

import datetime as dt
from pathlib import Path

import chuangwen
from chuangwen.core.tabular import Cell, open_workbook

EXAMPLES = Path(chuangwen.__file__).parent / "reference" / "examples"
Row = dict[str, Cell]


def cells_of(path: Path) -> dict[str, list[tuple[int, list[Cell]]]]:
    with open_workbook(path, name=path.name) as book:
        return {sheet.name: list(book.rows(sheet.name)) for sheet in book.sheets}


def rows_of(name: str, sheet: str) -> list[Row]:
    """The rows of a sheet; a cell beyond the last that is filled counts as blank."""
    found = dict(cells_of(EXAMPLES / f"{name}.xlsx")[sheet])
    headings = [str(cell) for cell in found.pop(3)]
    found.pop(1)
    return [dict(zip(headings, [*row, *[None] * (len(headings) - len(row))], strict=True)) for row in found.values()]


def number(row: Row, column: str) -> int:
    value = row[column]
    assert isinstance(value, int)
    return value


def day(row: Row, column: str = "日期") -> dt.date:
    value = row[column]
    assert isinstance(value, dt.date)
    return value


def text(row: Row, column: str) -> str:
    return str(row[column] or "")
