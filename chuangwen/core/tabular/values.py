"""What a cell can hold. Used by every module of this package; it depends on nothing.

A formula that failed, or that was never calculated, is a value of its own (`FormulaError`), never a blank: a
clerk's "#REF!" must be refused by name and not be read as "nothing was entered".
"""

import datetime as dt
import re
from typing import Any


class FormulaError(str):
    """The text that a failed formula shows ("#REF!"), or "=" and the formula when no result was saved with
    it.
    """

    __slots__ = ()


Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None

_ERROR_TEXT = re.compile(r"#(REF!|DIV/0!|N/A|NAME\?|VALUE!|NUM!|NULL!|GETTING_DATA|SPILL!|CALC!)|Err:\d{3}")


def is_blank(cell: Cell) -> bool:
    """True for an empty cell and for one that holds only spaces."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def is_error(cell: Cell) -> bool:
    """True for a failed formula, also where a format or a pasted value brings it as plain text."""
    return isinstance(cell, FormulaError) or (
        isinstance(cell, str) and cell[:1] in "#E" and _ERROR_TEXT.fullmatch(cell.strip()) is not None
    )


def cell_to_json(cell: Cell) -> Any:
    """The cell in a form that JSON holds; `cell_from_json` gives the very same cell back."""
    if isinstance(cell, FormulaError):
        return {"error": str(cell)}
    if isinstance(cell, dt.datetime):
        return {"moment": cell.isoformat()}
    if isinstance(cell, dt.date):
        return {"day": cell.isoformat()}
    if isinstance(cell, dt.time):
        return {"time": cell.isoformat()}
    if isinstance(cell, dt.timedelta):
        return {"seconds": cell.total_seconds()}
    return cell


def cell_from_json(written: Any) -> Cell:
    if not isinstance(written, dict):
        cell: Cell = written
        return cell
    ((kind, value),) = written.items()
    if kind == "error":
        return FormulaError(value)
    if kind == "moment":
        return dt.datetime.fromisoformat(value)
    if kind == "day":
        return dt.date.fromisoformat(value)
    return dt.time.fromisoformat(value) if kind == "time" else dt.timedelta(seconds=value)
