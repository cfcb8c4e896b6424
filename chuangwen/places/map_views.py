"""The map: its page, what it asks for while one pans and zooms, and what one does on it.

The answers to the map's own questions are JSON, errors too, so that the page can say them where the hand is.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.core.errors import Missing, ProductError, Refused
from chuangwen.core.middleware import as_json
from chuangwen.people.access import get_unit, open_units
from chuangwen.people.guards import signed_in
from chuangwen.people.middleware import ViewerRequest
from chuangwen.people.rules import Perm
from chuangwen.places import geometry, map_queries, queries, services

# The address carries the version, so what it gives never changes.
LASTING = "private, max-age=31536000, immutable"


def _spoken(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The product's refusals as JSON."""

    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except ProductError as problem:
            return JsonResponse(as_json(problem), status=problem.status)

    return answering


@signed_in
def map_page(request: ViewerRequest) -> HttpResponse:
    if not request.viewer.can(Perm.PLACE_VIEW):
        raise Missing
    query = request.GET.dict()
    context = {
        "query": query,
        "ground_version": map_queries.ground(request.viewer).version,
        "box": map_queries.city_box(request.viewer),
        "selection": map_queries.selection_box(query),
        "groups": map_queries.groups(request.viewer),
        "types": queries.types_in_use(request.viewer),
        "units": map_queries.units(request.viewer),
        "unit": get_unit(request.viewer, Perm.PLACE_VIEW, code=query["unit"]) if query.get("unit") else None,
        "may_manage": request.viewer.can(Perm.PLACE_MANAGE),
        "keeping": open_units(request.viewer, Perm.PLACE_MANAGE),
        "choosable": queries.types(),
    }
    return render(request, "places/map.html", context)


@signed_in
@_spoken
def map_places(request: ViewerRequest) -> HttpResponse:
    """What lies in view, as GeoJSON."""
    return JsonResponse(map_queries.in_view(request.viewer, request.GET.dict()))


@signed_in
@_spoken
def map_ground(request: ViewerRequest) -> HttpResponseBase:
    """The base map, as GeoJSON: sent once for each version."""
    ground = map_queries.ground(request.viewer)
    etag = f'"{ground.version}"'
    known = get_conditional_response(request, etag=etag)
    response = known or HttpResponse(ground.as_json(), content_type="application/geo+json")
    response["ETag"] = etag
    response["Cache-Control"] = LASTING if request.GET.get("v") == ground.version else "private, no-cache"
    return response


@signed_in
@require_POST
@_spoken
def select_on_map(request: ViewerRequest) -> HttpResponse:
    """What of the rows that the address asks for lies in the drawn shape."""
    found = map_queries.select(request.viewer, request.GET.dict(), _drawn(request))
    types = [{"name": name, "count": count} for name, count in found.types]
    return JsonResponse({"count": found.count, "types": types, "in": found.token})


@signed_in
@require_POST
@_spoken
def move_on_map(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """Another geometry for a place; `was` is the one that the hand saw."""
    before = queries.place(request.viewer, uid)
    was = _drawn(request, "was") if request.POST.get("was") else None
    place = services.move_place(request.viewer, uid=uid, written=_drawn(request), was=was)
    metres = geometry.metres_between_points((before.lon, before.lat), (place.lon, place.lat))
    return JsonResponse({"place": map_queries.feature(request.viewer, uid), "metres": round(metres)})


@signed_in
@require_POST
@_spoken
def add_on_map(request: ViewerRequest) -> HttpResponse:
    """A new place; its uid is made in the browser, so that a second press makes no second place."""
    unit = get_unit(request.viewer, Perm.PLACE_MANAGE, code=request.POST.get("unit", ""))
    place_type = queries.types().filter(code=request.POST.get("type", "")).first()
    name = request.POST.get("name", "").strip()
    if place_type is None:
        raise Refused(_("还没选类型"), where="type", mend=_("选一个类型再保存"))
    if not 0 < len(name) <= 120:
        raise Refused(_("名称要写，最多 120 个字"), where="name", mend=_("写上当地人叫它的名字"))
    place = services.add_place(
        request.viewer, unit=unit, place_type=place_type, name=name, written=_drawn(request), uid=_uid(request)
    )
    return JsonResponse({"place": map_queries.feature(request.viewer, place.uid)}, status=201)


def _uid(request: ViewerRequest) -> UUID:
    try:
        return UUID(request.POST.get("uid", ""))
    except ValueError as error:
        raise Refused(_("编号读不出来"), where="uid", mend=_("刷新地图再试一次")) from error


def _drawn(request: ViewerRequest, field: str = "geometry") -> Any:
    try:
        return json.loads(request.POST.get(field, ""))
    except (ValueError, RecursionError) as error:
        raise Refused(_("还没画图形"), where=field, mend=_("先在图上画好再保存")) from error
