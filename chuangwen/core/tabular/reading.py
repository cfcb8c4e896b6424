"""Reads the rows of a recognised table. Called by importers, once per sheet.

What always holds: every row of data comes out exactly once, in order, with its Excel number, either whole
or with the problems that it has; headings that repeat, totals and a signature line under the table are no
data.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from chuangwen.core.tabular.columns import Column, Recognised
from chuangwen.core.tabular.normal import heading, tight
from chuangwen.core.tabular.problems import BadCell, Problem, shown
from chuangwen.core.tabular.values import Cell, is_blank
from chuangwen.core.tabular.workbook import Workbook

_TOTAL = re.compile(r"(本页|本月|本周|全校|全市)?(合计|总计|小计|共计)([:(].*)?")
_FOOTER = re.compile(r"((填表|填报|制表|审核|负责|联系|经办|校对)人?(单位|日期|时间|签字)?|备注|说明|注):.*")
_ENDINGS = frozenset("计:：")
_REMEMBERED = 4096
_UNKNOWN = object()
_NONE_KNOWN: dict[Cell, object] = {}


@dataclass(slots=True)
class Row:
    """One row: Excel's number, the values by column key, what is wrong with it.

    A bad cell has a problem and no key in `values`; a column that the sheet lacks is None. `cells` are the
    cells as they stand there, by position, or as they were mended; `was` are the cells of the sheet that were
    mended, by column key.
    """

    number: int
    values: dict[str, object]
    cells: list[Cell]
    problems: list[Problem] = field(default_factory=list)
    was: dict[str, Cell] = field(default_factory=dict)
    left_out: bool = False


@dataclass(slots=True)
class _Reader:
    """A column at its place. Offices repeat themselves, so results are kept per class and cell: 1 is not
    True.
    """

    key: str
    position: int
    heading: str
    parse: Callable[[Cell], Any]
    fill_down: bool
    name: str
    above: Cell = None
    known: dict[type, dict[Cell, object]] = field(default_factory=dict)

    def read(self, cell: Cell) -> object:
        """The value, or the BadCell itself: that is remembered too, since the nearest word is dear to look
        up.
        """
        try:
            value: object = self.parse(cell)
        except BadCell as problem:
            value = problem.with_traceback(None)
        known = self.known.setdefault(cell.__class__, {})
        if len(known) < _REMEMBERED:
            known[cell] = value
        return value


Mends = Mapping[int, Mapping[str, Cell] | None]


def read_rows(book: Workbook, sheet: str, recognised: Recognised, mends: Mends | None = None) -> Iterator[Row]:
    """The rows of data of `sheet` below the heading, with the cells that were mended by hand in place of the file's.

    `mends` are the cells by row number and column key; None stands for a row that is left out: it comes with
    `left_out` set and is not read. Raises BadWorkbook "damaged" in mid-stream, KeyError for a sheet that is not there.
    """
    columns, positions = recognised.table.columns, recognised.positions
    readers = [_reader(column, recognised) for column in columns if column.key in positions]
    filled = [reader for reader in readers if reader.fill_down]
    absent = {column.key: None for column in columns if column.key not in positions}
    mends = mends or {}
    for number, cells in book.rows(sheet):
        if number < recognised.first_data_row or _is_no_data(cells, readers):
            continue
        mend = mends.get(number, {})
        was = _mend(cells, readers, mend) if mend else {}
        if filled:
            _fill_down(cells, filled)
        if mend is None:
            yield Row(number, {}, cells, left_out=True)
            continue
        row = _read_row(number, cells, readers, absent, sheet)
        if mend:
            row.was = was
            _add_columns(row, sheet, recognised, {key: mend[key] for key in mend if key not in positions})
        yield row


def _mend(cells: list[Cell], readers: list[_Reader], mend: Mapping[str, Cell]) -> dict[str, Cell]:
    """Put the mended cells into the row; returns what stood there."""
    was = {}
    for reader in readers:
        if reader.key in mend:
            cells.extend([None] * (reader.position + 1 - len(cells)))
            was[reader.key] = cells[reader.position]
            cells[reader.position] = mend[reader.key]
    return was


def _add_columns(row: Row, sheet: str, recognised: Recognised, cells: Mapping[str, Cell]) -> None:
    """Cells of columns that the sheet does not have, given for this row alone."""
    for column in recognised.table.columns:
        if column.key not in cells:
            continue
        cell = cells[column.key]
        row.was[column.key] = None
        try:
            row.values[column.key] = column.parse(cell)
        except BadCell as bad:
            row.values.pop(column.key, None)
            row.problems.append(Problem(sheet, row.number, column.label, shown(cell), bad.code, bad.params, column.key))


def _reader(column: Column, recognised: Recognised) -> _Reader:
    written = recognised.headings[column.key]
    return _Reader(
        key=column.key,
        position=recognised.positions[column.key],
        heading=written,
        parse=column.parse,
        fill_down=column.fill_down,
        name=heading(written.rpartition(" (")[0]),
    )


def _read_row(number: int, cells: list[Cell], readers: list[_Reader], absent: dict[str, None], sheet: str) -> Row:
    values: dict[str, object] = dict(absent)
    row, width = Row(number, values, cells), len(cells)
    for reader in readers:
        position = reader.position
        cell = cells[position] if position < width else None
        value = reader.known.get(cell.__class__, _NONE_KNOWN).get(cell, _UNKNOWN)
        if value is _UNKNOWN:
            value = reader.read(cell)
        if value.__class__ is BadCell:
            assert isinstance(value, BadCell)  # noqa: S101 - for the type checker; the class test is the fast one
            problem = Problem(sheet, number, reader.heading, shown(cell), value.code, value.params, reader.key)
            row.problems.append(problem)
        else:
            values[reader.key] = value
    return row


def _is_no_data(cells: list[Cell], readers: list[_Reader]) -> bool:
    first = cells[0] if cells[0] is not None else next((cell for cell in cells[1:3] if cell is not None), None)
    if isinstance(first, str) and (_closes(first) or _repeats_heading(cells, readers)):
        return True
    width = len(cells)
    return not any(reader.position < width and not is_blank(cells[reader.position]) for reader in readers)


def _closes(first: str) -> bool:
    """True for a total, and for a signature or remark that stands alone under the table."""
    if _ENDINGS.isdisjoint(first):
        return False
    text = tight(first)
    return (_TOTAL.fullmatch(text) or _FOOTER.fullmatch(text)) is not None


def _repeats_heading(cells: list[Cell], readers: list[_Reader]) -> bool:
    for reader in readers[:2]:
        cell = cells[reader.position] if reader.position < len(cells) else None
        if not isinstance(cell, str) or heading(cell) != reader.name:
            return False
    return True


def _fill_down(cells: list[Cell], filled: list[_Reader]) -> None:
    for reader in filled:
        if reader.position < len(cells) and not is_blank(cells[reader.position]):
            reader.above = cells[reader.position]
        else:
            cells.extend([None] * (reader.position + 1 - len(cells)))
            cells[reader.position] = reader.above
