"""Pages of imports: upload, check, confirm, what came in, what is wrong."""

from io import BytesIO
from uuid import UUID

from django.db import transaction
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.core import files
from chuangwen.core.errors import Missing
from chuangwen.core.forms import fill_errors
from chuangwen.core.lists import export, list_page, wants_export
from chuangwen.core.tabular import write_table, write_workbook
from chuangwen.interop import queries, services, template_books
from chuangwen.interop.forms import ImportForm, UndoForm
from chuangwen.interop.jobs import check_import, run_import, undo_import
from chuangwen.interop.lists import IMPORTS
from chuangwen.people.access import get_unit
from chuangwen.people.guards import signed_in
from chuangwen.people.middleware import ViewerRequest
from chuangwen.people.rules import Perm


@signed_in
def imports(request: ViewerRequest) -> HttpResponseBase:
    """The list with the upload above it; a workbook is checked at once, in the background."""
    if not request.viewer.can(Perm.IMPORT_RUN):
        raise Missing
    rows = queries.imports(request.viewer)
    if wants_export(request):
        return export(IMPORTS, rows, request, name=_("导入"))
    form = ImportForm(request.viewer, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        with fill_errors(form):
            taken = services.take_workbook(
                request.viewer, unit=form.cleaned_data["unit"], name=upload.name, chunks=upload.chunks()
            )
            check_import.enqueue(str(taken.uid))
            return redirect("import", taken.uid)
    context = {
        "form": form,
        "list": list_page(IMPORTS, rows, request),
        "tables": queries.tables(request.viewer),
    }
    return render(request, "interop/imports.html", context)


@signed_in
def import_page(request: ViewerRequest, uid: UUID) -> HttpResponse:
    return render(
        request, "interop/import.html", queries.shown(request.viewer, queries.get_import(request.viewer, uid))
    )


@signed_in
def import_state(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """The part of the page that changes while the import runs; the page asks for it again and again."""
    return render(
        request, "interop/import_state.html", queries.shown(request.viewer, queries.get_import(request.viewer, uid))
    )


@signed_in
@require_POST
def confirm_import(request: ViewerRequest, uid: UUID) -> HttpResponse:
    found = services.confirm(request.viewer, queries.get_import(request.viewer, uid))
    run_import.enqueue(str(found.uid), str(request.viewer.uid))
    return redirect("import", uid)


@signed_in
def undo(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """What would go and what stands on it; with a reason, everything that the import brought is taken back."""
    found = queries.get_import(request.viewer, uid)
    form = UndoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with fill_errors(form), transaction.atomic():
            services.undo(request.viewer, found, reason=form.cleaned_data["reason"])
            undo_import.enqueue(str(uid), str(request.viewer.uid), form.cleaned_data["reason"])
            return redirect("import", uid)
    context = {**queries.undo_page(request.viewer, found), "form": form}
    return render(request, "interop/undo.html", context)


@signed_in
def import_file(request: ViewerRequest, uid: UUID) -> HttpResponseBase:
    found = queries.get_import(request.viewer, uid)
    path = files.path_of(found.file.sha256)
    return FileResponse(path.open("rb"), as_attachment=True, filename=found.file.name)


@signed_in
def import_problems(request: ViewerRequest, uid: UUID) -> HttpResponseBase:
    """Every bad row as a workbook, to mend beside the file."""
    found = queries.get_import(request.viewer, uid)
    lines = [
        [each["sheet"], each["row"] or None, each["column"], each["value"], each["what"], each["mend"]]
        for each in queries.explained(found.problems)
    ]
    headings = [_("表"), _("行"), _("列"), _("原来写的"), _("哪里不对"), _("怎么改")]
    buffer = BytesIO()
    write_table(buffer, sheet=_("错处"), headings=headings, rows=lines)
    buffer.seek(0)
    return FileResponse(buffer, as_attachment=True, filename=f"{_('错处')}-{found.file.name}.xlsx")


@signed_in
def import_template(request: ViewerRequest, code: str, noun: str) -> HttpResponseBase:
    """An empty workbook with the headings of a table and the unit's own choices, and a sheet that explains them."""
    unit = get_unit(request.viewer, Perm.IMPORT_RUN, code=code)
    table = queries.table_of(request.viewer, unit, noun)
    buffer = BytesIO()
    write_workbook(buffer, template_books.sheets(table))
    buffer.seek(0)
    return FileResponse(buffer, as_attachment=True, filename=f"{table.label}.xlsx")
