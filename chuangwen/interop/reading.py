"""Reads a workbook whole: recognises its sheets, checks every row, compares it with what is there. Writes nothing.

Runs outside any transaction. What is wrong and what would be saved is in `Work` afterwards.
"""

import tempfile
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils import timezone

from chuangwen.core import files, jobs
from chuangwen.core.importing import BadRow, Unclear, importers
from chuangwen.core.models import Import, ImportState
from chuangwen.core.tabular import (
    Mends,
    Problem,
    Recognised,
    Row,
    Workbook,
    cell_from_json,
    nearest,
    open_workbook,
    read_rows,
    shown,
)
from chuangwen.interop.comparing import compare
from chuangwen.interop.mended import Mending
from chuangwen.interop.previewing import Preview
from chuangwen.interop.recognising import Known, known, recognised
from chuangwen.interop.work import Checked, Part, Work

CHUNK = 1000


def read(work: Work) -> None:
    source = work.context.source
    tables = known(work.context.unit, [importer(work.context) for importer in importers()])
    with open_workbook(files.path_of(source.file.sha256), name=source.file.name) as book:
        work.order = {sheet.name: place for place, sheet in enumerate(book.sheets)}
        found = [(sheet.name, recognised(book, sheet.name, tables, source)) for sheet in book.sheets]
        matched = [(name, hit) for name, hit in found if hit]
        if not matched:
            _say_what_is_nearest(work, book, tables)
        order = {importer.noun: position for position, importer in enumerate(tables.importers)}
        for name, hit in sorted(matched, key=lambda pair: order[pair[1].table.key]):
            _Sheet(work, book, name, tables, hit).read()
    if work.problem_count:
        return
    if not work.rows:
        work.whole("no_rows")
    elif not work.to_save:
        _say_that_nothing_is_new(work)


def _say_what_is_nearest(work: Work, book: Workbook, tables: Known) -> None:
    """No sheet is a table: the one that comes nearest, and what it lacks."""
    found = [(sheet.name, nearest(book.rows(sheet.name), tables.tables, sheet=sheet.name)) for sheet in book.sheets]
    alike = [(sheet, hit) for sheet, hit in found if hit]
    if not alike:
        work.whole("no_table_found", tables="、".join(table.label for table in tables.tables))
        return
    sheet, hit = max(alike, key=lambda pair: len(pair[1].positions))
    params = {"sheet": sheet, "table": hit.table.label, "missing": "、".join(hit.missing)}
    work.bad(Problem(sheet, hit.header_row, "", "", "no_table_but_near", params))


def _say_that_nothing_is_new(work: Work) -> None:
    source = work.context.source
    left_alone = sum(sheet["kept"] + sheet["withdrawn"] for sheet in work.sheets)
    same = Import.objects.filter(
        file__sha256=source.file.sha256, unit_uid=source.unit_uid, state=ImportState.DONE
    ).exclude(pk=source.pk)
    before = same.select_related("file").order_by("-finished_at").first()
    if left_alone:
        work.whole("nothing_to_import", count=str(work.rows), left=str(left_alone))
    elif before is None:
        work.whole("all_there_before", count=str(work.rows))
    else:
        at = timezone.localtime(before.created_at).strftime("%Y-%m-%d %H:%M")
        work.whole("same_file_before", file=before.file.name, at=at)


