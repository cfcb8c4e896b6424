"""A request that a client sends twice is done once. Put `@once` on an API operation that writes."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Status

from chuangwen.core import clock
from chuangwen.core.digests import digest
from chuangwen.core.errors import Conflict, Refused
from chuangwen.core.models import IdempotencyKey

KEEP_HOURS = 48


def once(view: Callable[..., Status[Any]]) -> Callable[..., Status[Any]]:
    """With the header Idempotency-Key, the same request by the same person gets the first answer again.

    The same key with another body is a Conflict. The answer is kept for two days.
    """

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> Status[Any]:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return view(request, *args, **kwargs)
        if len(key) > 80 or not key.isascii() or not key.isprintable():
            raise Refused(_("Idempotency-Key 要在 80 个英文字符以内"), where="Idempotency-Key")
        return _once(view, request, key, args, kwargs)

    return run


@transaction.atomic
def _once(view: Callable[..., Status[Any]], request: HttpRequest, key: str, args: Any, kwargs: Any) -> Status[Any]:
    actor_uid: UUID = request.auth.uid  # type: ignore[attr-defined]
    sent = digest([request.method or "", request.path, request.body.decode(errors="replace")])
    slot, created = IdempotencyKey.objects.select_for_update().get_or_create(
        actor_uid=actor_uid,
        key=key,
        defaults={"request_digest": sent, "status": 0, "body": {}, "created_at": clock.now()},
    )
    if not created:
        if slot.request_digest != sent:
            raise Conflict(_("这个 Idempotency-Key 用在过另一个请求上"), mend=_("每个请求换一个新的"))
        return Status(slot.status, slot.body)
    answer = view(request, *args, **kwargs)
    slot.status, slot.body = answer.status_code, answer.value
    slot.save(update_fields=["status", "body"])
    return answer


def forget_old_keys() -> int:
    """Called by beat."""
    deleted, _each = IdempotencyKey.objects.filter(created_at__lt=clock.now() - timedelta(hours=KEEP_HOURS)).delete()
    return deleted
