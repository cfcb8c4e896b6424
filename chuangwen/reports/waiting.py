"""What of the documents waits for a person, and which drafts are theirs: for `core.work`."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core.work import MOST, Item, Waiting
from chuangwen.people.access import Viewer
from chuangwen.people.models import Person
from chuangwen.reports import workflow
from chuangwen.reports.models import Report, ReportState
from chuangwen.reports.queries import NEXT_HAND

SIGNS = {
    ReportState.SIGNED: "check",
    ReportState.CHECKED: "check",
    ReportState.SUBMITTED: "check",
    ReportState.DRAFT: "doing",
}
# What is nearest to its end comes first.
ORDER = list(SIGNS)


def waiting(viewer: Viewer) -> Waiting:
    """Drafts of the viewer and of those whose deputy they are, and those of persons who left; from then on whatever
    the viewer may check, sign or issue, but for the check of their own.
    """
    own = [viewer.uid, *(each.person.uid for each in viewer.standing_in)]
    left = Person.objects.filter(left_on__isnull=False).values("uid")
    wanted = Q(pk__in=[])
    for state, perm in NEXT_HAND.items():
        here = Q(state=state) & viewer.scope(perm)
        if state == ReportState.DRAFT:
            here &= Q(created_by__in=own) | Q(created_by__in=left)
        if state == ReportState.SUBMITTED:
            here &= ~Q(created_by=viewer.uid)
        wanted |= here
    return _of(Report.objects.filter(wanted))


def held_by(viewer: Viewer, person: Person) -> Waiting:
    """What the person began and what is still being made."""
    rows = Report.objects.filter(created_by=person.uid, state__in=workflow.MAKING)
    seen = Q(pk__in=[])
    for perm in NEXT_HAND.values():
        seen |= viewer.scope(perm)
    return Waiting(rows.count(), _of(rows.filter(seen)).items)


def _of(rows: QuerySet[Report]) -> Waiting:
    found: list[Any] = list(rows.select_related("unit").order_by("created_at", "id")[: MOST + 1])
    count = len(found) if len(found) <= MOST else rows.count()
    found = sorted(found[:MOST], key=lambda row: ORDER.index(row.state))
    return Waiting(count, [_item(row) for row in found])


def _item(row: Report) -> Item:
    return Item(
        row.title,
        reverse("report", args=[row.uid]),
        SIGNS[ReportState(row.state)],
        row.get_state_display(),
        unit=row.unit.label,
    )


def said_of_return(label: str, _notice: Any) -> str:
    return _("《%(title)s》退回来了，要改") % {"title": label}


def said_of_submission(label: str, _notice: Any) -> str:
    return _("《%(title)s》等您核稿") % {"title": label}
