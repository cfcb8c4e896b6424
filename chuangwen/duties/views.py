"""Pages of activity records: lists, one outcome, one shift, recording."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.core.errors import Missing
from chuangwen.core.forms import ReasonForm, fill_errors
from chuangwen.core.lists import ListSpec, export, list_page, wants_export
from chuangwen.duties import queries, rules, services
from chuangwen.duties.forms import CorrectionForm, OutcomeForm
from chuangwen.duties.lists import ATTENDANCES, DUTIES, LOGGED, LOGS, OUTCOMES, SHIFTS
from chuangwen.people.access import get_unit
from chuangwen.people.guards import signed_in
from chuangwen.people.middleware import ViewerRequest
from chuangwen.people.rules import Perm


def _list(request: ViewerRequest, spec: ListSpec, ask: Callable[..., QuerySet[Any]], title: str) -> HttpResponseBase:
    """A list of records: of one unit and below, or of one import, where the address names one."""
    if not request.viewer.can(Perm.ACTIVITY_VIEW):
        raise Missing
    code = request.GET.get("unit")
    unit = get_unit(request.viewer, Perm.ACTIVITY_VIEW, code=code) if code else None
    rows = queries.of_import(ask(request.viewer, unit=unit), request.GET.get("import", ""))
    if wants_export(request):
        return export(spec, rows, request, name=title)
    context = {
        "list": list_page(spec, rows, request),
        "title": title,
        "unit": unit,
        "may_record": request.viewer.can(Perm.ACTIVITY_RECORD),
        "tab": spec.key,
    }
    return render(request, "duties/records.html", context)


@signed_in
def outcomes(request: ViewerRequest) -> HttpResponseBase:
    return _list(request, OUTCOMES, queries.outcomes, _("成效"))


@signed_in
def shifts(request: ViewerRequest) -> HttpResponseBase:
    return _list(request, SHIFTS, queries.shifts, _("活动安排"))


@signed_in
def logs(request: ViewerRequest) -> HttpResponseBase:
    return _list(request, LOGS, queries.logs, _("勤务记录"))


@signed_in
def duties(request: ViewerRequest) -> HttpResponseBase:
    return _list(request, DUTIES, queries.duties, _("岗点和队伍"))


@signed_in
def duty(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """What the unit has arranged to do, and every time that it was done."""
    found = queries.duty(request.viewer, uid)
    spec = LOGS if found.kind in LOGGED else SHIFTS
    context = {
        "duty": found,
        "visits": queries.visits_of(request.viewer, found),
        "list": list_page(spec, queries.shifts_of(request.viewer, found), request),
    }
    return render(request, "duties/duty.html", context)


@signed_in
def attendances(request: ViewerRequest) -> HttpResponseBase:
    return _list(request, ATTENDANCES, queries.attendances, _("参加名单"))


@signed_in
def outcome(request: ViewerRequest, uid: UUID) -> HttpResponse:
    found = queries.outcome(request.viewer, uid)
    may_change = request.viewer.can(Perm.ACTIVITY_RECORD, found.unit) and not found.withdrawn_at
    context = {
        "outcome": found,
        "history": queries.history(found),
        "may_change": may_change,
        "is_essay": found.kind_id in rules.ESSAYS,
        "is_excellent": found.kind_id == rules.EXCELLENT_ESSAY,
        "correction": CorrectionForm(initial={"amount": found.amount, "seen": found.amount}, prefix="correct"),
        "withdrawal": ReasonForm(prefix="withdraw"),
    }
    return render(request, "duties/outcome.html", context)


@signed_in
def correct_outcome(request: ViewerRequest, uid: UUID) -> HttpResponse:
    found = queries.outcome(request.viewer, uid)
    now = {"amount": found.amount, "seen": found.amount}
    form = CorrectionForm(request.POST or None, prefix="correct", initial=now)
    if request.method == "POST" and form.is_valid():
        with fill_errors(form):
            services.correct_outcome(request.viewer, uid=uid, **form.cleaned_data)
            messages.success(request, _("数量已改，原来的数和原因记在动态里"))
            return redirect("outcome", uid)
    return render(
        request,
        "people/form.html",
        {"form": form, "unit": found.unit, "title": _("更正数量"), "verb": _("更正")},
    )


@signed_in
def withdraw_outcome(request: ViewerRequest, uid: UUID) -> HttpResponse:
    found = queries.outcome(request.viewer, uid)
    form = ReasonForm(request.POST or None, prefix="withdraw")
    if request.method == "POST" and form.is_valid():
        with fill_errors(form):
            services.withdraw_outcome(request.viewer, uid=uid, **form.cleaned_data)
            messages.success(request, _("已撤回，不再计入任何数字"))
            return redirect("outcome", uid)
    return render(
        request,
        "people/form.html",
        {"form": form, "unit": found.unit, "title": _("撤回记录"), "verb": _("撤回")},
    )


@signed_in
@require_POST
def judge_essay(request: ViewerRequest, uid: UUID) -> HttpResponse:
    services.judge_essay(request.viewer, uid=uid, excellent=request.POST.get("excellent") == "yes")
    return redirect("outcome", uid)


@signed_in
def new_outcome(request: ViewerRequest) -> HttpResponse:
    if not request.viewer.can(Perm.ACTIVITY_RECORD):
        raise Missing
    form = OutcomeForm(request.viewer, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with fill_errors(form):
            found = services.record_outcome(request.viewer, **form.cleaned_data)
            messages.success(request, _("已登记"))
            return redirect("outcome", found.uid)
    return render(request, "people/form.html", {"form": form, "title": _("登记成效"), "verb": _("登记")})


@signed_in
def shift(request: ViewerRequest, uid: UUID) -> HttpResponse:
    found = queries.shift(request.viewer, uid)
    context = {
        "shift": found,
        "sums": queries.sums_of_shifts(request.viewer, [found]).get(found.pk, []),
        "list": list_page(ATTENDANCES, queries.attendances(request.viewer).filter(shift=found), request),
    }
    return render(request, "duties/shift.html", context)
