"""Leaders' reception days, tickets of the hotline, and who supervises what."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.cases import receptions, services, supervision
from chuangwen.cases.forms.rounds import REPEATED, MatterForm, TicketForm, WatchForm
from chuangwen.cases.services import Matter, Opened, Ticket
from chuangwen.core.errors import Missing
from chuangwen.core.forms import fill_errors
from chuangwen.people.access import pick_unit
from chuangwen.people.guards import signed_in
from chuangwen.people.middleware import ViewerRequest
from chuangwen.people.rules import Perm

# ---- reception ----


@signed_in
def reception(request: ViewerRequest) -> HttpResponse:
    return render(request, "cases/reception.html", {"days": receptions.days(request.viewer)})


@signed_in
def reception_day(request: ViewerRequest, day: str) -> HttpResponse:
    """All that came on one day, for print."""
    when = parse_date(day)
    rows = receptions.of_day(request.viewer, when) if when else []
    if not rows:
        raise Missing
    return render(request, "cases/reception_day.html", {"day": when, "rows": rows})


@signed_in
def new_matter(request: ViewerRequest) -> HttpResponse:
    """One matter after another: each is kept as soon as it is written, and the page is ready for the next."""
    viewer = request.viewer
    receptions.require_reception(viewer)
    initial = {key: request.GET[key] for key in ("day", "received_by") if key in request.GET}
    form = MatterForm(viewer, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with fill_errors(form):
            opened = services.receive(viewer, _matter(request, form))
            _say_kept(request, opened)
            data = form.cleaned_data
            asked = {"day": data["day"].isoformat(), "received_by": data["received_by"].code}
            return redirect(reverse("new-matter") + "?" + urlencode(asked))
    day = parse_date(str(form["day"].value() or ""))
    kept = receptions.of_day(viewer, day) if day else []
    context = {"form": form, "kept": kept, "day": day, "earlier": form.earlier if form.is_bound else ()}
    return render(request, "cases/new_matter.html", context)


def _matter(request: ViewerRequest, form: MatterForm) -> Matter:
    data = form.cleaned_data
    plain = ("uid", "received_by", "day", "title", "text", "heads", "category", "leader", "lead")
    return Matter(
        **{name: data[name] for name in plain},
        unit=pick_unit(request.viewer, Perm.CASE_CONFIDENTIAL, None),
        repeated=data["repeated"] == REPEATED,
        reporter=form.reporter,
        until=form.end(),
    )


def _say_kept(request: ViewerRequest, opened: Opened) -> None:
    number = opened.case.number
    if opened.code:
        said = _("已记下 %(number)s。查询码 %(code)s 只显示这一次，抄给来访人")
        messages.success(request, said % {"number": number, "code": opened.code})
    else:
        messages.success(request, _("已记下 %(number)s，可以记下一件") % {"number": number})


# ---- hotline ----


@signed_in
def new_ticket(request: ViewerRequest) -> HttpResponse:
    viewer = request.viewer
    if not viewer.can_over_city(Perm.CASE_DISPATCH):
        raise Missing
    unit = pick_unit(viewer, Perm.CASE_DISPATCH, None)
    form = TicketForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with fill_errors(form):
            data: dict[str, Any] = form.cleaned_data
            plain = ("number", "title", "text", "category", "address", "lead")
            ticket = Ticket(**{name: data[name] for name in plain}, unit=unit, caller=form.reporter, until=form.end())
            opened, is_new = services.take_ticket(viewer, ticket)
            _say_ticket(request, opened, is_new=is_new)
            return redirect("case", opened.case.uid)
    return render(request, "cases/new_ticket.html", {"form": form})


def _say_ticket(request: ViewerRequest, opened: Opened, *, is_new: bool) -> None:
    if not is_new:
        messages.warning(request, _("这个工单号已经在办，就是这一件，没有重复登记"))
    elif opened.code:
        said = _("已登记 %(number)s。查询码 %(code)s 只显示这一次")
        messages.success(request, said % {"number": opened.case.number, "code": opened.code})
    else:
        messages.success(request, _("已登记，编号 %(number)s") % {"number": opened.case.number})


# ---- supervision ----


@signed_in
def supervised(request: ViewerRequest) -> HttpResponse:
    """Who supervises what, and how far each group has come round."""
    viewer = request.viewer
    if not (viewer.can(Perm.CASE_SUPERVISE) or supervision.may_part(viewer)):
        raise Missing
    may_part = supervision.may_part(viewer)
    form = WatchForm(viewer, request.POST or None) if may_part else None
    if request.method == "POST" and form is None:
        raise Missing
    if form and request.method == "POST" and form.is_valid():
        with fill_errors(form):
            given = services.watch(viewer, **form.cleaned_data)
            messages.success(request, _("%(group)s从今天起督导这里") % {"group": given.group.label})
            return redirect("supervision")
    context = {"groups": supervision.groups(viewer), "form": form, "may_supervise": viewer.can(Perm.CASE_SUPERVISE)}
    return render(request, "cases/supervision.html", context)


@signed_in
@require_POST
def end_watch(request: ViewerRequest, uid: UUID) -> HttpResponse:
    ended = services.end_watch(request.viewer, uid=uid)
    messages.success(request, _("%(group)s不再督导这里") % {"group": ended.group.label})
    return redirect("supervision")


@signed_in
def my_rounds(request: ViewerRequest) -> HttpResponse:
    """Where the viewer's group should go next: for the phone in the street."""
    viewer = request.viewer
    if not viewer.can(Perm.CASE_SUPERVISE):
        raise Missing
    groups = supervision.my_groups(viewer)
    return render(request, "cases/my_rounds.html", {"groups": groups, "cases": supervision.to_visit(viewer, groups)})
