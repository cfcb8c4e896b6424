"""The lists of places."""

from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chuangwen.core.lists import Action, Choice, Col, ListSpec, View
from chuangwen.core.marks import State
from chuangwen.places import queries
from chuangwen.places.models import Charge, PlaceType, Responsibility


def _leads(row: Any) -> str:
    return "、".join(each.unit.label for each in row.charges if each.charge == Charge.LEAD)


def _groups() -> list[tuple[str, str]]:
    seen: dict[str, str] = {}
    for kind in queries.types():
        seen.setdefault(kind.group, kind.group_label)
    return [*seen.items()]


def _without_charge(_value: str) -> Q:
    leads = Responsibility.objects.filter(queries.standing(), place=OuterRef("pk"), charge=Charge.LEAD)
    return ~Exists(leads) & Q(closed_on__isnull=True)


PLACES = ListSpec(
    key="places",
    columns=(
        Col("name", _("名称"), lambda row: row.name, "name", link=lambda row: reverse("place", args=[row.uid])),
        Col("type", _("点位类型"), lambda row: row.type, "type__sort"),
        Col("code", _("编号"), lambda row: row.code, "code", width=96),
        Col("lead", _("责任单位"), _leads),
        Col("address", _("地址"), lambda row: row.address, "address", wide_only=True),
        Col(
            "unit",
            _("登记单位"),
            lambda row: row.unit.label,
            "unit__path",
            link=lambda row: f"{reverse('places')}?unit={row.unit.code}",
            wide_only=True,
        ),
        Col(
            "state",
            _("状态"),
            lambda row: _("停用") if row.closed_on else _("在用"),
            "closed_on",
            state=lambda row: State.HOLD if row.closed_on else State.DONE,
            width=88,
        ),
        Col("source", _("来源"), lambda row: row.source_label, wide_only=True),
    ),
    default_order="type__sort",
    choices=(
        Choice("group", _("大类"), _groups, lambda value: Q(type__group=value)),
        Choice(
            "type",
            _("点位类型"),
            lambda: [(kind.code, kind) for kind in PlaceType.objects.filter(layer="register")],
            lambda value: Q(type=value),
        ),
        Choice(
            "state",
            _("状态"),
            lambda: (("open", _("在用")), ("closed", _("停用"))),
            lambda value: Q(closed_on__isnull=value == "open"),
        ),
        Choice("gap", _("责任"), lambda: (("yes", _("没有责任单位")),), _without_charge),
    ),
    views=(
        View("all", _("全部")),
        View("gap", _("没有责任单位"), lambda: _without_charge("")),
        View("closed", _("停用"), lambda: Q(closed_on__isnull=False)),
    ),
    actions=(Action("lead", _("写责任单位")), Action("close", _("停用")), Action("reopen", _("恢复使用"))),
    mark=queries.mark,
    phone=(("name", "state"), ("type", "lead")),
    search=("name", "code", "address"),
    empty_title=_("还没有点位"),
    empty_text=_("到“导入”里传点位表或 GeoJSON，或点右上角登记一个。"),
)

# What lies near a place or was selected on the map: that there is nothing says nothing of the register.
NARROWED = replace(
    PLACES, empty_title=_("这里没有点位"), empty_text=_("放宽米数，或在图上另圈一块；也可以看全部点位。")
)