class _Sheet:
    """One recognised sheet on its way through the check."""

    def __init__(self, work: Work, book: Workbook, name: str, tables: Known, hit: Recognised) -> None:
        self.work, self.book, self.name, self.hit = work, book, name, hit
        self.importer = tables.importer(hit.table.key)
        self.preview = Preview(self.importer, hit)
        self.mending = Mending(name, hit)
        self.chunk: list[Checked] = []
        self.summary: dict[str, Any] = {
            "sheet": name,
            "noun": self.importer.noun,
            "header_row": hit.header_row,
            # A list, because PostgreSQL keeps no order of keys: key, label, heading of the sheet.
            "columns": [[column.key, column.label, hit.headings.get(column.key, "")] for column in hit.table.columns],
            "ignored": hit.ignored,
            "notes": book.notes,
            **dict.fromkeys(("rows", "new", "changed", "skipped", "kept", "withdrawn", "left_out"), 0),
        }

    def read(self) -> None:
        work = self.work
        work.sheets.append(self.summary)
        if not self._allowed():
            params = {"table": str(self.importer.label)}
            work.bad(Problem(self.name, self.hit.header_row, "", "", "noun_not_allowed", params))
            return
        for label in self.hit.missing:
            work.bad(Problem(self.name, self.hit.header_row, label, "", "column_missing", {"label": label}))
        if self.hit.missing:
            return
        # Closed by the service; one file per sheet keeps the rows of a noun together for saving.
        self.part = Part(self.importer, self.name, tempfile.TemporaryFile("w+", encoding="utf-8"))  # noqa: SIM115
        work.parts.append(self.part)
        for row in read_rows(self.book, self.name, self.hit, self._mends()):
            self._row(row)
            if len(self.chunk) >= CHUNK:
                self._compare()
        self._compare()
        work.preview[self.name] = {**self.preview.as_json(), **self.mending.as_json()}

    def _allowed(self) -> bool:
        contexts = (replace(self.work.context, actor=viewer) for viewer in self.work.viewers)
        return all(type(self.importer)(context).allowed() for context in contexts)

    def _mends(self) -> Mends:
        return {
            int(number): None if cells is None else {key: cell_from_json(cell) for key, cell in cells.items()}
            for number, cells in self.work.context.source.mends.get(self.name, {}).items()
        }

    def _row(self, row: Row) -> None:
        self.mending.seen(row)
        if row.left_out:
            self.summary["left_out"] += 1
            return
        self.summary["rows"] += 1
        self.work.rows += 1
        problems = [*row.problems]
        checked = self._check(row, problems)
        if problems:
            self.importer.spoilt(row.values)
            self.mending.bad(self.work, row, problems)
        elif checked:
            self.preview.read(row.values)
            self.preview.doubt(row.number, self.importer.doubts(UUID(hex=checked[1]), checked[2]))
            self.chunk.append(checked)

    def _check(self, row: Row, problems: list[Problem]) -> Checked | None:
        """The row, if nothing is wrong with it; adds to `problems` what is wrong with it as a whole."""
        if problems:
            self._check_rest(row, problems)
            return None
        try:
            uid, plain = self.importer.check(row.values)
        except Unclear:
            return None
        except BadRow as bad:
            problems.append(self._problem_of(bad, row))
            return None
        earlier = self.work.seen.get(uid.int)
        if earlier is not None:
            problems.append(Problem(self.name, row.number, "", "", "same_as_row", {"row": str(earlier)}))
            return None
        self.work.seen[uid.int] = row.number
        return row.number, uid.hex, plain

    def _check_rest(self, row: Row, problems: list[Problem]) -> None:
        """What is wrong with the readable rest of a row that has a bad cell, so that errors come at once.

        Only where every bad cell is of a column that must be there: the check then misses it and stops, while a cell
        that may be blank would be taken for blank and give an error that is none.
        """
        needed = {column.key for column in self.hit.table.columns if column.required}
        keys = {problem.key for problem in problems}
        if not keys <= needed:
            return
        try:
            self.importer.check(row.values)
        except BadRow as bad:
            if bad.key not in keys:
                problems.append(self._problem_of(bad, row))
        except (Unclear, KeyError, TypeError, AttributeError):
            return

    def _problem_of(self, bad: BadRow, row: Row) -> Problem:
        """With the cell of the column that it names, whatever the sentence is about."""
        position = self.hit.positions.get(bad.key, len(row.cells))
        cell = row.cells[position] if position < len(row.cells) else None
        return Problem(
            self.name, row.number, self.hit.headings.get(bad.key, ""), shown(cell), bad.code, bad.params, bad.key
        )

    def _compare(self) -> None:
        """Lay the rows aside that are to be saved, count the others."""
        if not self.chunk:
            return
        compared = compare(self.importer, self.chunk, self.hit.positions)
        self.part.lay_aside(compared.laid)
        self.preview.compared(compared)
        self.summary["new"] += len(compared.laid.new) + len(compared.laid.back)
        self.summary["changed"] += len(compared.laid.changed)
        self.summary["skipped"] += compared.same
        self.summary["kept"] += len(compared.kept)
        self.summary["withdrawn"] += compared.withdrawn
        jobs.set_progress(str(self.work.context.source.uid), self.work.rows, 0)
        self.chunk = []
