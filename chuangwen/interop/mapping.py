"""A workbook whose tables a person points out: which sheet is which table, where its heading and its columns are.

`sheets` is what the page shows, `chosen` what was sent; `services.map_columns` keeps it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from chuangwen.core import files
from chuangwen.core.errors import Refused
from chuangwen.core.importing import ImportContext, importers
from chuangwen.core.models import Import
from chuangwen.core.tabular import (
    BadWorkbook,
    Cell,
    Recognised,
    Table,
    Workbook,
    headings_at,
    nearest,
    open_workbook,
    placed,
    shown,
)
from chuangwen.core.tabular.xlsx import column_letters
from chuangwen.core.tabular_messages import explain
from chuangwen.interop.recognising import Known, known, recognised
from chuangwen.people.access import Viewer
from chuangwen.people.models import Unit

SAMPLE_ROWS = 8
READ_ROWS = 40
MOST_COLUMNS = 60

Rows = list[tuple[int, list[Cell]]]
Mapped = dict[str, dict[str, Any]]


@dataclass
class ColumnChoice:
    """One column of the table: where a person may say that it stands."""

    key: str
    label: str
    required: bool
    position: int | None
    options: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class SheetChoice:
    """One sheet as the page shows it. `noun` is "" for a sheet that is left out."""

    index: int
    name: str
    noun: str
    header_row: int
    height: int
    numbers: list[int]
    letters: list[str]
    sample: list[tuple[int, list[str]]]
    columns: list[ColumnChoice] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)


def sheets(viewer: Viewer, import_row: Import, asked: Mapping[str, str]) -> list[SheetChoice]:
    """Prefilled with what was recognised, or with what the address asks for. Raises Refused for an unreadable file."""
    unit = Unit.everything.get(uid=import_row.unit_uid)
    tables = known(unit, [importer(ImportContext(viewer, unit, import_row)) for importer in importers()])
    try:
        with open_workbook(files.path_of(import_row.file.sha256), name=import_row.file.name) as book:
            named = [sheet.name for sheet in book.sheets]
            return [_sheet(book, index, name, tables, import_row, asked) for index, name in enumerate(named)]
    except BadWorkbook as bad:
        what, mend = explain(bad.code, bad.params)
        raise Refused(what, mend=mend) from bad


def _sheet(
    book: Workbook, index: int, name: str, tables: Known, import_row: Import, asked: Mapping[str, str]
) -> SheetChoice:
    rows: Rows = list(islice(book.rows(name), READ_ROWS))
    hit = recognised(book, name, tables, import_row)
    left_out = hit is None and name in import_row.mapping
    if hit is None and not left_out:
        hit = nearest(iter(rows), tables.tables, sheet=name)
        hit = hit if hit and hit.positions else None
    noun = asked.get(f"table-{index}", hit.table.key if hit else "")
    header_row = _number(asked.get(f"row-{index}")) or (hit.header_row if hit else _likely_heading(rows))
    same = hit is not None and (noun, header_row) == (hit.table.key, hit.header_row)
    height = hit.first_data_row - hit.header_row if hit and same else 1
    numbers = [number for number, _cells in rows[:SAMPLE_ROWS]]
    if header_row not in numbers:
        numbers = sorted([*numbers, header_row])
    width = min(max((len(cells) for _number, cells in rows), default=0), MOST_COLUMNS)
    choice = SheetChoice(
        index, name, noun, header_row, height, numbers, [column_letters(at) for at in range(width)], []
    )
    choice.sample = [(number, _texts(cells, width)) for number, cells in rows if number in numbers]
    choice.headings = headings_at(iter(rows), header_row, height)
    table = tables.table(noun)
    if table:
        found = hit if hit and same else placed(iter(rows), table, header_row=header_row, height=height)
        choice.columns = _columns(table, found, _options(rows, choice, width))
    return choice


def _texts(cells: list[Cell], width: int) -> list[str]:
    return [shown(cell) for cell in cells[:width]] + [""] * (width - len(cells))


def _likely_heading(rows: Rows) -> int:
    """The first row with three words in it: titles stand in one cell."""
    for number, cells in rows:
        if sum(isinstance(cell, str) and bool(cell.strip()) for cell in cells) >= 3:
            return number
    return rows[0][0] if rows else 1


def _options(rows: Rows, choice: SheetChoice, width: int) -> list[tuple[int, str]]:
    """Every column of the sheet with its letter, its heading and two values, so that it is known when it is seen."""
    below = [cells for number, cells in rows if number >= choice.header_row + choice.height]
    options = []
    for position in range(width):
        heading = choice.headings[position] if position < len(choice.headings) else ""
        values = [shown(cells[position]) for cells in below if position < len(cells) and cells[position] is not None]
        if heading or values:
            said = f"{column_letters(position)}　{heading or _('（没有列名）')}"
            options.append((position, said + (f"：{'、'.join(values[:2])}" if values else "")))
    return options


def _columns(table: Table, found: Recognised, options: list[tuple[int, str]]) -> list[ColumnChoice]:
    return [
        ColumnChoice(column.key, column.label, column.required, found.positions.get(column.key), options)
        for column in table.columns
    ]


def _number(written: str | None) -> int | None:
    return int(written) if written and written.isdecimal() and len(written) < 8 else None


def chosen(page: list[SheetChoice], sent: Mapping[str, str]) -> Mapped | None:
    """What was sent, in the form that an import keeps; None, and said on the sheets, where it cannot be meant so."""
    mapped: Mapped = {}
    for sheet in page:
        columns: dict[str, int] = {}
        taken: dict[int, str] = {}
        for column in sheet.columns:
            column.position = _number(sent.get(f"col-{sheet.index}-{column.key}"))
            if column.position is None:
                if column.required:
                    sheet.wrong.append(_("“%(label)s”还没有指到一列") % {"label": column.label})
            elif column.position in taken:
                said = {"one": taken[column.position], "other": column.label}
                sheet.wrong.append(_("“%(one)s”和“%(other)s”指到了同一列") % said)
            else:
                columns[column.key] = column.position
                taken[column.position] = column.label
        mapped[sheet.name] = {
            "noun": sheet.noun,
            "header_row": sheet.header_row,
            "height": sheet.height,
            "columns": columns,
        }
    if page and not any(sheet.noun for sheet in page):
        page[0].wrong.append(_("没有一张表要导入：至少给一张工作表选上是什么表"))
    return None if any(sheet.wrong for sheet in page) else mapped
