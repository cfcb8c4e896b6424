"""Which imports wait for the person who sent them: for `core.work`."""

from datetime import timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.models import Import, ImportState
from chuangwen.core.work import MOST, Item, Waiting
from chuangwen.interop.queries import imports
from chuangwen.people.access import Viewer
from chuangwen.people.models import Person

OPEN = {ImportState.REFUSED: "over", ImportState.FAILED: "over", ImportState.READY: "check"}
# What nobody looked at for so long waits for nobody any more.
RECENT = timedelta(days=30)


def _open(viewer: Viewer) -> QuerySet[Import]:
    return imports(viewer).filter(state__in=OPEN, created_at__gte=clock.now() - RECENT)


def waiting(viewer: Viewer) -> Waiting:
    """The viewer's own, and those of persons whose deputy they are."""
    return _of(_open(viewer).filter(created_by__in=[viewer.uid, *(each.person.uid for each in viewer.standing_in)]))


def held_by(viewer: Viewer, person: Person) -> Waiting:
    rows = Import.objects.filter(state__in=OPEN, created_at__gte=clock.now() - RECENT, created_by=person.uid)
    return Waiting(rows.count(), _of(_open(viewer).filter(created_by=person.uid)).items)


def _of(rows: QuerySet[Import]) -> Waiting:
    found = list(rows.order_by("-created_at", "-id")[: MOST + 1])
    count = len(found) if len(found) <= MOST else rows.count()
    return Waiting(count, [_item(row) for row in found[:MOST]])


def _item(row: Import) -> Item:
    more = _("%(count)s 处") % {"count": row.problem_count} if row.state == ImportState.REFUSED else ""
    return Item(
        row.file.name,
        reverse("import", args=[row.uid]),
        OPEN[ImportState(row.state)],
        " ".join(part for part in (row.get_state_display(), more) if part),
    )
