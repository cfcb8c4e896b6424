"""What the pages ask that change a unit: its values, what hinders its closing, whom a move touches, its past."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangwen.core import clock
from chuangwen.core.models import Event
from chuangwen.people.access import Viewer, label_of_persons, label_of_units, open_units
from chuangwen.people.models import Grant, Level, Unit, UnitKind
from chuangwen.people.rules import Perm, ancestor_paths

HISTORY, NAMED = 20, 10
UNIT_COLUMNS: Mapping[str, Promise] = {
    "name": gettext_lazy("名称"),
    "short_name": gettext_lazy("简称"),
    "name_en": gettext_lazy("英文名称"),
    "kind": gettext_lazy("类别"),
    "level": gettext_lazy("层级"),
    "division_code": gettext_lazy("区划代码"),
    "credit_code": gettext_lazy("统一社会信用代码"),
    "phone": gettext_lazy("值班电话"),
}
VERBS: Mapping[str, Promise] = {
    "unit.founded": gettext_lazy("建立城市"),
    "unit.added": gettext_lazy("增加单位"),
    "group.founded": gettext_lazy("成立工作机构"),
    "unit.edited": gettext_lazy("改单位"),
    "unit.moved": gettext_lazy("移单位到别的上级"),
    "unit.closed": gettext_lazy("停用单位"),
    "unit.reopened": gettext_lazy("恢复单位"),
}


def unit_values(unit: Unit) -> dict[str, Any]:
    """The columns that one may edit, as JSON holds them."""
    keys = {"kind": unit.kind_id, "level": unit.level_id}
    return {column: keys[column] if column in keys else getattr(unit, column) for column in UNIT_COLUMNS}


@dataclass(frozen=True)
class Difference:
    label: str | Promise
    before: str
    after: str


def unit_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """In the order of the columns, kinds and levels by their names."""
    changed = [column for column in UNIT_COLUMNS if column in after and before.get(column) != after[column]]
    return [
        Difference(UNIT_COLUMNS[column], _shown(column, before.get(column)), _shown(column, after[column]))
        for column in changed
    ]


def _shown(column: str, value: Any) -> str:
    if value in (None, ""):
        return "—"
    if column == "kind":
        return str(UnitKind.objects.filter(pk=value).first() or value)
    if column == "level":
        return str(Level.objects.filter(pk=value).first() or value)
    return str(value)


@dataclass(frozen=True)
class Hindrance:
    """Something that still hangs on a unit: how many, and those of them that the viewer may open."""

    label: str | Promise
    count: int
    named: list[tuple[str, str]] = field(default_factory=list)


HindranceFinder = Callable[[Viewer, Unit], Iterable[Hindrance]]

_finders: list[HindranceFinder] = []


def add_hindrances(finder: HindranceFinder) -> None:
    """An upper app says what of its own keeps a unit from being closed; adding twice counts once."""
    if finder not in _finders:
        _finders.append(finder)


def what_hinders_closing(viewer: Viewer, unit: Unit) -> list[Hindrance]:
    """All that stands on the unit is counted, here and in the apps above; only what the viewer may see is named."""
    found = [*_own_hindrances(viewer, unit), *(each for finder in _finders for each in finder(viewer, unit))]
    return [each for each in found if each.count]


def _own_hindrances(viewer: Viewer, unit: Unit) -> list[Hindrance]:
    today = clock.today()
    children = unit.children.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=today), withdrawn_at__isnull=True)
    persons = unit.persons.filter(left_on__isnull=True, withdrawn_at__isnull=True)
    grants = unit.grants.filter(Q(until__isnull=True) | Q(until__gte=today)).select_related("person", "role")
    members = unit.memberships.filter(until__isnull=True, withdrawn_at__isnull=True).select_related("person")
    offices = unit.office_of.filter(unit__closed_on__isnull=True).select_related("unit")
    units_seen, persons_seen = viewer.can(Perm.UNIT_VIEW, unit), viewer.can(Perm.PERSON_VIEW, unit)
    own = reverse("unit", args=[unit.code])
    return [
        Hindrance(
            gettext_lazy("在用的下级单位和工作机构"),
            children.count(),
            [(str(row), reverse("unit", args=[row.code])) for row in children[:NAMED]] if units_seen else [],
        ),
        Hindrance(
            pgettext_lazy("noun", "人员"),
            persons.count(),
            [(str(row), reverse("person", args=[row.uid])) for row in persons[:NAMED]] if persons_seen else [],
        ),
        Hindrance(
            gettext_lazy("没有到期的授权"),
            grants.count(),
            [(f"{row.person} {row.role}", own) for row in grants[:NAMED]] if persons_seen else [],
        ),
        Hindrance(
            gettext_lazy("没有结束的组内职务"),
            members.count(),
            [(str(row), own) for row in members[:NAMED]] if persons_seen else [],
        ),
        Hindrance(
            gettext_lazy("办公室设在这里的工作机构"),
            offices.count(),
            [(str(row.unit), reverse("unit", args=[row.unit.code])) for row in offices[:NAMED]] if units_seen else [],
        ),
    ]


def parents_for(viewer: Viewer, unit: Unit) -> QuerySet[Unit]:
    """Where a unit may be moved: open units that the viewer manages, no groups, nothing of its own."""
    managed = open_units(viewer, Perm.UNIT_MANAGE).filter(kind__is_group=False)
    return managed.exclude(path__startswith=unit.path).exclude(children=unit).order_by("path")


@dataclass(frozen=True)
class Reach:
    """How many persons hold rights over a unit from above, and how many units stand under it."""

    holders: int
    below: int


def reach_of(unit: Unit) -> Reach:
    """Counts only: a move ends the reach of these grants, whoever they are."""
    today = clock.today()
    in_force = Q(since__lte=today) & (Q(until__isnull=True) | Q(until__gte=today))
    above = Grant.objects.filter(in_force, unit__path__in=ancestor_paths(unit.path)[:-1])
    below = Unit.objects.filter(path__startswith=unit.path).exclude(pk=unit.pk)
    return Reach(above.values("person").distinct().count(), below.count())


@dataclass(frozen=True)
class Past:
    """One thing that was done to a unit."""

    at: datetime
    actor: str
    verb: str | Promise
    differences: list[Difference]


def unit_history(unit: Unit) -> list[Past]:
    """Who changed what about the unit, the latest first."""
    found = Event.objects.filter(noun="unit", subject_uid=unit.uid, verb__in=list(VERBS)).select_related("detail")
    done = list(found.order_by("-id")[:HISTORY])
    actors = label_of_persons(event.actor_uid for event in done)
    units = label_of_units({uid for event in done for uid in _ends(event)})
    return [Past(event.at, actors.get(event.actor_uid, ""), VERBS[event.verb], _told(event, units)) for event in done]


def _ends(event: Event) -> list[Any]:
    return [event.data[end] for end in ("from", "to") if event.data.get(end)]


def _told(event: Event, units: Mapping[Any, str]) -> list[Difference]:
    if event.verb == "unit.moved":
        names = {str(uid): name for uid, name in units.items()}
        return [Difference(_("上级"), names.get(event.data["from"], "—"), names.get(event.data["to"], "—"))]
    detail = getattr(event, "detail", None)
    if event.verb != "unit.edited" or detail is None:
        return []
    said = json.loads(detail.text)
    return unit_differences(said["before"], said["after"])
