"""Pages of the catalogue of figures."""

from django.http import HttpResponse
from django.shortcuts import render

from chuangwen.core.errors import Missing
from chuangwen.metrics import queries
from chuangwen.metrics.forms import PeriodForm
from chuangwen.metrics.sources import Scope
from chuangwen.metrics.topics import by_topic
from chuangwen.people.access import pick_unit
from chuangwen.people.guards import signed_in
from chuangwen.people.middleware import ViewerRequest
from chuangwen.people.rules import Perm

ROWS_SHOWN = 200


@signed_in
def metrics(request: ViewerRequest) -> HttpResponse:
    if not request.viewer.can(Perm.FIGURE_VIEW):
        raise Missing
    return render(request, "metrics/catalogue.html", {"topics": by_topic(queries.catalogue())})


@signed_in
def metric(request: ViewerRequest, urn: str) -> HttpResponse:
    """A figure's definition, its value for a unit and a period, and the rows behind it."""
    unit = pick_unit(request.viewer, Perm.FIGURE_VIEW, request.GET.get("unit"))
    found = queries.metric(urn)
    form = PeriodForm(request.GET if "from" in request.GET else None)
    start, end = form.period()
    context = {"metric": found, "unit": unit, "form": form, "start": start, "end": end}
    if not form.is_bound or form.is_valid():
        scope = Scope(unit, start, end)
        rows = queries.current_rows(request.viewer, found, scope, many=ROWS_SHOWN)
        context |= {"value": queries.value(found, scope), "rows": rows, "shown": ROWS_SHOWN}
    return render(request, "metrics/metric.html", context)
