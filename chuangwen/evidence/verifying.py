"""Holds the copies of every photo to what they must be. Called by `script/manage verify`."""

from collections.abc import Iterator

from chuangwen.core import events, files
from chuangwen.evidence import pictures
from chuangwen.evidence.models import CopyRole, Evidence, Kind, State

CHUNK = 500


def verify_evidence() -> Iterator[events.Fault]:
    """Every photo that others should see and cannot, and every public picture that carries more than pixels."""
    ready = Evidence.everything.filter(kind=Kind.PHOTO, state=State.READY).order_by("id")
    for row in ready.prefetch_related("copies__file").iterator(chunk_size=CHUNK):
        for what in _faults(row):
            yield events.Fault(f"photo {row.uid}", what)


def _faults(row: Evidence) -> Iterator[str]:
    present = {each.role: each.file for each in row.copies.all() if each.edition == row.edition}
    for role in CopyRole:
        file = present.get(role)
        if file is None:
            yield f"its {role.value} copy is gone"
            continue
        path = files.path_of(file.sha256)
        # Bytes that are gone or altered are named by the check of files.
        if path.exists():
            yield from _carried(role, path.read_bytes())


def _carried(role: str, data: bytes) -> Iterator[str]:
    try:
        carried = pictures.leftovers(data)
    except pictures.BAD_BYTES:
        yield f"its {role} copy is no picture"
    else:
        if carried:
            yield f"its {role} copy carries {', '.join(carried)}"
