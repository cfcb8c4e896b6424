"""Pages of reports: the list, a new one, the files of one, and templates."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from chuangwen.core import files
from chuangwen.core.errors import Missing
from chuangwen.core.forms import fill_errors
from chuangwen.core.lists import export, list_page, wants_export
from chuangwen.people.access import get_unit
from chuangwen.people.guards import signed_in
from chuangwen.people.middleware import ViewerRequest
from chuangwen.people.rules import Perm
from chuangwen.reports import queries, services
from chuangwen.reports.forms import NewReportForm, TemplateForm
from chuangwen.reports.jobs import make_pdf
from chuangwen.reports.lists import REPORTS
from chuangwen.reports.writing import DOCX


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
            chosen = {name: form.cleaned_data[name] for name in ("unit", "form", "start", "end")}
            report_row = services.write_report(request.viewer, **chosen)
            return redirect("report", report_row.uid)
    return render(request, "reports/new.html", {"form": form})


@signed_in
def document(request: ViewerRequest, uid: UUID) -> HttpResponseBase:
    found = queries.report(request.viewer, uid)
    if found.document is None:
        raise Missing
    path = files.path_of(found.document.sha256)
    return FileResponse(path.open("rb"), as_attachment=True, filename=found.document.name, content_type=DOCX)


@signed_in
def pdf(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """The PDF: asked for by a button, made in the background, named with the faces that this machine lacks."""
    found = queries.report(request.viewer, uid)
    if request.method == "POST":
        if queries.pdf_state(found) not in {"ready", "running"}:
            make_pdf.enqueue(str(found.uid))
        return redirect("report-pdf", uid)
    name = "reports/pdf_state.html" if request.headers.get("HX-Request") else "reports/pdf.html"
    return render(
        request, name, {"report": found, "state": queries.pdf_state(found), "faces": queries.replaced_faces(found)}
    )


@signed_in
def pdf_file(request: ViewerRequest, uid: UUID) -> HttpResponseBase:
    found = queries.report(request.viewer, uid)
    if found.pdf is None or queries.pdf_state(found) != "ready":
        raise Missing
    path = files.path_of(found.pdf.sha256)
    return FileResponse(path.open("rb"), as_attachment=True, filename=found.pdf.name, content_type=services.PDF)


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
        "templates": queries.templates(unit, form_row),
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
