"""What pages ask about cases. Every query starts from `seen`: what the viewer may see."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from chuangwen.cases import areas, workflow
from chuangwen.cases.models import (
    OPEN,
    Case,
    CaseCategory,
    CasePart,
    CasePhoto,
    CasePolicy,
    CaseStep,
    Channel,
    Part,
    Reporter,
)
from chuangwen.core import clock, reference
from chuangwen.core.digests import digest
from chuangwen.core.errors import Missing, Refused
from chuangwen.core.registry import Ref
from chuangwen.evidence.models import EvidenceCopy
from chuangwen.people.access import Viewer
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm
from chuangwen.places.map_queries import read_viewport
from chuangwen.places.models import Place
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
    part in it; who is named in it, or is deputy today of who is; who entered it. A confidential one asks for that
    permission besides.
    """
    return Q(confidential=False) & _open_to(viewer) | _named(viewer) | _confided(viewer)


def _named(viewer: Viewer) -> Q:
    persons = viewer.as_persons
    return Q(handler__in=persons) | Q(leader__in=persons) | Q(opened_by=viewer.person.pk)


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


# ---- who brought it ----


@dataclass(frozen=True)
class ReporterFacts:
    """What a case page says of who brought it: that they left a name or a telephone, never which."""

    has_name: bool
    has_contact: bool
    satisfied: bool | None
    forgotten: bool

    @property
    def is_anonymous(self) -> bool:
        return not self.has_name and not self.has_contact


def reporter(viewer: Viewer, row: Case) -> ReporterFacts | None:
    """None where nobody from outside brought it, or where the viewer may not know. To read name and telephone is an
    act of its own (`services.see_reporter`), which leaves an Event.
    """
    if not viewer.can(Perm.CASE_CONFIDENTIAL, row.unit):
        return None
    found = Reporter.objects.filter(case=row).first()
    if found is None:
        return None
    return ReporterFacts(bool(found.name), bool(found.contact), found.satisfied, found.forgotten_at is not None)


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
    return Q(due_at__lt=clock.now())


def children(viewer: Viewer, row: Case) -> QuerySet[Case]:
    """The cases that were opened under this one."""
    return shown(all_cases(viewer).filter(parent=row)).order_by("lead__path", "number")


def narrowed(rows: QuerySet[Case], query: Mapping[str, str]) -> QuerySet[Case]:
    """What an address asks for beyond the list's own filters: the lead (and below; `only` leaves out what is below),
    since when closed, in time, category, place, under which case, of which reception day and leader, watched by which
    group, visited, and the box on the map (west,south,east,north). Raises Refused for a box that cannot be read.
    """
    if query.get("lead"):
        rows = rows.filter(_led(query["lead"], only=bool(query.get("only"))))
    if since := parse_date(query.get("closed", "")):
        rows = rows.filter(closed_at__gte=clock.midnight(since))
    if query.get("in_time"):
        rows = rows.filter(on_time=True)
    if query.get("category"):
        rows = rows.filter(category=query["category"])
    if query.get("parent"):
        rows = rows.filter(parent__number=query["parent"])
    if query.get("box"):
        rows = rows.filter(points_in_box(read_viewport({"bbox": query["box"]}).box))
    return _visited(_received(_watched(_at_place(rows, query), query), query), query)


def _at_place(rows: QuerySet[Case], query: Mapping[str, str]) -> QuerySet[Case]:
    if not query.get("place"):
        return rows
    try:
        return rows.filter(place__uid=UUID(query["place"]))
    except ValueError:
        return rows.none()


NOBODY = "-"


def _led(code: str, *, only: bool) -> Q:
    if code == NOBODY:
        return Q(lead__isnull=True)
    lead = Unit.objects.filter(code=code).first()
    if lead is None:
        return Q(pk__in=[])
    return Q(lead=lead) if only else Q(lead__path__startswith=lead.path)


