"""Reads and writes the workbooks that offices keep. Pure: nothing here knows Django or a table of the
database.

Importers call `open_workbook`, `recognise` and `read_rows` in that order and show what the rows' problems
say; exports call `write_table`. The sentences for every problem are in `chuangwen.core.tabular_messages`.
"""

from chuangwen.core.tabular.cells import (
    a_choice,
    a_code,
    a_date,
    a_decimal,
    a_moment,
    a_text,
    a_time,
    a_yes_no,
    an_integer,
    optional,
)
from chuangwen.core.tabular.columns import Column, Recognised, Table, headings_at, nearest, placed, recognise
from chuangwen.core.tabular.limits import Limits
from chuangwen.core.tabular.problems import BadCell, BadWorkbook, Problem, shown
from chuangwen.core.tabular.reading import Mends, Row, read_rows
from chuangwen.core.tabular.values import Cell, FormulaError, cell_from_json, cell_to_json
from chuangwen.core.tabular.workbook import Sheet, Workbook, open_workbook
from chuangwen.core.tabular.writing import SheetToWrite, write_table, write_workbook

__all__ = [
    "BadCell",
    "BadWorkbook",
    "Cell",
    "Column",
    "FormulaError",
    "Limits",
    "Mends",
    "Problem",
    "Recognised",
    "Row",
    "Sheet",
    "SheetToWrite",
    "Table",
    "Workbook",
    "a_choice",
    "a_code",
    "a_date",
    "a_decimal",
    "a_moment",
    "a_text",
    "a_time",
    "a_yes_no",
    "an_integer",
    "cell_from_json",
    "cell_to_json",
    "headings_at",
    "nearest",
    "open_workbook",
    "optional",
    "placed",
    "read_rows",
    "recognise",
    "shown",
    "write_table",
    "write_workbook",
]
