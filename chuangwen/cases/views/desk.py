"""The dispatch desk: one case at a time, filed and handed over in one act; and the page on which rules are tried."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.cases import desk, queries, routing, services, workflow
from chuangwen.cases.forms.desk import SendForm
from chuangwen.cases.forms.routing import TrialForm
from chuangwen.cases.services import Given
from chuangwen.cases.views import desk_page
from chuangwen.cases.views.desk_page import Forms
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.core.forms import fill_errors
from chuangwen.people.guards import signed_in
from chuangwen.people.middleware import ViewerRequest
from chuangwen.people.rules import Perm


@signed_in
def case_desk(request: ViewerRequest) -> HttpResponse:
    return render(request, "cases/desk.html", desk_page.context(request.viewer, request.GET))


@signed_in
@require_POST
def act(request: ViewerRequest, uid: UUID, act: str) -> HttpResponse:
    """Use a verb from the desk, and go on to the next case; what does not hold is said where the case still is."""
    viewer, tab = request.viewer, request.GET.get("tab", desk.ALL)
    if act not in ACTS or not viewer.can(Perm.CASE_DISPATCH):
        raise Missing
    row = queries.case(viewer, uid)
    forms = Forms(viewer, row, {act: request.POST})
    form = forms.by_act(act)
    if form.is_valid():
        with fill_errors(form):
            messages.success(request, ACTS[act](request, row, form))
            return _next(tab, form.cleaned_data["next"])
    if desk.still_waits(viewer, uid):
        return render(request, "cases/desk.html", desk_page.context(viewer, {"tab": tab, "case": str(uid)}, forms))
    # A colleague was quicker: that is told, and the next one comes.
    messages.warning(request, " ".join((row.number, *form.non_field_errors())))
    return _next(tab, form.cleaned_data.get("next"))


def _next(tab: str, uid: UUID | None) -> HttpResponse:
    asked = {"tab": tab} | ({"case": str(uid)} if uid else {})
    return redirect(f"{reverse('case-desk')}?{urlencode(asked)}")


def _send(request: ViewerRequest, row: Any, form: SendForm) -> str:
    data = form.cleaned_data
    more: dict[str, Any] = {
        "lead": data["lead"], "parts": form.given_parts, "until": form.given_until, "leader": data["leader"],
        "reason": data["reason"],
    }  # fmt: skip
    said = {"number": row.number, "unit": data["lead"].label}
    if data["step"] == workflow.RECEIVED:
        services.file_and_dispatch(
            request.viewer, uid=row.uid, category=form.chosen_category, seen=data["seen"], **more
        )
        return _("%(number)s 已立案，派给%(unit)s") % said
    verb = "arbitrate" if data["step"] == workflow.DISPUTED else "dispatch"
    services.move(request.viewer, uid=row.uid, verb=verb, given=Given(**more), seen=data["seen"])
    return (_("%(number)s 裁定由%(unit)s办") if verb == "arbitrate" else _("%(number)s 已派给%(unit)s")) % said


def _file(request: ViewerRequest, row: Any, form: SendForm) -> str:
    """Only the category is asked: to whom it goes is for later."""
    given = Given(category=form.chosen_category)
    services.move(request.viewer, uid=row.uid, verb="file", given=given, seen=form.cleaned_data["seen"])
    return _("%(number)s 已立案，还没有派") % {"number": row.number}


def _decline(request: ViewerRequest, row: Any, form: Any) -> str:
    given = Given(reason=form.said, reply=form.said if form.cleaned_data["told"] else "")
    services.move(request.viewer, uid=row.uid, verb="decline", given=given, seen=form.cleaned_data["seen"])
    return _("%(number)s 不予立案") % {"number": row.number}


def _merge(request: ViewerRequest, row: Any, form: Any) -> str:
    data = form.cleaned_data
    into = queries.by_number(request.viewer, data["number"])
    if into is None:
        raise Refused(
            _("没有编号是“%(number)s”的事项") % {"number": data["number"]}, where="number", mend=_("照事项上的编号写")
        )
    given = Given(into=into, reason=data["reason"])
    services.move(request.viewer, uid=row.uid, verb="merge", given=given, seen=data["seen"])
    return _("%(number)s 已并到 %(into)s") % {"number": row.number, "into": into.number}


def _grant(request: ViewerRequest, row: Any, form: Any) -> str:
    given = Given(until=form.given_until, reason=form.cleaned_data["reason"])
    verb = GRANTS.get(row.asked)
    if verb is None:
        raise Conflict(_("这个申请已经答复过，或者收回了"), mend=_("看下一件"))
    services.move(request.viewer, uid=row.uid, verb=verb, given=given, seen=form.cleaned_data["seen"])
    return _("%(number)s 已批准") % {"number": row.number}


def _deny(request: ViewerRequest, row: Any, form: Any) -> str:
    services.move(
        request.viewer, uid=row.uid, verb="deny", given=Given(reason=form.said), seen=form.cleaned_data["seen"]
    )
    return _("%(number)s 没有批准") % {"number": row.number}


GRANTS = {
    workflow.EXTENSION: "grant_extension",
    workflow.SUSPENSION: "grant_suspension",
    workflow.PLAN: "sign_plan",
}
ACTS: dict[str, Callable[[ViewerRequest, Any, Any], str]] = {
    "send": _send,
    "file": _file,
    "decline": _decline,
    "merge": _merge,
    "grant": _grant,
    "deny": _deny,
}


@signed_in
def try_routing(request: ViewerRequest) -> HttpResponse:
    """Which rule would win, for a case that need not be there."""
    viewer = request.viewer
    if not viewer.can(Perm.CASE_DISPATCH) and not viewer.can_over_city(Perm.REFERENCE_MANAGE):
        raise Missing
    form = TrialForm(viewer, request.GET if "kind" in request.GET else None)
    proposal = routing.propose(form.trial) if form.is_bound and form.is_valid() else None
    context = {
        "form": form,
        "proposal": proposal,
        "may_edit": viewer.can_over_city(Perm.REFERENCE_MANAGE),
        "may_dispatch": viewer.can(Perm.CASE_DISPATCH),
    }
    return render(request, "cases/try_routing.html", context)
