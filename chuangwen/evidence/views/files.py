"""Bytes and receipts: the upload that other pages call too, the state of a photo, the files, the downloads."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chuangwen.core import files
from chuangwen.core.errors import Missing, Refused
from chuangwen.evidence import queries, rules, saying, services
from chuangwen.people.access import pick_unit
from chuangwen.people.guards import signed_in
from chuangwen.people.middleware import ViewerRequest
from chuangwen.people.rules import Perm

YEAR_SECONDS = 365 * 24 * 3600


@signed_in
@require_POST
def upload(request: ViewerRequest) -> HttpResponse:
    """One file in, its receipt out as JSON; docs/evidence.md has both. Used by every page that takes photos."""
    sent = request.FILES.get("file")
    if sent is None:
        raise Refused(_("没有收到文件"), where="file", mend=_("选一张照片再传；照片不能超过 20 MB"))
    place = request.POST.get("place")
    row = services.hand_in(
        request.viewer,
        unit=pick_unit(request.viewer, Perm.EVIDENCE_ADD, request.POST.get("unit")),
        name=sent.name or "",
        chunks=sent.chunks(),
        uid=_uid(request.POST["uid"], "uid") if request.POST.get("uid") else None,
        place=queries.place_written(request.viewer, place) if place else None,
        taken_at=_moment(request.POST.get("taken_at", "")),
        point=_point(request.POST.get("lon", ""), request.POST.get("lat", "")),
        only_photo=request.POST.get("only_photo") == "1",
    )
    return JsonResponse(_receipt(request, row.uid), status=201)


@signed_in
@require_GET
def state(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """The receipt as it stands now: asked for until a photo's copies are made."""
    return JsonResponse(_receipt(request, uid))


def _receipt(request: ViewerRequest, uid: UUID) -> dict[str, Any]:
    row = queries.piece(request.viewer, uid)
    return saying.receipt(row, queries.alike(request.viewer, row))


def _uid(written: str, where: str) -> UUID:
    try:
        return UUID(written)
    except ValueError as bad:
        raise Refused(_("“%(written)s”不是 uid") % {"written": written[:60]}, where=where) from bad


def _moment(written: str) -> datetime | None:
    if not written:
        return None
    try:
        moment = parse_datetime(written)
    except ValueError:
        moment = None
    if moment is None or not 1 < moment.year < 9999:
        raise Refused(
            _("“%(written)s”不是时间") % {"written": written[:60]},
            where="taken_at",
            mend=_("写成 2026-04-02 15:30 这样"),
        )
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def _point(lon: str, lat: str) -> rules.Point | None:
    if not lon and not lat:
        return None
    try:
        return float(lon), float(lat)
    except ValueError as bad:
        raise Refused(_("坐标不对"), where="point", mend=_("写经度和纬度，如 111.69 和 29.03，或不填")) from bad


@signed_in
@require_GET
def file(request: ViewerRequest, uid: UUID, role: str, sha256: str) -> HttpResponseBase:
    """A copy for the page, an original to keep. The address holds the digest, so that a browser may keep it too."""
    found = queries.served(request.viewer, uid, role, sha256)
    path = files.path_of(found.sha256)
    original = role == queries.ORIGINAL
    response = FileResponse(path.open("rb"), content_type=found.media_type, as_attachment=original, filename=found.name)
    response["X-Content-Type-Options"] = "nosniff"
    # What may be covered tomorrow is not kept by anybody between: the browser that asked, and no proxy.
    response["Cache-Control"] = f"private, max-age={YEAR_SECONDS}, immutable"
    return response


@signed_in
@require_GET
def download(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """The public copy, with time and place written in where `mark=1` asks for it."""
    name, data = services.public_file(request.viewer, uid, mark=_mark(request))
    response = HttpResponse(data, content_type=rules.JPEG)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@signed_in
@require_GET
def bundle(request: ViewerRequest) -> HttpResponseBase:
    """The public copies of the chosen photos in one ZIP."""
    if not request.viewer.can(Perm.EVIDENCE_VIEW):
        raise Missing
    uids = [_uid(written, "uid") for written in request.GET.getlist("uid")]
    packed = services.bundle(request.viewer, uids, mark=_mark(request))
    return FileResponse(packed, as_attachment=True, filename=f"{_('照片')}.zip", content_type="application/zip")


def _mark(request: HttpRequest) -> bool:
    return request.GET.get("mark") == "1"
