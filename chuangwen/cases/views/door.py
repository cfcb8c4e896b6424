"""The citizens' door: the page of a report, its photos, what is known of a point. No sign-in."""

from contextlib import nullcontext
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from chuangwen.cases import door, public_queries, queries, services
from chuangwen.cases.door import MOST_PHOTOS
from chuangwen.cases.forms.door import PlaceForm, ReportForm
from chuangwen.cases.public_queries import Line
from chuangwen.cases.views.limits import counted, within
from chuangwen.core.errors import Refused
from chuangwen.core.forms import fill_errors
from chuangwen.core.middleware import wants_json
from chuangwen.evidence import rules
from chuangwen.evidence import services as evidence
from chuangwen.people.guards import public

LASTING = "public, max-age=31536000, immutable"


def require_open_door() -> None:
    if not queries.policy().citizen_door:
        raise Refused(_("网上入口现在没有开"), mend=_("请拨 12345 热线反映；已经报过的照样凭查询码查进度"))


@public
@never_cache
def report(request: HttpRequest) -> HttpResponse:
    """The page, and what it sends: with its script as a question of a program, without as a form."""
    policy = queries.policy()
    if not policy.citizen_door and request.method != "POST":
        return render(request, "cases/door_closed.html")
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require_open_door()
        if form.is_valid():
            with nullcontext() if wants_json(request) else fill_errors(form):
                return _done(request, _report(request, form, policy.reports_per_hour))
        if wants_json(request):
            raise _first_error(form)
    return render(request, "cases/report.html", _page(form), status=422 if form.errors else 200)


def _page(form: ReportForm) -> dict[str, Any]:
    groups: dict[str, list[Any]] = {}
    for category in queries.categories(for_citizens=True):
        groups.setdefault(str(category.get_group_display()), []).append(category)
    found = public_queries.ground()
    return {
        "form": form,
        "groups": groups,
        "most_photos": MOST_PHOTOS,
        "most_bytes": rules.MAX_BYTES,
        "accept": ",".join(f"image/{kind}" for kind in ("jpeg", "png", "heic", "heif", "webp")),
        "ground_url": f"{reverse('report-ground')}?v={found.version}",
        "box": ",".join(map(str, public_queries.city_box() or ())),
    }


def _report(request: HttpRequest, form: ReportForm, per_hour: int) -> services.Opened:
    """Sent again, it is the same report and counts as none."""
    citizens = door.door()
    if services.known_report(citizens, form.cleaned_data["uid"]):
        return services.report(citizens, form.sent([]))
    said = _("这个网络一小时最多报 %(count)s 件，已经到了") % {"count": per_hour}
    with counted(door.reports(per_hour), request, said, _("%(time)s 以后再发；写好的不会丢")):
        files = request.FILES.getlist("files")[:MOST_PHOTOS]
        return services.report(citizens, form.sent([hand_in(request, each, uuid4(), per_hour).uid for each in files]))


def _first_error(form: ReportForm) -> Refused:
    where, errors = next(iter(form.errors.as_data().items()))
    sentence = str(next(iter(errors[0].messages)))
    field = form.fields.get(where)
    return Refused(f"{field.label}：{sentence}" if field and field.label else sentence, where=where)


def _done(request: HttpRequest, opened: services.Opened) -> HttpResponse:
    said = {
        "number": opened.case.number,
        "code": door.grouped(opened.code),
        "follow": reverse("follow-code", args=[opened.code]),
    }
    if wants_json(request):
        return JsonResponse(said, status=201)
    return render(request, "cases/reported.html", {"done": said}, status=201)


# ---- photos ----


@public
@require_POST
def photo(request: HttpRequest) -> HttpResponse:
    """One photo in, as JSON: its uid, and where it was taken if that lies in the city."""
    require_open_door()
    sent = request.FILES.get("file")
    if sent is None:
        raise Refused(_("没有收到照片"), where="photos", mend=_("重新选一张；照片不能超过 20 MB"))
    row = hand_in(request, sent, _uid(request.POST.get("uid", "")), queries.policy().reports_per_hour)
    said: dict[str, Any] = {"uid": str(row.uid), "name": row.file.name, "point": None, "where": "", "outside": False}
    if row.point:
        spot = public_queries.spot(row.point)
        said["outside"] = not spot.inside
        if spot.inside:
            said |= {"point": list(row.point), "where": spot.name}
    return JsonResponse(said, status=201)


def hand_in(request: HttpRequest, sent: Any, uid: UUID, per_hour: int) -> Any:
    within(
        door.photos(per_hour),
        request,
        _("这个网络一小时里传的照片太多了"),
        _("%(time)s 以后再传；写好的不会丢"),
    )
    citizens = door.door()
    return evidence.hand_in(
        citizens, unit=citizens.person.unit, name=sent.name or "", chunks=sent.chunks(), uid=uid, only_photo=True
    )


def _uid(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError as bad:
        raise Refused(_("这张照片没有编号"), where="photos", mend=_("刷新页面，重新选一张")) from bad


# ---- where ----


@public
@require_GET
def near(request: HttpRequest) -> HttpResponse:
    """What is known of a point: its street, and what of a category was reported there and is still open."""
    require_open_door()
    form = PlaceForm(request.GET)
    if not form.is_valid():
        raise Refused(_("位置读不出来"), where="point", mend=_("重新定一次位置，或写一句在哪里"))
    within(door.looks(queries.policy().reports_per_hour), request, _("这个网络问得太多了"), _("%(time)s 以后再试"))
    spot = public_queries.spot(form.cleaned_data["point"], form.cleaned_data["category"])
    if not spot.inside:
        raise Refused(_("这个位置在本市之外"), where="point", mend=_("在图上点事情发生的地方，或写一句在哪里"))
    alike = [
        {
            "url": reverse("follow-public", args=[line.uid]),
            "title": " · ".join(part for part in (line.category, line.spot) if part),
            "state": line.state,
            "mark": line.mark,
            "said": _said(line),
        }
        for line in spot.alike
    ]
    return JsonResponse({"where": spot.name, "alike": alike})


def _said(line: Line) -> str:
    if not line.days:
        return _("今天报的，离这里 %(metres)s 米") % {"metres": line.metres}
    return _("%(days)s 天前报的，离这里 %(metres)s 米") % {"days": line.days, "metres": line.metres}


@public
@require_GET
def ground(request: HttpRequest) -> HttpResponseBase:
    """The map under a report, as GeoJSON."""
    found = public_queries.ground()
    etag = f'"{found.version}"'
    known = get_conditional_response(request, etag=etag)
    response = known or HttpResponse(found.as_json(), content_type="application/geo+json")
    response["ETag"] = etag
    response["Cache-Control"] = LASTING if request.GET.get("v") == found.version else "no-cache"
    return response
