"""Checking and bringing in a workbook in the background."""

from uuid import UUID

from chuangwen.core.jobs import job
from chuangwen.core.models import Import
from chuangwen.interop import services


@job
def check_import(uid: str) -> None:
    services.check(Import.objects.select_related("file").get(uid=UUID(uid)))


@job
def run_import(uid: str, confirmed_by: str = "") -> None:
    found = Import.objects.select_related("file").get(uid=UUID(uid))
    services.bring_in(found, confirmed_by=UUID(confirmed_by) if confirmed_by else None)
