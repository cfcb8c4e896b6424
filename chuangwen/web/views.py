"""Pages across domains: the work bench, the search, the log, health, what the product does not do."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.cases.today import today_of_cases
from chuangwen.core import clock, health
from chuangwen.core import search as everything
from chuangwen.core.errors import Missing
from chuangwen.core.lists import export, list_page, wants_export
from chuangwen.metrics import queries as metrics
from chuangwen.metrics.forms import PeriodForm
from chuangwen.metrics.sources import Scope
from chuangwen.people.access import pick_unit
from chuangwen.people.guards import public, signed_in
from chuangwen.people.middleware import ViewerRequest
from chuangwen.people.rules import Perm
from chuangwen.web import queries
from chuangwen.web.lists import EVENTS

MANY_OF_EACH, MANY_OF_ONE = 6, 100


@public
def home(request: HttpRequest) -> HttpResponse:
    return redirect("workbench" if request.user.is_authenticated else "sign-in")


@signed_in
def workbench(request: ViewerRequest) -> HttpResponse:
    viewer = request.viewer
    context: dict[str, object] = {
        "today": clock.today(),
        "chinese_today": clock.chinese_day(clock.today()),
        "perms_import": viewer.can(Perm.IMPORT_RUN),
        "perms_write": viewer.can(Perm.REPORT_WRITE),
        "imports_ready": f"{reverse('imports')}?state=ready",
        "imports_refused": f"{reverse('imports')}?state=refused",
        "reports_draft": f"{reverse('reports')}?state=draft",
    }
    if viewer.grants:
        context |= _bench(request)
    return render(request, "web/workbench.html", context)


def _bench(request: ViewerRequest) -> dict[str, object]:
    viewer = request.viewer
    found: dict[str, object] = {
        "waiting": queries.waiting(viewer),
        "on_hand": queries.on_hand(viewer),
        "day": today_of_cases(viewer),
        "latest": queries.latest_reports(viewer),
    }
    if viewer.can(Perm.FIGURE_VIEW):
        unit = pick_unit(viewer, Perm.FIGURE_VIEW, request.GET.get("unit"))
        form = PeriodForm(request.GET if "from" in request.GET else None)
        start, end = form.period()
        scope = Scope(unit, start, end)
        found |= {
            "unit": unit,
            "units": queries.own_units(viewer),
            "period": form,
            "presets": queries.presets(clock.today()),
            "lines": queries.unit_lines(viewer, scope),
            "shifts": queries.recent_shifts(viewer, unit) if viewer.can(Perm.ACTIVITY_VIEW) else [],
            "start": start,
            "end": end,
            "period_query": {"from": start.isoformat(), "to": end.isoformat()},
            "figures": queries.bench_figures(viewer, scope),
            "as_of": metrics.as_of(scope),
            "chart": queries.chart(viewer, scope),
        }
    return found


@signed_in
def waiting(request: ViewerRequest) -> HttpResponse:
    only = request.GET.get("of", "")
    context = {"found": queries.waiting_lines(request.viewer, only), "only": only, "today": clock.today()}
    return render(request, "web/waiting.html", context)


@signed_in
def events(request: ViewerRequest) -> HttpResponseBase:
    if not request.viewer.can(Perm.EVENT_VIEW):
        raise Missing
    rows = queries.events(request.viewer)
    if wants_export(request):
        return export(EVENTS, rows, request, name=_("动态"))
    return render(request, "web/events.html", {"list": list_page(EVENTS, rows, request)})


@signed_in
def search(request: ViewerRequest) -> HttpResponse:
    """Without noun a few of each, with it more of that one."""
    words = request.GET.get("q", "")[: everything.LONGEST_QUERY].strip()
    nouns = {noun.key: noun for noun in everything.searched()}
    chosen = request.GET.get("noun", "")
    if chosen and chosen not in nouns:
        raise Missing
    many = MANY_OF_ONE if chosen else MANY_OF_EACH
    found = everything.find(request.viewer, words, nouns=[chosen] if chosen else None, limit=many)
    context = {
        "searched_words": words,
        "found": found,
        "chosen": nouns.get(chosen),
        "nothing": not found.groups and not found.exact,
        "labels": [noun.label for noun in nouns.values()],
    }
    return render(request, "web/search.html", context)


@public
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "web/about.html")


@public
def health_check(_request: HttpRequest) -> JsonResponse:
    """For the machine that watches: 200 when database and data folder answer, 503 with what does not."""
    faults = health.faults()
    return JsonResponse({"ok": not faults, "faults": faults}, status=503 if faults else 200)
