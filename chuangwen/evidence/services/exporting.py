"""Copies that leave the product: one photo or many, with time and place written in if asked."""

import tempfile
import zipfile
from collections.abc import Sequence
from typing import IO
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from chuangwen.core import files
from chuangwen.core.errors import Missing, Refused
from chuangwen.core.models import StoredFile
from chuangwen.evidence import fonts, pictures, queries
from chuangwen.evidence.models import CopyRole, Evidence
from chuangwen.people.access import Viewer

MOST_PHOTOS = 100


def public_file(actor: Viewer, uid: UUID, *, mark: bool) -> tuple[str, bytes]:
    """(name, bytes) of one photo's public copy. Raises Missing where there is none."""
    row = queries.piece(actor, uid)
    copy = queries.current_copy(row, CopyRole.PUBLIC)
    if copy is None:
        raise Missing
    return file_name(row), _bytes(row, copy, mark=mark)


def bundle(actor: Viewer, uids: Sequence[UUID], *, mark: bool) -> IO[bytes]:
    """A ZIP of the public copies of a selection; the caller closes it."""
    rows = queries.chosen(actor, uids)
    if not rows:
        raise Refused(_("还没有选照片"), mend=_("在列表里勾选要下载的照片"))
    if len(rows) > MOST_PHOTOS:
        raise Refused(_("一次最多下载 100 张"), mend=_("分几次下载"))
    # The caller reads it to its end; the file has no name and is gone when closed.
    packed = tempfile.TemporaryFile()  # noqa: SIM115
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for row in rows:
            copy = queries.current_copy(row, CopyRole.PUBLIC)
            if copy:
                archive.writestr(file_name(row), _bytes(row, copy, mark=mark))
    packed.seek(0)
    return packed


def file_name(row: Evidence) -> str:
    """When it was taken, and enough of its uid that no two are the same."""
    return f"{timezone.localtime(row.taken_at):%Y%m%d-%H%M}-{row.uid.hex[:8]}.jpg"


def _bytes(row: Evidence, copy: StoredFile, *, mark: bool) -> bytes:
    data = files.read(copy)
    if not mark:
        return data
    font = fonts.chinese_font()
    if font is None:
        raise Refused(
            _("这台服务器上没有中文字体，写不了时间和地点"),
            mend=_("请管理员装一种中文字体（如 Noto Sans CJK），或下载不加字的照片"),
        )
    return pictures.marked(data, mark_lines(row), font)


def mark_lines(row: Evidence) -> list[str]:
    """When and where, as the caption says it, else as it is known; how it is known stays on the page."""
    when = row.said_when or f"{timezone.localtime(row.taken_at):%Y-%m-%d %H:%M}"
    where = row.said_where or (row.place.name if row.place else "")
    if not where and row.point:
        where = f"{row.point[1]:.5f} N, {row.point[0]:.5f} E"
    return [line for line in (when, where) if line]
