"""Input for places: what they are, where they lie, who answers for them."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.forms import SeenField, offer
from chuangwen.core.tabular import BadCell
from chuangwen.people.access import Viewer, open_units
from chuangwen.people.forms import PersonField, adults, day_field
from chuangwen.people.models import Person, Unit
from chuangwen.people.rules import Perm
from chuangwen.places import coordinates, geometry, geometry_messages, queries
from chuangwen.places.geometry import BadGeometry
from chuangwen.places.models import Charge, Layer, PlaceType
from chuangwen.places.systems import CoordinateSystem
from chuangwen.places.written import a_degree, a_geometry, a_season_day, as_geometry


class PositionForm(forms.Form):
    """Longitude and latitude, or the corners of a line or an area, in a stated coordinate system.

    `cleaned_data["written"]` is GeoJSON in WGS-84; the corners are drawn as `shape` says.
    """

    lon = forms.CharField(
        label=_("经度"), required=False, max_length=30, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    lat = forms.CharField(
        label=_("纬度"), required=False, max_length=30, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    geometry = forms.CharField(
        label=_("图形"),
        required=False,
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("路段和范围写一串坐标：111.69,29.03; 111.70,29.04，或 GeoJSON；一个点只写经度和纬度"),
    )
    system = forms.ChoiceField(choices=CoordinateSystem.choices, label=_("坐标系"), initial=CoordinateSystem.WGS84)
    seen = SeenField(max_length=400_000)

    def __init__(self, *args: Any, shape: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shape = shape

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        written = self._written(data)
        if written is not None and "system" in data:
            data["written"] = self._in_wgs84(written, coordinates.CoordinateSystem(data["system"]))
        return data

    def _written(self, data: dict[str, Any]) -> dict[str, Any] | None:
        """What was typed or drawn. The numbers of a point come before its text: whoever has no map changes these."""
        try:
            drawn = as_geometry(a_geometry()(data["geometry"]), self.shape) if data.get("geometry") else None
            if data.get("lon") and data.get("lat") and (drawn is None or drawn.get("type") == "Point"):
                return {"type": "Point", "coordinates": [a_degree()(data["lon"]), a_degree()(data["lat"])]}
        except BadCell as bad:
            field = "geometry" if bad.code == "not_a_geometry" else "lon"
            self.add_error(field, _("“%(value)s”读不出来。经度和纬度写成度数，例如 111.6912") % bad.params)
            return None
        if drawn is None:
            self.add_error("lon", _("没有写位置。写经度和纬度，或写图形，或在图上点一下"))
        return drawn

    def _in_wgs84(self, written: dict[str, Any], system: coordinates.CoordinateSystem) -> dict[str, Any] | None:
        try:
            found = geometry.read(written)
            geometry.require_on_globe(found)
        except BadGeometry as bad:
            problem = geometry_messages.refused(bad)
            self.add_error(
                "geometry" if self.cleaned_data.get("geometry") else "lon", f"{problem.message}。{problem.mend}"
            )
            return None
        return geometry.as_geojson(geometry.converted(found, lambda lon, lat: coordinates.to_wgs84(system, lon, lat)))


class PlaceForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=120)
    type = forms.ModelChoiceField(PlaceType.objects.none(), label=_("点位类型"))
    code = forms.CharField(label=_("编号"), max_length=40, required=False, help_text=_("本单位自己的编号，可不填"))
    address = forms.CharField(label=_("地址"), max_length=200, required=False)

    def __init__(self, *args: Any, kept_type: PlaceType | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = queries.types()
        if kept_type:
            found = found | PlaceType.objects.filter(pk=kept_type.pk)
            if kept_type.layer == Layer.BASE:
                found = found | queries.types(layer=Layer.BASE)
        offer(self, "type", found)


class NewPlaceForm(PlaceForm, PositionForm):
    """What and where in one; the corners are drawn as the chosen type is."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("登记单位"), empty_label=None)
    field_order = ["name", "type", "unit", "lon", "lat", "geometry", "system", "code", "address"]

    def __init__(self, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", open_units(viewer, Perm.PLACE_MANAGE).exclude(kind="class"))
        self.fields["unit"].initial = viewer.person.unit

    def clean(self) -> dict[str, Any]:
        kind = self.cleaned_data.get("type")
        self.shape = kind.shape if kind else ""
        return super().clean()


def initial_position(place: Any) -> dict[str, str]:
    """What a position form shows of a place that is there."""
    drawn = {"geometry": json.dumps(place.geometry, separators=(",", ":"))}
    return drawn if place.extended else {**drawn, "lon": f"{place.lon:.7f}", "lat": f"{place.lat:.7f}"}


class LeadForm(forms.Form):
    """Which unit leads at several places at once."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("责任单位"))

    def __init__(self, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", open_units(viewer, Perm.UNIT_VIEW).exclude(kind="class"))


class ChargeForm(forms.Form):
    unit = forms.ModelChoiceField(Unit.objects.none(), label=pgettext_lazy("noun", "单位"))
    charge = forms.ChoiceField(choices=Charge.choices, label=_("负责方式"))
    person = PersonField(Person.objects.none(), label=pgettext_lazy("noun", "人员"), required=False)
    season_from = forms.CharField(
        label=_("季节起"), max_length=10, required=False, help_text=_("全年负责就不填；写成 11-01")
    )
    season_to = forms.CharField(label=_("季节止"), max_length=10, required=False)
    since = day_field(_("起始日期"), required=False, help_text=_("留空为今天"))

    def __init__(self, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", open_units(viewer, Perm.UNIT_VIEW).exclude(kind="class"))
        offer(self, "person", adults(viewer))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        days = [self._day(key) for key in ("season_from", "season_to")]
        if (days[0] is None) != (days[1] is None) and not self.errors:
            self.add_error("season_to", _("季节只写了一头。起止都写，或都不写"))
        data["season"] = (days[0], days[1]) if None not in days else None
        return data

    def _day(self, key: str) -> int | None:
        written = self.cleaned_data.get(key)
        if not written:
            return None
        try:
            return a_season_day()(written)
        except BadCell:
            self.add_error(key, _("“%(value)s”不是月份和日子。写成 11-01 或 11月1日") % {"value": written})
            return None
