"""Opens a workbook that an office keeps and streams its rows. Called by the importers of the apps.

What always holds: a file that is no workbook, or is a danger, is refused with `BadWorkbook` before it is
read; rows come one at a time with the number that Excel shows; blank rows never come.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import python_calamine as calamine
from lxml import etree

from chuangwen.core.tabular.geojson import ENDINGS, Features
from chuangwen.core.tabular.limits import DEFAULT_LIMITS, Limits
from chuangwen.core.tabular.parts import Package, SharedStrings, read_package
from chuangwen.core.tabular.plain import read_text, rows_of, sheet_of
from chuangwen.core.tabular.problems import BadWorkbook
from chuangwen.core.tabular.safety import Kind, inspect_file
from chuangwen.core.tabular.values import Cell
from chuangwen.core.tabular.xlsx import DamagedSheetError, SheetReader

_SUFFIXES: dict[Kind, tuple[str, ...]] = {
    "xlsx": (".xlsx",),
    "xls": (".xls", ".et"),
    "ods": (".ods",),
    "csv": (".csv",),
    "geojson": ENDINGS,
}
_DAMAGE = (
    DamagedSheetError,
    zipfile.BadZipFile,
    etree.XMLSyntaxError,
    KeyError,
    IndexError,
    ValueError,
    OverflowError,
    EOFError,
)


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    hidden: bool


class Workbook:
    """An open workbook. `notes` are codes of `tabular_messages` that the clerk should see; nothing is
    refused there.
    """

    def __init__(self, name: str, sheets: list[Sheet], notes: list[str]) -> None:
        self.name = name
        self.sheets = sheets
        self.notes = notes

    def rows(self, sheet_name: str) -> Iterator[tuple[int, list[Cell]]]:
        """(Excel's row number from 1, cells from column A) of each row that is not blank.

        Raises KeyError for a sheet that is not there, BadWorkbook "damaged" in mid-stream.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the file."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_workbook(path: Path, *, name: str, limits: Limits = DEFAULT_LIMITS) -> Workbook:
    """Open the .xlsx, .xls, .ods, .csv or .geojson file at `path`, which the user knows as `name`; a context manager.

    A wrong ending is no reason to refuse: the content decides, and `notes` says so. Raises BadWorkbook.
    """
    kind = inspect_file(path, name, limits)
    try:
        book = _open(path, name, kind)
    except (calamine.CalamineError, *_DAMAGE) as error:
        raise BadWorkbook("damaged", {"name": name}) from error
    if not book.sheets or len(book.sheets) > limits.sheets:
        book.close()
        code = "too_many_sheets" if book.sheets else "no_sheets"
        raise BadWorkbook(code, {"name": name, "count": str(len(book.sheets)), "limit": str(limits.sheets)})
    if not name.lower().endswith(_SUFFIXES[kind]):
        book.notes.append(f"ending_{kind}")
    return book


def _open(path: Path, name: str, kind: Kind) -> Workbook:
    if kind == "csv":
        return _CsvBook(path, name)
    if kind == "geojson":
        return _GeojsonBook(path, name)
    return _XlsxBook(path, name) if kind == "xlsx" else _CalamineBook(path, name, kind)


class _CsvBook(Workbook):
    def __init__(self, path: Path, name: str) -> None:
        self._text = read_text(path, name)
        super().__init__(name, [Sheet(sheet_of(name), hidden=False)], [])

    def rows(self, sheet_name: str) -> Iterator[tuple[int, list[Cell]]]:
        if sheet_name != self.sheets[0].name:
            raise KeyError(sheet_name)
        return rows_of(self._text, self.name)


class _GeojsonBook(Workbook):
    def __init__(self, path: Path, name: str) -> None:
        self._features = Features(path, name)
        super().__init__(name, [Sheet(self._features.sheet, hidden=False)], [])

    def rows(self, sheet_name: str) -> Iterator[tuple[int, list[Cell]]]:
        if sheet_name != self.sheets[0].name:
            raise KeyError(sheet_name)
        return self._features.rows()


class _XlsxBook(Workbook):
    def __init__(self, path: Path, name: str) -> None:
        self._archive = zipfile.ZipFile(path)
        try:
            self._package: Package = read_package(self._archive)
        except BaseException:
            self._archive.close()
            raise
        self._strings: SharedStrings | None = None
        self._parts = {part.name: part.member for part in self._package.sheets}
        super().__init__(name, [Sheet(part.name, part.hidden) for part in self._package.sheets], [])

    def rows(self, sheet_name: str) -> Iterator[tuple[int, list[Cell]]]:
        member = self._parts[sheet_name]
        return self._stream(member)

    def _stream(self, member: str) -> Iterator[tuple[int, list[Cell]]]:
        try:
            if self._strings is None:
                self._strings = SharedStrings(self._archive, self._package.strings_member)
            yield from SheetReader(self._archive, member, self._package, self._strings).rows()
        except _DAMAGE as error:
            raise BadWorkbook("damaged", {"name": self.name}) from error

    def close(self) -> None:
        self._archive.close()


class _CalamineBook(Workbook):
    def __init__(self, path: Path, name: str, kind: Kind) -> None:
        # from_path would go by the name's ending; given a stream, calamine looks at the content.
        self._file = path.open("rb")
        try:
            self._book = calamine.CalamineWorkbook.from_filelike(self._file)
            sheets = self._sheets(name)
        except BaseException:
            self._file.close()
            raise
        # calamine gives a failed formula of an .xls file as a blank, and nothing tells the two apart.
        super().__init__(name, sheets, ["xls_formulas"] if kind == "xls" else [])

    def _sheets(self, name: str) -> list[Sheet]:
        sheets = []
        for meta in self._book.sheets_metadata:
            if meta.typ in (calamine.SheetTypeEnum.MacroSheet, calamine.SheetTypeEnum.Vba):
                raise BadWorkbook("macros", {"name": name})
            if meta.typ == calamine.SheetTypeEnum.WorkSheet:
                sheets.append(Sheet(meta.name, meta.visible != calamine.SheetVisibleEnum.Visible))
        return sheets

    def rows(self, sheet_name: str) -> Iterator[tuple[int, list[Cell]]]:
        if sheet_name not in {sheet.name for sheet in self.sheets}:
            raise KeyError(sheet_name)
        return self._stream(sheet_name)

    def _stream(self, sheet_name: str) -> Iterator[tuple[int, list[Cell]]]:
        try:
            sheet = self._book.get_sheet_by_name(sheet_name)
        except calamine.CalamineError as error:
            raise BadWorkbook("damaged", {"name": self.name}) from error
        if sheet.start is None:
            return
        left: list[Cell] = [None] * sheet.start[1]
        # iter_rows counts from the sheet's first row but leaves out the empty columns on the left.
        for number, row in enumerate(sheet.iter_rows(), start=1):
            cells = [None if cell == "" else cell for cell in row]
            if any(cell is not None for cell in cells):
                yield number, left + cells

    def close(self) -> None:
        self._book.close()
        self._file.close()
