"""What can be wrong with a workbook or a cell, as data.

Raised and collected by this package, shown by the import pages through
`chuangwen.core.tabular_messages.explain`. Only codes and parameters travel; every code has its sentence
there, and a test holds that none is missing.
"""

from dataclasses import dataclass, field

from chuangwen.core.tabular.values import Cell

SHOWN = 40


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that a clerk has to mend.

    `row` is the row number as Excel shows it, 0 for the sheet as a whole; `column` is the heading as
    written with its letter, "次数 (F)"; `value` is what stands in the cell, cut to 40 characters; `key` is the
    key of the column, "" where it is about a row or a sheet.
    """

    sheet: str
    row: int
    column: str
    value: str
    code: str
    params: dict[str, str]
    key: str = field(default="", compare=False)


class BadCell(Exception):
    """A cell that its column cannot take. `params` always holds "value", cut to 40 characters."""

    def __init__(self, code: str, params: dict[str, str]) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


class BadWorkbook(Exception):
    """A file that is refused as a whole. `params` always holds "name", the file's name as the user knows
    it.
    """

    def __init__(self, code: str, params: dict[str, str]) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


def shown(cell: Cell) -> str:
    """The cell as a message quotes it: one line, at most 40 characters."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        cell = int(cell)
    text = " ".join(str(cell).split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def bad_cell(code: str, cell: Cell, **params: object) -> BadCell:
    """A BadCell that quotes the cell; other parameters are turned into text."""
    return BadCell(code, {"value": shown(cell), **{key: str(value) for key, value in params.items()}})
