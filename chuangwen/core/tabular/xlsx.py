"""Streams the rows of an .xlsx sheet out of the zip. Called by `workbook.Workbook`.

python-calamine holds the whole sheet in memory (157 MiB for 200,000 rows of 8 cells) and gives a failed
formula as a blank, so .xlsx is read here; .xls and .ods stay with calamine. A row whose cells all have the
shape that Excel, WPS, LibreOffice and XlsxWriter write is taken apart with one regular expression (four
times faster than expat calling Python); whenever the count of cells differs, or a comment or CDATA is in
the row, lxml parses that row. A test holds that both ways read the same.
"""

import codecs
import datetime as dt
import html
import re
import zipfile
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from chuangwen.core.tabular.parts import DateKind, Package, SharedStrings, string_of, unescape
from chuangwen.core.tabular.values import Cell, FormulaError

_CHUNK = 1 << 17
_LONGEST_ROW = 4 << 20
_CELL = (
    r'<{p}c r="([A-Z]{{1,3}})\d+"(?: s="(\d+)")?(?: t="(\w+)")?'
    r"(?:/>|>(<{p}f[^>]*?(?:/>|>[^<]*</{p}f>))?"
    r"(?:<{p}v>([^<]*)</{p}v>|<{p}v/>|<{p}is><{p}t[^>]*>([^<]*)</{p}t></{p}is>)?</{p}c>)"
)
_ROOT = re.compile(r"<(?:(\w+):)?worksheet\b[^>]*>")
_ROW_NUMBER = re.compile(r'\br="(\d+)"')
_LETTERS = re.compile(r"[A-Z]+")
_REMEMBERED = 8192
_COLUMNS = 16384

RawCell = tuple[str, str, str, str, str, str]


class DamagedSheetError(Exception):
    """The sheet's XML breaks off or is not what a sheet looks like."""


