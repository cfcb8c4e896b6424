"""What the check shows of a sheet before anything is saved, so that a clerk sees whether the right columns were read.

Filled by `reading` row by row; kept as JSON in the import.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from chuangwen.core.importing import Importer
from chuangwen.core.tabular import Recognised
from chuangwen.interop.comparing import Compared, lines_of_change

FIRST_ROWS = 3
CHANGES_SHOWN = 50
DOUBTS_SHOWN = 100


def text_of(value: Any) -> str:
    """A value that was read, as a person would write it; a word that stands for a thing is the thing's label."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(getattr(value, "label", value))


@dataclass
class Preview:
    """Sums and extremes of numbers, first and last day, the first rows as they were read, what changes."""

    importer: Importer
    hit: Recognised
    first: list[list[str]] = field(default_factory=list)
    numbers: dict[str, list[Any]] = field(default_factory=dict)
    days: dict[str, list[date]] = field(default_factory=dict)
    changed: list[dict[str, Any]] = field(default_factory=list)
    kept: list[dict[str, Any]] = field(default_factory=list)
    doubts: list[dict[str, Any]] = field(default_factory=list)
    doubted: int = 0
    labels: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.labels = {
            column.key: column.label for column in self.hit.table.columns if column.key in self.hit.positions
        }

    def read(self, values: dict[str, Any]) -> None:
        if len(self.first) < FIRST_ROWS:
            self.first.append([text_of(values.get(key)) for key in self.labels])
        for key, value in values.items():
            if value.__class__ is int or value.__class__ is Decimal:
                self._number(key, value)
            elif value.__class__ is date:
                span = self.days.setdefault(key, [value, value])
                if value < span[0]:
                    span[0] = value
                elif value > span[1]:
                    span[1] = value

    def doubt(self, row: int, doubts: Iterable[tuple[str, dict[str, str]]]) -> None:
        for code, params in doubts:
            self.doubted += 1
            if len(self.doubts) < DOUBTS_SHOWN:
                self.doubts.append({"row": row, "code": code, "params": params})

    def _number(self, key: str, value: int | Decimal) -> None:
        sums = self.numbers.setdefault(key, [value, value, 0])
        if value < sums[0]:
            sums[0] = value
        elif value > sums[1]:
            sums[1] = value
        sums[2] += value

    def compared(self, compared: Compared) -> None:
        room = CHANGES_SHOWN - len(self.changed)
        for row, uid, before, after in compared.laid.changed[: max(room, 0)]:
            self.changed.append({"row": row, "uid": uid, "lines": lines_of_change(self.importer, before, after)})
        room = CHANGES_SHOWN - len(self.kept)
        self.kept += [{"row": row, "uid": uid} for row, uid in compared.kept[: max(room, 0)]]

    def as_json(self) -> dict[str, Any]:
        self._name()
        return {
            "headings": [*self.labels.values()],
            "first": self.first,
            "numbers": [
                {"column": self.labels[key], "least": str(least), "most": str(most), "total": str(total)}
                for key, (least, most, total) in self.numbers.items()
                if key in self.labels
            ],
            "days": [
                {"column": self.labels[key], "first": first.isoformat(), "last": last.isoformat()}
                for key, (first, last) in self.days.items()
                if key in self.labels
            ],
            "changed_rows": self.changed,
            "kept_rows": self.kept,
            "doubts": self.doubts,
            "doubted": self.doubted,
        }

    def _name(self) -> None:
        """Each record that is listed says which one it is; at most a hundred are asked for."""
        listed = [*self.changed, *self.kept]
        if listed:
            rows = self.importer.model.everything.filter(uid__in=[UUID(hex=each["uid"]) for each in listed])
            names = {row.uid.hex: str(row) for row in rows}
            for each in listed:
                each["record"] = names.get(each["uid"], "")
