"""Pages of reports: the list, the writing desk, templates, and the page behind a printed code."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.core import files
from chuangwen.core.errors import Missing, Refused
from chuangwen.core.forms import fill_errors
from chuangwen.core.lists import export, list_page, page_number, wants_export
from chuangwen.people.access import get_unit
from chuangwen.people.guards import public, signed_in
from chuangwen.people.middleware import ViewerRequest
from chuangwen.people.rules import Perm
from chuangwen.reports import queries, services
from chuangwen.reports.forms import CodeForm, NewReportForm, TemplateForm
from chuangwen.reports.lists import REPORTS
from chuangwen.reports.writing import DOCX

ROWS_PER_PAGE = 50
VERBS = {"refresh": services.refresh, "issue": services.issue, "discard": services.discard}


@signed_in
def reports(request: ViewerRequest) -> HttpResponseBase:
    if not request.viewer.can(Perm.REPORT_VIEW):
        raise Missing
    rows = queries.reports(request.viewer)
    if wants_export(request):
        return export(REPORTS, rows, request, name=_("文书"))
    context = {"list": list_page(REPORTS, rows, request), "may_write": request.viewer.can(Perm.REPORT_WRITE)}
    return render(request, "reports/reports.html", context)


@signed_in
def new_report(request: ViewerRequest) -> HttpResponse:
    if not request.viewer.can(Perm.REPORT_WRITE):
        raise Missing
    form = NewReportForm(request.viewer, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with fill_errors(form):
            report_row = services.write_report(request.viewer, **form.cleaned_data)
            return redirect("report", report_row.uid)
    return render(request, "reports/new.html", {"form": form})


@signed_in
def report(request: ViewerRequest, uid: UUID) -> HttpResponse:
    found = queries.report(request.viewer, uid)
    context = {
        "report": found,
        "blocks": queries.text_of(found),
        "figures": queries.figures(found),
        "allowed": queries.allowed(request.viewer, found),
        "issuer": queries.issuer(found),
        "may_template": request.viewer.can(Perm.TEMPLATE_MANAGE, found.unit),
    }
    return render(request, "reports/report.html", context)


@signed_in
def check_report(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """The part of the page that says which figures the records no longer bear out; asked for once the page is there."""
    found = queries.report(request.viewer, uid)
    context = {"report": found, "checked": queries.check(found), "allowed": queries.allowed(request.viewer, found)}
    return render(request, "reports/check.html", context)


@signed_in
@require_POST
def move_report(request: ViewerRequest, uid: UUID, verb: str) -> HttpResponse:
    if verb not in VERBS:
        raise Missing
    found = VERBS[verb](request.viewer, uid=uid, seen=_seen(request))
    said = {
        "refresh": _("已按现在的记录和模板重写，数字截至此刻"),
        "issue": _("已签发，文字和数字从此不变"),
        "discard": _("草稿已弃用"),
    }
    messages.success(request, said[verb])
    if verb == "issue" and services.leads_nowhere():
        messages.warning(request, _("文中链接指向本机地址，发出去别人点不开。请管理员设好 CHUANGWEN_PUBLIC_URL"))
    return redirect("reports") if verb == "discard" else redirect("report", found.uid)


def _seen(request: HttpRequest) -> datetime | None:
    """The moment of the draft that the page showed; a page from before there was one says nothing."""
    written = request.POST.get("seen")
    try:
        return datetime.fromisoformat(written) if written else None
    except ValueError as error:
        raise Refused(_("看不出您看的是哪一稿"), mend=_("刷新页面，看过再按")) from error


@signed_in
def document(request: ViewerRequest, uid: UUID) -> HttpResponseBase:
    found = queries.report(request.viewer, uid)
    if found.document is None:
        raise Missing
    path = files.path_of(found.document.sha256)
    return FileResponse(path.open("rb"), as_attachment=True, filename=found.document.name, content_type=DOCX)


@signed_in
def templates(request: ViewerRequest, code: str, form_code: str) -> HttpResponse:
    """The templates of a form as they stand for a unit; uploading one puts it in force from the next draft on."""
    unit = get_unit(request.viewer, Perm.TEMPLATE_MANAGE, code=code)
    form_row = queries.form(form_code)
    if request.method == "POST" and "restore" in request.POST:
        services.restore_template(request.viewer, form=form_row, unit=unit)
        messages.success(request, _("已恢复通用模板，从下一稿起照它写"))
        return redirect("templates", code, form_code)
    form = TemplateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        with fill_errors(form):
            data = upload.read()
            services.keep_template(request.viewer, form=form_row, unit=unit, name=upload.name, data=data)
            messages.success(request, _("模板已启用，从下一稿起照它写"))
            for lack in services.template_warnings(data):
                messages.warning(request, lack)
            return redirect("templates", code, form_code)
    current = queries.template_in_force(form_row, unit)
    context = {
        "unit": unit,
        "form_row": form_row,
        "form": form,
        "templates": queries.templates(request.viewer, unit, form_row),
        "current": current,
        "is_standard": current.file.sha256 == queries.standard_template(form_row).file.sha256,
        "figures": queries.usable_figures(),
    }
    return render(request, "reports/templates.html", context)


@signed_in
def template_file(request: ViewerRequest, code: str, uid: UUID) -> HttpResponseBase:
    unit = get_unit(request.viewer, Perm.TEMPLATE_MANAGE, code=code)
    found = queries.template(unit, uid)
    path = files.path_of(found.file.sha256)
    return FileResponse(path.open("rb"), as_attachment=True, filename=found.file.name, content_type=DOCX)


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
    }
    if viewer is None or not queries.may_open(viewer, opened.report):
        return render(request, "reports/genuine.html", context)
    context["may_read"] = viewer.can(Perm.REPORT_VIEW, opened.report.unit)
    if opened.figure is None:
        return render(request, "reports/genuine.html", context)
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
