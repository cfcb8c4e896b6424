"""The lists of people."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.lists import Choice, Col, ListSpec, Shown
from chuangwen.people.person_queries import Contact, contacts_of
from chuangwen.people.rules import dialled

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


def _dial(written: str) -> Shown:
    """A number that a telephone dials, large enough for a thumb."""
    link = format_html('<a class="cw-link cw-tel" href="tel:{}">{}</a>', dialled(written), written)
    return Shown(written, link)


def _phone(row: Any) -> Shown | str:
    return _dial(row.phone) if row.phone else ""


def _contacts(found: Sequence[Contact]) -> Shown | str:
    if not found:
        return ""
    plain = "、".join(" ".join(part for part in (each.name, each.phone) if part) for each in found)
    pairs = [(each.name, _dial(each.phone).html if each.phone else "") for each in found]
    return Shown(plain, format_html_join("", '<span class="cw-tels"><span>{}</span>{}</span>', pairs))


def _hang_contacts(rows: Sequence[Any]) -> None:
    found = contacts_of(rows)
    for row in rows:
        row.heads, row.clerks = found.get(row.pk, ([], []))


PHONES = ListSpec(
    key="phones",
    columns=(
        Col(
            "unit",
            pgettext_lazy("noun", "单位"),
            lambda row: row,
            "path",
            link=lambda row: reverse("unit", args=[row.code]),
        ),
        Col("phone", _("值班电话"), _phone),
        Col("head", _("负责人"), lambda row: _contacts(row.heads)),
        Col("clerk", _("经办人"), lambda row: _contacts(row.clerks)),
        Col("kind", _("类别"), lambda row: row.kind, wide_only=True),
    ),
    default_order="path",
    search=("name", "short_name", "phone", "holder__person__name", "holder__person__office_phone"),
    prepare=_hang_contacts,
    empty_title=_("通讯录里还没有单位"),
    empty_text=_("在单位的“改资料”里写值班电话，在人员页写办公电话。"),
)
