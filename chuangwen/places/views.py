"""Pages of places: the register, one place, entering and changing it, who answers for it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.core.bulk import Deed, respond
from chuangwen.core.errors import Missing
from chuangwen.core.forms import ReasonForm, fill_errors
from chuangwen.core.lists import Bulk, export, wants_export
from chuangwen.core.registry import panels
from chuangwen.people.access import require
from chuangwen.people.guards import signed_in
from chuangwen.people.listing import unit_asked, viewed_list
from chuangwen.people.middleware import ViewerRequest
from chuangwen.people.rules import Perm
from chuangwen.places import queries, services, showing
from chuangwen.places.forms import (
    ChargeForm,
    LeadForm,
    NewPlaceForm,
    PlaceForm,
    PositionForm,
    initial_position,
)
from chuangwen.places.lists import NARROWED, PLACES


@signed_in
def places(request: ViewerRequest) -> HttpResponseBase:
    viewer = request.viewer
    if not viewer.can(Perm.PLACE_VIEW):
        raise Missing
    unit = unit_asked(request, Perm.PLACE_VIEW)
    around = showing.around(viewer, request.GET.get("near", ""), request.GET.get("m", "500"))
    rows = showing.listed(viewer, request.GET, unit=unit, around=around)
    if wants_export(request):
        return export(PLACES, rows, request, name=_("点位"))
    may_manage = viewer.can(Perm.PLACE_MANAGE)
    spec = NARROWED if around or request.GET.get("in") else PLACES
    context = {
        "list": viewed_list(
            spec,
            rows,
            request,
            bulk=Bulk(reverse("act-on-places"), ("lead", "close", "reopen")) if may_manage else None,
        ),
        "unit": unit,
        "around": around,
        "drawn": bool(request.GET.get("in")),
        "may_manage": may_manage,
        "panels": panels("places", viewer, request.GET),
    }
    return render(request, "places/places.html", context)


@signed_in
@require_POST
def act_on_places(request: ViewerRequest) -> HttpResponse:
    """What is done with many places at once, each by the service that does it with one."""
    viewer = request.viewer
    if not viewer.can(Perm.PLACE_MANAGE):
        raise Missing
    around = showing.around(viewer, request.GET.get("near", ""), request.GET.get("m", "500"))
    rows = showing.listed(viewer, request.GET, unit=unit_asked(request, Perm.PLACE_VIEW), around=around)
    deeds = {
        "lead": Deed(
            lambda row, data: services.give_charge(viewer, place_uid=row.uid, unit=data["unit"]),
            lambda data: LeadForm(viewer, data),
        ),
        "close": Deed(
            lambda row, data: (
                row.closed_on is None and services.close_place(viewer, uid=row.uid, reason=data["reason"])
            ),
            ReasonForm,
        ),
        "reopen": Deed(
            lambda row, _data: row.closed_on is not None and services.reopen_place(viewer, uid=row.uid),
        ),
    }
    return respond(
        request,
        PLACES,
        rows,
        deeds,
        actor=viewer,
        noun="place",
        back=reverse("places"),
        unit_uid=viewer.person.unit.uid,
    )


@signed_in
def alike(request: ViewerRequest) -> HttpResponse:
    """Pairs of places that look like one entered twice."""
    if not request.viewer.can(Perm.PLACE_VIEW):
        raise Missing
    return render(request, "places/alike.html", {"pairs": showing.pairs(request.viewer), "most": showing.PAIRS})


@signed_in
def place(request: ViewerRequest, uid: UUID) -> HttpResponse:
    viewer = request.viewer
    found = queries.place_even_withdrawn(viewer, uid)
    context = {
        "place": found,
        "charges": showing.charges(viewer, found),
        "alike": showing.alike(viewer, found),
        "near": showing.nearest(viewer, found),
        "measure": showing.measure(found),
        "history": showing.history(viewer, found),
        "may_manage": viewer.can(Perm.PLACE_MANAGE, found.unit) and not found.withdrawn_at,
        "panels": panels("place", viewer, found),
    }
    return render(request, "places/place.html", context)


@signed_in
def new_place(request: ViewerRequest) -> HttpResponse:
    if not request.viewer.can(Perm.PLACE_MANAGE):
        raise Missing
    form = NewPlaceForm(request.viewer, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with fill_errors(form):
            added = services.add_place(
                request.viewer,
                unit=data["unit"],
                place_type=data["type"],
                name=data["name"],
                written=data["written"],
                code=data["code"],
                address=data["address"],
            )
            messages.success(request, _("已登记“%(place)s”，接着写谁负责") % {"place": added})
            return redirect("place", added.uid)
    return render(request, "places/form.html", {"form": form, "title": _("登记点位"), "verb": _("登记")})


def _managed(request: ViewerRequest, uid: UUID) -> Any:
    found = queries.place(request.viewer, uid)
    require(request.viewer, Perm.PLACE_MANAGE, found.unit)
    return found


@signed_in
def edit_place(request: ViewerRequest, uid: UUID) -> HttpResponse:
    found = _managed(request, uid)
    initial = {"name": found.name, "type": found.type, "code": found.code, "address": found.address}
    form = PlaceForm(request.POST or None, initial=initial, kept_type=found.type)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with fill_errors(form):
            services.change_place(
                request.viewer,
                uid=uid,
                place_type=data["type"],
                name=data["name"],
                code=data["code"],
                address=data["address"],
            )
            return redirect("place", uid)
    return _form(request, form, found, _("修改点位"), _("保存"))


@signed_in
def position(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """Where a place lies, typed: the map does the same by drag."""
    found = _managed(request, uid)
    initial = {**initial_position(found), "seen": found.geometry}
    form = PositionForm(request.POST or None, initial=initial, shape=found.type.shape)
    if request.method == "POST" and form.is_valid():
        with fill_errors(form):
            services.move_place(
                request.viewer, uid=uid, written=form.cleaned_data["written"], was=form.cleaned_data["seen"] or None
            )
            messages.success(request, _("位置已改"))
            return redirect("place", uid)
    return _form(request, form, found, _("改位置"), _("保存位置"))


@signed_in
def close_place(request: ViewerRequest, uid: UUID) -> HttpResponse:
    found = _managed(request, uid)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.close_place(request.viewer, uid=uid, reason=form.cleaned_data["reason"])
        messages.success(request, _("已停用，以前在这里的记录都还在"))
        return redirect("place", uid)
    return _form(request, form, found, _("停用点位"), _("停用"))


@signed_in
@require_POST
def reopen_place(request: ViewerRequest, uid: UUID) -> HttpResponse:
    services.reopen_place(request.viewer, uid=uid)
    messages.success(request, _("已恢复使用"))
    return redirect("place", uid)


@signed_in
def withdraw_place(request: ViewerRequest, uid: UUID) -> HttpResponse:
    found = _managed(request, uid)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with fill_errors(form):
            services.withdraw_place(request.viewer, uid=uid, reason=form.cleaned_data["reason"])
            messages.success(request, _("已撤回，列表和地图上不再有它"))
            return redirect("places")
    return _form(request, form, found, _("撤回记错的点位"), _("撤回"))


@signed_in
def new_charge(request: ViewerRequest, uid: UUID) -> HttpResponse:
    found = _managed(request, uid)
    form = ChargeForm(request.viewer, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with fill_errors(form):
            services.give_charge(
                request.viewer,
                place_uid=uid,
                unit=data["unit"],
                charge=data["charge"],
                person=data["person"],
                season=data["season"],
                since=data["since"],
            )
            return redirect("place", uid)
    return _form(request, form, found, _("写谁负责"), _("保存"))


@signed_in
@require_POST
def end_charge(request: ViewerRequest, uid: UUID) -> HttpResponse:
    ended = services.end_charge(request.viewer, uid=uid)
    messages.success(request, _("%(unit)s从今天起不再负责这里") % {"unit": ended.unit.label})
    return redirect("place", ended.place.uid)


def _form(request: ViewerRequest, form: Any, found: Any, title: str, verb: str) -> HttpResponse:
    return render(request, "places/form.html", {"form": form, "place": found, "title": title, "verb": verb})
