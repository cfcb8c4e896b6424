"""Pages of imports: upload, check, confirm, what came in, what is wrong."""

from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.core import files
from chuangwen.core.errors import Conflict, Missing
from chuangwen.core.forms import fill_errors, uploaded
from chuangwen.core.lists import export, list_page, wants_export
from chuangwen.core.tabular import write_table, write_workbook
from chuangwen.interop import mapping, mending, queries, services, template_books
from chuangwen.interop.forms import BadRowsForm, ImportForm, UndoForm
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
                request.viewer,
                unit=form.cleaned_data["unit"],
                name=upload.name,
                chunks=upload.chunks(),
                coordinates=form.cleaned_data["coordinates"],
            )
            check_import.enqueue(str(taken.uid))
            return redirect("import", taken.uid)
    context = {
        "form": form,
        "list": list_page(IMPORTS, rows, request),
        "tables": queries.tables(request.viewer),
        "column_names": queries.column_names(request.viewer),
    }
    return render(request, "interop/imports.html", context)


@signed_in
def import_page(request: ViewerRequest, uid: UUID) -> HttpResponse:
    return render(request, "interop/import.html", _shown(request, uid))


@signed_in
def import_state(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """The part of the page that changes while the import runs; the page asks for it again and again."""
    return render(request, "interop/import_state.html", _shown(request, uid))


def _shown(request: ViewerRequest, uid: UUID) -> dict[str, Any]:
    found = queries.get_import(request.viewer, uid)
    return {
        **queries.shown(request.viewer, found),
        "bad_sheets": mending.page(request.viewer, found) if found.state == "refused" else [],
        "rows_in_page": mending.ROWS_IN_PAGE,
        "send_back": BadRowsForm(),
    }


@signed_in
@require_POST
def confirm_import(request: ViewerRequest, uid: UUID) -> HttpResponse:
    with transaction.atomic():
        found = services.confirm(request.viewer, queries.get_import(request.viewer, uid))
        run_import.enqueue(str(found.uid), str(request.viewer.uid))
    return redirect("import", uid)


@signed_in
@require_POST
def dismiss(request: ViewerRequest, uid: UUID) -> HttpResponse:
    services.dismiss(request.viewer, queries.get_import(request.viewer, uid))
    return redirect("imports")


@signed_in
def columns(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """Which sheet is which table and which column which, pointed out by hand. Another table or heading is a GET."""
    found = queries.get_import(request.viewer, uid)
    if not queries.may_map(found):
        raise Conflict(_("这次导入已经不在可以改的状态"), mend=_("刷新页面看现在的状态"))
    sheets = mapping.sheets(request.viewer, found, request.POST or request.GET)
    if request.method == "POST":
        mapped = mapping.chosen(sheets, request.POST)
        if mapped is not None:
            headings = {sheet.name: sheet.headings for sheet in sheets}
            with transaction.atomic():
                services.map_columns(request.viewer, found, mapped=mapped, headings=headings)
                check_import.enqueue(str(uid))
            return redirect("import", uid)
    context = {"import": found, "sheets": sheets, "labels": queries.labels()}
    return render(request, "interop/columns.html", context)


@signed_in
@require_POST
def forget_column(request: ViewerRequest, key: int) -> HttpResponse:
    name = queries.column_name(request.viewer, key)
    services.forget_column(request.viewer, name)
    messages.success(request, _("已忘掉“%(heading)s”。下次再有这个列名，按通用的写法认") % {"heading": name.heading})
    return redirect("imports")


@signed_in
@require_POST
def mend_import(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """Cells written anew in the page, rows left out, or everything as in the file again."""
    found = queries.get_import(request.viewer, uid)
    with transaction.atomic():
        if "drop" in request.POST:
            services.drop_mends(request.viewer, found)
        else:
            services.mend(request.viewer, found, mending.sent_from_page(found, request.POST.dict()))
        check_import.enqueue(str(uid))
    return redirect("import", uid)


@signed_in
def bad_rows(request: ViewerRequest, uid: UUID) -> HttpResponseBase:
    """The bad rows as a workbook of their own, and back: what was mended there."""
    found = queries.get_import(request.viewer, uid)
    if request.method != "POST":
        if not found.bad_rows:
            raise Missing
        buffer = BytesIO()
        mending.write_bad_rows(buffer, found)
        buffer.seek(0)
        return FileResponse(buffer, as_attachment=True, filename=f"{_('错行')}-{found.file.name}.xlsx")
    form = BadRowsForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        with fill_errors(form), uploaded(upload) as path, transaction.atomic():
            sent = mending.read_bad_rows(path, found, name=upload.name)
            services.mend(request.viewer, found, sent)
            check_import.enqueue(str(uid))
            return redirect("import", uid)
    return render(request, "interop/import.html", {**_shown(request, uid), "send_back": form})


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