class SheetReader:
    """Reads one sheet member. `rows` may be called once per reader."""

    def __init__(self, archive: zipfile.ZipFile, member: str, package: Package, strings: SharedStrings) -> None:
        self._archive = archive
        self._member = member
        self._strings = strings
        self._styles = package.styles
        self._epoch = package.epoch
        self._letters = _all_letters()
        self._numbers: dict[tuple[str, str], Cell] = {}
        self._root = ""
        self._prefix = ""

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """(Excel's row number, cells from column A) of each row that is not blank.

        Raises DamagedSheetError, zipfile.BadZipFile, ValueError or etree.XMLSyntaxError in mid-stream.
        """
        number = 0
        for piece in self._pieces():
            start = piece.rfind(f"<{self._prefix}row")
            if start < 0:
                raise DamagedSheetError
            given = _ROW_NUMBER.search(piece, start, piece.find(">", start))
            number = int(given[1]) if given else number + 1 + piece.count("/>", 0, start)
            if self._is_empty(piece, start):
                continue
            cells = self._cells(piece[start:])
            if cells.count(None) < len(cells):
                yield number, cells

    def _pieces(self) -> Iterator[str]:
        """Text up to each row's end tag, the tag left out."""
        decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        text, closing, end = "", "", ""
        with self._archive.open(self._member) as stream:
            while chunk := stream.read(_CHUNK):
                text += decode(chunk)
                if not closing:
                    text = self._enter(text)
                    if not self._root:
                        continue
                    closing, end = f"</{self._prefix}row>", f"</{self._prefix}sheetData>"
                *pieces, text = text.split(closing)
                yield from pieces
                if end in text:
                    if any(tag in text[: text.index(end)] for tag in self._cell_tags):
                        raise DamagedSheetError
                    return
                if len(text) > _LONGEST_ROW:
                    raise DamagedSheetError
        if f"<{self._prefix}sheetData/>" not in text:
            raise DamagedSheetError

    def _enter(self, text: str) -> str:
        """Learn the namespace prefix and skip what stands before the rows; `_root` stays empty until then."""
        root = _ROOT.search(text)
        if root is None:
            if len(text) > _CHUNK:
                raise DamagedSheetError
            return text
        prefix = f"{root[1]}:" if root[1] else ""
        start = text.find(f"<{prefix}sheetData")
        if start < 0 or text.find(">", start) < 0:
            return text
        self._root, self._prefix = root[0], prefix
        self._find = re.compile(_CELL.format(p=re.escape(prefix))).findall
        self._cell_tags = (f"<{prefix}c ", f"<{prefix}c>", f"<{prefix}c/")
        self._value_tags = (f"<{prefix}v", f"<{prefix}t", f"<{prefix}f")
        return text[start:]

    def _is_empty(self, piece: str, start: int) -> bool:
        value, text, formula = self._value_tags
        return piece.find(value, start) < 0 and piece.find(text, start) < 0 and piece.find(formula, start) < 0

    def _cells(self, row: str) -> list[Cell]:
        raw = self._find(row)
        spaced, bare, empty = self._cell_tags
        if len(raw) != row.count(spaced) or bare in row or empty in row or "<!" in row:
            raw = self._exact(row)
        # The commonest cells are finished here, in one loop: a call for each would double the time.
        letters, numbers, strings, cells = self._letters, self._numbers, self._strings.get, list[Cell]()
        for cell in raw:
            column, style, kind, _, value, inline = cell
            if column != letters[len(cells)]:
                self._pad(cells, column)
            if inline and "&" not in inline and "_x" not in inline:
                cells.append(inline)
            elif kind == "s" and value:
                cells.append(strings(value) or None)
            elif kind == "" and (known := numbers.get((value, style))) is not None:
                cells.append(known)
            else:
                cells.append(self._value(cell))
        return cells

    def _pad(self, cells: list[Cell], column: str) -> None:
        """Fill up with blanks to the column with these letters."""
        index = self._letters.index(column)
        if index < len(cells):
            raise DamagedSheetError
        cells.extend([None] * (index - len(cells)))

    def _exact(self, row: str) -> list[RawCell]:
        """The same tuples as the regular expression gives, by a real parser; texts stay escaped as in XML."""
        document = f"{self._root}{row}</{self._prefix}row></{self._prefix}worksheet>"
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        cells: list[RawCell] = []
        for cell in etree.fromstring(document.encode(), parser).iterfind("{*}row/{*}c"):
            letters = _LETTERS.match(cell.get("r") or "")
            formula, value, inline = cell.find("{*}f"), cell.find("{*}v"), cell.find("{*}is")
            cells.append(
                (
                    letters[0] if letters else column_letters(len(cells)),
                    cell.get("s") or "",
                    cell.get("t") or "",
                    "" if formula is None else f"<f>{html.escape(formula.text or '', quote=False)}</f>",
                    "" if value is None else html.escape(value.text or "", quote=False),
                    "" if inline is None else html.escape(string_of(inline), quote=False),
                )
            )
        return cells

    def _value(self, cell: RawCell) -> Cell:
        _, style, kind, formula, value, inline = cell
        if inline:
            return _text(inline)
        if not value:
            # A formula whose result is the empty text is blank; one without any result was never calculated.
            return FormulaError("=" + _formula_text(formula)) if formula and not kind else None
        if kind in ("", "n"):
            return self._number(value, style)
        if kind == "b":
            return value == "1"
        if kind == "e":
            return FormulaError(value)
        return _iso(value) if kind == "d" else _text(value)

    def _number(self, value: str, style: str) -> Cell:
        known = self._numbers.get((value, style))
        if known is not None:
            return known
        kind = self._styles[int(style)] if style and int(style) < len(self._styles) else ""
        number = int(value) if value.isdecimal() else float(value)
        result = from_serial(number, kind, self._epoch) if kind else number
        if len(self._numbers) < _REMEMBERED:
            self._numbers[value, style] = result
        return result


def from_serial(number: int | float, kind: DateKind, epoch: dt.date) -> Cell:
    """Excel's day count as a date, a time of day, or a length of time; the number itself when it is out of
    range.
    """
    length = dt.timedelta(seconds=round(number * 86400)) if abs(number) < 3_000_000 else None
    if length is None or kind == "duration":
        return number if length is None else length
    if length.days < 0:
        return number
    if length.days == 0:
        # Zero formatted as a date is an empty date, not midnight.
        midnight = dt.datetime.combine(epoch, dt.time())
        return (midnight + length).time() if length or kind == "time" else number
    moment = dt.datetime.combine(epoch, dt.time()) + length
    return moment if length.seconds else moment.date()


def _text(escaped: str) -> str | None:
    plain = html.unescape(escaped) if "&" in escaped else escaped
    return unescape(plain) or None


def _formula_text(formula: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", formula))


def _iso(value: str) -> Cell:
    """An ISO 8601 cell of the strict flavour; the text itself when it is none."""
    try:
        moment = dt.datetime.fromisoformat(value.rstrip("Z"))
    except ValueError:
        return value
    return moment.date() if "T" not in value else moment


@lru_cache(maxsize=1)
def _all_letters() -> list[str]:
    """The letters of every column that a sheet can have, and one that ends the list."""
    return [*(column_letters(index) for index in range(_COLUMNS)), ""]


def column_letters(index: int) -> str:
    """Excel's name of the column with this 0-based index: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
