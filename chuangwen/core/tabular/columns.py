"""Finds the table on a sheet: which row is the heading, which column is which. Called by importers before
`reading`.

Clerks put titles above a table, merge headings over two rows, write units into them and reorder the
columns; all of that is read. A column is recognised by its name or a synonym, never by its place.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from chuangwen.core.tabular.normal import heading
from chuangwen.core.tabular.values import Cell
from chuangwen.core.tabular.xlsx import column_letters

HEADER_WITHIN = 40

Rows = list[tuple[int, list[Cell]]]


@dataclass(frozen=True, slots=True)
class Column:
    """One column that a table may have.

    `label` and `synonyms` are headings; `parse` reads a cell; a required column must be on the sheet.
    `fill_down` repeats the cell above into blank ones, for columns that offices merge. `choices` and
    `example` tell whoever fills in an empty template what may be written. `learned` are headings by which one
    unit calls it: they come before the names that all tables know, also those of another column.
    """

    key: str
    label: str
    parse: Callable[[Cell], Any]
    synonyms: Sequence[str] = ()
    required: bool = True
    fill_down: bool = False
    choices: Sequence[str] = ()
    example: str = ""
    learned: Sequence[str] = ()

    def names(self) -> set[str]:
        """Its name and synonyms, as headings are compared."""
        return {heading(text) for text in (self.label, *self.synonyms)}


@dataclass(frozen=True, slots=True)
class Table:
    """A kind of list; `sheet_names` are the names under which its sheet usually goes."""

    key: str
    label: str
    columns: Sequence[Column]
    sheet_names: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Recognised:
    """Where a table stands: Excel's row numbers, 0-based column positions and headings by column key.

    `headings` are as written with the letter, "次数 (F)"; `ignored` are headings that the table does not
    know; `missing` are the labels of required columns that the sheet lacks: with any, the sheet cannot be
    read.
    """

    table: Table
    header_row: int
    first_data_row: int
    positions: dict[str, int]
    headings: dict[str, str]
    ignored: list[str]
    missing: list[str]


@dataclass(frozen=True, slots=True)
class _Header:
    """A possible heading: for each column the names it may go by, and the text as written."""

    row: int
    next_row: int
    names: list[set[str]]
    written: list[str]


@dataclass(frozen=True, slots=True)
class _Match:
    table: Table
    header: _Header
    positions: dict[str, int]
    named: bool
    learned: bool

    @property
    def missing(self) -> list[Column]:
        absent = (column for column in self.table.columns if column.key not in self.positions)
        return [column for column in absent if column.required]

    @property
    def rank(self) -> tuple[bool, bool, bool, int, bool]:
        """What a unit taught comes first. A sheet's name says what it is meant to be, even when a smaller table would
        fit it without gaps. A heading in one row comes before the same one joined with the title above it.
        """
        one_row = self.header.next_row == self.header.row + 1
        taught = self.learned and not self.missing
        return taught, self.named, not self.missing, len(self.positions), one_row

    @property
    def share(self) -> float:
        """How much of what the table needs is there; a name alone is little."""
        required = [column for column in self.table.columns if column.required]
        return 1 - len(self.missing) / len(required)

    @property
    def plausible(self) -> bool:
        required = [column for column in self.table.columns if column.required]
        found = len(self.positions)
        enough = 2 * (len(required) - len(self.missing)) >= len(required)
        return enough and found >= min(2, len(self.table.columns))


def recognise(rows: Iterable[tuple[int, list[Cell]]], tables: Sequence[Table], *, sheet: str) -> Recognised | None:
    """The table that fits the sheet best, looked for in its first 40 non-blank rows; None when it is no
    table.

    `rows` come from `Workbook.rows`, of which at most 40 are taken.
    """
    fitting = [match for match in _matches(rows, tables, sheet) if match.plausible]
    return _recognised(max(fitting, key=lambda match: match.rank)) if fitting else None


def nearest(rows: Iterable[tuple[int, list[Cell]]], tables: Sequence[Table], *, sheet: str) -> Recognised | None:
    """Of a sheet that is no table: the one that it comes nearest to, by its name or some of its columns; else None."""
    alike = [match for match in _matches(rows, tables, sheet) if match.missing and (match.named or match.positions)]
    return _recognised(max(alike, key=lambda match: (match.share, match.named))) if alike else None


def _matches(rows: Iterable[tuple[int, list[Cell]]], tables: Sequence[Table], sheet: str) -> Iterable[_Match]:
    for header in _headers(list(islice(rows, HEADER_WITHIN))):
        for table in tables:
            yield _match(table, header, sheet)


def _headers(rows: Rows) -> Iterable[_Header]:
    for index, (number, cells) in enumerate(rows):
        upper = [_written(cell) for cell in cells]
        yield _Header(number, number + 1, [{heading(text)} for text in upper], upper)
        if index + 1 < len(rows) and rows[index + 1][0] == number + 1:
            yield _two_rows(number, upper, [_written(cell) for cell in rows[index + 1][1]])


def _two_rows(number: int, upper: list[str], lower: list[str]) -> _Header:
    """A heading over two rows: a blank above is the middle of a horizontal merge, one below of a vertical
    merge.
    """
    names, written, group = [], [], ""
    for index in range(max(len(upper), len(lower))):
        top = upper[index] if index < len(upper) else ""
        bottom = lower[index] if index < len(lower) else ""
        group = top or group
        if bottom:
            names.append({heading(group + bottom), heading(bottom)})
            written.append(f"{group} {bottom}".strip())
        else:
            names.append({heading(top)})
            written.append(top)
    return _Header(number, number + 2, names, written)


def _written(cell: Cell) -> str:
    return " ".join(cell.split()) if isinstance(cell, str) else ""


def _match(table: Table, header: _Header, sheet: str) -> _Match:
    positions: dict[str, int] = {}
    taught = {column.key: {heading(text) for text in column.learned} for column in table.columns if column.learned}
    _place(positions, header, taught)
    learned, elsewhere = bool(positions), set().union(*taught.values())
    own = {column.key: column.names() - elsewhere for column in table.columns if column.key not in positions}
    _place(positions, header, own)
    named = heading(sheet) in {heading(name) for name in table.sheet_names}
    return _Match(table, header, positions, named, learned)


def _place(positions: dict[str, int], header: _Header, known: Mapping[str, set[str]]) -> None:
    for key, wanted in known.items():
        for position, names in enumerate(header.names):
            if position not in positions.values() and names & wanted:
                positions[key] = position
                break


def _recognised(match: _Match) -> Recognised:
    header, taken = match.header, set(match.positions.values())
    return Recognised(
        table=match.table,
        header_row=header.row,
        first_data_row=header.next_row,
        positions=match.positions,
        headings={
            key: f"{header.written[position]} ({column_letters(position)})" for key, position in match.positions.items()
        },
        ignored=[
            f"{text} ({column_letters(position)})"
            for position, text in enumerate(header.written)
            if text and position not in taken
        ],
        missing=[column.label for column in match.missing],
    )


def placed(
    rows: Iterable[tuple[int, list[Cell]]],
    table: Table,
    *,
    header_row: int,
    positions: Mapping[str, int] | None = None,
    height: int = 1,
) -> Recognised:
    """The table as a person says that it stands there: which row is the heading, which column is which.

    Without `positions` the columns are looked for in that heading by their names.
    """
    header = _header_at(dict(islice(rows, HEADER_WITHIN)), header_row, height)
    if positions is None:
        return _recognised(_match(table, header, ""))
    kept = {column.key: positions[column.key] for column in table.columns if column.key in positions}
    header.written.extend([""] * (max(kept.values(), default=0) + 1 - len(header.written)))
    return _recognised(_Match(table, header, kept, named=False, learned=False))


def headings_at(rows: Iterable[tuple[int, list[Cell]]], header_row: int, height: int = 1) -> list[str]:
    """What stands in a heading, column by column."""
    return _header_at(dict(islice(rows, HEADER_WITHIN)), header_row, height).written


def _header_at(rows: Mapping[int, list[Cell]], header_row: int, height: int) -> _Header:
    upper = [_written(cell) for cell in rows.get(header_row, [])]
    if height > 1:
        return _two_rows(header_row, upper, [_written(cell) for cell in rows.get(header_row + 1, [])])
    return _Header(header_row, header_row + 1, [{heading(text)} for text in upper], upper)
