"""The list of cases."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.cases import queries, showing, workflow
from chuangwen.cases.models import CaseKind, CaseState, Channel, Group
from chuangwen.core.lists import Action, Choice, Col, ListSpec, View


def _open() -> Q:
    return Q(due_at__isnull=False)


def _moment(value: Any) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""


def _kinds() -> list[tuple[str, Any]]:
    return [(kind, CaseKind(kind).label) for kind in queries.COUNTED]


def _state_word(row: Any) -> str:
    return str(row.get_state_display())


AGAIN: tuple[tuple[str, Any], ...] = (
    ("relapse", _("复发")),
    ("reopened", _("重新办理过")),
    ("reworked", _("返工过")),
    ("bounced", _("退回过")),
)


def _again() -> dict[str, Q]:
    return {
        "relapse": Q(relapse_of__isnull=False),
        "reopened": Q(reopened__gt=0),
        "reworked": Q(reworked__gt=0),
        "bounced": Q(bounces__gt=0),
    }


CASES = ListSpec(
    key="cases",
    columns=(
        Col("number", _("编号"), lambda row: row.number, "number", width=104),
        Col(
            "title",
            _("事项与地点"),
            lambda row: row.title,
            "title",
            link=lambda row: reverse("case", args=[row.uid]),
            stamp=lambda row: _("督") if row.supervised else "",
            second=lambda row: row.where,
        ),
        Col("category", _("类别"), lambda row: row.category or "", "category__sort", wide_only=True, width=120),
        Col("lead", _("牵头单位"), lambda row: row.lead.label if row.lead else _("未派"), "lead__path", width=136),
        Col("due", _("期限"), showing.due_of, "due_at", width=120),
        Col("state", _("状态"), _state_word, "state", state=showing.state_of, width=124),
        Col("received", _("受理"), lambda row: _moment(row.received_at), "received_at", wide_only=True, width=144),
    ),
    default_order="due_at",
    views=(
        View("open", _("在办"), _open),
        View("office", _("待派遣"), lambda: _open() & Q(state__in=workflow.AT_OFFICE)),
        View("over", _("逾期"), queries.overdue),
        View("fixed", _("待核验"), lambda: _open() & Q(state=workflow.FIXED)),
        View("supervised", pgettext_lazy("view", "督办"), lambda: _open() & Q(supervised=True)),
        View("instructions", _("批示"), lambda: Q(kind="instruction"), counted=False),
        View("asked", _("有申请"), lambda: _open() & ~Q(asked=""), counted=False),
        View("done", _("已办结"), lambda: Q(state__in=workflow.DONE), counted=False),
        View("all", _("全部"), Q, counted=False),
    ),
    choices=(
        Choice("kind", _("种类"), _kinds, lambda value: Q(kind=value)),
        Choice("group", _("大类"), lambda: Group.choices, lambda value: Q(category__group=value)),
        Choice("state", _("状态"), lambda: CaseState.choices, lambda value: Q(state=value)),
        Choice("channel", _("来源"), lambda: Channel.choices, lambda value: Q(channel=value)),
        Choice("again", _("反复"), lambda: AGAIN, lambda value: _again()[value]),
    ),
    actions=(
        Action("press", _("催办")),
        Action("supervise", pgettext_lazy("view", "督办")),
        Action("verify", _("核验通过，结案"), _("每一件都算您到现场看过。")),
        Action("dispatch", _("派遣")),
        Action("recall", _("收回")),
    ),
    mark=lambda row: str(row.revision),
    phone=(("number", "state"), ("title", "due")),
    search=("number", "title", "address", "external", "place__name"),
    day="received_at",
    day_is_moment=True,
    empty_title=_("这里没有事项"),
    empty_text=_("点右上角新建一件，或到“导入”里传案卷表。"),
)

NOTICE = ListSpec(
    key="case-notice",
    columns=(
        Col("number", _("编号"), lambda row: row.number, "number"),
        Col("place", pgettext_lazy("noun", "点位"), lambda row: row.place.name if row.place else ""),
        Col("address", _("地址"), lambda row: row.address),
        Col("title", _("要办的事"), lambda row: row.title),
        Col("text", _("通知"), lambda row: row.text),
        Col("lead", _("单位"), lambda row: row.lead.label if row.lead else ""),
        Col("due", _("办完的日子"), lambda row: _moment(row.fix_due_at)),
        Col("state", _("状态"), _state_word),
    ),
    default_order="number",
)
