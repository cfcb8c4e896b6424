"""The re-visit: draws, the walk through one, the answer at each, and what keeps coming back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from chuangwen.cases import revisiting, services
from chuangwen.cases.forms.revisiting import DrawForm, LookForm
from chuangwen.core.errors import Missing
from chuangwen.core.forms import fill_errors
from chuangwen.people.access import pick_unit
from chuangwen.people.guards import signed_in
from chuangwen.people.middleware import ViewerRequest
from chuangwen.people.rules import Perm


@signed_in
def revisits(request: ViewerRequest) -> HttpResponse:
    """The draws with what came of them; who dispatches draws here."""
    viewer = request.viewer
    if not viewer.can(Perm.CASE_VIEW):
        raise Missing
    unit = pick_unit(viewer, Perm.CASE_DISPATCH, request.GET.get("unit")) if viewer.can(Perm.CASE_DISPATCH) else None
    if request.method == "POST" and unit is None:
        raise Missing
    due = revisiting.proposal(unit) if unit else None
    initial = {"closed_from": due.start, "closed_to": due.end} if due else {}
    form = DrawForm(request.POST or None, initial=initial) if unit else None
    if request.method == "POST" and form and unit and form.is_valid():
        with fill_errors(form):
            made = services.draw(viewer, unit=unit, **form.cleaned_data)
            messages.success(request, _("抽好了。种子和名单都记下了，谁都可以再抽一次核对"))
            return redirect("revisit-draw", made.uid)
    context = {"draws": revisiting.draws(viewer)[:60], "form": form, "unit": unit, "due": due}
    return render(request, "cases/revisits.html", context)


@signed_in
def revisit_draw(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """What was drawn, as a walk. With `?repeat=1` it is drawn again and compared."""
    row = revisiting.one_draw(request.viewer, uid)
    repeated = revisiting.holds(row) if request.GET.get("repeat") else None
    stops = revisiting.stops(request.viewer, row)
    hidden = revisiting.count(row) - len(stops)
    context = {"draw": row, "stops": stops, "hidden": hidden, "repeated": repeated}
    return render(request, "cases/revisit_draw.html", context)


@signed_in
def look(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """The answer at one case: it holds, or it is there again."""
    viewer = request.viewer
    row = revisiting.revisit(viewer, uid)
    if not viewer.can(Perm.CASE_VERIFY):
        raise Missing
    initial = {"finding": request.GET.get("finding", "")}
    form = LookForm(viewer, row.case, request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with fill_errors(form):
            data = form.cleaned_data
            services.look(viewer, uid=uid, finding=data["finding"], reason=data["reason"], photos=form.given())
            messages.success(request, _("%(number)s：已记下") % {"number": row.case.number})
            return redirect("revisit-draw", row.draw.uid)
    return render(request, "cases/look.html", {"row": row, "form": form})


@signed_in
def relapses(request: ViewerRequest) -> HttpResponse:
    """The spots at which the same keeps coming back."""
    if not request.viewer.can(Perm.CASE_VIEW):
        raise Missing
    return render(request, "cases/relapses.html", {"spots": revisiting.spots(request.viewer)})
