"""Which sheet is which table: as it was set by hand, as the unit calls its columns, else by the names that all know."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from chuangwen.core.importing import Importer
from chuangwen.core.models import ColumnName, Import
from chuangwen.core.tabular import Recognised, Table, Workbook, placed, recognise
from chuangwen.core.tabular.normal import heading
from chuangwen.people.models import Unit
from chuangwen.people.rules import ancestor_paths


@dataclass(frozen=True)
class Known:
    """The tables that a workbook of a unit may hold, with the headings that the unit and those above it have taught."""

    importers: list[Importer]
    tables: list[Table]

    def importer(self, noun: str) -> Importer:
        return next(each for each in self.importers if each.noun == noun)

    def table(self, noun: str) -> Table | None:
        return next((each for each in self.tables if each.key == noun), None)


def known(unit: Unit, importers: Sequence[Importer]) -> Known:
    learned = learned_names(unit)
    return Known([*importers], [with_names(importer.table(), learned.get(importer.noun, {})) for importer in importers])


def learned_names(unit: Unit) -> dict[str, dict[str, str]]:
    """noun → heading → column key. Of two units that mean different things by a heading the nearest one is heard."""
    above = list(
        Unit.everything.filter(path__in=ancestor_paths(unit.path)).order_by("path").values_list("uid", flat=True)
    )
    nearness = {uid: place for place, uid in enumerate(above)}
    found: dict[str, dict[str, str]] = {}
    names = ColumnName.objects.filter(unit_uid__in=above)
    for name in sorted(names, key=lambda each: nearness[each.unit_uid]):
        found.setdefault(name.noun, {})[heading(name.heading)] = name.column
    return found


def with_names(table: Table, names: dict[str, str]) -> Table:
    if not names:
        return table
    columns = [
        replace(column, learned=[text for text, key in names.items() if key == column.key]) for column in table.columns
    ]
    return replace(table, columns=columns)


def recognised(book: Workbook, sheet: str, tables: Known, source: Import) -> Recognised | None:
    """None for a sheet that is no table, or that a person said is not to be imported."""
    by_hand = source.mapping.get(sheet)
    if by_hand is None:
        return recognise(book.rows(sheet), tables.tables, sheet=sheet)
    table = tables.table(by_hand["noun"])
    return as_mapped(book, sheet, table, by_hand) if table else None


def as_mapped(book: Workbook, sheet: str, table: Table, by_hand: dict[str, Any]) -> Recognised:
    return placed(
        book.rows(sheet),
        table,
        header_row=by_hand["header_row"],
        positions=by_hand["columns"],
        height=by_hand.get("height", 1),
    )
