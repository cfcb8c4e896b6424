"""Turns the product's own errors into pages: one place, the same face for `not yours` and `not there`."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core.errors import Missing, ProductError, Refused, SignInNeeded, WrongMethod


class ErrorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if holds_nul(request):
            return self._answer(request, Refused(_("文字里有空字符（NUL）"), mend=_("删去它再发")))
        response = self.get_response(request)
        if not request.path.startswith("/api/") or response.headers["Content-Type"].startswith("application/json"):
            return response
        if response.status_code == 404:
            return self._answer(request, Missing())
        if response.status_code == 405:
            return self._answer(request, WrongMethod(_("这个地址不接受 %(verb)s") % {"verb": request.method}))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return self._answer(request, exception) if isinstance(exception, ProductError) else None

    @staticmethod
    def _answer(request: HttpRequest, exception: ProductError) -> HttpResponse:
        if wants_json(request):
            return JsonResponse(as_json(exception), status=exception.status)
        if isinstance(exception, SignInNeeded):
            # After signing in one is back where one was; an address that only takes POST is no such place.
            back = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
            return redirect(f"{reverse('sign-in')}?{back}" if back else reverse("sign-in"))
        if exception.status == 404:
            return render(request, "404.html", status=404)
        return render(request, "core/problem.html", {"problem": exception}, status=exception.status)


def wants_json(request: HttpRequest) -> bool:
    """A program asks: through the API, or a page's script that says so."""
    return request.path.startswith("/api/") or request.headers.get("Accept") == "application/json"


def holds_nul(request: HttpRequest) -> bool:
    """Whether address or JSON holds a NUL, which PostgreSQL keeps in no text; fields of a form are checked by it."""
    if "\0" in request.path or "%00" in request.META["QUERY_STRING"]:
        return True
    return request.content_type == "application/json" and b"\\u0000" in request.body


def as_json(problem: ProductError) -> dict[str, object]:
    """The API's one error shape."""
    return {
        "error": {
            "code": problem.code,
            "message": str(problem.message),
            "where": problem.where,
            "mend": str(problem.mend),
        }
    }
