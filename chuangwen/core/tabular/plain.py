"""A .csv file as a workbook of one sheet. Called by `workbook.open_workbook`.

Offices save it from WPS or Excel as UTF-8, with a mark in front or without, or in the old Chinese encoding. Every cell
is text; the parsers read numbers and days out of it as they do where a clerk typed them as text.
"""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path, PurePath

from chuangwen.core.tabular.problems import BadWorkbook
from chuangwen.core.tabular.values import Cell

_SIGNS = (",", "\t", ";")
_WIDEST = 16384
_NAME = 31


def read_text(path: Path, name: str) -> str:
    """Raises BadWorkbook "csv" for bytes that are no text."""
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadWorkbook("csv", {"name": name})


def sheet_of(name: str) -> str:
    """The sheet is called as the file is: nothing else says what it holds."""
    return PurePath(name.replace("\\", "/")).stem[:_NAME] or name


def rows_of(text: str, name: str) -> Iterator[tuple[int, list[Cell]]]:
    """(number of the row, cells) of each row that is not blank. Raises BadWorkbook."""
    first = text.lstrip().partition("\n")[0]
    sign = max(_SIGNS, key=first.count)
    try:
        for number, words in enumerate(csv.reader(StringIO(text, newline=""), delimiter=sign), start=1):
            if len(words) > _WIDEST:
                raise BadWorkbook("too_wide", {"name": name})
            if any(word.strip() for word in words):
                yield number, [word if word.strip() else None for word in words]
    except csv.Error as error:
        raise BadWorkbook("damaged", {"name": name}) from error
