"""Keeping the day sums up with the records, in the background."""

from datetime import date
from uuid import UUID

from chuangwen.core.jobs import job
from chuangwen.metrics import services


@job
def refresh_days(unit_uid: str, day: str = "") -> int:
    """`day` in ISO; without one all days of the unit."""
    return services.refresh_days(UUID(unit_uid), date.fromisoformat(day) if day else None)
