"""Checking, bringing in and taking back a workbook in the background."""

from uuid import UUID

from chuangwen.core.jobs import job
from chuangwen.core.models import Import
from chuangwen.interop import services


@job
def check_import(uid: str) -> None:
    services.check(_import(uid))


@job
def run_import(uid: str, confirmed_by: str = "") -> None:
    services.bring_in(_import(uid), confirmed_by=UUID(confirmed_by) if confirmed_by else None)


@job
def undo_import(uid: str, undone_by: str, reason: str) -> None:
    services.withdraw(_import(uid), undone_by=UUID(undone_by), reason=reason)


def _import(uid: str) -> Import:
    return Import.objects.select_related("file").get(uid=UUID(uid))
