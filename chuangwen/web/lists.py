"""The list of what happened."""

from collections.abc import Sequence
from typing import Any

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
    "import.undone": _("撤回整个导入"),
    "import.dismissed": _("不再办一次导入"),
    "import.mapped": _("指认表格的列"),
    "import.mended": _("在页面上改表格的错处"),
    "column_name.forgotten": _("忘掉一个列名"),
    "outcome.recorded": _("登记成效"),
    "outcome.corrected": _("更正成效"),
    "outcome.withdrawn": _("撤回成效"),
    "essay.judged": _("评心得"),
    "report.drafted": _("起草文书"),
    "report.edited": _("改文书的文字"),
    "report.arranged": _("选排素材"),
    "report.commented": _("批注文书"),
    "report.comment_settled": _("批注已办"),
    "report.submitted": _("送核稿"),
    "report.recalled": _("撤回送核"),
    "report.checked": _("核稿通过"),
    "report.returned": _("退回草稿"),
    "report.signed": _("签发文书"),
    "report.unsigned": _("撤销签发"),
    "report.issued": _("印发文书"),
    "report.archived": _("文书归档"),
    "report.discarded": _("弃用草稿"),
    "template.kept": _("启用模板"),
    "places.entered": _("录入一批点位"),
    "demo.lived": _("写入演示记录"),
}


def _name(rows: Sequence[Any]) -> None:
    """The log holds uids only: looks up the persons and units of these rows, and of no others, at once."""
    persons = label_of_persons(row.actor_uid for row in rows)
    units = label_of_units(row.unit_uid for row in rows if row.unit_uid)
    for row in rows:
        row.actor_label = persons.get(row.actor_uid, "")
        row.unit_label = units.get(row.unit_uid, "")


EVENTS = ListSpec(
    key="events",
    columns=(
        Col(
            "at",
            _("时间"),
            lambda row: timezone.localtime(row.at).strftime("%Y-%m-%d %H:%M:%S"),
            "at",
            width=176,
        ),
        Col("actor", _("谁"), lambda row: row.actor_label, width=160),
        Col("verb", _("做了什么"), lambda row: VERBS.get(row.verb, row.verb), "verb"),
        Col("unit", pgettext_lazy("noun", "单位"), lambda row: row.unit_label),
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
    day="at",
    day_is_moment=True,
    prepare=_name,
    search=("verb",),
    empty_title=_("还没有动态"),
    empty_text=_("每一次登记、导入、印发都会在这里留下一行，不能改也不能删。"),
)
