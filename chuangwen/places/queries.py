"""What pages ask about places. Every query starts from what the viewer may see.

A viewer sees the places of the units over which they hold `place.view`, those for which such a unit answers, and the
ground of the whole city.
"""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import shapely
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import pgettext_lazy
from shapely.geometry.base import BaseGeometry

from chuangwen.core import clock, reference
from chuangwen.core.digests import digest
from chuangwen.core.errors import Missing
from chuangwen.core.models import Event
from chuangwen.core.registry import Ref
from chuangwen.people.access import Viewer
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm
from chuangwen.places import rules
from chuangwen.places.models import Layer, Place, PlaceType, Responsibility

PLACE_LABEL = pgettext_lazy("noun", "点位")
CITY = "city_area"


def standing() -> Q:
    """The responsibilities that have not ended; the last day belongs to them."""
    return Q(until__isnull=True) | Q(until__gte=clock.today())


def seen(viewer: Viewer) -> Q:
    """The condition under which a viewer sees a place."""
    if not viewer.can(Perm.PLACE_VIEW):
        return Q(pk__in=[])
    if viewer.can_over_city(Perm.PLACE_VIEW):
        return Q()
    in_charge = Responsibility.objects.filter(standing(), viewer.scope(Perm.PLACE_VIEW), place=OuterRef("pk"))
    return viewer.scope(Perm.PLACE_VIEW) | Q(type__layer=Layer.BASE) | Q(Exists(in_charge))


def all_places(viewer: Viewer) -> QuerySet[Place]:
    """What stands, ground and closed ones too."""
    return Place.objects.filter(seen(viewer))


def of_unit(unit: Unit) -> Q:
    """Places that the unit, or one below it, keeps or answers for."""
    below = Q(unit__path__startswith=unit.path)
    return below | Q(Exists(Responsibility.objects.filter(standing(), below, place=OuterRef("pk"))))


def places(viewer: Viewer, *, unit: Unit | None = None) -> QuerySet[Place]:
    """The register: what is looked after, with all that a list shows; `unit` keeps it or answers for it."""
    found = all_places(viewer).filter(type__layer=Layer.REGISTER)
    if unit:
        found = found.filter(of_unit(unit))
    charges_now = Responsibility.objects.filter(standing()).select_related("unit", "person")
    return found.select_related("type", "unit", "source__file").prefetch_related(
        Prefetch("responsibilities", queryset=charges_now, to_attr="charges")
    )


def place(viewer: Viewer, uid: UUID) -> Place:
    found = places_with_ground(viewer).filter(uid=uid, withdrawn_at__isnull=True).first()
    if found is None:
        raise Missing
    return found


def place_even_withdrawn(viewer: Viewer, uid: UUID) -> Place:
    found = places_with_ground(viewer).filter(uid=uid).first()
    if found is None:
        raise Missing
    return found


def places_with_ground(viewer: Viewer) -> QuerySet[Place]:
    return Place.everything.filter(seen(viewer)).select_related("type", "unit", "source__file")


def mark(row: Place) -> str:
    """Changes when the place does in a way that matters to who acts on many: what it is called, its type, whether it
    is in use.
    """
    return digest([row.name, row.type_id, row.code, row.address, row.closed_on])[:12]


def types(*, layer: str = Layer.REGISTER) -> QuerySet[PlaceType]:
    """The types that one chooses from today."""
    return reference.offered(PlaceType.objects.filter(layer=layer))


def types_in_use(viewer: Viewer) -> QuerySet[PlaceType]:
    """Types of which the viewer sees a place, for filters."""
    there = all_places(viewer).filter(type=OuterRef("pk")).order_by()
    return PlaceType.objects.filter(Exists(there), layer=Layer.REGISTER)


def city_boundary() -> BaseGeometry | None:
    """The city's own outline, or None while none was entered."""
    outlines = Place.objects.filter(type=CITY, closed_on__isnull=True).values_list("geometry", flat=True)
    shapes = [shapely.geometry.shape(each) for each in outlines]
    return shapely.union_all(shapes) if shapes else None


def in_city(lon: float, lat: float) -> bool:
    """Whether a point lies in the city, as far as its outline was entered."""
    outline = city_boundary()
    return outline is None or bool(outline.covers(shapely.Point(lon, lat)))


def charges(place_row: Place) -> list[Responsibility]:
    """Who answers for the place, in whatever season, and who did before, the standing ones first."""
    rows = Responsibility.objects.filter(place=place_row).select_related("unit", "person", "place__unit")
    now = set(rows.filter(standing()).values_list("pk", flat=True))
    return sorted(rows, key=lambda row: (row.pk not in now, row.charge, row.pk))


def in_charge_today(place_row: Place) -> list[Responsibility]:
    today = clock.today()
    rows = Responsibility.objects.filter(standing(), place=place_row, since__lte=today).select_related("unit")
    return [row for row in rows if rules.in_season(today, row.season_from, row.season_to)]


def responsibility(viewer: Viewer, uid: UUID) -> Responsibility:
    rows = Responsibility.objects.select_related("place__unit", "place__type", "unit", "person")
    found = rows.filter(uid=uid, place__in=places_with_ground(viewer)).first()
    if found is None:
        raise Missing
    return found


def history(place_row: Place) -> list[Event]:
    """What happened to a place, newest first."""
    return list(Event.objects.filter(noun="place", subject_uid=place_row.uid).select_related("detail").order_by("-id"))


def of_import(rows: QuerySet[Place], written: str) -> QuerySet[Place]:
    """The places that came with one import, or for which it says who answers; nonsense finds nothing."""
    if not written:
        return rows
    try:
        source = UUID(written)
    except ValueError:
        return rows.none()
    charged = Responsibility.objects.filter(source__uid=source, place=OuterRef("pk"))
    return rows.filter(Q(source__uid=source) | Q(Exists(charged)))


def place_refs(viewer: Viewer, uids: Collection[UUID]) -> Mapping[UUID, Ref]:
    rows = places_with_ground(viewer).filter(uid__in=uids)
    return {row.uid: Ref(row.uid, str(row), reverse("place", args=[row.uid]), row.source_label) for row in rows}


def place_digests(uids: Collection[UUID]) -> Mapping[UUID, str]:
    """What a figure could depend on: what a place is, whose, where, and whether it is open."""
    fields: list[Any] = ["unit_id", "type_id", "lon", "lat", "closed_on"]
    rows = Place.objects.filter(uid__in=uids).values_list("uid", *fields)
    return {uid: digest(values) for uid, *values in rows}