def _received(rows: QuerySet[Case], query: Mapping[str, str]) -> QuerySet[Case]:
    if day := parse_date(query.get("reception", "")):
        rows = rows.filter(petition__day=day)
    return rows.filter(petition__received_by__code=query["receiver"]) if query.get("receiver") else rows


def _watched(rows: QuerySet[Case], query: Mapping[str, str]) -> QuerySet[Case]:
    if not query.get("watch"):
        return rows
    return rows.filter(areas.open_cases_of(areas.in_force().filter(group__code=query["watch"])))


NEVER, EVER = "never", "ever"


def _visited(rows: QuerySet[Case], query: Mapping[str, str]) -> QuerySet[Case]:
    """`visited`: in the last so many days, `ever` or `never`."""
    asked = query.get("visited", "")
    if asked == NEVER:
        return rows.exclude(visits())
    if asked == EVER:
        return rows.filter(visits())
    return rows.filter(visits(int(asked))) if asked in {"7", "30"} else rows


def visits(days: int | None = None) -> Q:
    """The condition that somebody who supervises was there, ever or in the last so many days."""
    steps = CaseStep.objects.filter(case=OuterRef("pk"), verb="visit").order_by()
    if days:
        steps = steps.filter(at__gte=clock.midnight(clock.today() - timedelta(days=days)))
    return Q(Exists(steps))


def standing_at(places: Collection[Place], category: CaseCategory) -> dict[int, Case]:
    """The open case of this category at each of these places, by the place's key; whoever asks, as with deadlines:
    that something is under way is no secret, what it says is (`seen`).
    """
    rows = Case.objects.filter(
        OPEN, place__in=[place.pk for place in places], category=category, confidential=False
    ).order_by("pk")
    return {row.place_id: row for row in rows if row.place_id}


def open_ticket(number: str) -> Case | None:
    """The case that is open under a number of the hotline."""
    rows = Case.objects.filter(OPEN, external=number.strip(), channel=Channel.HOTLINE)
    return rows.select_related("unit", "lead").first()


def counts_below(viewer: Viewer, parent: Case) -> dict[int | None, dict[str, int]]:
    """Of the cases under this one that the viewer sees, by the key of the lead: all, open, late, done."""
    rows = all_cases(viewer).filter(parent=parent).order_by().values("lead")
    counted = rows.annotate(
        all=Count("pk"),
        open=Count("pk", filter=Q(due_at__isnull=False)),
        late=Count("pk", filter=overdue()),
        done=Count("pk", filter=Q(state__in=workflow.DONE)),
    )
    found: list[dict[str, Any]] = [dict(row) for row in counted]
    return {row.pop("lead"): row for row in found}


def units_by_code(codes: Collection[str]) -> dict[str, Unit]:
    """Units that stand, by code: what a page has chosen among those that it offered."""
    return {row.code: row for row in Unit.objects.filter(code__in=[code for code in codes if code])}


def category_written(code: str) -> CaseCategory | None:
    """The category of a code that a program sent; nothing where none was sent. Raises Refused for an unknown one."""
    if not code:
        return None
    found = categories().filter(code=code).first()
    if found is None:
        raise Refused(_("没有“%(code)s”这个类别") % {"code": code}, where="category", mend=_("看“设置”里的事项类别"))
    return found


def unit_written(code: str) -> Unit | None:
    """As `category_written`, for a unit to which a case goes."""
    if not code:
        return None
    found = Unit.objects.filter(code=code).first()
    if found is None:
        raise Refused(_("没有“%(code)s”这个单位") % {"code": code}, where="lead", mend=_("写单位的代码"))
    return found


def case_written(viewer: Viewer, number: str) -> Case | None:
    """As `category_written`, for a case that the viewer sees, by its number."""
    if not number:
        return None
    found = by_number(viewer, number)
    if found is None:
        raise Refused(_("没有这个编号的事项"), where="into", mend=_("写成 2611-0512 这样"))
    return found
