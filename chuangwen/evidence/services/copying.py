"""The pipeline behind the receipt: the copies that others see, the hash, and whether the same stood already."""

from uuid import UUID

from django.db import transaction

from chuangwen.core import files, jobs
from chuangwen.core.models import StoredFile
from chuangwen.evidence import pictures, queries, rules
from chuangwen.evidence.models import CopyRole, Evidence, EvidenceCopy, Refusal, State
from chuangwen.evidence.services.handing_in import record


def make_copies(uid: UUID) -> Evidence:
    """Make what is missing of a photo's present edition. Safe to call twice and from two workers at once.

    The pixels are worked on outside any transaction. If somebody covers more of the photo meanwhile, what was made is
    thrown away and made anew: a copy is only ever saved for the edition whose rectangles it was made with.
    """
    while True:
        row = Evidence.everything.select_related("file", "unit").get(uid=uid)
        if row.state != State.RECEIVED:
            return row
        covered = [each.cover for each in row.redactions.filter(edition__lte=row.edition).order_by("id")]
        try:
            made = pictures.make(files.path_of(row.file.sha256), row.file.media_type, covered)
        except pictures.BadPicture as bad:
            if _refuse(row, bad.code):
                return row
        else:
            if _save(row, made):
                return row


def give_up_lost() -> int:
    """Photos whose job is gone for good (three workers died on it) do not stay in the making. Called by beat."""
    waiting = list(Evidence.everything.filter(state=State.RECEIVED).select_related("unit"))
    alive = jobs.arguments_under_way() if waiting else set()
    return sum(_refuse(row, Refusal.LOST) for row in waiting if str(row.uid) not in alive)


@transaction.atomic
def _refuse(row: Evidence, code: str) -> bool:
    row.state, row.refusal = State.REFUSED, code
    if not _move(row, state=State.REFUSED, refusal=code):
        return False
    record("evidence.refused", None, row, {"why": code})
    return True


@transaction.atomic
def _save(row: Evidence, made: pictures.Made) -> bool:
    bands = rules.bands(made.phash) if made.phash is not None else (None,) * rules.BANDS
    values = dict(zip(queries.BANDS, bands, strict=True)) | {"width": made.width, "height": made.height}
    for name, value in values.items():
        setattr(row, name, value)
    alike = len(queries.alike_keys(row)) if row.edition == 0 else 0
    row.state, row.repeats = State.READY, row.repeats or bool(alike)
    if not _move(row, state=State.READY, repeats=row.repeats, **values):
        return False
    for role, data in ((CopyRole.PUBLIC, made.public), (CopyRole.THUMBNAIL, made.thumbnail)):
        file = _keep(row, role, data)
        EvidenceCopy.objects.create(evidence=row, role=role, edition=row.edition, file=file)
    record("evidence.ready", None, row, {"edition": row.edition, "alike": alike})
    return True


def _move(row: Evidence, **values: object) -> bool:
    """Only while it still waits for the copies of this edition."""
    waiting = Evidence.everything.filter(pk=row.pk, state=State.RECEIVED, edition=row.edition)
    return bool(waiting.update(**values))


def _keep(row: Evidence, role: str, data: bytes) -> StoredFile:
    return files.keep(
        [data], name=f"{row.uid}-{role}.jpg", media_type=rules.JPEG, unit_uid=row.unit.uid, created_by=None
    )
