"""How a view says who may call it. Every view in the URL table carries one of these; a test holds that."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponseBase

from chuangwen.people.middleware import ViewerRequest, viewer_of

View = Callable[..., HttpResponseBase]


def signed_in(view: Callable[..., HttpResponseBase]) -> View:
    """For signed-in persons; what they may see is for queries and services to say."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        viewer_of(request)
        return view(cast(ViewerRequest, request), *args, **kwargs)

    guarded.guard = "signed_in"  # type: ignore[attr-defined]
    return guarded


def public(view: Callable[..., HttpResponseBase]) -> View:
    """For anybody: sign-in, the page behind a printed code, health."""

    @wraps(view)
    def open_to_all(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    open_to_all.guard = "public"  # type: ignore[attr-defined]
    return open_to_all
