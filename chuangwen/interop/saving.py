"""Saves what a workbook brings: new records, records that come back, changes, one event; all together or nothing."""

from typing import Any
from uuid import UUID

from django.db import transaction

from chuangwen.core import clock, events, jobs
from chuangwen.core.importing import Importer
from chuangwen.core.models import Import, ImportChange, ImportState
from chuangwen.interop.comparing import as_json
from chuangwen.interop.mended import problem_as_json
from chuangwen.interop.work import Change, Checked, Part, Work

# No second worker that came too late takes an import out of these again.
SETTLED = (ImportState.DONE, ImportState.UNDOING, ImportState.UNDONE, ImportState.DISMISSED)


class ChangedMeanwhile(Exception):
    """A record is no longer what it was when the workbook was checked."""


def conclude(work: Work, state: str) -> None:
    """What came of it. A done import stays done, whatever a second worker that came too late has found."""
    Import.objects.filter(pk=work.context.source.pk).exclude(state__in=SETTLED).update(
        state=state,
        sheets=work.sheets,
        problems=[problem_as_json(problem) for problem in work.in_order()],
        problem_count=work.problem_count,
        preview=work.preview,
        bad_rows=work.bad_rows,
        finished_at=clock.now(),
    )


@transaction.atomic
def save(work: Work) -> None:
    """All rows, their event and the state `done` together, so that a worker killed at any point can be followed by
    another.
    """
    source = work.context.source
    if Import.objects.select_for_update().get(pk=source.pk).state in SETTLED:
        return
    rows: dict[str, int] = {}
    changed: dict[str, int] = {}
    saved = 0
    for part in work.parts:
        noun = part.importer.noun
        for laid in part.laid():
            # A new unit may stand under one that comes back.
            count = _bring(work, part, laid.back, back=True) + _bring(work, part, laid.new, back=False)
            rows[noun] = rows.get(noun, 0) + count
            _change(source, part.importer, part.sheet, laid.changed)
            changed[noun] = changed.get(noun, 0) + len(laid.changed)
            saved += len(laid)
            jobs.set_progress(str(source.uid), saved, work.to_save)
    data: dict[str, Any] = {"sha256": source.file.sha256, "rows": rows}
    if any(changed.values()):
        data["changed"] = {noun: count for noun, count in changed.items() if count}
    if work.confirmed_by:
        data["confirmed_by"] = str(work.confirmed_by.uid)
    events.record(
        "import.done",
        actor_uid=source.created_by,
        noun="import",
        subject_uid=source.uid,
        unit_uid=source.unit_uid,
        data=data,
    )
    conclude(work, ImportState.DONE)


def _bring(work: Work, part: Part, checked: list[Checked], *, back: bool) -> int:
    if not checked:
        return 0
    importer, source = part.importer, work.context.source
    rows = [
        importer.build(UUID(hex=uid), plain, {"source": source, "source_sheet": part.sheet[:40], "source_row": number})
        for number, uid, plain in checked
    ]
    return importer.revive(rows) if back else importer.save(rows)


def _change(source: Import, importer: Importer, sheet: str, changes: list[Change]) -> None:
    if not changes:
        return
    asked = importer.model.objects.select_for_update().filter(uid__in=[UUID(hex=each[1]) for each in changes])
    there = {row.uid.hex: row for row in asked}
    written: set[str] = set()
    for _number, uid, before, after in changes:
        row = there.get(uid)
        if row is None or any(as_json(getattr(row, name)) != was for name, was in before.items()):
            raise ChangedMeanwhile
        written.update(after)
        put(row, after)
    importer.model.objects.bulk_update(there.values(), sorted(written), batch_size=200)
    importer.settle([row.uid for row in there.values()])
    ImportChange.objects.bulk_create(
        [
            ImportChange(
                source=source,
                noun=importer.noun,
                subject_uid=UUID(hex=uid),
                sheet=sheet[:40],
                row=number,
                before=before,
                after=after,
            )
            for number, uid, before, after in changes
        ],
        batch_size=500,
    )


def put(row: Any, fields: dict[str, Any]) -> None:
    """Set fields to what JSON holds of them."""
    for name, written in fields.items():
        setattr(row, name, row._meta.get_field(name).to_python(written))
