"""Pages of settings: the tables of reference data, one way through for all of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from chuangwen.core.errors import Conflict, Missing
from chuangwen.core.forms import fill_errors, see_afresh
from chuangwen.core.lists import export, list_page, wants_export
from chuangwen.people.guards import signed_in
from chuangwen.people.middleware import ViewerRequest
from chuangwen.web import holiday_queries, reference_queries, services
from chuangwen.web.forms import RowForm
from chuangwen.web.lists import is_retired, setting_list

DONE = {
    "retire": gettext_lazy("“%(row)s”已停用，用过它的记录不变"),
    "restore": gettext_lazy("“%(row)s”又可以选了"),
    "return": gettext_lazy("“%(row)s”和文件一样了"),
}
KEPT = gettext_lazy("“%(row)s”已停用；%(count)s 条记录还用着它，照旧")


@signed_in
def settings(request: ViewerRequest) -> HttpResponse:
    context = {
        "tables": reference_queries.tables(request.viewer),
        "years": holiday_queries.known_years(request.viewer),
        "to_enter": holiday_queries.years_to_enter(request.viewer),
    }
    return render(request, "web/settings.html", context)


@signed_in
def setting(request: ViewerRequest, table: str) -> HttpResponseBase:
    found = reference_queries.setting_for(request.viewer, table)
    rows, spec = reference_queries.rows(request.viewer, found), setting_list(found)
    if wants_export(request):
        return export(spec, rows, request, name=str(found.label))
    return render(request, "web/setting.html", {"setting": found, "list": list_page(spec, rows, request)})


@signed_in
def new_row(request: ViewerRequest, table: str) -> HttpResponse:
    found = reference_queries.setting_for(request.viewer, table)
    form = RowForm(found, None, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with fill_errors(form):
            added = services.add_row(request.viewer, found, code=form.cleaned_data["code"], values=form.values)
            messages.success(request, _("已加“%(row)s”") % {"row": added})
            return redirect("setting", table)
    return render(request, "web/new_setting_row.html", {"setting": found, "form": form})


@signed_in
def row(request: ViewerRequest, table: str, code: str) -> HttpResponse:
    found = reference_queries.setting_for(request.viewer, table)
    standing = reference_queries.row(request.viewer, found, code)
    form = RowForm(found, standing, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with fill_errors(form):
            _edit(request, found, code, form)
            messages.success(request, _("已保存"))
            return redirect("setting-row", table, code)
    return render(request, "web/setting_row.html", _facts(found, standing, form))


def _edit(request: ViewerRequest, setting: Any, code: str, form: RowForm) -> None:
    try:
        services.edit_row(request.viewer, setting, code=code, values=form.values, seen=form.cleaned_data["seen"])
    except Conflict:
        see_afresh(form, setting.values(reference_queries.row(request.viewer, setting, code)))
        raise


def _facts(setting: Any, standing: Any, form: RowForm) -> dict[str, Any]:
    return {
        "setting": setting,
        "row": standing,
        "form": form,
        "retired": is_retired(standing),
        "protected": setting.protected.get(standing.pk, ""),
        "uses": reference_queries.uses(setting, standing),
        "history": reference_queries.history(setting, standing.pk),
        "file": reference_queries.file_says(setting, standing),
    }


@signed_in
@require_POST
def act(request: ViewerRequest, table: str, code: str, verb: str) -> HttpResponse:
    found = reference_queries.setting_for(request.viewer, table)
    if verb not in services.VERBS:
        raise Missing
    done = services.VERBS[verb](request.viewer, found, code=code)
    kept = sum(use.count for use in reference_queries.uses(found, done)) if verb == "retire" else 0
    messages.success(request, (KEPT if kept else DONE[verb]) % {"row": done, "count": kept})
    return redirect("setting-row", table, code)
