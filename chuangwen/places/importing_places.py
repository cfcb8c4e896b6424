"""Places from a unit's workbook or GeoJSON: what they are, where they lie, and, in the same row, whose they are."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from chuangwen.core import clock, reference
from chuangwen.core.importing import BadRow, Plain
from chuangwen.core.models import Import
from chuangwen.core.tabular import Column, Table, a_choice, a_text, optional
from chuangwen.people.importing_names import RowsOfUnits, clear
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm
from chuangwen.places import coordinates, geometry, queries, services
from chuangwen.places.geometry import BadGeometry
from chuangwen.places.geometry_messages import MESSAGES
from chuangwen.places.importing_likeness import Likeness
from chuangwen.places.models import Charge, Layer, Place, PlaceType, Responsibility, Shape
from chuangwen.places.nearby import tight_name
from chuangwen.places.systems import OFFERED_SYSTEMS, WRITTEN_SYSTEMS
from chuangwen.places.written import a_degree, a_geometry, as_geometry

WHERE = ("lon", "lat", "min_lon", "min_lat", "max_lon", "max_lat", "extended")
CELLS = ("cell_coarse", "cell_middle", "cell_fine")


class PlaceImporter(RowsOfUnits):
    noun = "place"
    model = Place
    changeable = {
        "name": "name",
        "type": "type_id",
        "address": "address",
        "lon": "geometry",
        "geometry": "geometry",
    }
    follows = dict.fromkeys((*WHERE, *CELLS), "geometry")
    silent = frozenset({"geometry", *WHERE[2:], *CELLS})
    together = {"lon": "lat", "lat": "lon"}
    order = 12
    label = _("点位")
    messages = {
        **MESSAGES,
        "not_a_degree": (_("“{value}”不是经纬度"), _("写成度数，例如 111.6912")),
        "not_a_geometry": (_("“{value}”不是图形"), _("写 GeoJSON，或一串坐标：111.69,29.03; 111.70,29.04")),
        "no_position": (_("没有写位置"), _("写经度和纬度，或写图形")),
        "half_a_position": (_("只写了经度或纬度中的一个"), _("两个都写上")),
        "wrong_shape": (_("{type}不画成{shape}"), _("画成{wanted}，或只写一个点的经度和纬度")),
        "type_retired": (_("“{value}”已停用"), _("换一个点位类型，或在“设置”里恢复它")),
        "ground_of_the_city": (
            _("“{value}”是全市的底图，不归一个单位改"),
            _("请管全市点位的人导入，或换一个点位类型"),
        ),
        "looks_like": (_("与“{name}”（{where}）相距 {metres} 米，像是同一个点位"), _("是同一个，就删去一行")),
        "other_in_charge": (
            _("“{name}”现在由{now}负责，这里写的是{written}"),
            _("换了负责单位的，请在点位的页面上改"),
        ),
    }

    def table(self) -> Table:
        system = a_choice(WRITTEN_SYSTEMS, str(_("坐标系")), offered=OFFERED_SYSTEMS)
        stated = bool(self.context.source.coordinates)
        return Table(
            key=self.noun,
            label=str(self.label),
            sheet_names=("点位", "点位表", "点位名册", "点位台账", "路段"),
            columns=(
                Column("code", "点位编号", optional(a_text(40)), synonyms=("编号", "点位代码", "code"), required=False),
                Column("name", "点位名称", a_text(120), synonyms=("名称", "点位", "路段名称", "name"),
                       example="石桥农贸市场"),
                Column(
                    "type", "点位类型", a_choice(self._types, str(_("点位类型")), offered=self._type_names),
                    synonyms=("类型", "type"),
                    choices=[*self._type_names],
                ),
                Column("address", "地址", optional(a_text(200)), synonyms=("详细地址", "位置", "地点"), required=False),
                Column("lon", "经度", optional(a_degree()), synonyms=("x", "lon", "lng", "longitude"), required=False,
                       example="111.6912"),
                Column("lat", "纬度", optional(a_degree()), synonyms=("y", "lat", "latitude"), required=False,
                       example="29.0317"),
                Column("geometry", "图形", optional(a_geometry()), synonyms=("线路坐标", "范围", "坐标串"),
                       required=False),
                Column("system", "坐标系", optional(system) if stated else system, synonyms=("坐标系统", "坐标类型"),
                       required=not stated, fill_down=True, choices=OFFERED_SYSTEMS),
                self.unit_column("登记单位", synonyms=("管理单位",)),
                self.unit_column("责任单位", synonyms=("牵头单位", "包保单位"), key="lead"),
            ),
        )  # fmt: skip

    @cached_property
    def _types(self) -> dict[str, PlaceType]:
        """By name and by code, and by the name in the file where a type was renamed here: old lists still say that.
        The retired ones too, which are refused by their own sentence.
        """
        by_code = {kind.code: kind for kind in PlaceType.objects.all()}
        shipped = {row["name"]: row["code"] for row in reference.read("place_types.yaml")["place_types"]}
        before = {name: by_code[code] for name, code in shipped.items() if code in by_code}
        return before | {kind.name: kind for kind in by_code.values()} | by_code

    @cached_property
    def _type_names(self) -> list[str]:
        layers = list(Layer) if self.context.actor.can_over_city(Perm.PLACE_MANAGE) else [Layer.REGISTER]
        return [kind.name for layer in layers for kind in queries.types(layer=layer)]

    @cached_property
    def _city(self) -> BaseGeometry | None:
        return queries.city_boundary()

    @cached_property
    def _there(self) -> dict[tuple[str, ...], UUID]:
        """What identifies a place → its uid, of those that were entered in the page too."""
        rows = Place.everything.filter(unit__path__startswith=self.context.unit.path)
        # A standing one comes after one that was withdrawn under the same code, and counts.
        rows = rows.order_by(F("withdrawn_at").asc(nulls_last=True), "pk")
        found: dict[tuple[str, ...], UUID] = {}
        for unit, code, kind, name, address, uid in rows.values_list(
            "unit__uid", "code", "type_id", "name", "address", "uid"
        ):
            found[_identity(unit, code, kind, name, address)] = uid
        return found

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        unit: Unit = clear(values.get("unit")) or self.context.unit
        lead: Unit | None = clear(values.get("lead"))
        kind: PlaceType = values["type"]
        if kind.retired_on and kind.retired_on <= clock.today():
            raise BadRow("type", "type_retired", value=kind.name)
        if kind.layer == Layer.BASE and not self.context.actor.can_over_city(Perm.PLACE_MANAGE):
            raise BadRow("type", "ground_of_the_city", value=kind.name)
        name, code, address = values["name"], values.get("code") or "", values.get("address") or ""
        found = self._geometry(values, kind)
        identity = _identity(unit.uid, code, kind.code, name, address)
        uid = self._there.get(identity) or self.uid(unit.uid, *identity[1:])
        self.context.told("places")[uid.hex] = (name, code, kind.code, unit.uid.hex)
        where = services.located(found)
        return uid, [unit.uid.hex, kind.code, code, name, address, where, lead.uid.hex if lead else None]

    def _geometry(self, values: dict[str, Any], kind: PlaceType) -> BaseGeometry:
        """In WGS-84 and inside the city. Raises BadRow."""
        key, written = self._written(values, kind)
        stated = self.context.source.coordinates
        system = coordinates.CoordinateSystem(values.get("system") or stated or values["system"])
        try:
            found = geometry.read(written)
            geometry.require_on_globe(found)
            found = geometry.converted(found, lambda lon, lat: coordinates.to_wgs84(system, lon, lat))
            geometry.require_in_city(found, self._city if kind.layer == Layer.REGISTER else None)
        except BadGeometry as bad:
            raise BadRow(key, bad.code, **bad.params) from bad
        if not services.fits(found, kind):
            drawn, wanted = Shape(geometry.SHAPES[found.geom_type]).label, kind.get_shape_display()
            raise BadRow(key, "wrong_shape", type=kind.name, shape=str(drawn), wanted=wanted)
        return found

    def _written(self, values: dict[str, Any], kind: PlaceType) -> tuple[str, dict[str, Any]]:
        """(column, GeoJSON as written)."""
        if values.get("geometry") is not None:
            return "geometry", as_geometry(values["geometry"], kind.shape)
        lon, lat = values.get("lon"), values.get("lat")
        if lon is None and lat is None:
            raise BadRow("lon", "no_position")
        if lon is None or lat is None:
            raise BadRow("lon" if lon is None else "lat", "half_a_position")
        return "lon", {"type": "Point", "coordinates": [lon, lat]}

    @cached_property
    def _likeness(self) -> Likeness:
        return Likeness(queries.all_places(self.context.actor).filter(type__layer=Layer.REGISTER))

    @cached_property
    def _leads(self) -> dict[UUID, tuple[str, str]]:
        """place → (uid, label) of the unit in charge now."""
        rows = Responsibility.objects.filter(
            queries.standing(), place__unit__path__startswith=self.context.unit.path, charge=Charge.LEAD
        )
        return {row.place.uid: (row.unit.uid.hex, row.unit.label) for row in rows.select_related("place", "unit")}

    def doubts(self, uid: UUID, plain: Sequence[Plain]) -> Iterable[tuple[str, dict[str, str]]]:
        _unit, kind, _code, name, _address, where, lead = plain
        for other, metres in self._likeness.of(uid, kind, name, (where["lon"], where["lat"])):
            params = {"name": other.name, "where": other.where, "metres": f"{metres:.0f}"}
            yield "looks_like", params
        now = self._leads.get(uid)
        if now and lead and now[0] != lead:
            written = next(unit.label for unit in self.units.units if unit.uid.hex == lead)
            yield "other_in_charge", {"name": name, "now": now[1], "written": written}

    def changing(self, plain: Sequence[Plain]) -> dict[str, Plain]:
        _unit, kind, _code, name, address, where, _lead = plain
        return {"name": name, "type_id": kind, "address": address, **where}

    def allowed(self) -> bool:
        return bool(self.context.actor.can(Perm.PLACE_MANAGE, self.context.unit))

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> Place:
        unit, kind, code, name, address, where, lead = plain
        place = Place(
            uid=uid, unit_id=self.unit_ids[unit], type_id=kind, code=code, name=name, address=address, **where, **source
        )
        if lead:
            self.context.told("place_leads")[uid] = (self.unit_ids[lead], source)
        return place

    def save(self, rows: list[Place]) -> int:
        count = services.add_places(rows)
        self._put_in_charge(rows)
        return count

    def revive(self, rows: list[Place]) -> int:
        count = super().revive(rows)
        self._put_in_charge(rows)
        return count

    def _put_in_charge(self, rows: list[Place]) -> None:
        leads = self.context.told("place_leads")
        keys = dict(Place.objects.filter(uid__in=[row.uid for row in rows]).values_list("uid", "pk"))
        charges = [
            Responsibility(
                uid=self.uid(row.uid, "lead", leads[row.uid][0], self.context.source.uid),
                place_id=keys[row.uid],
                unit_id=leads[row.uid][0],
                since=clock.today(),
                **leads[row.uid][1],
            )
            for row in rows
            if row.uid in leads
        ]
        services.add_responsibilities(charges)

    @classmethod
    def along(cls, source: Import) -> QuerySet[Any] | None:
        """Who was put in charge by the rows of the places themselves."""
        return Responsibility.objects.filter(source=source, place__source=source)


def _identity(unit: UUID, code: str, kind: str, name: str, address: str) -> tuple[str, ...]:
    """A place is known by its code, or, where it has none, by what it is called and where it says that it is."""
    return (unit.hex, "code", code) if code else (unit.hex, "name", kind, tight_name(name), tight_name(address))
