"""The lists of activity records."""

from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.lists import Choice, Col, ListSpec
from chuangwen.duties import queries
from chuangwen.duties.models import Attendance, Band, DutyKind, Handling, Presence, Rank

DAY = Col("day", _("日期"), lambda row: row.day, "day", width=112)
CLASS = Col("unit", pgettext_lazy("noun", "单位"), lambda row: row.unit.label, "unit__path", width=96)
SOURCE = Col("source", _("来源"), lambda row: row.source_label, wide_only=True)

IN_SOURCE = Choice(
    "from_file",
    _("来源"),
    lambda: (("file", _("表格导入")), ("page", _("页面登记"))),
    lambda value: Q(source__isnull=value == "page"),
)


def _times(row: Attendance) -> str:
    return "" if row.times is None else str(row.times)


def _met(row: Any) -> object:
    """Of a day of rounds how many went."""
    return row.met if row.met is not None else row.present if row.expected else ""


def _required(row: Any) -> object:
    return row.required if row.required is not None else row.expected or ""


LOGGED = (DutyKind.POST, DutyKind.MOBILE_TEAM, DutyKind.INTERVAL, DutyKind.ROUND, DutyKind.SUPERVISION)
LOG_KINDS = [(kind.value, kind.label) for kind in LOGGED]
EVENT_KINDS = [(kind.value, kind.label) for kind in DutyKind if kind not in LOGGED]

OUTCOMES = ListSpec(
    key="outcomes",
    columns=(
        DAY,
        Col(
            "at",
            _("时刻"),
            lambda row: row.at.strftime("%H:%M") if row.at else "",
            "at",
            width=64,
            wide_only=True,
        ),
        CLASS,
        Col(
            "kind",
            _("类别"),
            lambda row: row.kind,
            "kind__sort",
            link=lambda row: reverse("outcome", args=[row.uid]),
        ),
        Col("amount", _("数量"), lambda row: row.amount, "amount", numeric=True, width=72),
        Col("measure", _("计量"), lambda row: row.kind.unit_of_count, width=64),
        Col("person", _("学生"), lambda row: row.person or "", "person__code", width=88),
        Col(
            "shift",
            _("活动编号"),
            lambda row: row.shift.number if row.shift else "",
            "shift__number",
            width=96,
        ),
        Col("note", _("备注"), lambda row: row.note, wide_only=True),
        SOURCE,
    ),
    default_order="-day",
    choices=(
        Choice(
            "kind",
            _("类别"),
            lambda: [(kind.code, kind) for kind in queries.kinds()],
            lambda value: Q(kind=value) | Q(kind__parent=value),
        ),
        Choice("handling", _("处置"), lambda: Handling.choices, lambda value: Q(handling=value)),
        IN_SOURCE,
    ),
    search=("unit__short_name", "unit__name", "person__code", "shift__number", "note"),
    day="day",
    total="amount",
    empty_title=_("还没有成效记录"),
    empty_text=_("到“导入”里传成效登记表，或点右上角登记一条。"),
)

SHIFTS = ListSpec(
    key="shifts",
    columns=(
        DAY,
        Col(
            "number",
            _("活动编号"),
            lambda row: row.number,
            "number",
            link=lambda row: reverse("shift", args=[row.uid]),
        ),
        Col("duty", _("活动"), lambda row: row.duty, "duty__name"),
        Col("place", _("地点"), lambda row: row.place, "place"),
        Col("leader", _("带队"), lambda row: row.leader, "leader"),
        Col("present", _("到场人数"), lambda row: row.present, "present", numeric=True),
        Col("expected", _("名单人数"), lambda row: row.expected, "expected", numeric=True),
        SOURCE,
    ),
    default_order="-day",
    choices=(Choice("kind", _("类别"), lambda: EVENT_KINDS, lambda value: Q(duty__kind=value)),),
    search=("number", "place", "leader", "duty__name"),
    day="day",
    empty_title=_("还没有活动安排"),
    empty_text=_("到“导入”里传活动安排表。"),
)

LOGS = ListSpec(
    key="logs",
    columns=(
        DAY,
        Col(
            "starts",
            _("时间"),
            lambda row: row.hours or _("全天"),
            "starts_at",
            link=lambda row: reverse("shift", args=[row.uid]),
        ),
        Col("duty", _("岗点或队伍"), lambda row: row.duty, "duty__name"),
        CLASS,
        Col("target", _("督导岗点"), lambda row: row.target or "", "target__name"),
        Col("band", _("时段"), lambda row: row.get_band_display(), "band", width=64),
        Col("met", _("实到"), _met, "met", numeric=True, width=64),
        Col("required", _("应到"), _required, "required", numeric=True, width=64),
        Col("story", _("备注"), lambda row: row.story, wide_only=True),
    ),
    default_order="-starts_at",
    choices=(
        Choice("kind", _("类别"), lambda: LOG_KINDS, lambda value: Q(duty__kind=value)),
        Choice("band", _("时段"), lambda: Band.choices, lambda value: Q(band=value)),
        Choice("short", _("到岗"), lambda: (("yes", _("未满")),), lambda _value: Q(met__lt=F("required"))),
    ),
    search=("duty__name", "target__name", "unit__short_name", "unit__name", "story"),
    day="day",
    empty_title=_("还没有勤务记录"),
    empty_text=_("到“导入”里传勤务登记、巡查登记或督导登记。"),
)

DUTIES = ListSpec(
    key="duties",
    columns=(
        Col("name", _("名称"), lambda row: row.name, "name", link=lambda row: reverse("duty", args=[row.uid])),
        Col("kind", _("类别"), lambda row: row.get_kind_display(), "kind"),
        Col(
            "unit",
            pgettext_lazy("noun", "单位"),
            lambda row: row.unit.label,
            "unit__path",
            link=lambda row: f"{reverse('duties')}?unit={row.unit.code}",
        ),
        Col("place", _("地点"), lambda row: row.place, "place"),
        Col("held", _("班次"), lambda row: row.held, "held", numeric=True, width=72),
        Col("last", _("最近一次"), lambda row: row.last or "", "last", width=112),
        SOURCE,
    ),
    default_order="unit__path",
    choices=(
        Choice("kind", _("类别"), lambda: DutyKind.choices, lambda value: Q(kind=value)),
        Choice("rank", _("职级"), lambda: Rank.choices, lambda value: Q(rank=value)),
    ),
    search=("name", "place", "unit__short_name", "unit__name"),
    empty_title=_("还没有岗点和队伍"),
    empty_text=_("到“导入”里传岗点和队伍表；活动安排里的活动也会列在这里。"),
)

ATTENDANCES = ListSpec(
    key="attendances",
    columns=(
        DAY,
        Col(
            "shift",
            _("活动编号"),
            lambda row: row.shift.number or row.shift.duty,
            "shift__number",
            link=lambda row: reverse("shift", args=[row.shift.uid]),
        ),
        CLASS,
        Col(
            "person",
            _("人员"),
            lambda row: row.person,
            "person__code",
            link=lambda row: reverse("person", args=[row.person.uid]),
        ),
        Col("times", _("次数"), _times, "times", numeric=True, width=64, wide_only=True),
        Col("presence", _("到场"), lambda row: row.get_presence_display(), "presence"),
        SOURCE,
    ),
    default_order="-day",
    choices=(Choice("presence", _("到场"), lambda: Presence.choices, lambda value: Q(presence=value)),),
    search=("person__code", "unit__short_name", "unit__name", "shift__number"),
    day="day",
    empty_title=_("还没有参加名单"),
    empty_text=_("到“导入”里传参加名单。"),
)
