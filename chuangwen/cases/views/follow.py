"""Following a case by its code, and the public status of the city. No sign-in."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from chuangwen.cases import door, public_queries, queries, services
from chuangwen.cases.door import MOST_PHOTOS
from chuangwen.cases.forms.door import CodeForm, DisputeForm
from chuangwen.cases.views.door import hand_in
from chuangwen.cases.views.limits import failed, not_blocked
from chuangwen.core import files
from chuangwen.core.errors import Missing
from chuangwen.core.forms import fill_errors
from chuangwen.people.guards import public


@public
@never_cache
def follow(request: HttpRequest) -> HttpResponse:
    """Where one writes one's code."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        code = door.tight(form.cleaned_data["code"])
        if not code.isascii() or not code.isalnum() or not 0 < len(code) <= 20:
            return _unknown(request)
        return redirect("follow-code", code)
    return render(request, "cases/follow.html", {"form": form}, status=422 if form.errors else 200)


def _unknown(request: HttpRequest) -> HttpResponse:
    """One sentence, whether the code is wrong or was never given."""
    failed(door.wrong_codes(), request)
    return render(request, "cases/follow.html", {"form": CodeForm(), "unknown": True}, status=404)


def with_code(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Gives the view the case that the code follows; whoever tries too many codes waits."""

    @wraps(view)
    def found(request: HttpRequest, code: str, **kwargs: Any) -> HttpResponseBase:
        not_blocked(
            door.wrong_codes(),
            request,
            _("这个网络试错的查询码太多了"),
            _("%(time)s 以后再试"),
        )
        try:
            case = services.case_of_code(code)
        except Missing:
            return _unknown(request)
        return view(request, code, case, **kwargs)

    return never_cache(found)


@public
@require_GET
@with_code
def followed(request: HttpRequest, code: str, case: Any) -> HttpResponse:
    return _page(request, code, case, DisputeForm())


def _page(request: HttpRequest, code: str, case: Any, form: DisputeForm) -> HttpResponse:
    context = {
        "code": door.tight(code),
        "grouped": door.grouped(door.tight(code)),
        "followed": public_queries.followed(case),
        "form": form,
        "most_photos": MOST_PHOTOS,
    }
    return render(request, "cases/followed.html", context, status=422 if form.errors else 200)


@public
@require_POST
@with_code
def dispute(request: HttpRequest, code: str, case: Any) -> HttpResponse:
    form = DisputeForm(request.POST)
    if form.is_valid():
        with fill_errors(form):
            per_hour = queries.policy().reports_per_hour
            sent = request.FILES.getlist("files")[:MOST_PHOTOS]
            photos = [*form.cleaned_data["photos"], *(hand_in(request, each, uuid4(), per_hour).uid for each in sent)]
            services.dispute(door.door(), case, reason=form.cleaned_data["reason"], photos=photos)
            return redirect("follow-code", door.tight(code))
    return _page(request, code, case, form)


@public
@require_POST
@with_code
def satisfied(_request: HttpRequest, code: str, case: Any) -> HttpResponse:
    services.satisfied(door.door(), case)
    return redirect("follow-code", door.tight(code))


@public
@require_GET
@with_code
def photo(_request: HttpRequest, _code: str, case: Any, uid: UUID) -> HttpResponseBase:
    """A public copy, of the present edition alone: what is covered tomorrow is kept by no browser."""
    found = public_queries.photo_file(case, uid)
    return FileResponse(files.path_of(found.sha256).open("rb"), content_type=found.media_type, filename=found.name)


@public
@require_GET
def public_case(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What somebody else reported, for who stands before the same thing: category, street, state, moves."""
    line, told = public_queries.public_case(uid)
    return render(request, "cases/followed_public.html", {"line": line, "told": told})


@public
@require_GET
def status(request: HttpRequest) -> HttpResponse:
    """How the city does, where it wants that to be seen."""
    if not queries.policy().public_status:
        return render(request, "cases/status_closed.html", status=404)
    return render(request, "cases/status.html", {"status": public_queries.status(request.GET.get("page", "1"))})
