"""Keeping the day sums up with the records, in the background."""

from uuid import UUID

from chuangwen.core.jobs import job
from chuangwen.metrics import services


@job
def refresh_days(unit_uid: str) -> int:
    return services.refresh_days(UUID(unit_uid))
