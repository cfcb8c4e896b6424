"""Puts the viewer on every request, and sends a person whose password was given by the office to change it."""

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from chuangwen.core.errors import SignInNeeded
from chuangwen.people.access import Viewer
from chuangwen.people.models import Account


class ViewerRequest(HttpRequest):
    """A request that passed the guard `signed_in`: it has a viewer."""

    viewer: Viewer
    account: Account


class ViewerMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            account = request.user
            seen = cast(ViewerRequest, request)
            if account.must_change_password and request.path.startswith("/f/"):
                # The public page, as for anybody: a password that somebody else knows opens no figure.
                return self.get_response(request)
            seen.account, seen.viewer = account, Viewer(account.person)
            if account.must_change_password and not self._may_pass(request.path):
                return redirect("change-password")
        return self.get_response(request)

    @staticmethod
    def _may_pass(path: str) -> bool:
        free = {reverse("change-password"), reverse("sign-out"), reverse("set_language")}
        return path in free or path.startswith("/static/")


def viewer_of(request: HttpRequest) -> Viewer:
    """The viewer of a request; SignInNeeded when nobody is signed in."""
    viewer = getattr(request, "viewer", None)
    if viewer is None:
        raise SignInNeeded("")
    return cast(Viewer, viewer)


def viewer_of_call(request: HttpRequest) -> Viewer:
    """Who asks over the API: the person whose token it is."""
    asked: Any = request
    found: Viewer = asked.auth
    return found
