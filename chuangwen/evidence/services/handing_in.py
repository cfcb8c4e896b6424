"""The receipt: what is taken is kept and has its row before anything is re-encoded."""

import tempfile
import uuid
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangwen.core import clock, events, files
from chuangwen.core.errors import Conflict, Refused
from chuangwen.evidence import messages, pictures, queries, rules
from chuangwen.evidence.models import Evidence, Kind, Known, State
from chuangwen.people.access import Viewer, require
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm
from chuangwen.places.models import Place

CHUNK = 256 * 1024


@dataclass
class Content:
    """What the bytes are: their media type, what the photo says of itself, and what is odd."""

    media_type: str
    header: pictures.Header | None = None
    doubts: list[str] = field(default_factory=list)


def hand_in(
    actor: Viewer,
    *,
    unit: Unit,
    name: str,
    chunks: Iterable[bytes],
    uid: UUID | None = None,
    place: Place | None = None,
    taken_at: datetime | None = None,
    point: rules.Point | None = None,
    only_photo: bool = False,
) -> Evidence:
    """Keep a photo or file and give its receipt; copies, hash and likeness come from a job.

    `point` is longitude and latitude in WGS-84. The same actor and uid again returns the row that is there and reads
    nothing; another actor gets Conflict. Raises Refused for what is not taken, with how to mend it.
    """
    require(actor, Perm.EVIDENCE_ADD, unit)
    if uid and (standing := Evidence.everything.filter(uid=uid).first()):
        return _same_or_conflict(actor, standing)
    _check_stated(unit, place, taken_at, point)
    name = clean_name(name)
    with _spooled(chunks) as path:
        content = _content(path, name, only_photo=only_photo)
        values = _values(content, taken_at=taken_at, point=point)
        values |= {"uid": uid or uuid.uuid4(), "unit": unit, "place": place, "made_by": actor.person}
        try:
            row = _receipt(actor, path, name, content, values)
        except IntegrityError:
            # Two requests with one uid arrived together: the second one finds the first one's row.
            return _same_or_conflict(actor, Evidence.everything.get(uid=values["uid"]))
    row.refresh_from_db()
    return row


@transaction.atomic
def _receipt(actor: Viewer, path: Path, name: str, content: Content, values: dict[str, Any]) -> Evidence:
    with path.open("rb") as file:
        stored = files.keep(
            iter(lambda: file.read(CHUNK), b""),
            name=name,
            media_type=content.media_type,
            unit_uid=values["unit"].uid,
            created_by=actor.uid,
        )
    repeats = Evidence.objects.filter(file__sha256=stored.sha256).exists()
    row = Evidence(file=stored, repeats=repeats, **values)
    row.save(force_insert=True)
    data = {"kind": row.kind, "bytes": stored.size, "sha256": stored.sha256, "doubts": row.doubts}
    record("evidence.received", actor, row, data | ({"place": str(row.place.uid)} if row.place else {}))
    return row


def record(verb: str, actor: Viewer | None, row: Evidence, data: dict[str, object], detail: str = "") -> None:
    events.record(
        verb,
        actor_uid=actor.uid if actor else None,
        noun="evidence",
        subject_uid=row.uid,
        unit_uid=row.unit.uid,
        data=data,
        detail=detail,
    )


def refusal(code: str, *, where: str = "file", **amounts: object) -> Refused:
    what, mend = messages.REFUSED[code]
    return Refused(what, where=where, mend=mend)


