"""Running numbers without gaps by mistake: the next one under a key, within the caller's transaction."""

from django.db import transaction

from chuangwen.core.models import RunningNumber


@transaction.atomic
def next_number(key: str, *, count: int = 1) -> int:
    """Takes `count` numbers and gives the first. Who else takes one under the key waits for the transaction."""
    RunningNumber.objects.get_or_create(key=key)
    row = RunningNumber.objects.select_for_update().get(key=key)
    first = row.last + 1
    row.last += count
    row.save(update_fields=["last"])
    return first
