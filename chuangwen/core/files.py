"""Stored files: bytes kept once under their SHA-256 in the data folder, a row for every time they were given.

Called by services that take or make a file. A file is never changed and never deleted here.
"""

import hashlib
import mimetypes
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings

from chuangwen.core import clock
from chuangwen.core.events import Fault
from chuangwen.core.models import StoredFile


def path_of(sha256: str) -> Path:
    return Path(settings.FILES_DIR) / sha256[:2] / sha256[2:4] / sha256


def keep(
    chunks: Iterable[bytes], *, name: str, media_type: str, unit_uid: UUID | None, created_by: UUID | None
) -> StoredFile:
    """Write the bytes to their place (renamed there only when whole and on disk) and the row that names them."""
    folder = Path(settings.FILES_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    hasher = hashlib.sha256()
    size = 0
    with tempfile.NamedTemporaryFile(dir=folder, prefix="incoming-", delete=False) as file:
        try:
            for chunk in chunks:
                hasher.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            Path(file.name).unlink()
            raise
    sha256 = hasher.hexdigest()
    target = path_of(sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    Path(file.name).replace(target)
    return StoredFile.objects.create(
        sha256=sha256,
        size=size,
        media_type=media_type,
        name=name[-255:],
        unit_uid=unit_uid,
        created_by=created_by,
        created_at=clock.now(),
    )


def read(file: StoredFile) -> bytes:
    return path_of(file.sha256).read_bytes()


def verify_files() -> Iterator[Fault]:
    """Every stored file whose bytes are gone or are not what they were."""
    for sha256, name in StoredFile.objects.order_by("sha256").values_list("sha256", "name").distinct():
        path = path_of(sha256)
        if not path.exists():
            yield Fault(f"file {sha256[:12]} ({name})", "its bytes are gone from the data folder")
        elif _sha256(path) != sha256:
            yield Fault(f"file {sha256[:12]} ({name})", "its bytes were altered")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def media_type_of(name: str) -> str:
    """By the name's ending; what the sender's browser says of it is not believed."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
