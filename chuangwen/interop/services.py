"""What one can do with a workbook: send it, have it checked, bring it in, take it back.

A workbook comes in whole or not at all. The engine is in `reading`, `comparing` and `saving`: reading and checking
happen outside any transaction; one write transaction at the end saves everything and records one Event.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from chuangwen.core import clock, events, files, jobs
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.core.importing import ImportContext
from chuangwen.core.models import RUNNING_STATES, ColumnName, Import, ImportState
from chuangwen.core.tabular import BadWorkbook, Problem
from chuangwen.interop import learning, queries, reading, saving, undoing
from chuangwen.interop.mapping import Mapped
from chuangwen.interop.mended import problem_as_json
from chuangwen.interop.mending import SheetMends
from chuangwen.interop.work import Work
from chuangwen.people.access import Viewer, require
from chuangwen.people.models import Person, Unit
from chuangwen.people.rules import Perm

RESULT = [
    "state",
    "sheets",
    "problems",
    "problem_count",
    "preview",
    "bad_rows",
    "finished_at",
    "undone_at",
    "undone_by",
]
DISMISSIBLE = [ImportState.REFUSED, ImportState.READY, ImportState.FAILED]
# A worker that failed is followed by another.
CONFIRMED = [ImportState.IMPORTING, ImportState.FAILED]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def take_workbook(actor: Viewer, *, unit: Unit, name: str, chunks: Iterable[bytes], coordinates: str = "") -> Import:
    """Keep the file as it was given; nothing is read yet. Raises Refused for an empty file.

    `coordinates` is the system of every position in it, where the file itself does not say so.
    """
    require(actor, Perm.IMPORT_RUN, unit)
    file = files.keep(chunks, name=name, media_type=XLSX, unit_uid=unit.uid, created_by=actor.uid)
    if not file.size:
        raise Refused(_("文件是空的"), where="file", mend=_("在 Excel 里打开看看，重新保存后再传"))
    return Import.objects.create(
        file=file, unit_uid=unit.uid, created_by=actor.uid, created_at=clock.now(), coordinates=coordinates
    )


def check(import_row: Import) -> Import:
    """Read and check every row and save none; the import then is ready, refused or failed.

    A call that comes late, when the clerk has gone on already, changes nothing.
    """
    started = _started(import_row, ImportState.CHECKING, Q(state__in=[ImportState.WAITING, ImportState.CHECKING]))
    return _run(import_row, save=False) if started else import_row


def bring_in(import_row: Import, *, confirmed_by: UUID | None = None) -> Import:
    """Read, check and save all rows. A second call for an import that is done changes nothing.

    Of a workbook that somebody confirmed, only while it stands so; without that, as the command does it, at once.
    """
    states = CONFIRMED if confirmed_by else [*CONFIRMED, ImportState.WAITING, ImportState.READY]
    started = _started(import_row, ImportState.IMPORTING, Q(state__in=states))
    return _run(import_row, save=True, confirmed_by=confirmed_by) if started else import_row


def _started(import_row: Import, state: str, when: Q) -> bool:
    """Whether the import went into the state; the row says how it stands now."""
    rows = Import.objects.filter(when, pk=import_row.pk)
    started = rows.update(state=state, problems=[], problem_count=0)
    import_row.refresh_from_db(fields=[*RESULT, "mapping", "mends"])
    return bool(started)


def confirm(actor: Viewer, import_row: Import) -> Import:
    """The clerk has seen what will come in and says yes; the job does the rest."""
    _require(actor, import_row, _nouns(import_row))
    changed = Import.objects.filter(pk=import_row.pk, state=ImportState.READY).update(state=ImportState.IMPORTING)
    if not changed:
        raise Conflict(_("这次导入已经不在“可以导入”的状态"), mend=_("刷新页面看现在的状态"))
    import_row.state = ImportState.IMPORTING
    return import_row


def _require(actor: Viewer, import_row: Import, nouns: Collection[str]) -> None:
    """The job runs with the rights of who sent the workbook: whoever else goes on with it has to have them too.

    Who sent it is told by the check which tables are not theirs to bring in.
    """
    require(actor, Perm.IMPORT_RUN, queries.unit_of(import_row))
    if actor.uid != import_row.created_by:
        undoing.require_nouns(actor, import_row, nouns)


def _nouns(import_row: Import) -> set[str]:
    return {sheet["noun"] for sheet in import_row.sheets}


def dismiss(actor: Viewer, import_row: Import) -> Import:
    """The clerk will not go on with this workbook: it leaves what waits, file and problems stay."""
    require(actor, Perm.IMPORT_RUN, queries.unit_of(import_row))
    waiting = Import.objects.filter(pk=import_row.pk, state__in=DISMISSIBLE)
    with transaction.atomic():
        if not waiting.update(state=ImportState.DISMISSED):
            raise Conflict(_("这次导入刚被别人改过"), mend=_("刷新页面看现在的状态"))
        events.record(
            "import.dismissed",
            actor_uid=actor.uid,
            noun="import",
            subject_uid=import_row.uid,
            unit_uid=import_row.unit_uid,
        )
    import_row.state = ImportState.DISMISSED
    return import_row


def _run(import_row: Import, *, save: bool, confirmed_by: UUID | None = None) -> Import:
    actor = _viewer(import_row.created_by)
    work = Work(
        ImportContext(actor, queries.unit_of(import_row), import_row),
        _viewer(confirmed_by) if confirmed_by else None,
    )
    try:
        for viewer in work.viewers:
            require(viewer, Perm.IMPORT_RUN, work.context.unit)
    except Missing:
        # A job may run long after the upload, when the grants of then have ended.
        work.whole("no_right_now")
        saving.conclude(work, ImportState.FAILED)
        import_row.refresh_from_db(fields=RESULT)
        return import_row
    _work_through(work, save=save)
    import_row.refresh_from_db(fields=RESULT)
    return import_row


def _viewer(uid: UUID) -> Viewer:
    return Viewer(Person.everything.select_related("unit").get(uid=uid))


def _work_through(work: Work, *, save: bool) -> None:
    try:
        reading.read(work)
        if save and not work.problem_count:
            saving.save(work)
        elif not work.problem_count:
            saving.conclude(work, ImportState.READY)
    except BadWorkbook as bad:
        work.whole(bad.code, **bad.params)
    except (IntegrityError, saving.ChangedMeanwhile):
        work.whole("changed_meanwhile")
    except Exception:
        saving.conclude(work, ImportState.FAILED)
        raise
    finally:
        for part in work.parts:
            part.file.close()
    if work.problem_count:
        saving.conclude(work, ImportState.REFUSED)


def undo(actor: Viewer, import_row: Import, *, reason: str) -> Import:
    """Take back everything that an import brought; the job does it. Refused while something stands on its records."""
    require(actor, Perm.IMPORT_RUN, queries.unit_of(import_row))
    undoing.require_nouns(actor, import_row)
    if import_row.state != ImportState.DONE:
        raise Conflict(_("这次导入已经不在“已导入”的状态"), mend=_("刷新页面看现在的状态"))
    if not reason.strip():
        raise Refused(_("没有写原因"), where="reason", mend=_("写一句为什么撤回，以后查得到"))
    if any(support.refuses for support in undoing.supports(actor, import_row)):
        raise Refused(_("有别的东西用着这次导入的行，没有撤回"), mend=_("下面列着是什么、先做什么"))
    rows = Import.objects.filter(pk=import_row.pk, state=ImportState.DONE)
    if not rows.update(state=ImportState.UNDOING, problems=[], problem_count=0):
        raise Conflict(_("这次导入刚被别人改过"), mend=_("刷新页面看现在的状态"))
    import_row.state = ImportState.UNDOING
    return import_row


def withdraw(import_row: Import, *, undone_by: UUID, reason: str) -> Import:
    """Withdraw every record of an import that is being undone. A second call changes nothing.

    What stands on the records is looked at again inside the transaction: a report may have been issued meanwhile.
    """
    try:
        _withdraw(import_row, _viewer(undone_by), reason)
    except Exception:
        _stop_undo(import_row, "undo_failed")
        raise
    import_row.refresh_from_db(fields=RESULT)
    return import_row


@transaction.atomic
def _withdraw(import_row: Import, actor: Viewer, reason: str) -> None:
    standing = Import.objects.select_for_update().select_related("file").get(pk=import_row.pk)
    if standing.state != ImportState.UNDOING:
        return
    if not actor.can(Perm.IMPORT_RUN, queries.unit_of(standing)):
        _stop_undo(standing, "no_right_now")
        return
    if any(support.refuses for support in undoing.supports(actor, standing)):
        _stop_undo(standing, "undo_stopped")
        return
    moment = clock.now()
    data = undoing.withdraw_rows(standing, moment)
    restored = undoing.restore_changes(standing)
    events.record(
        "import.undone",
        actor_uid=actor.uid,
        noun="import",
        subject_uid=standing.uid,
        unit_uid=standing.unit_uid,
        data={"rows": data, **({"restored": restored} if restored else {})},
        detail=reason,
    )
    Import.objects.filter(pk=standing.pk).update(state=ImportState.UNDONE, undone_at=moment, undone_by=actor.uid)


def _stop_undo(import_row: Import, code: str) -> None:
    problem = problem_as_json(Problem("", 0, "", "", code, {}))
    Import.objects.filter(pk=import_row.pk, state=ImportState.UNDOING).update(
        state=ImportState.DONE, problems=[problem], problem_count=1
    )


def map_columns(actor: Viewer, import_row: Import, *, mapped: Mapped, headings: dict[str, list[str]]) -> Import:
    """Which sheet is which table and which column which, as a person says; checked again by the job.

    The headings are remembered for the unit, so that its next workbook is recognised at once.
    """
    nouns = {sheet: by_hand["noun"] for sheet, by_hand in mapped.items() if by_hand["noun"]}
    _require(actor, import_row, {*nouns.values()})
    unit = queries.unit_of(import_row)
    with transaction.atomic():
        _check_again(import_row, mapping=mapped)
        learned = sum(
            learning.learn(actor, unit, by_hand, headings.get(sheet, [])) for sheet, by_hand in mapped.items()
        )
        _record("import.mapped", actor, import_row, {"nouns": sorted(nouns.values()), "learned": learned})
    return import_row


def forget_column(actor: Viewer, name: ColumnName) -> None:
    """The unit no longer calls the column so: its next workbook is recognised by the names that all know."""
    unit = Unit.everything.get(uid=name.unit_uid)
    require(actor, Perm.IMPORT_RUN, unit)
    with transaction.atomic():
        events.record(
            "column_name.forgotten",
            actor_uid=actor.uid,
            noun="column_name",
            subject_uid=None,
            unit_uid=unit.uid,
            data={"noun": name.noun, "column": name.column},
            detail=name.heading,
        )
        name.delete()


def mend(actor: Viewer, import_row: Import, mends: SheetMends) -> Import:
    """Cells written anew and rows left out, on top of what was mended before; checked again by the job."""
    _require(actor, import_row, _nouns(import_row))
    rows = [row for sheet in mends.values() for row in sheet.values()]
    if not rows:
        raise Refused(_("没有改动"), mend=_("先改好错的格子，再保存"))
    kept = {sheet: {**import_row.mends.get(sheet, {})} for sheet in {*import_row.mends, *mends}}
    for sheet, written in mends.items():
        for number, cells in written.items():
            kept[sheet][number] = None if cells is None else {**(kept[sheet].get(number) or {}), **cells}
    with transaction.atomic():
        _check_again(import_row, mends=kept)
        data = {"cells": sum(len(row) for row in rows if row), "left_out": sum(row is None for row in rows)}
        _record("import.mended", actor, import_row, data)
    return import_row


def drop_mends(actor: Viewer, import_row: Import) -> Import:
    """Everything as it stands in the file again."""
    _require(actor, import_row, _nouns(import_row))
    with transaction.atomic():
        _check_again(import_row, mends={})
        _record("import.mended", actor, import_row, {"cells": 0, "left_out": 0})
    return import_row


def _check_again(import_row: Import, **values: Any) -> None:
    """Back to waiting, unless somebody has gone on with the import meanwhile."""
    rows = Import.objects.filter(pk=import_row.pk, state__in=[ImportState.REFUSED, ImportState.READY])
    if not rows.update(state=ImportState.WAITING, **values):
        raise Conflict(_("这次导入已经不在可以改的状态"), mend=_("刷新页面看现在的状态"))
    import_row.refresh_from_db()


def _record(verb: str, actor: Viewer, import_row: Import, data: dict[str, Any]) -> None:
    events.record(
        verb, actor_uid=actor.uid, noun="import", subject_uid=import_row.uid, unit_uid=import_row.unit_uid, data=data
    )


def give_up_lost() -> int:
    """Imports whose job is gone for good (three workers died on it) do not stay `running` for ever. Called by beat."""
    recent = clock.now() - timedelta(seconds=jobs.LEASE_SECONDS)
    running = Import.objects.filter(state__in=RUNNING_STATES, created_at__lt=recent)
    alive = jobs.arguments_under_way()
    lost = [row for row in running if str(row.uid) not in alive]
    for row in lost:
        if row.state == ImportState.UNDOING:
            _stop_undo(row, "undo_failed")
    given_up = Import.objects.filter(
        pk__in=[row.pk for row in lost], state__in=RUNNING_STATES - {ImportState.UNDOING}
    ).update(state=ImportState.FAILED, finished_at=clock.now())
    return given_up + sum(row.state == ImportState.UNDOING for row in lost)
