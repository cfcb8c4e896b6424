"""What one does with places: enter, change, move, close, withdraw them, and say who answers for them."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from chuangwen.core import clock, events, reference
from chuangwen.core.errors import Conflict, Refused
from chuangwen.core.models import Event
from chuangwen.people.access import Viewer, require, require_open, require_over_city
from chuangwen.people.models import Person, Unit
from chuangwen.people.rules import Perm
from chuangwen.places import geometry, geometry_messages, queries
from chuangwen.places.geometry import BadGeometry
from chuangwen.places.models import Charge, Layer, Place, PlaceType, Responsibility, Shape


def load_reference(tables: Mapping[str, Any]) -> dict[str, int]:
    """Bring the types of place to what the reference file says, but for those that were edited here."""
    return {"place_types": reference.bring(PlaceType, tables["place_types"])}


def located(found: BaseGeometry) -> dict[str, Any]:
    """The columns of a Place that say where it lies."""
    found = geometry.rounded(found)
    measured = geometry.measured(found)
    west, south, east, north = measured.box
    coarse, middle, fine = measured.cells
    return {
        "geometry": geometry.as_geojson(found),
        "lon": measured.lon,
        "lat": measured.lat,
        "min_lon": west,
        "min_lat": south,
        "max_lon": east,
        "max_lat": north,
        "extended": found.geom_type != "Point",
        "cell_coarse": coarse,
        "cell_middle": middle,
        "cell_fine": fine,
    }


def _checked(written: Any, place_type: PlaceType, *, in_city: bool = True) -> BaseGeometry:
    """The geometry, in the city and of a shape that the type takes: its own, or a point that stands for it."""
    try:
        found = geometry.read(written)
        geometry.require_in_city(found, queries.city_boundary() if in_city else None)
    except BadGeometry as bad:
        raise geometry_messages.refused(bad) from bad
    if not fits(found, place_type):
        raise Refused(
            _("“%(type)s”不画成%(shape)s")
            % {"type": place_type, "shape": Shape(geometry.SHAPES[found.geom_type]).label},
            where="geometry",
            mend=_("画成%(shape)s，或先标一个点") % {"shape": place_type.get_shape_display()},
        )
    return found


def fits(found: BaseGeometry, place_type: PlaceType) -> bool:
    """Whether a place of that type may be drawn so; a point may stand for what has no outline yet."""
    shape = geometry.SHAPES[found.geom_type]
    return shape in {place_type.shape, Shape.POINT} if place_type.layer == Layer.REGISTER else shape == place_type.shape


@transaction.atomic
def add_place(
    actor: Viewer,
    *,
    unit: Unit,
    place_type: PlaceType,
    name: str,
    written: Any,
    code: str = "",
    address: str = "",
    uid: UUID | None = None,
) -> Place:
    """Enter a place whose geometry is GeoJSON in WGS-84. The same uid from the same person is the same place."""
    _require(actor, unit, place_type)
    there = Place.everything.filter(uid=uid).select_related("unit", "type").first() if uid else None
    if there:
        return _same_again(actor, there)
    require_open(unit)
    _require_offered(place_type)
    _require_free_code(unit, code)
    found = _checked(written, place_type, in_city=place_type.layer == Layer.REGISTER)
    fields = {"unit": unit, "type": place_type, "name": name, "code": code, "address": address, **located(found)}
    try:
        with transaction.atomic():
            place = Place.objects.create(uid=uid or uuid4(), **fields)
    except IntegrityError:
        # Somebody was quicker by a moment: with the same uid it may be oneself.
        there = Place.everything.filter(uid=uid).select_related("unit", "type").first() if uid else None
        if there:
            return _same_again(actor, there)
        _require_free_code(unit, code)
        raise
    _record("place.added", actor, place, {"type": place_type.code, "at": [place.lon, place.lat]})
    return place


def _require(actor: Viewer, unit: Unit, place_type: PlaceType) -> None:
    """The ground belongs to the city: its outline decides what everybody may enter."""
    require(actor, Perm.PLACE_MANAGE, unit)
    if place_type.layer == Layer.BASE:
        require_over_city(actor, Perm.PLACE_MANAGE)


def _require_offered(place_type: PlaceType) -> None:
    if place_type.retired_on and place_type.retired_on <= clock.today():
        raise Refused(
            _("“%(type)s”已停用") % {"type": place_type}, where="type", mend=_("换一个点位类型，或在“设置”里恢复它")
        )


def _same_again(actor: Viewer, place: Place) -> Place:
    added = Event.objects.filter(noun="place", subject_uid=place.uid, verb="place.added").first()
    if added is None or added.actor_uid != actor.uid:
        raise Conflict(_("这个编号的点位是别人建的"), mend=_("换一个编号再建"))
    return place


def _require_free_code(unit: Unit, code: str, *, but: Place | None = None) -> None:
    taken = Place.objects.filter(unit=unit, code=code)
    if code and (taken.exclude(pk=but.pk) if but else taken).exists():
        raise Refused(_("编号 %(code)s 已有点位在用") % {"code": code}, where="code", mend=_("换一个编号"))


@transaction.atomic
def change_place(
    actor: Viewer, *, uid: UUID, place_type: PlaceType, name: str, code: str = "", address: str = ""
) -> Place:
    """Rename or re-type; the same words again change nothing."""
    place = _standing(actor, uid)
    _require(actor, place.unit, place_type)
    if place_type.code != place.type_id:
        _require_offered(place_type)
    _require_free_code(place.unit, code, but=place)
    if not fits(geometry.read(place.geometry), place_type):
        raise Refused(
            _("这个点位已画成别的形状，不能改成“%(type)s”") % {"type": place_type},
            where="type",
            mend=_("先把图形改成一个点，或另建一个点位"),
        )
    wanted = {"type_id": place_type.code, "name": name, "code": code, "address": address}
    was = {key: getattr(place, key) for key in wanted}
    changed = [key for key in wanted if was[key] != wanted[key]]
    if changed:
        Place.objects.filter(pk=place.pk).update(**wanted)
        old = "；".join(f"{key}: {was[key]}" for key in changed)
        _record("place.changed", actor, place, {"fields": sorted(changed)}, detail=old)
    return queries.place(actor, uid)


@transaction.atomic
def move_place(actor: Viewer, *, uid: UUID, written: Any, was: Mapping[str, Any] | None = None) -> Place:
    """Give a place another geometry. `was` is the one that the mover saw: another one there by now is a Conflict."""
    place = _standing(actor, uid)
    found = _checked(written, place.type, in_city=place.type.layer == Layer.REGISTER)
    if was is not None and was != place.geometry:
        raise Conflict(_("这个点位刚被别人移动过"), mend=_("刷新地图，看现在的位置再移"))
    fields = located(found)
    if fields["geometry"] == place.geometry:
        return place
    moved = Place.objects.filter(pk=place.pk, geometry=place.geometry).update(**fields)
    if not moved:
        raise Conflict(_("这个点位刚被别人移动过"), mend=_("刷新地图，看现在的位置再移"))
    metres = geometry.metres_between_points((place.lon, place.lat), (fields["lon"], fields["lat"]))
    data = {"from": place.geometry, "to": fields["geometry"], "metres": round(metres)}
    _record("place.moved", actor, place, data)
    return queries.place(actor, uid)


@transaction.atomic
def close_place(actor: Viewer, *, uid: UUID, reason: str = "") -> Place:
    """From today the place is no longer chosen; what was recorded there stays."""
    place = _standing(actor, uid)
    if Place.objects.filter(pk=place.pk, closed_on__isnull=True).update(closed_on=clock.today()):
        _record("place.closed", actor, place, {}, detail=reason)
    return queries.place(actor, uid)


@transaction.atomic
def reopen_place(actor: Viewer, *, uid: UUID) -> Place:
    place = _standing(actor, uid)
    if Place.objects.filter(pk=place.pk, closed_on__isnull=False).update(closed_on=None):
        _record("place.reopened", actor, place, {})
    return queries.place(actor, uid)


@transaction.atomic
def withdraw_place(actor: Viewer, *, uid: UUID, reason: str) -> Place:
    """A place that was entered by mistake: it stays with its history and is shown nowhere else."""
    place = _standing(actor, uid)
    charges = Responsibility.objects.filter(place=place)
    if charges.filter(queries.standing()).exists():
        raise Refused(_("这个点位还有人负责，不能撤回"), mend=_("先结束负责关系，或改为“停用”"))
    charges.update(withdrawn_at=clock.now())
    Place.objects.filter(pk=place.pk).update(withdrawn_at=clock.now())
    _record("place.withdrawn", actor, place, {}, detail=reason)
    return queries.place_even_withdrawn(actor, uid)


@transaction.atomic
def give_charge(
    actor: Viewer,
    *,
    place_uid: UUID,
    unit: Unit,
    charge: str = Charge.LEAD,
    person: Person | None = None,
    season: tuple[int, int] | None = None,
    since: date | None = None,
) -> Responsibility:
    """Say who answers for a place, how and in which part of the year (month × 100 + day, both ends included)."""
    place = _standing(actor, place_uid)
    require_open(unit)
    if person and not person.unit.path.startswith(unit.path):
        raise Refused(
            _("%(person)s 不是%(unit)s的人") % {"person": person, "unit": unit.label},
            where="person",
            mend=_("选这个单位的人，或不填"),
        )
    start, end = season or (None, None)
    now = Responsibility.objects.filter(queries.standing(), place=place)
    same = now.filter(unit=unit, person=person, charge=charge, season_from=start, season_to=end).first()
    if same:
        return same
    row = Responsibility.objects.create(
        place=place,
        unit=unit,
        person=person,
        charge=charge,
        season_from=start,
        season_to=end,
        since=since or clock.today(),
    )
    data = {"unit": str(unit.uid), "person": str(person.uid) if person else None, "charge": charge}
    _record("place.charge_given", actor, place, data | {"season": list(season) if season else None})
    return row


@transaction.atomic
def end_charge(actor: Viewer, *, uid: UUID) -> Responsibility:
    """From today somebody no longer answers for a place: yesterday was the last day, and what began today never was."""
    row = queries.responsibility(actor, uid)
    require(actor, Perm.PLACE_MANAGE, row.place.unit)
    today = clock.today()
    ending: dict[str, Any] = (
        {"until": today - timedelta(days=1)} if row.since < today else {"withdrawn_at": clock.now()}
    )
    if Responsibility.objects.filter(queries.standing(), pk=row.pk).update(**ending):
        _record("place.charge_ended", actor, row.place, {"unit": str(row.unit.uid), "charge": row.charge})
    return row


def _standing(actor: Viewer, uid: UUID) -> Place:
    """The place, held until the end of the transaction: whoever else changes it waits."""
    seen = queries.place_even_withdrawn(actor, uid)
    _require(actor, seen.unit, seen.type)
    place = Place.everything.select_for_update(of=("self",)).select_related("unit", "type").get(pk=seen.pk)
    if place.withdrawn_at:
        raise Refused(_("这个点位已撤回，不能再改"), mend=_("如撤错了，请重新建一个"))
    return place


def _record(verb: str, actor: Viewer, place: Place, data: Mapping[str, object], *, detail: str = "") -> None:
    events.record(
        verb,
        actor_uid=actor.uid,
        noun="place",
        subject_uid=place.uid,
        unit_uid=place.unit.uid,
        data=data,
        detail=detail,
    )


def withdraw_charges_of(source_uid: UUID) -> int:
    """Who was put in charge by rows of places that went with an undone import: they go with their places."""
    came = Responsibility.objects.filter(source__uid=source_uid, place__withdrawn_at__isnull=False)
    return came.update(withdrawn_at=clock.now())


def add_places(rows: Iterable[Place]) -> int:
    """Rows come whole from an importer, inside the import's transaction and under its right and event."""
    return len(Place.objects.bulk_create(rows, batch_size=200))


def add_responsibilities(rows: Iterable[Responsibility]) -> int:
    """As add_places."""
    return len(Responsibility.objects.bulk_create(rows, batch_size=500))
