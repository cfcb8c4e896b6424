"""The lists of people."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.lists import Choice, Col, ListSpec

PERSONS = ListSpec(
    key="persons",
    columns=(
        Col(
            "code",
            _("代码"),
            lambda row: row.code,
            "code",
            link=lambda row: reverse("person", args=[row.uid]),
        ),
        Col("name", _("姓名或岗位"), lambda row: row.name or "—", "name"),
        Col("title", _("职务"), lambda row: row.title, "title"),
        Col("unit", pgettext_lazy("noun", "单位"), lambda row: row.unit.label, "unit__path"),
        Col(
            "login",
            _("登录名"),
            lambda row: row.account.login if hasattr(row, "account") else "",
            "account__login",
        ),
        Col("source", _("来源"), lambda row: row.source_label, wide_only=True),
    ),
    default_order="unit__path",
    choices=(
        Choice(
            "kind",
            _("类别"),
            lambda: (("staff", _("工作人员")), ("pupil", _("学生（代码）"))),
            lambda value: Q(is_pupil=value == "pupil"),
        ),
    ),
    search=("code", "name", "title", "account__login"),
    empty_title=_("这里没有人员"),
    empty_text=_("点右上角加人员，或到“导入”里导入学生代码册。"),
)
