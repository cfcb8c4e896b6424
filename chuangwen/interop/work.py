"""One workbook under way through the engine: what was found, what is wrong, where checked rows are laid aside.

Made by `services`, filled by `reading`, emptied by `saving`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from chuangwen.core.importing import ImportContext, Importer
from chuangwen.core.tabular import Problem
from chuangwen.people.access import Viewer

PROBLEMS_KEPT = 500

Checked = tuple[int, str, Any]  # row number, uid, plain values
Change = tuple[int, str, dict[str, Any], dict[str, Any]]  # row number, uid, fields before, fields after


@dataclass
class Laid:
    """A stretch of checked rows, as far as they are to be saved."""

    new: list[Checked] = field(default_factory=list)
    # Of records that went with an undone import.
    back: list[Checked] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.new) + len(self.back) + len(self.changed)


@dataclass
class Part:
    """The rows of one sheet on disk, so that memory does not grow with the workbook."""

    importer: Importer
    sheet: str
    file: IO[str]

    def lay_aside(self, laid: Laid) -> None:
        if len(laid):
            self.file.write(json.dumps([laid.new, laid.back, laid.changed], ensure_ascii=False) + "\n")

    def laid(self) -> Iterator[Laid]:
        self.file.seek(0)
        for line in self.file:
            new, back, changed = json.loads(line)
            yield Laid(new, back, changed)


@dataclass
class Work:
    context: ImportContext
    confirmed_by: Viewer | None = None
    sheets: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    rows: int = 0
    parts: list[Part] = field(default_factory=list)
    seen: dict[int, int] = field(default_factory=dict)
    order: dict[str, int] = field(default_factory=dict)
    preview: dict[str, Any] = field(default_factory=dict)
    bad_rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def viewers(self) -> list[Viewer]:
        """Whose rights it takes: of who sent the workbook, and of who said yes to it."""
        return [self.context.actor, *([self.confirmed_by] if self.confirmed_by else [])]

    def bad(self, problem: Problem) -> None:
        self.problem_count += 1
        if len(self.problems) < PROBLEMS_KEPT:
            self.problems.append(problem)

    def whole(self, code: str, **params: str) -> None:
        """Something about the workbook as a whole."""
        self.bad(Problem("", 0, "", "", code, params))

    def in_order(self) -> list[Problem]:
        """As a clerk goes through the workbook: by its sheets from left to right, by row."""
        return sorted(self.problems, key=lambda problem: (self.order.get(problem.sheet, -1), problem.row))

    @property
    def to_save(self) -> int:
        return sum(sheet["new"] + sheet["changed"] for sheet in self.sheets)
