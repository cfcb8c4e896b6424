"""The page behind a printed code: genuine or not for anybody, figures and rows for those who may."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from chuangwen.core.errors import Missing
from chuangwen.core.lists import page_number
from chuangwen.people.guards import public
from chuangwen.reports import desk, queries
from chuangwen.reports.forms import CodeForm

ROWS_PER_PAGE = 50


@public
def open_code(request: HttpRequest, code: str) -> HttpResponse:
    """The page behind a printed code: genuine or not for anybody, the figure and its rows for those who may."""
    try:
        opened = queries.open_code(code)
    except Missing:
        return render(request, "reports/unknown.html", {"form": CodeForm(initial={"code": code})}, status=404)
    viewer = getattr(request, "viewer", None)
    context: dict[str, object] = {
        "report": opened.report,
        "figure": opened.figure,
        "signed_in": viewer is not None,
        "successor": desk.successor_out(opened.report),
    }
    if viewer is None or not queries.may_open(viewer, opened.report):
        return render(request, "reports/genuine.html", context)
    context["may_read"] = queries.may_see(viewer, opened.report)
    if opened.figure is None:
        return render(request, "reports/genuine.html", context)
    context["event"] = queries.event_of(viewer, opened.figure)
    first = (page_number(request.GET) - 1) * ROWS_PER_PAGE
    context["opened"] = queries.opened_figure(viewer, opened.figure, first=first, many=ROWS_PER_PAGE)
    context |= {"page": first // ROWS_PER_PAGE + 1, "first": first + 1, "last": first + ROWS_PER_PAGE}
    return render(request, "reports/figure.html", context)


@public
def find_document(request: HttpRequest) -> HttpResponse:
    """Type the code that is printed on paper."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("open-code", form.cleaned_data["code"])
    return render(request, "reports/find.html", {"form": form})
