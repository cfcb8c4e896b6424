"""Pages of forms: the list, one form, filling it, filled copies."""

import json
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST

from chuangwen.core.errors import Missing, ProductError, Refused
from chuangwen.core.forms import ReasonForm, fill_errors
from chuangwen.core.lists import export, list_page, wants_export
from chuangwen.core.middleware import as_json
from chuangwen.core.registry import panels
from chuangwen.forms import photos, queries, reading, services, surveyjs
from chuangwen.forms.lists import FORMS, submissions_for
from chuangwen.forms.messages import said
from chuangwen.forms.rules.answering import answer, photo_uids
from chuangwen.forms.rules.model import Form
from chuangwen.people.access import get_unit
from chuangwen.people.guards import signed_in
from chuangwen.people.middleware import ViewerRequest
from chuangwen.people.rules import Perm
from chuangwen.places.queries import place_even_withdrawn

MOST_BYTES = 512 * 1024
MOST_PLACES = 50


@signed_in
def forms(request: ViewerRequest) -> HttpResponseBase:
    if not request.viewer.can(Perm.FORM_VIEW):
        raise Missing
    rows = queries.forms(request.viewer)
    if wants_export(request):
        return export(FORMS, rows, request, name=_("表单"))
    return render(request, "forms/forms.html", {"list": list_page(FORMS, rows, request), "tab": "forms"})


@signed_in
def form(request: ViewerRequest, code: str) -> HttpResponse:
    """Who asks and why, what is asked and from where that was taken, as it looks on a phone, and its versions."""
    found = queries.form(request.viewer, code)
    version = queries.pick_version(found, request.GET.get("version", ""))
    asked = queries.asked(version)
    context = {
        "form": found,
        "version": version,
        "versions": queries.versions(request.viewer, found),
        "notice": surveyjs.words(asked.notice),
        "edition": asked.edition,
        "parts": reading.form_parts(asked),
        "sources": reading.graded(asked),
        "data": _drawn(asked),
        "may_fill": request.viewer.can(Perm.FORM_FILL) and not found.retired_on,
        "may_retire": queries.may_manage(request.viewer, found) and not found.retired_on,
    }
    return render(request, "forms/form.html", context)


def _drawn(asked: Form) -> dict[str, Any]:
    """What the browser draws a form from."""
    locale = "zh-cn" if (get_language() or "").startswith("zh") else "en"
    return {"model": surveyjs.compiled(asked), "locale": locale, "photo": _("拍照或选照片")}


@signed_in
def retire_form(request: ViewerRequest, code: str) -> HttpResponse:
    found = queries.form(request.viewer, code)
    if not queries.may_manage(request.viewer, found):
        raise Missing
    reason = ReasonForm(request.POST or None)
    if request.method == "POST" and reason.is_valid():
        with fill_errors(reason):
            services.retire(request.viewer, found, reason=reason.cleaned_data["reason"])
            messages.success(request, _("已停用，填过的都还在"))
            return redirect("form", code)
    context = {"form": reason, "unit": found, "title": _("停用表单"), "verb": _("停用")}
    return render(request, "people/form.html", context)


@signed_in
@ensure_csrf_cookie
def fill_form(request: ViewerRequest, code: str) -> HttpResponse:
    """The current version, for a place of its type; without a place, the choice of one."""
    found = queries.form(request.viewer, code)
    unit = queries.filling_unit(request.viewer, request.GET.get("unit"))
    if found.retired_on:
        raise Refused(_("这张表已停用，不再收"), mend=_("问发这张表的单位改用哪一张"))
    written = request.GET.get("place", "")
    if found.place_type and not written:
        return _choose_place(request, found)
    place = queries.place(request.viewer, _uid(written, "place")) if found.place_type else None
    version = queries.pick_version(found, "")
    asked = queries.asked(version)
    data = _drawn(asked) | {
        "version": str(version.uid),
        "place": str(place.uid) if place else None,
        "unit": unit.code,
        "person": str(request.viewer.uid),
        "submit": reverse("submit-form", args=[code]),
        "upload": photos.upload_address(),
    }
    context = {"form": found, "version": version, "place": place, "unit": unit, "data": data}
    return render(request, "forms/fill.html", context | {"notice": surveyjs.words(asked.notice)})


def _choose_place(request: ViewerRequest, found: Any) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    places = queries.places_for(request.viewer, found, words)
    shown = list(places[: MOST_PLACES + 1])
    context = {"form": found, "words": words, "places": shown[:MOST_PLACES], "more": len(shown) > MOST_PLACES}
    return render(request, "forms/choose_place.html", context)


