"""Pages that change a unit: its names and codes, its place in the tree, whether it is open."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.core.errors import Conflict
from chuangwen.core.forms import fill_errors, see_afresh
from chuangwen.people import services, unit_queries
from chuangwen.people.access import get_unit
from chuangwen.people.forms import MoveForm, UnitForm
from chuangwen.people.guards import signed_in
from chuangwen.people.middleware import ViewerRequest
from chuangwen.people.rules import Perm


@signed_in
def edit_unit(request: ViewerRequest, code: str) -> HttpResponse:
    unit = get_unit(request.viewer, Perm.UNIT_MANAGE, code=code)
    form = UnitForm(unit, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with fill_errors(form):
            _edit(request, unit, form)
            messages.success(request, _("已保存"))
            return redirect("unit", code)
    return render(request, "people/form.html", {"form": form, "unit": unit, "title": _("改资料"), "verb": _("保存")})


def _edit(request: ViewerRequest, unit: Any, form: UnitForm) -> None:
    try:
        services.edit_unit(request.viewer, unit=unit, values=form.values, seen=form.cleaned_data["seen"])
    except Conflict:
        now = get_unit(request.viewer, Perm.UNIT_MANAGE, code=unit.code)
        see_afresh(form, unit_queries.unit_values(now))
        raise


@signed_in
def move_unit(request: ViewerRequest, code: str) -> HttpResponse:
    unit = get_unit(request.viewer, Perm.UNIT_MANAGE, code=code)
    form = MoveForm(request.viewer, unit, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with fill_errors(form):
            moved = services.move_unit(request.viewer, unit=unit, parent=form.cleaned_data["parent"])
            messages.success(request, _("已移到“%(parent)s”下面") % {"parent": moved.parent})
            return redirect("unit", code)
    context = {"form": form, "unit": unit, "reach": unit_queries.reach_of(unit)}
    return render(request, "people/move_unit.html", context)


@signed_in
def close_unit(request: ViewerRequest, code: str) -> HttpResponse:
    unit = get_unit(request.viewer, Perm.UNIT_MANAGE, code=code)
    if request.method == "POST":
        services.close_unit(request.viewer, unit=unit)
        messages.success(request, _("“%(unit)s”已停用，记录都在") % {"unit": unit})
        return redirect("unit", code)
    hinders = unit_queries.what_hinders_closing(request.viewer, unit)
    return render(request, "people/close_unit.html", {"unit": unit, "hinders": hinders})


@signed_in
@require_POST
def reopen_unit(request: ViewerRequest, code: str) -> HttpResponse:
    unit = get_unit(request.viewer, Perm.UNIT_MANAGE, code=code)
    services.reopen_unit(request.viewer, unit=unit)
    messages.success(request, _("“%(unit)s”又在用了") % {"unit": unit})
    return redirect("unit", code)
