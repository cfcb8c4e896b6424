"""The list of cases, what is done with many of them, and the board of a unit."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.cases import boards, queries, services, showing
from chuangwen.cases.forms.bulk import DispatchForm, SayForm
from chuangwen.cases.lists import CASES
from chuangwen.cases.services import Given
from chuangwen.core.bulk import Deed, respond
from chuangwen.core.errors import Missing
from chuangwen.core.lists import Bulk, export, wants_export
from chuangwen.people.access import pick_unit
from chuangwen.people.guards import signed_in
from chuangwen.people.listing import unit_asked, viewed_list
from chuangwen.people.middleware import ViewerRequest
from chuangwen.people.rules import Perm

# Which of the acts on many rows are whose.
ACTS = {
    "press": (Perm.CASE_DISPATCH, Perm.CASE_SUPERVISE),
    "supervise": (Perm.CASE_DISPATCH, Perm.CASE_SUPERVISE),
    "verify": (Perm.CASE_VERIFY,),
    "dispatch": (Perm.CASE_DISPATCH,),
    "recall": (Perm.CASE_DISPATCH,),
}


def _rows(request: ViewerRequest) -> Any:
    viewer = request.viewer
    rows = queries.cases(viewer, unit=unit_asked(request, Perm.CASE_VIEW))
    return queries.narrowed(rows, request.GET)


@signed_in
def cases(request: ViewerRequest) -> HttpResponseBase:
    viewer = request.viewer
    if not viewer.can(Perm.CASE_VIEW):
        raise Missing
    rows = _rows(request)
    if wants_export(request):
        return export(CASES, rows, request, name=_("事项"))
    keys = [key for key, perms in ACTS.items() if any(viewer.can(perm) for perm in perms)]
    bulk = Bulk(reverse("act-on-cases"), keys) if keys else None
    context = {
        "list": viewed_list(CASES, rows, request, bulk=bulk),
        "unit": unit_asked(request, Perm.CASE_VIEW),
        "may_report": viewer.can(Perm.CASE_REPORT),
        "may_dispatch": viewer.can(Perm.CASE_DISPATCH),
        "doors": showing.doors(viewer),
        "may_map": viewer.can(Perm.PLACE_VIEW),
        "box_off": _without_box(request),
    }
    return render(request, "cases/cases.html", context)


def _without_box(request: ViewerRequest) -> str:
    """The list's address without the box of the map; "" where it has none."""
    kept = {key: value for key, value in request.GET.items() if key not in {"box", "page"}}
    return "?" + urlencode(kept) if request.GET.get("box") else ""


@signed_in
@require_POST
def act_on_cases(request: ViewerRequest) -> HttpResponse:
    """What is done with many cases at once, each by the verb that does it with one, and under its rules."""
    viewer = request.viewer
    if not any(viewer.can(perm) for perms in ACTS.values() for perm in perms):
        raise Missing

    def using(verb: str, form: Any = None) -> Deed:
        def act(row: Any, data: Any) -> object:
            return services.move(viewer, uid=row.uid, verb=verb, given=Given(**dict(data)))

        return Deed(act, form)

    deeds = {
        "press": using("press"),
        "supervise": using("supervise", SayForm),
        "verify": using("verify", SayForm),
        "dispatch": using("dispatch", DispatchForm),
        "recall": using("recall", SayForm),
    }
    return respond(
        request,
        CASES,
        _rows(request),
        deeds,
        actor=viewer,
        noun="case",
        back=reverse("cases"),
        unit_uid=viewer.person.unit.uid,
    )


@signed_in
def board(request: ViewerRequest) -> HttpResponse:
    """Where the cases of each unit stand: open, late, to verify, closed in time."""
    unit = pick_unit(request.viewer, Perm.CASE_VIEW, request.GET.get("unit"))
    return render(request, "cases/board.html", {"unit": unit, "board": boards.board(request.viewer, unit)})
