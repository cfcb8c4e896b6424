"""Pages of evidence: the list, one piece, hand in, cover, withdraw."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.core.errors import Missing, ProductError
from chuangwen.core.forms import ReasonForm, fill_errors
from chuangwen.core.lists import export, list_page, wants_export
from chuangwen.evidence import queries, rules, saying, services
from chuangwen.evidence.forms import CaptionForm, FilesForm, RedactionForm
from chuangwen.evidence.lists import listing
from chuangwen.people.guards import signed_in
from chuangwen.people.middleware import ViewerRequest
from chuangwen.people.rules import Perm
from chuangwen.places.geometry import metres_between_points


@signed_in
def evidence(request: ViewerRequest) -> HttpResponseBase:
    if not request.viewer.can(Perm.EVIDENCE_VIEW):
        raise Missing
    exporting = wants_export(request)
    spec = listing(request.viewer, request.GET, picking=not exporting)
    for choice in spec.choices:
        wanted = request.GET.get(choice.key)
        if wanted and wanted not in {str(value) for value, _label in choice.choices()}:
            raise Missing
    rows = queries.evidence(request.viewer)
    if exporting:
        return export(spec, rows, request, name=_("佐证"))
    context = {"list": list_page(spec, rows, request), "may_add": request.viewer.can(Perm.EVIDENCE_ADD)}
    return render(request, "evidence/list.html", context)


@signed_in
def piece(request: ViewerRequest, uid: UUID) -> HttpResponse:
    found = queries.piece(request.viewer, uid)
    return _piece_page(request, found, CaptionForm(request.viewer, found))


def _piece_page(request: ViewerRequest, found: Any, form: CaptionForm) -> HttpResponse:
    viewer = request.viewer
    alike = queries.alike(viewer, found)
    context = {
        "piece": found,
        "form": form,
        "public": queries.public_url(found),
        "original": queries.file_url(found, queries.ORIGINAL) if queries.may_see_original(viewer, found) else "",
        "may_change": queries.may_change(viewer, found),
        "may_redact": queries.may_redact(viewer, found) and found.is_ready,
        "may_retry": queries.may_change(viewer, found) and found.is_lost,
        "alike": alike,
        "twins": [
            (twin, queries.thumbnail_url(twin.evidence), saying.twin_sentence(found, twin))
            for twin in alike.twins[: saying.MOST_TWINS]
        ],
        "more": max(0, len(alike.twins) - saying.MOST_TWINS),
        "elsewhere": saying.elsewhere_sentence(alike.elsewhere) if alike.elsewhere else "",
        "doubts": saying.doubts(found),
        "problem": saying.problem(found),
        "uses": queries.uses(viewer, found),
        "redactions": queries.redactions(found),
        "history": queries.history(found),
        "from_place": _from_place(found),
    }
    return render(request, "evidence/piece.html", context)


def _from_place(found: Any) -> str:
    """How far from its place a photo says that it was taken."""
    if found.place is None or found.point is None:
        return ""
    return saying.apart(round(metres_between_points(found.point, (found.place.lon, found.place.lat))))


@signed_in
@require_POST
def caption(request: ViewerRequest, uid: UUID) -> HttpResponse:
    found = queries.piece(request.viewer, uid)
    if not queries.may_change(request.viewer, found):
        raise Missing
    form = CaptionForm(request.viewer, found, request.POST)
    if form.is_valid():
        with fill_errors(form):
            services.describe(request.viewer, found, place=form.cleaned_data["place"], **form.said)
            messages.success(request, _("说明已存"))
            return redirect("evidence-piece", uid)
    return _piece_page(request, found, form)


@signed_in
def redact(request: ViewerRequest, uid: UUID) -> HttpResponse:
    found = queries.piece(request.viewer, uid)
    if not queries.may_redact(request.viewer, found):
        raise Missing
    form = RedactionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with fill_errors(form):
            services.redact(request.viewer, found, form.cleaned_data["rectangles"], form.cleaned_data["reason"])
            messages.success(request, _("遮好了，公开版正在重做；原来的公开版已停用"))
            return redirect("evidence-piece", uid)
    context = {"piece": found, "form": form, "public": queries.public_url(found)}
    return render(request, "evidence/redact.html", context)


@signed_in
@require_POST
def retry(request: ViewerRequest, uid: UUID) -> HttpResponse:
    services.retry(request.viewer, queries.piece(request.viewer, uid))
    messages.success(request, _("正在重新处理，要几秒钟"))
    return redirect("evidence-piece", uid)


@signed_in
def withdraw(request: ViewerRequest, uid: UUID) -> HttpResponse:
    found = queries.piece(request.viewer, uid)
    if not queries.may_change(request.viewer, found):
        raise Missing
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with fill_errors(form):
            services.withdraw(request.viewer, found, reason=form.cleaned_data["reason"])
            messages.success(request, _("已撤回，别人不再看到"))
            return redirect("evidence-piece", uid)
    return render(
        request, "people/form.html", {"form": form, "unit": found.unit, "title": _("撤回佐证"), "verb": _("撤回")}
    )


@signed_in
def new(request: ViewerRequest) -> HttpResponse:
    """With its script the page sends each file by itself (`upload`); without, all of them come here at once."""
    if not request.viewer.can(Perm.EVIDENCE_ADD):
        raise Missing
    initial = {key: request.GET[key] for key in ("unit", "place") if request.GET.get(key)}
    form = FilesForm(request.viewer, request.POST or None, request.FILES or None, initial=initial)
    results: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        stated = {key: form.cleaned_data[key] for key in ("unit", "place", "taken_at")}
        results = [_one(request, upload, stated) for upload in form.cleaned_data["sent"]]
        if len(results) == 1 and "row" in results[0]:
            messages.success(request, _("收到了"))
            return redirect("evidence-piece", results[0]["row"].uid)
    context = {"form": form, "results": results, "most_bytes": rules.MAX_BYTES}
    return render(request, "evidence/new.html", context)


def _one(request: ViewerRequest, upload: Any, stated: dict[str, Any]) -> dict[str, Any]:
    """One file's own result; a bad one does not keep the others out."""
    try:
        row = services.hand_in(request.viewer, name=upload.name, chunks=upload.chunks(), **stated)
    except Missing:
        raise
    except ProductError as no:
        return {"name": upload.name, "problem": no}
    return {"name": upload.name, "row": row, "doubts": saying.doubts(row)}
