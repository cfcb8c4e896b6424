"""Too often from one address: said with the moment when it may be tried again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from chuangwen.core.errors import ProductError, Refused
from chuangwen.core.throttle import Limit, address_of, free_at, give_back, take


class TooMany(Refused):
    """Refused for now."""

    status = 429
    code = "too_many"


def within(limit: Limit, request: HttpRequest, message: str, mend: str) -> None:
    """Count one act of this address. `mend` has the place %(time)s. Raises TooMany."""
    _raise(take(limit, address_of(request)), message, mend)


@contextmanager
def counted(limit: Limit, request: HttpRequest, message: str, mend: str) -> Iterator[None]:
    """As `within`, but what is refused inside counts as nothing."""
    within(limit, request, message, mend)
    try:
        yield
    except ProductError:
        give_back(limit, address_of(request))
        raise


def not_blocked(limit: Limit, request: HttpRequest, message: str, mend: str) -> None:
    """As `within`, without counting: what counts is noted where it fails (`failed`)."""
    _raise(free_at(limit, address_of(request)), message, mend)


def failed(limit: Limit, request: HttpRequest) -> None:
    take(limit, address_of(request))


def _raise(until: datetime | None, message: str, mend: str) -> None:
    if until:
        raise TooMany(message, mend=mend % {"time": f"{timezone.localtime(until):%H:%M}"})
