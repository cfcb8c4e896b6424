"""Writes lists as .xlsx: every export, the template workbooks and the example workbooks go through here.

What always holds: text stays text (a name that begins with = is no formula), days are real days, rows are
streamed, and with `created` given the same rows give the same bytes.
"""

import datetime as dt
import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import xlsxwriter

MAX_ROWS = 1_048_576
MAX_TEXT = 32_767
MAX_OFFERED = 250
OFFERED_ROWS = 5000

_FORMATS: dict[str, dict[str, object]] = {
    "title": {"bold": True, "font_size": 14},
    "heading": {"bold": True, "bg_color": "#EFEBE4", "bottom": 1, "text_wrap": True, "valign": "vcenter"},
    "date": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm"},
    "time": {"num_format": "hh:mm"},
    "note": {"text_wrap": True, "valign": "top"},
}
_MARKED = {"bg_color": "#FBE3DF", "font_color": "#8C1D18"}


@dataclass(frozen=True, slots=True)
class SheetToWrite:
    """A sheet: with a title the heading stands in row 3, else in row 1. Widths are in characters, by
    heading; so are `choices`, the words that a cell of that column offers to pick from. `marked` are cells to
    stand out: (row of data, column), both from 0.
    """

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[object]]
    title: str = ""
    widths: Mapping[str, float] = field(default_factory=dict)
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    marked: Collection[tuple[int, int]] = frozenset()


def write_table(
    path_or_buffer: Path | IO[bytes],
    *,
    sheet: str,
    headings: list[str],
    rows: Iterable[Sequence[object]],
    widths: Mapping[str, float] | None = None,
    notes: Sequence[str] = (),
) -> None:
    """Write one list; `notes` go on a second sheet 说明. Raises as `write_workbook` does."""
    write_workbook(path_or_buffer, [SheetToWrite(sheet, headings, rows, widths=widths or {})], notes=notes)


def write_workbook(
    path_or_buffer: Path | IO[bytes],
    sheets: Sequence[SheetToWrite],
    *,
    notes: Sequence[str] = (),
    created: dt.datetime | None = None,
) -> None:
    """Write several lists into one workbook, in the order given.

    An aware datetime is written as the wall clock of its own zone. Raises ValueError for more rows than a
    sheet can hold and TypeError for a value that no cell can hold.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    target = str(path_or_buffer) if isinstance(path_or_buffer, Path) else path_or_buffer
    with xlsxwriter.Workbook(target, options) as book:
        if created is not None:
            book.set_properties({"created": created})
        formats = {name: book.add_format(format_) for name, format_ in _FORMATS.items()}
        marked = {name: book.add_format({**_FORMATS.get(name, {}), **_MARKED}) for name in ("", *_FORMATS)}
        for sheet in sheets:
            _write_sheet(book.add_worksheet(sheet_name(sheet.name)), sheet, formats, marked)
        if notes:
            page = book.add_worksheet("说明")
            page.set_column(0, 0, 90)
            for number, note in enumerate(notes):
                page.write_string(number, 0, note, formats["note"])


def _write_sheet(page: Any, sheet: SheetToWrite, formats: Mapping[str, Any], marked: Mapping[str, Any]) -> None:
    top = 0
    if sheet.title:
        page.write_string(0, 0, sheet.title, formats["title"])
        top = 2
    page.freeze_panes(top + 1, 0)
    for index, text in enumerate(sheet.headings):
        page.set_column(index, index, sheet.widths.get(text, max(10, 2 * len(text) + 4)))
        page.write_string(top, index, text, formats["heading"])
    number = top
    for number, row in enumerate(sheet.rows, start=top + 1):
        if number >= MAX_ROWS:
            raise ValueError(f"a sheet holds at most {MAX_ROWS} rows")
        for index, value in enumerate(row):
            stands_out = (number - top - 1, index) in sheet.marked
            _write_cell(page, number, index, value, marked if stands_out else formats)
    page.autofilter(top, 0, number, len(sheet.headings) - 1)
    for index, text in enumerate(sheet.headings):
        _offer(page, top + 1, index, sheet.choices.get(text, ()))


def _offer(page: Any, first: int, column: int, words: Sequence[str]) -> None:
    """A drop-down down the column; Excel takes no longer list, and none whose words have a comma."""
    if words and len(",".join(words)) <= MAX_OFFERED and not any("," in word for word in words):
        # The engine reads more spellings than the list shows, so a word of one's own is no error here.
        rule = {"validate": "list", "source": [*words], "show_error": False}
        page.data_validation(first, column, first + OFFERED_ROWS - 1, column, rule)


def _write_cell(page: Any, row: int, column: int, value: object, formats: Mapping[str, Any]) -> None:
    plain = formats.get("")
    if value is None or value == "":
        if plain:
            page.write_blank(row, column, None, plain)
        return
    if isinstance(value, bool):
        page.write_string(row, column, "是" if value else "否", plain)
    elif isinstance(value, int | float | Decimal):
        _write_number(page, row, column, value, plain)
    elif isinstance(value, dt.datetime):
        page.write_datetime(row, column, value.replace(tzinfo=None), formats["moment"])
    elif isinstance(value, dt.date):
        page.write_datetime(row, column, value, formats["date"])
    elif isinstance(value, dt.time):
        page.write_datetime(row, column, value.replace(tzinfo=None), formats["time"])
    else:
        _write_text(page, row, column, value, plain)


def _write_number(page: Any, row: int, column: int, value: int | float | Decimal, plain: Any) -> None:
    # Excel keeps fifteen digits: a longer number is an identifier and would lose its end.
    if not math.isfinite(value) or (isinstance(value, int) and abs(value) >= 10**15):
        page.write_string(row, column, str(value), plain)
    else:
        page.write_number(row, column, value, plain)


def _write_text(page: Any, row: int, column: int, value: object, plain: Any) -> None:
    # A lazy translation of Django is text as well, and is known by this name only.
    if not isinstance(value, str) and not hasattr(value, "_proxy____cast"):
        raise TypeError(f"a cell cannot hold {type(value).__name__}")
    text = str(value)
    page.write_string(row, column, text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…", plain)


def sheet_name(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:31].strip("' ") or "Sheet1"
