"""What pages ask about supervision: which group has which cases, where it has been, where it should go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from urllib.parse import urlencode

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from chuangwen.cases import areas, queries
from chuangwen.cases.models import Case, CaseStep, Watch
from chuangwen.core import clock
from chuangwen.people.access import Viewer
from chuangwen.people.models import Membership, Unit
from chuangwen.people.rules import Perm
from chuangwen.places import queries as places
from chuangwen.places.models import Place

MOST_TO_VISIT = 40
# Whoever was there within so many days need not go again.
FRESH_DAYS = 7
AREAL = ("area", "grid", "district_area")
NUMBERS: Mapping[str, Mapping[str, str]] = {
    "open": {},
    "late": {"view": "over"},
    "supervised": {"view": "supervised"},
    "week": {"visited": "7"},
    "month": {"visited": "30"},
    "ever": {"visited": queries.EVER},
    "never": {"visited": queries.NEVER},
}


@dataclass(frozen=True)
class Group:
    """A group with what it supervises, and of the open cases there how many are what; `numbers` and `urls` share their
    keys: open, late, supervised, visited in the last 7 (`week`) and 30 days (`month`), ever, never.
    """

    unit: Unit
    watches: Sequence[Watch]
    numbers: Mapping[str, int]
    urls: Mapping[str, str] = field(default_factory=dict)


def may_part(viewer: Viewer) -> bool:
    """Whether the viewer says who supervises what."""
    return viewer.can_over_city(Perm.CASE_SUPERVISE) or viewer.can_over_city(Perm.CASE_DISPATCH)


def watches(viewer: Viewer) -> QuerySet[Watch]:
    """Those of today which the viewer may know of: all, for who parts them; else their own groups'."""
    rows = areas.in_force().order_by("group__path", "id")
    return rows if may_part(viewer) else rows.filter(viewer.scope(Perm.CASE_SUPERVISE, "group"))


def groups(viewer: Viewer) -> list[Group]:
    """The groups with their figures, of the cases that the viewer sees: as many as a city has, some ten."""
    return [
        _group(viewer, unit, list(rows)) for unit, rows in groupby(watches(viewer), key=lambda row: row.group)
    ]  # fmt: skip


def _group(viewer: Viewer, unit: Unit, rows: list[Watch]) -> Group:
    found = _open(viewer, rows)
    been, week, month = queries.visits(), queries.visits(7), queries.visits(30)
    numbers = found.order_by().aggregate(
        open=Count("pk"),
        late=Count("pk", filter=queries.overdue()),
        supervised=Count("pk", filter=Q(supervised=True)),
        week=Count("pk", filter=week),
        month=Count("pk", filter=month),
        ever=Count("pk", filter=been),
    )
    numbers["never"] = numbers["open"] - numbers["ever"]
    urls = {name: reverse("cases") + "?" + urlencode({"watch": unit.code, **asked}) for name, asked in NUMBERS.items()}
    return Group(unit, rows, numbers, urls)


def _open(viewer: Viewer, rows: Sequence[Watch]) -> QuerySet[Case]:
    return queries.all_cases(viewer).filter(areas.open_cases_of(rows), kind__in=queries.COUNTED)


def my_groups(viewer: Viewer) -> list[Unit]:
    """The groups in which the viewer is, by post or membership; of who is in none, all for which they supervise."""
    today = clock.today()
    member = Membership.objects.filter(Q(until__isnull=True) | Q(until__gte=today), person=viewer.person)
    rows = areas.in_force().filter(viewer.scope(Perm.CASE_SUPERVISE, "group"))
    own = rows.filter(Q(group=viewer.person.unit_id) | Q(group__in=member.values("group")))
    return list(Unit.objects.filter(pk__in=(own if own.exists() else rows).values("group")).order_by("path"))


def to_visit(viewer: Viewer, groups: Sequence[Unit]) -> list[Case]:
    """The open cases of these groups, those first that nobody has visited, the oldest of them first; then those whose
    last visit is longest ago. So many as one goes to in some days.
    """
    rows = _open(viewer, list(areas.in_force().filter(group__in=groups)))
    last = CaseStep.objects.filter(case=OuterRef("pk"), verb="visit").order_by("-at").values("at")[:1]
    rows = queries.shown(rows.annotate(last_visit=Subquery(last)))
    found = list(rows.exclude(queries.visits()).order_by("received_at", "pk")[:MOST_TO_VISIT])
    again = rows.filter(queries.visits()).exclude(queries.visits(FRESH_DAYS)).order_by(F("last_visit"), "pk")
    return found + list(again[: MOST_TO_VISIT - len(found)])


def groups_to_choose() -> QuerySet[Unit]:
    return Unit.objects.filter(kind__is_group=True, closed_on__isnull=True).order_by("path")


def areas_to_choose(viewer: Viewer) -> QuerySet[Place]:
    return places.all_places(viewer).filter(type__in=AREAL, closed_on__isnull=True).order_by("type__sort", "name")