def clean_name(name: str) -> str:
    """The last part of what the browser says, without signs that no file name has."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(sign for sign in last if sign.isprintable()).strip()[-200:] or "file"


def _same_or_conflict(actor: Viewer, standing: Evidence) -> Evidence:
    if standing.made_by_id != actor.person.pk:
        raise Conflict(_("这个 uid 已被别人用过"), where="uid", mend=_("换一个新的 uid 再发"))
    return standing


def _check_stated(unit: Unit, place: Place | None, taken_at: datetime | None, point: rules.Point | None) -> None:
    """What the person says, beside the file."""
    today = clock.today()
    if unit.closed_on and unit.closed_on <= today:
        raise Refused(_("%(unit)s已撤销") % {"unit": unit}, where="unit", mend=_("选现有的单位"))
    check_place(place)
    if taken_at:
        check_time(taken_at)
    if point and not rules.on_the_globe(*point):
        raise Refused(_("坐标不对"), where="point", mend=_("写经度和纬度，如 111.69 和 29.03，或不填"))


def check_place(place: Place | None) -> None:
    if place and (place.withdrawn_at or (place.closed_on and place.closed_on <= clock.today())):
        raise Refused(_("点位“%(place)s”已撤销") % {"place": place}, where="place", mend=_("选现有的点位，或不选"))


def check_time(taken_at: datetime) -> None:
    if taken_at > clock.now() + rules.CLOCK_SLACK:
        raise Refused(_("拍摄时间在现在之后"), where="taken_at", mend=_("写实际拍摄的时间"))
    if taken_at.year < rules.FIRST_YEAR:
        raise Refused(_("拍摄时间在 2000 年之前"), where="taken_at", mend=_("看看年份有没有写错"))


@contextmanager
def _spooled(chunks: Iterable[bytes]) -> Iterator[Path]:
    """The bytes in a file of their own, at most as many as are taken."""
    size = 0
    with tempfile.NamedTemporaryFile() as file:
        for chunk in chunks:
            size += len(chunk)
            if size > rules.MAX_BYTES:
                raise refusal("too_big")
            file.write(chunk)
        if not size:
            raise refusal("empty")
        file.flush()
        yield Path(file.name)


def _content(path: Path, name: str, *, only_photo: bool) -> Content:
    """By the bytes, whatever the name says."""
    with path.open("rb") as file:
        kind = rules.kind_of(file.read(rules.HEAD_BYTES))
        if kind == rules.ARCHIVE:
            kind = _in_zip(file)
    if kind not in rules.PHOTOS and kind not in rules.DOCUMENTS:
        raise refusal(kind or "unknown")
    if kind in rules.DOCUMENTS:
        if only_photo:
            raise refusal("not_photo")
        return Content(kind, doubts=[rules.NAME_DIFFERS] if rules.name_differs(name, kind) else [])
    try:
        header = pictures.look(path, kind)
    except pictures.BadPicture as bad:
        raise refusal(bad.code) from bad
    doubts = [rules.NAME_DIFFERS] if rules.name_differs(name, kind) else []
    return Content(kind, header, doubts + ([rules.MANY_FRAMES] if header.has_more else []))


def _in_zip(file: BinaryIO) -> str:
    """Word, Excel and their like are archives too; only their table of contents is read."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            declared = b""
            if names[:1] == ["mimetype"] and archive.infolist()[0].compress_type == zipfile.ZIP_STORED:
                with archive.open("mimetype") as part:
                    declared = part.read(80)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        return rules.ARCHIVE
    return rules.office_kind(names, declared)


def _values(content: Content, *, taken_at: datetime | None, point: rules.Point | None) -> dict[str, Any]:
    """The row's time, point and doubts: a person's word before the camera's, and a camera's only where it can be."""
    now, header = clock.now(), content.header
    camera = _aware(header.taken) if header else None
    doubt = rules.doubt_of_clock(camera, now, taken_at)
    believed = None if doubt in rules.IMPOSSIBLE else camera
    values: dict[str, Any] = {
        "kind": Kind.PHOTO if header else Kind.DOCUMENT,
        "state": State.RECEIVED if header else State.READY,
        "received_at": now,
        "camera_time": camera,
        "taken_at": taken_at or believed or now,
        "taken_known": Known.PERSON if taken_at else Known.CAMERA if believed else Known.UPLOAD,
    }
    where, known, odd = _where(header, point)
    if where:
        values |= {"lon": where[0], "lat": where[1], "point_known": known}
    return values | {"doubts": [*content.doubts, *([doubt] if doubt else []), *odd]}


def _aware(taken: datetime | None) -> datetime | None:
    """A camera without a zone shows the time of here; years that the calendar cannot reckon with are none."""
    if taken is None or not 1900 < taken.year < 9000:
        return None
    return timezone.make_aware(taken) if timezone.is_naive(taken) else taken


def _where(header: pictures.Header | None, stated: rules.Point | None) -> tuple[rules.Point | None, str, list[str]]:
    if header is None:
        return stated, Known.PERSON, []
    odd = [rules.POINT_NONSENSE] if header.point_is_nonsense else []
    box = queries.city_box() if header.point else None
    if header.point and box and not rules.within(header.point, box):
        odd.append(rules.POINT_OUTSIDE)
    return (stated, Known.PERSON, odd) if stated else (header.point, Known.CAMERA, odd)
