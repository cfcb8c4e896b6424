"""How often somebody may do what anybody may do without sign-in: counted by network address, in a sliding window.

The counts lie in the cache, which all web servers of an installation share; a lock on a file in the data folder makes
reading and counting one step, because the cache itself has no such step. Behind a proxy the address is the visitor's
(`serve` tells the web server which proxy to believe); nobody's address is kept, only a digest of it for the time.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from chuangwen.core import clock

HOUR = 3600


@dataclass(frozen=True)
class Limit:
    """At most so many of one kind of act within so many seconds."""

    kind: str
    most: int
    seconds: int = HOUR


def address_of(request: HttpRequest) -> str:
    """Whose request it is. One household has a whole /64 of IPv6, and so counts as one."""
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address)


def take(limit: Limit, who: str) -> datetime | None:
    """Count one act. None where it was within the limit; else nothing is counted, and this is when the next may be."""
    with _alone():
        free_at = _free_at(limit, who)
        if free_at is None:
            cache.set(_key(limit, who), [*_acts(limit, who), clock.now()], limit.seconds)
        return free_at


def give_back(limit: Limit, who: str) -> None:
    """What was counted came to nothing, and counts no more."""
    with _alone():
        cache.set(_key(limit, who), _acts(limit, who)[:-1], limit.seconds)


def free_at(limit: Limit, who: str) -> datetime | None:
    """As `take`, without counting: for what is counted only when it fails."""
    return _free_at(limit, who)


def _free_at(limit: Limit, who: str) -> datetime | None:
    acts = _acts(limit, who)
    if len(acts) < limit.most:
        return None
    return acts[-limit.most] + timedelta(seconds=limit.seconds) if limit.most else clock.now() + timedelta(hours=1)


def _acts(limit: Limit, who: str) -> list[datetime]:
    since = clock.now() - timedelta(seconds=limit.seconds)
    found: list[datetime] = cache.get(_key(limit, who), [])
    return [moment for moment in found if moment > since]


def _key(limit: Limit, who: str) -> str:
    return f"throttle:{limit.kind}:{salted_hmac('chuangwen.throttle', who).hexdigest()}"


@contextmanager
def _alone() -> Iterator[None]:
    """One at a time, whatever thread or process: each opens the file anew, so that the lock holds between threads."""
    with (settings.DATA_DIR / "throttle.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
