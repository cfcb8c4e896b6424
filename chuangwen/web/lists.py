"""The list of what happened."""

from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.lists import Col, ListSpec
from chuangwen.people.access import label_of_persons, label_of_units

VERBS = {
    "unit.founded": _("建立城市"),
    "unit.added": _("增加单位"),
    "units.added": _("增加下级单位"),
    "group.founded": _("成立工作机构"),
    "group.member_added": _("加组内职务"),
    "group.member_left": _("结束组内职务"),
    "person.added": _("增加人员"),
    "account.opened": _("开账号"),
    "account.reset": _("重置密码"),
    "account.password_changed": _("改密码"),
    "grant.given": _("授权"),
    "grant.ended": _("收回授权"),
    "token.issued": _("发接口令牌"),
    "token.revoked": _("收回接口令牌"),
    "import.done": _("导入表格"),
    "outcome.recorded": _("登记成效"),
    "outcome.corrected": _("更正成效"),
    "outcome.withdrawn": _("撤回成效"),
    "essay.judged": _("评心得"),
    "report.drafted": _("起草文书"),
    "report.issued": _("签发文书"),
    "report.discarded": _("弃用草稿"),
    "template.kept": _("启用模板"),
    "demo.lived": _("写入演示记录"),
}


class Labels:
    """Names of the persons and units on a list, looked up once for all of its rows."""

    def __init__(self, rows: Any) -> None:
        self.rows = rows

    @cached_property
    def persons(self) -> dict[UUID | None, str]:
        return label_of_persons(self.rows.order_by().values_list("actor_uid", flat=True).distinct())

    @cached_property
    def units(self) -> dict[UUID, str]:
        return label_of_units(self.rows.order_by().values_list("unit_uid", flat=True).distinct())


def events_list(rows: Any) -> ListSpec:
    labels = Labels(rows)
    return ListSpec(
        key="events",
        columns=(
            Col(
                "at",
                _("时间"),
                lambda row: timezone.localtime(row.at).strftime("%Y-%m-%d %H:%M:%S"),
                "at",
                width=176,
            ),
            Col("actor", _("谁"), lambda row: labels.persons.get(row.actor_uid, ""), width=160),
            Col("verb", _("做了什么"), lambda row: VERBS.get(row.verb, row.verb), "verb"),
            Col("unit", pgettext_lazy("noun", "单位"), lambda row: labels.units.get(row.unit_uid, "")),
            Col(
                "seal",
                _("链上序号"),
                lambda row: row.sequence or _("待封"),
                "sequence",
                numeric=True,
                width=96,
            ),
        ),
        default_order="-at",
        day="at__date",
        search=("verb",),
        empty_title=_("还没有动态"),
        empty_text=_("每一次登记、导入、签发都会在这里留下一行，不能改也不能删。"),
    )
