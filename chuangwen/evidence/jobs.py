"""Background work on evidence: a receipt does not wait for the pixels."""

from uuid import UUID

from chuangwen.core.jobs import job
from chuangwen.evidence import services


@job
def make_copies(uid: str) -> None:
    services.make_copies(UUID(uid))