@signed_in
@require_POST
def submit_form(request: ViewerRequest, code: str) -> HttpResponse:
    """JSON in; the copy's address out, or what is wrong at which question. The page that fills a form calls it."""
    try:
        found = queries.form(request.viewer, code)
        sent = _read(request)
        version = queries.version(request.viewer, _uid(sent.get("version"), "version"))
        if version.form_id != found.pk:
            raise Missing
        place = queries.place(request.viewer, _uid(sent["place"], "place")) if sent.get("place") else None
        written = sent.get("unit")
        row = services.submit(
            request.viewer,
            version=version,
            uid=_uid(sent.get("uid"), "uid"),
            unit=queries.filling_unit(request.viewer, written if isinstance(written, str) else None),
            place=place,
            answers=sent.get("answers"),
            times=services.Times(_moment(sent.get("started_at")), _moment(sent.get("told_at"))),
        )
    except services.RefusedAll as refused:
        problems = [_problem(each.where, *said(each)) for each in refused.problems]
        return JsonResponse(as_json(refused) | {"problems": problems}, status=refused.status)
    except ProductError as problem:
        return JsonResponse(as_json(problem), status=problem.status)
    messages.success(request, _("已交"))
    return JsonResponse({"url": reverse("submission", args=[row.uid]), "uid": str(row.uid)})


def _problem(where: str, what: str, mend: str) -> dict[str, str]:
    return {"where": where, "message": what, "mend": mend}


def _read(request: HttpRequest) -> dict[str, Any]:
    """The JSON of the request; Refused for what no page of ours sends."""
    if len(request.body) > MOST_BYTES:
        raise Refused(_("交来的内容太大"), mend=_("减少文字，照片走“照片”题"))
    try:
        found = json.loads(request.body, parse_constant=_no_number)
    except (ValueError, RecursionError) as bad:
        raise Refused(_("交来的内容读不懂"), mend=_("刷新填写页再交")) from bad
    if not isinstance(found, dict):
        raise Refused(_("交来的不是一份填报"), mend=_("打开填写页再交"))
    return found


def _no_number(written: str) -> NoReturn:
    raise ValueError(written)


def _uid(written: object, where: str) -> UUID:
    try:
        return UUID(str(written))
    except ValueError as bad:
        raise Refused(_("“%(written)s”不是 uid") % {"written": str(written)[:60]}, where=where) from bad


def _moment(written: object) -> datetime | None:
    """What a device says of the time; nonsense says nothing."""
    try:
        found = parse_datetime(written) if isinstance(written, str) else None
    except ValueError:
        found = None
    if found is None or not 1970 < found.year < 9000:
        return None
    return found if timezone.is_aware(found) else timezone.make_aware(found)


@signed_in
def submissions(request: ViewerRequest) -> HttpResponseBase:
    if not request.viewer.can(Perm.FORM_VIEW):
        raise Missing
    code = request.GET.get("unit")
    unit = get_unit(request.viewer, Perm.FORM_VIEW, code=code) if code else None
    rows = queries.submissions(request.viewer, unit=unit)
    if place := request.GET.get("place"):
        rows = rows.filter(place=place_even_withdrawn(request.viewer, _uid(place, "place")))
    spec = submissions_for(request.viewer)
    if wants_export(request):
        return export(spec, rows, request, name=_("填报"))
    context = {"list": list_page(spec, rows, request), "unit": unit, "tab": "submissions"}
    return render(request, "forms/submissions.html", context)


@signed_in
def submission(request: ViewerRequest, uid: UUID) -> HttpResponse:
    row = queries.submission(request.viewer, uid)
    asked = queries.asked(row.version)
    answered = answer(asked, row.answers)
    seen = photos.shown(request.viewer, photo_uids(answered))
    context = {
        "copy": row,
        "parts": reading.copy_parts(asked, answered, seen),
        "history": queries.history(row),
        "may_withdraw": queries.may_withdraw(request.viewer, row) and not row.withdrawn_at,
        "panels": panels("submission", request.viewer, row),
    }
    return render(request, "forms/submission.html", context)


@signed_in
def withdraw_submission(request: ViewerRequest, uid: UUID) -> HttpResponse:
    row = queries.submission(request.viewer, uid)
    if not queries.may_withdraw(request.viewer, row):
        raise Missing
    reason = ReasonForm(request.POST or None)
    if request.method == "POST" and reason.is_valid():
        with fill_errors(reason):
            services.withdraw(request.viewer, uid=uid, reason=reason.cleaned_data["reason"])
            messages.success(request, _("已撤回，不再计入任何数字"))
            return redirect("submission", uid)
    context = {"form": reason, "unit": row, "title": _("撤回填报"), "verb": _("撤回")}
    return render(request, "people/form.html", context)
