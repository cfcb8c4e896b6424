"""Rows with a bad cell, kept as they are written so that they can be mended in the page or in a workbook of their own.

Filled by `reading`; `mending` turns what a person writes into mends.
"""

from dataclasses import dataclass, field
from typing import Any

from chuangwen.core.tabular import Problem, Recognised, Row, cell_to_json, shown
from chuangwen.interop.work import Work

# A workbook with more bad rows has a column that is written wrong throughout: that is mended in the file.
BAD_ROWS_KEPT = 2000


def problem_as_json(problem: Problem) -> dict[str, Any]:
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "key": problem.key,
        "value": problem.value,
        "code": problem.code,
        "params": problem.params,
    }


@dataclass
class Mending:
    """What was mended on a sheet, and which of its rows are bad."""

    sheet: str
    hit: Recognised
    cells: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)

    def seen(self, row: Row) -> None:
        if row.left_out:
            self.left_out.append(row.number)
        if not row.was:
            return
        for column in self.hit.table.columns:
            if column.key in row.was:
                position = self.hit.positions.get(column.key, len(row.cells))
                now = row.cells[position] if position < len(row.cells) else None
                was = shown(row.was[column.key])
                self.cells.append({"row": row.number, "column": column.label, "was": was, "now": shown(now)})

    def bad(self, work: Work, row: Row, problems: list[Problem]) -> None:
        for problem in problems:
            work.bad(problem)
        if len(work.bad_rows) < BAD_ROWS_KEPT:
            width = len(row.cells)
            cells = {
                key: cell_to_json(row.cells[position]) if position < width else None
                for key, position in self.hit.positions.items()
            }
            said = [problem_as_json(problem) for problem in problems]
            work.bad_rows.append({"sheet": self.sheet, "row": row.number, "cells": cells, "problems": said})

    def as_json(self) -> dict[str, Any]:
        return {"mended": self.cells, "left_out": self.left_out}
