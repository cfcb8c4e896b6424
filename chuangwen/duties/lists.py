"""The lists of activity records."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.lists import Choice, Col, ListSpec
from chuangwen.duties import queries
from chuangwen.duties.models import Handling, Presence

DAY = Col("day", _("日期"), lambda row: row.day, "day", width=112)
CLASS = Col("unit", pgettext_lazy("noun", "单位"), lambda row: row.unit.label, "unit__path", width=96)
SOURCE = Col("source", _("来源"), lambda row: row.source_label, wide_only=True)

IN_SOURCE = Choice(
    "from_file",
    _("来源"),
    lambda: (("file", _("表格导入")), ("page", _("页面登记"))),
    lambda value: Q(source__isnull=value == "page"),
)

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
    search=("number", "place", "leader", "duty__name"),
    day="day",
    empty_title=_("还没有活动安排"),
    empty_text=_("到“导入”里传活动安排表。"),
)

ATTENDANCES = ListSpec(
    key="attendances",
    columns=(
        DAY,
        Col(
            "shift",
            _("活动编号"),
            lambda row: row.shift.number,
            "shift__number",
            link=lambda row: reverse("shift", args=[row.shift.uid]),
        ),
        CLASS,
        Col(
            "person",
            _("学生"),
            lambda row: row.person,
            "person__code",
            link=lambda row: reverse("person", args=[row.person.uid]),
        ),
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
