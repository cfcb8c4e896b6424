"""The page of holidays: a year at a glance, a day or a stretch, a list that is pasted."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from chuangwen.core import clock
from chuangwen.core.forms import fill_errors
from chuangwen.people.guards import signed_in
from chuangwen.people.middleware import ViewerRequest
from chuangwen.web import holiday_queries, holiday_services
from chuangwen.web.forms import DayForm, ListForm

WEEKDAYS = (
    pgettext_lazy("weekday", "一"),
    pgettext_lazy("weekday", "二"),
    pgettext_lazy("weekday", "三"),
    pgettext_lazy("weekday", "四"),
    pgettext_lazy("weekday", "五"),
    pgettext_lazy("weekday", "六"),
    pgettext_lazy("weekday", "日"),
)


def page_of(year: int) -> str:
    return f"{reverse('holidays')}?year={year}"


@signed_in
def holidays(request: ViewerRequest) -> HttpResponse:
    year = holiday_queries.year_of(request.GET.get("year", ""))
    form = DayForm(request.POST or None, initial=_asked(request))
    if request.method == "POST" and form.is_valid():
        with fill_errors(form):
            count = holiday_services.set_days(request.viewer, days=form.days)
            messages.success(request, _say(count))
            return redirect(page_of(form.days[0].day.year))
    context = {
        "year": holiday_queries.year_view(request.viewer, year),
        "history": holiday_queries.history(request.viewer, year),
        "form": form,
        "asked": form.initial.get("start"),
        "earlier": page_of(year - 1) if year > clock.FIRST_DAY.year else "",
        "later": page_of(year + 1) if year < clock.LAST_DAY.year else "",
        "weekdays": WEEKDAYS,
        "enter": f"{reverse('enter-holidays')}?year={year}",
    }
    return render(request, "web/holidays.html", context)


def _asked(request: ViewerRequest) -> dict[str, Any]:
    """The day on which somebody clicked, with what it is now."""
    day = _day(request.GET.get("day", ""))
    if day is None:
        return {}
    row = holiday_queries.marked(request.viewer, day)
    return {"start": day, "kind": row.kind, "name": row.name} if row else {"start": day}


def _day(written: str) -> date | None:
    try:
        return parse_date(written)
    except ValueError:
        return None


def _say(count: int) -> str:
    return _("已改 %(count)s 天") % {"count": count} if count else _("本来就是这样，没有改动")


@signed_in
def enter_holidays(request: ViewerRequest) -> HttpResponse:
    year = holiday_queries.year_of(request.GET.get("year", ""))
    known = holiday_queries.year_view(request.viewer, year).known
    form = ListForm(year, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with fill_errors(form):
            count = holiday_services.set_days(request.viewer, days=form.cleaned_data["text"])
            messages.success(request, _say(count))
            return redirect(page_of(year))
    return render(
        request, "web/enter_holidays.html", {"form": form, "year": year, "known": known, "back": page_of(year)}
    )


@signed_in
@require_POST
def return_holidays(request: ViewerRequest, year: int) -> HttpResponse:
    count = holiday_services.return_year(request.viewer, year=year)
    messages.success(request, _("%(year)s 年有 %(count)s 天改回了通知上的样子") % {"year": year, "count": count})
    return redirect(page_of(year))
