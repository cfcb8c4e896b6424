"""What cases say on the pages of a place, of a unit and of a filled checklist."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import QueryDict
from django.urls import reverse

from chuangwen.cases import queries, workflow
from chuangwen.cases.gathering import OF_LIST
from chuangwen.cases.models import OPEN
from chuangwen.forms.models import Submission
from chuangwen.people.access import Viewer
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm
from chuangwen.places.models import Place

MOST = 8


def place_panel(viewer: Viewer, of: Place) -> dict[str, Any] | None:
    """The open cases at the place that the viewer sees, the one due first at the top, and the way to a new one."""
    found = list(queries.shown(queries.all_cases(viewer).filter(OPEN, place=of)).order_by("due_at", "pk")[: MOST + 1])
    may_open = viewer.can(Perm.CASE_REPORT) and not of.closed_on and not of.withdrawn_at
    if not found and not may_open:
        return None
    new = reverse("new-case") + "?" + urlencode({"kind": "finding", "place": of.code or of.name}) if may_open else ""
    return {"cases": found[:MOST], "more": len(found) > MOST, "place": of, "new_url": new}


def places_panel(viewer: Viewer, query: QueryDict) -> dict[str, Any] | None:
    """The way from a list of places to cases, where the list is narrowed and the viewer hands cases over."""
    asked = {key: query[key] for key in OF_LIST if query.get(key)}
    if not asked or not viewer.can(Perm.CASE_DISPATCH):
        return None
    return {"url": reverse("cases-from-places") + "?" + urlencode({**asked, "list": "1"})}


def submission_panel(viewer: Viewer, of: Submission) -> dict[str, Any] | None:
    """What was opened from a filled copy; where something in it was not met, the way to a new case."""
    found = list(queries.shown(queries.all_cases(viewer).filter(origin_noun="submission", origin_uid=of.uid)))
    may_open = bool(of.not_met) and viewer.can(Perm.CASE_REPORT) and not of.withdrawn_at
    if not found and not may_open:
        return None
    asked = {"kind": "finding", "origin_noun": "submission", "origin_uid": str(of.uid)}
    if of.place:
        asked["place"] = of.place.code or of.place.name
    return {"cases": found, "new_url": reverse("new-case") + "?" + urlencode(asked) if may_open else ""}


def unit_panel(viewer: Viewer, of: Unit) -> dict[str, Any] | None:
    """The open and late cases that the unit leads, with all below it, as the list counts them."""
    if not viewer.can(Perm.CASE_VIEW):
        return None
    rows = queries.all_cases(viewer).filter(lead__path__startswith=of.path, kind__in=queries.COUNTED)
    counted = rows.filter(due_at__isnull=False).aggregate(
        open=Count("pk"), late=Count("pk", filter=queries.overdue()), fixed=Count("pk", filter=Q(state=workflow.FIXED))
    )
    if not counted["open"]:
        return None
    address = reverse("cases") + "?" + urlencode({"lead": of.code})
    urls = {"open": address, "late": address + "&view=over", "fixed": address + "&view=fixed"}
    return {"numbers": counted, "urls": urls}
