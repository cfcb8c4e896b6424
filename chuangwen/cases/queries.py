"""What pages ask about cases. Every query starts from `seen`: what the viewer may see."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import pgettext_lazy

from chuangwen.cases import workflow
from chuangwen.cases.models import Case, CaseCategory, CasePart, CasePhoto, CasePolicy, CaseStep, Part
from chuangwen.core import clock, reference
from chuangwen.core.digests import digest
from chuangwen.core.errors import Missing
from chuangwen.core.registry import Ref
from chuangwen.evidence.models import EvidenceCopy
from chuangwen.people.access import Viewer
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm
from chuangwen.places.map_queries import read_viewport
from chuangwen.places.nearby import points_in_box

CASE_LABEL = pgettext_lazy("noun", "事项")
COUNTED = tuple(code for code, kind in workflow.KINDS.items() if kind.counted)


def policy() -> CasePolicy:
    """How the city runs the loop; what the program itself would do where nothing was loaded."""
    return CasePolicy.objects.filter(pk="standard").first() or CasePolicy(code="standard", name="")


def _parts_under(viewer: Viewer, perm: Perm) -> QuerySet[CasePart]:
    """The parts in cases that units have over which the viewer holds the permission."""
    return CasePart.objects.filter(unit__in=_units(viewer, perm), ended_at__isnull=True)


def _units(viewer: Viewer, perm: Perm) -> QuerySet[Unit, int]:
    """The units over which the viewer holds the permission. As a list that is made once, and not as a join with every
    case: so the database goes from the few units to their cases, and need not look at each row's unit.
    """
    return Unit.everything.filter(viewer.scope(perm, "")).order_by().values_list("pk", flat=True)


def seen(viewer: Viewer) -> Q:
    """The condition under which a viewer sees a case: who may see the keeper's cases or those of a unit that has a
    part in it; who is named in it; who entered it. A confidential one asks for that permission besides.
    """
    return Q(confidential=False) & _open_to(viewer) | _named(viewer) | _confided(viewer)


def _named(viewer: Viewer) -> Q:
    person = viewer.person.pk
    return Q(handler=person) | Q(leader=person) | Q(opened_by=person)


def _open_to(viewer: Viewer) -> Q:
    if viewer.can_over_city(Perm.CASE_VIEW):
        return Q()
    if not viewer.can(Perm.CASE_VIEW):
        return Q(pk__in=[])
    units, parts = _units(viewer, Perm.CASE_VIEW), _parts_under(viewer, Perm.CASE_VIEW)
    return Q(unit__in=units) | Q(opened_for__in=units) | Q(pk__in=parts.values("case"))


def _confided(viewer: Viewer) -> Q:
    if not viewer.can(Perm.CASE_CONFIDENTIAL):
        return Q(pk__in=[])
    if viewer.can_over_city(Perm.CASE_CONFIDENTIAL):
        return Q(confidential=True)
    parts = _parts_under(viewer, Perm.CASE_CONFIDENTIAL).exclude(part=Part.COPY)
    return Q(confidential=True) & (Q(unit__in=_units(viewer, Perm.CASE_CONFIDENTIAL)) | Q(pk__in=parts.values("case")))


def all_cases(viewer: Viewer) -> QuerySet[Case]:
    """What stands and the viewer sees, of every kind."""
    if viewer.can_over_city(Perm.CASE_VIEW) and viewer.can_over_city(Perm.CASE_CONFIDENTIAL):
        return Case.objects.all()
    return Case.objects.filter(seen(viewer))


def cases(viewer: Viewer, *, unit: Unit | None = None) -> QuerySet[Case]:
    """The default list: kinds that count, with all that a list shows; `unit` keeps it, leads it or has a part in it."""
    found = all_cases(viewer).filter(kind__in=COUNTED)
    if unit:
        found = found.filter(of_unit(unit))
    return shown(found)


def of_unit(unit: Unit) -> Q:
    parts = CasePart.objects.filter(unit__path__startswith=unit.path, ended_at__isnull=True)
    return Q(unit__path__startswith=unit.path) | Q(pk__in=parts.values("case"))


def shown(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.select_related("category", "lead", "place", "unit")


def case(viewer: Viewer, uid: UUID) -> Case:
    """The case, with all that its page shows; Missing where the viewer may not see it."""
    rows = shown(Case.everything.filter(seen(viewer), uid=uid))
    found = rows.select_related(
        "place__type", "leader__unit", "handler__unit", "opened_by__unit", "opened_for", "into", "parent",
        "relapse_of", "fixed_by", "source__file",
    ).first()  # fmt: skip
    if found is None:
        raise Missing
    return found


def by_number(viewer: Viewer, written: str) -> Case | None:
    return all_cases(viewer).filter(number=written.strip()).first()


def steps(row: Case) -> list[CaseStep]:
    """What happened, oldest first, with who did it for whom."""
    photos = Prefetch("photos", queryset=CasePhoto.objects.select_related("evidence"))
    return list(row.steps.select_related("by", "unit").prefetch_related(photos).order_by("id"))


def photos(row: Case) -> list[CasePhoto]:
    copies = Prefetch("evidence__copies", queryset=EvidenceCopy.objects.select_related("file"))
    return list(row.photos.select_related("evidence__file", "evidence__made_by").prefetch_related(copies))


def parts(row: Case) -> list[CasePart]:
    """Who has a part in it now, the lead first, then the assisting units, then those that got a copy."""
    order = {Part.LEAD: 0, Part.ASSIST: 1, Part.COPY: 2}
    standing = row.parts.filter(ended_at__isnull=True).select_related("unit")
    return sorted(standing, key=lambda part: (order[Part(part.part)], part.pk))


def categories(*, for_citizens: bool = False, keep: object = None) -> QuerySet[CaseCategory]:
    rows = reference.offered(CaseCategory.objects.all(), keep=keep)
    return rows.filter(for_citizens=True) if for_citizens else rows


# ---- the noun ----


def case_refs(viewer: Viewer, uids: Collection[UUID]) -> dict[UUID, Ref]:
    return {
        row.uid: Ref(row.uid, str(row), reverse("case", args=[row.uid]), row.source_label)
        for row in Case.objects.filter(seen(viewer), uid__in=uids).select_related("source__file")
    }


def case_digests(uids: Collection[UUID]) -> Mapping[UUID, str]:
    rows = Case.objects.filter(uid__in=uids).select_related("lead", "category")
    return {row.uid: digest(_figures(row)) for row in rows}


def _figures(row: Case) -> dict[str, Any]:
    """What a figure is made of: what changes here, changes what it counts."""
    return {
        "uid": row.uid,
        "kind": row.kind,
        "category": row.category_id,
        "lead": row.lead.uid if row.lead else None,
        "state": row.state,
        "received": row.received_at,
        "filed": row.filed_at,
        "due": row.fix_due_at,
        "closed": row.closed_at,
        "on_time": row.on_time,
    }


def overdue() -> Q:
    """Open, and past the end of the running phase."""
    return Q(due_at__lt=clock.now(), state__in=workflow.OPEN)


def children(viewer: Viewer, row: Case) -> QuerySet[Case]:
    """The cases that were opened under this one."""
    return shown(all_cases(viewer).filter(parent=row)).order_by("lead__path", "number")


def narrowed(rows: QuerySet[Case], query: Mapping[str, str]) -> QuerySet[Case]:
    """What an address asks for beyond the list's own filters: the lead (and below), since when closed, in time, and
    the box on the map (west,south,east,north). Raises Refused for a box that cannot be read.
    """
    if query.get("lead"):
        lead = Unit.objects.filter(code=query["lead"]).first()
        rows = rows.filter(lead__path__startswith=lead.path) if lead else rows.none()
    if since := parse_date(query.get("closed", "")):
        rows = rows.filter(closed_at__gte=clock.midnight(since))
    if query.get("in_time"):
        rows = rows.filter(on_time=True)
    if query.get("box"):
        rows = rows.filter(points_in_box(read_viewport({"bbox": query["box"]}).box))
    return rows
