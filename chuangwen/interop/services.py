"""The import engine: a workbook comes in whole or not at all; rows that came in before are skipped and counted.

Parsing and checking happen outside any transaction; checked rows are laid aside on disk, so that memory does not grow
with the workbook; one write transaction at the end saves them and records one Event.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import IO, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangwen.core import clock, events, files, jobs
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.core.importing import BadRow, ImportContext, Importer, Plain, Unclear, importers
from chuangwen.core.models import Import, ImportState
from chuangwen.core.tabular import (
    BadWorkbook,
    Problem,
    Recognised,
    Row,
    Workbook,
    nearest,
    open_workbook,
    read_rows,
    recognise,
    shown,
)
from chuangwen.interop import queries
from chuangwen.people.access import Viewer, require
from chuangwen.people.models import Person, Unit
from chuangwen.people.rules import Perm

PROBLEMS_KEPT = 500
RUNNING_STATES = [ImportState.WAITING, ImportState.CHECKING, ImportState.IMPORTING]
CHUNK = 1000
RESULT = ["state", "sheets", "problems", "problem_count", "finished_at"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Checked = tuple[int, str, Any]  # row number, uid, plain values


def take_workbook(actor: Viewer, *, unit: Unit, name: str, chunks: Iterable[bytes]) -> Import:
    """Keep the file as it was given; nothing is read yet. Raises Refused for an empty file."""
    require(actor, Perm.IMPORT_RUN, unit)
    file = files.keep(chunks, name=name, media_type=XLSX, unit_uid=unit.uid, created_by=actor.uid)
    if not file.size:
        raise Refused(_("文件是空的"), where="file", mend=_("在 Excel 里打开看看，重新保存后再传"))
    return Import.objects.create(file=file, unit_uid=unit.uid, created_by=actor.uid, created_at=clock.now())


def check(import_row: Import) -> Import:
    """Read and check every row and save none; the import then is ready, refused or failed.

    A call that comes late, when the clerk has gone on already, changes nothing.
    """
    started = _started(import_row, ImportState.CHECKING, Q(state__in=[ImportState.WAITING, ImportState.CHECKING]))
    return _run(import_row, save=False) if started else import_row


def bring_in(import_row: Import, *, confirmed_by: UUID | None = None) -> Import:
    """Read, check and save all rows. A second call for an import that is done changes nothing."""
    started = _started(import_row, ImportState.IMPORTING, ~Q(state=ImportState.DONE))
    return _run(import_row, save=True, confirmed_by=confirmed_by) if started else import_row


def _started(import_row: Import, state: str, when: Q) -> bool:
    """Whether the import went into the state; the row says how it stands now."""
    rows = Import.objects.filter(when, pk=import_row.pk)
    started = rows.update(state=state, problems=[], problem_count=0)
    import_row.refresh_from_db(fields=RESULT)
    return bool(started)


def confirm(actor: Viewer, import_row: Import) -> Import:
    """The clerk has seen what will come in and says yes; the job does the rest."""
    unit = queries.unit_of(import_row)
    require(actor, Perm.IMPORT_RUN, unit)
    changed = Import.objects.filter(pk=import_row.pk, state=ImportState.READY).update(state=ImportState.IMPORTING)
    if not changed:
        raise Conflict(_("这次导入已经不在“可以导入”的状态"), mend=_("刷新页面看现在的状态"))
    import_row.state = ImportState.IMPORTING
    return import_row


@dataclass
class Progressing:
    """One workbook under way: what was found, what is wrong, where the checked rows are laid aside."""

    context: ImportContext
    confirmed_by: UUID | None = None
    sheets: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    rows: int = 0
    skipped: int = 0
    order: dict[str, int] = field(default_factory=dict)
    parts: list[tuple[Importer, str, IO[str]]] = field(default_factory=list)
    seen: dict[int, int] = field(default_factory=dict)

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


def _run(import_row: Import, *, save: bool, confirmed_by: UUID | None = None) -> Import:
    actor = Viewer(Person.objects.select_related("unit").get(uid=import_row.created_by))
    work = Progressing(ImportContext(actor, queries.unit_of(import_row), import_row), confirmed_by)
    try:
        require(actor, Perm.IMPORT_RUN, work.context.unit)
    except Missing:
        # A job may run long after the upload, when the grants of then have ended.
        work.whole("no_right_now")
        _conclude(work, ImportState.FAILED)
        import_row.refresh_from_db(fields=RESULT)
        return import_row
    _work_through(work, save=save)
    import_row.refresh_from_db(fields=RESULT)
    return import_row


def _work_through(work: Progressing, *, save: bool) -> None:
    try:
        _read(work)
        if save and not work.problem_count:
            _save(work)
        elif not work.problem_count:
            _conclude(work, ImportState.READY)
    except BadWorkbook as bad:
        work.whole(bad.code, **bad.params)
    except IntegrityError:
        work.whole("changed_meanwhile")
    except Exception:
        _conclude(work, ImportState.FAILED)
        raise
    finally:
        for _importer, _sheet, part in work.parts:
            part.close()
    if work.problem_count:
        _conclude(work, ImportState.REFUSED)


def _conclude(work: Progressing, state: str) -> None:
    """What came of it. A done import stays done, whatever a second worker that came too late has found."""
    Import.objects.filter(pk=work.context.source.pk).exclude(state=ImportState.DONE).update(
        state=state,
        sheets=work.sheets,
        problems=[queries.problem_as_json(problem) for problem in work.in_order()],
        problem_count=work.problem_count,
        finished_at=clock.now(),
    )


def _read(work: Progressing) -> None:
    source = work.context.source
    available = [importer(work.context) for importer in importers()]
    with open_workbook(files.path_of(source.file.sha256), name=source.file.name) as book:
        work.order = {sheet.name: place for place, sheet in enumerate(book.sheets)}
        found = [(sheet.name, _recognise(book, sheet.name, available)) for sheet in book.sheets]
        matched = [(name, hit) for name, hit in found if hit]
        if not matched:
            _say_what_is_nearest(work, book, available)
        order = {importer.noun: position for position, importer in enumerate(available)}
        for name, hit in sorted(matched, key=lambda pair: order[pair[1].table.key]):
            importer = next(each for each in available if each.noun == hit.table.key)
            _read_sheet(work, book, name, importer, hit)
    if work.problem_count:
        return
    if not work.rows:
        work.whole("no_rows")
    elif work.skipped == work.rows:
        _say_that_all_was_there(work)


def _say_what_is_nearest(work: Progressing, book: Workbook, available: list[Importer]) -> None:
    """No sheet is a table: the one that comes nearest, and what it lacks."""
    tables = [importer.table() for importer in available]
    found = [(sheet.name, nearest(book.rows(sheet.name), tables, sheet=sheet.name)) for sheet in book.sheets]
    alike = [(sheet, hit) for sheet, hit in found if hit]
    if not alike:
        work.whole("no_table_found", tables="、".join(table.label for table in tables))
        return
    sheet, hit = max(alike, key=lambda pair: len(pair[1].positions))
    params = {"sheet": sheet, "table": hit.table.label, "missing": "、".join(hit.missing)}
    work.bad(Problem(sheet, hit.header_row, "", "", "no_table_but_near", params))


def _say_that_all_was_there(work: Progressing) -> None:
    source = work.context.source
    same = Import.objects.filter(
        file__sha256=source.file.sha256, unit_uid=source.unit_uid, state=ImportState.DONE
    ).exclude(pk=source.pk)
    before = same.select_related("file").order_by("-finished_at").first()
    if before is None:
        work.whole("all_there_before", count=str(work.rows))
    else:
        at = timezone.localtime(before.created_at).strftime("%Y-%m-%d %H:%M")
        work.whole("same_file_before", file=before.file.name, at=at)


def _recognise(book: Workbook, sheet: str, available: list[Importer]) -> Recognised | None:
    return recognise(book.rows(sheet), [importer.table() for importer in available], sheet=sheet)


def _read_sheet(work: Progressing, book: Workbook, sheet: str, importer: Importer, hit: Recognised) -> None:
    summary: dict[str, Any] = {
        "sheet": sheet,
        "noun": importer.noun,
        "header_row": hit.header_row,
        "columns": {column.label: hit.headings.get(column.key, "") for column in hit.table.columns},
        "ignored": hit.ignored,
        "notes": book.notes,
        "rows": 0,
        "skipped": 0,
    }
    work.sheets.append(summary)
    for label in hit.missing:
        work.bad(Problem(sheet, hit.header_row, label, "", "column_missing", {"label": label}))
    if hit.missing:
        return
    # Closed by _run; one file per sheet keeps the rows of a noun together for saving.
    part = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115
    work.parts.append((importer, sheet, part))
    chunk: list[Checked] = []
    for row in read_rows(book, sheet, hit):
        summary["rows"] += 1
        work.rows += 1
        checked = _check_row(work, sheet, importer, hit, row)
        if checked:
            chunk.append(checked)
        if len(chunk) >= CHUNK:
            summary["skipped"] += _lay_aside(work, importer, part, chunk)
            chunk = []
    summary["skipped"] += _lay_aside(work, importer, part, chunk)
    work.skipped += summary["skipped"]


def _check_row(work: Progressing, sheet: str, importer: Importer, hit: Recognised, row: Row) -> Checked | None:
    for problem in row.problems:
        work.bad(problem)
    if row.problems:
        importer.spoilt(row.values)
        return None
    try:
        uid, plain = importer.check(row.values)
    except Unclear:
        return None
    except BadRow as bad:
        importer.spoilt(row.values)
        work.bad(_problem_of(bad, sheet, hit, row))
        return None
    earlier = work.seen.get(uid.int)
    if earlier is not None:
        work.bad(Problem(sheet, row.number, "", "", "same_as_row", {"row": str(earlier)}))
        return None
    work.seen[uid.int] = row.number
    return row.number, uid.hex, plain


def _problem_of(bad: BadRow, sheet: str, hit: Recognised, row: Row) -> Problem:
    """With the cell of the column that it names, whatever the sentence is about."""
    position = hit.positions.get(bad.key, len(row.cells))
    cell = row.cells[position] if position < len(row.cells) else None
    return Problem(sheet, row.number, hit.headings.get(bad.key, ""), shown(cell), bad.code, bad.params)


def _lay_aside(work: Progressing, importer: Importer, part: IO[str], chunk: list[Checked]) -> int:
    """Keep the rows that are new; returns how many were there before."""
    if not chunk:
        return 0
    there = {uid.hex for uid in importer.existing([UUID(hex=uid) for _number, uid, _plain in chunk])}
    new = [checked for checked in chunk if checked[1] not in there] if there else chunk
    if new:
        part.write(json.dumps(new, ensure_ascii=False) + "\n")
    jobs.set_progress(str(work.context.source.uid), work.rows, 0)
    return len(chunk) - len(new)


def _chunks(part: IO[str]) -> Iterator[list[tuple[int, str, list[Plain]]]]:
    part.seek(0)
    for line in part:
        yield json.loads(line)


@transaction.atomic
def _save(work: Progressing) -> None:
    """All rows, their event and the state `done` together, so that a worker killed at any point can be followed by
    another.
    """
    source = work.context.source
    if Import.objects.select_for_update().get(pk=source.pk).state == ImportState.DONE:
        return
    counts: dict[str, int] = {}
    saved = 0
    for importer, sheet, part in work.parts:
        for chunk in _chunks(part):
            rows = [
                importer.build(
                    UUID(hex=uid), plain, {"source": source, "source_sheet": sheet[:40], "source_row": number}
                )
                for number, uid, plain in chunk
            ]
            counts[importer.noun] = counts.get(importer.noun, 0) + importer.save(rows)
            saved += len(rows)
            jobs.set_progress(str(source.uid), saved, work.rows - work.skipped)
    confirmed = {"confirmed_by": str(work.confirmed_by)} if work.confirmed_by else {}
    events.record(
        "import.done",
        actor_uid=source.created_by,
        noun="import",
        subject_uid=source.uid,
        unit_uid=source.unit_uid,
        data={"sha256": source.file.sha256, "rows": counts, **confirmed},
    )
    _conclude(work, ImportState.DONE)


def give_up_lost() -> int:
    """Imports whose job is gone for good (three workers died on it) do not stay `running` for ever. Called by beat."""
    recent = clock.now() - timedelta(seconds=jobs.LEASE_SECONDS)
    running = Import.objects.filter(state__in=RUNNING_STATES, created_at__lt=recent)
    alive = jobs.arguments_under_way()
    lost = [row.pk for row in running if str(row.uid) not in alive]
    return Import.objects.filter(pk__in=lost, state__in=RUNNING_STATES).update(
        state=ImportState.FAILED, finished_at=clock.now()
    )
