"""The map of cases: its page, and what it asks for while one pans and zooms."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

from chuangwen.cases import map_queries
from chuangwen.cases.lists import CASES
from chuangwen.core.errors import Missing
from chuangwen.core.lists import chosen_view
from chuangwen.people.guards import signed_in
from chuangwen.people.listing import unit_asked
from chuangwen.people.middleware import ViewerRequest
from chuangwen.people.rules import Perm
from chuangwen.places import map_queries as ground

# What the page lets one choose; all else that the list's address says is kept as it is.
CHOSEN = ("kind", "group")


@signed_in
def case_map(request: ViewerRequest) -> HttpResponse:
    viewer = request.viewer
    if not viewer.can(Perm.CASE_VIEW):
        raise Missing
    query = {key: value for key, value in request.GET.items() if value and key not in {"page", "sort", "export"}}
    choices = [choice for choice in CASES.choices if choice.key in CHOSEN]
    context = {
        "query": query,
        "chosen": chosen_view(CASES, request.GET),
        "views": CASES.views,
        "choices": [(choice, choice.choices(), query.get(choice.key, "")) for choice in choices],
        "leads": map_queries.leads(viewer),
        "unit": unit_asked(request, Perm.CASE_VIEW),
        "kept": [(key, value) for key, value in query.items() if key not in {"view", "q", "lead", "box", *CHOSEN}],
        "ground_version": ground.ground(viewer).version,
        "box": map_queries.first_box(viewer, request.GET),
    }
    return render(request, "cases/map.html", context)


@signed_in
def case_map_features(request: ViewerRequest) -> HttpResponse:
    """What lies in view, as GeoJSON."""
    if not request.viewer.can(Perm.CASE_VIEW):
        raise Missing
    return JsonResponse(map_queries.in_view(request.viewer, request.GET))
