"""What the page of a place says beyond its own row: how long or large it is, what is near, what looks like it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangwen.core import clock
from chuangwen.core.errors import Missing, Refused
from chuangwen.people.access import Viewer, label_of_persons
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm
from chuangwen.places import geometry, map_queries, nearby, queries
from chuangwen.places.importing_likeness import Known, Likeness
from chuangwen.places.models import Layer, Place, Responsibility
from chuangwen.places.nearby import Near, shape_of

NEAREST, PAIRS, FARTHEST = 5, 200, 50_000
VERBS = {
    "place.added": gettext_lazy("登记"),
    "place.changed": gettext_lazy("修改"),
    "place.moved": gettext_lazy("移动位置"),
    "place.closed": gettext_lazy("停用"),
    "place.reopened": gettext_lazy("恢复使用"),
    "place.withdrawn": gettext_lazy("撤回"),
    "place.charge_given": gettext_lazy("写明负责单位"),
    "place.charge_ended": gettext_lazy("结束负责"),
}


def measure(place: Place) -> str:
    """How long a line is, how large an area; nothing of a point."""
    found = shape_of(place)
    if found.geom_type.endswith("LineString"):
        metres = geometry.length_metres(found)
        return _("长 %(metres)s 米") % {"metres": f"{metres:,.0f}"}
    if found.geom_type.endswith("Polygon"):
        hectares = geometry.area_square_metres(found) / 10_000
        return _("面积 %(hectares)s 公顷") % {"hectares": f"{hectares:,.1f}"}
    return ""


def nearest(viewer: Viewer, place: Place) -> list[Near]:
    """The nearest places of the register, without the place itself."""
    found = nearby.nearest(queries.places(viewer).filter(closed_on__isnull=True), (place.lon, place.lat), NEAREST + 1)
    return [near for near in found if near.place.pk != place.pk][:NEAREST]


def alike(viewer: Viewer, place: Place) -> list[Near]:
    if place.type.layer == Layer.BASE or place.withdrawn_at:
        return []
    at = (place.lon, place.lat)
    return nearby.alike(queries.places(viewer), type_code=place.type_id, name=place.name, at=at, but=place)


def pairs(viewer: Viewer) -> list[tuple[Known, Known, float]]:
    """Pairs of open places that look like one entered twice, nearest first, so many as a person goes through."""
    rows = queries.all_places(viewer).filter(type__layer=Layer.REGISTER, closed_on__isnull=True)
    likeness = Likeness(rows.none())
    found = [
        (Known(uid, type_code, name, (lon, lat)), other, metres)
        for uid, type_code, name, lon, lat in rows.order_by("pk").values_list("uid", "type_id", "name", "lon", "lat")
        for other, metres in likeness.of(uid, type_code, name, (lon, lat))
    ]
    return sorted(found, key=lambda pair: pair[2])[:PAIRS]


@dataclass(frozen=True)
class Around:
    """The places within so many metres of a place, or, at 0, those that lie in it whole."""

    centre: Place
    metres: int
    keys: list[int]


def around(viewer: Viewer, centre_uid: str, written: str) -> Around | None:
    """What the address `?near=…&m=…` asks for; None without it. Raises Missing and Refused."""
    if not centre_uid:
        return None
    try:
        uid = UUID(centre_uid)
    except ValueError as error:
        raise Missing from error
    centre = queries.place(viewer, uid)
    metres = int(written) if written.isdecimal() and len(written) < 6 else -1
    if metres < 0 or metres > FARTHEST:
        raise Refused(
            _("“%(written)s”不是这里能查的距离") % {"written": written},
            where="m",
            mend=_("写 0 到 %(most)s 的整数，单位是米；0 是在范围之内") % {"most": FARTHEST},
        )
    rows, shape = queries.places(viewer).prefetch_related(None).order_by(), shape_of(centre)
    if metres:
        keys = [near.place.pk for near in nearby.within(rows.exclude(pk=centre.pk), shape, metres)]
    else:
        keys = [found.pk for found in nearby.inside(rows.exclude(pk=centre.pk), shape)]
    return Around(centre, metres, keys)


def listed(viewer: Viewer, asked: QueryDict, *, unit: Unit | None, around: Around | None) -> QuerySet[Place]:
    """What the address of the list is about, before its filters: places of a unit, an import, a drawn shape, nearby."""
    rows = queries.of_import(queries.places(viewer, unit=unit), asked.get("import", ""))
    drawn = asked.get("in")
    if drawn:
        rows = rows.filter(pk__in=map_queries.selected(viewer, drawn))
    return rows.filter(pk__in=around.keys) if around else rows


@dataclass(frozen=True)
class Charged:
    """Who answers for the place, as this viewer may read it."""

    row: Responsibility
    standing: bool
    today: bool
    person: str


def charges(viewer: Viewer, place: Place) -> list[Charged]:
    """A unit is public; its person is named to those who may see the persons of that unit."""
    today = {row.pk for row in queries.in_charge_today(place)}
    return [
        Charged(
            row=row,
            standing=row.until is None or row.until >= clock.today(),
            today=row.pk in today,
            person=f"{row.person} {row.person.title}".strip()
            if row.person and viewer.can(Perm.PERSON_VIEW, row.unit)
            else "",
        )
        for row in queries.charges(place)
    ]


def history(viewer: Viewer, place: Place) -> list[dict[str, Any]]:
    """What happened to it, newest first: when and what, with the distance of a move; who and why for those who may
    see the persons of the unit.
    """
    events = queries.history(place)
    open_to = viewer.can(Perm.PERSON_VIEW, place.unit)
    names = label_of_persons(event.actor_uid for event in events) if open_to else {}
    return [
        {
            "at": event.at,
            "who": names.get(event.actor_uid, ""),
            "what": VERBS.get(event.verb, event.verb),
            "metres": event.data.get("metres"),
            "detail": getattr(getattr(event, "detail", None), "text", "") if open_to else "",
        }
        for event in events
    ]
