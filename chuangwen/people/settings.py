"""The tables of people that are edited on the pages of settings: levels, kinds of unit, roles, mails."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangwen.core.errors import Refused
from chuangwen.core.reference import from_file
from chuangwen.core.setting import Change, Column, Setting, Use
from chuangwen.people.access import KEYS_OF_THE_HOUSE, holders_over_city
from chuangwen.people.models import Grant, Level, NoticePolicy, Role, Unit, UnitKind
from chuangwen.people.permissions import EXPLAINED, name_of
from chuangwen.people.rules import Perm

FILE = "organisation.yaml"
NAME, ENGLISH = gettext_lazy("名称"), gettext_lazy("英文名称")
NAMED_BY_CODE = gettext_lazy("程序按这个代码办事，只能改名，不能停用")


def check_level(change: Change) -> None:
    others = Level.objects.exclude(pk=change.row.pk).filter(rank=change.row.rank, retired_on__isnull=True)
    if taken := others.first():
        raise Refused(
            _("第 %(rank)s 级已经是“%(level)s”") % {"rank": change.row.rank, "level": taken},
            where="rank",
            mend=_("换一个没有用的数，或先改那一级的"),
        )


def uses_of_level(code: str) -> Sequence[Use]:
    return [Use(pgettext_lazy("noun", "单位"), Unit.objects.filter(level=code).count(), reverse("units"))]


LEVELS = Setting(
    key="levels",
    label=pgettext_lazy("settings", "层级"),
    about=gettext_lazy("单位在市、县、乡、村的哪一级"),
    model=Level,
    columns=(
        Column("name", NAME),
        Column("name_en", ENGLISH),
        Column("rank", gettext_lazy("第几级"), gettext_lazy("从上往下数，市是 1")),
    ),
    source=from_file(FILE, "levels"),
    uses=uses_of_level,
    protected={"city": NAMED_BY_CODE},
    check=check_level,
)


def check_kind(change: Change) -> None:
    """A group has a charter and members, other units have not: what has the kind cannot become the other."""
    if change.before is None or not change.changes("is_group"):
        return
    if change.row.code in UNIT_KINDS.protected:
        raise Refused(_("程序按这个代码办事，不能改它是不是工作机构"), where="is_group", mend=_("新加一个类别"))
    if count := Unit.everything.filter(kind=change.row.pk).count():
        raise Refused(
            _("已有 %(count)s 个单位是这一类，不能改它是不是工作机构") % {"count": count},
            where="is_group",
            mend=_("新加一个类别，再把单位改过去"),
        )


def uses_of_kind(code: str) -> Sequence[Use]:
    return [Use(pgettext_lazy("noun", "单位"), Unit.objects.filter(kind=code).count(), reverse("units"))]


UNIT_KINDS = Setting(
    key="unit-kinds",
    label=pgettext_lazy("settings", "单位类别"),
    about=gettext_lazy("单位是什么：部门、学校、社区、专班……"),
    model=UnitKind,
    columns=(
        Column("name", NAME, gettext_lazy("导入的表格按名称认，改名以后表里也写新名称")),
        Column("name_en", ENGLISH),
        Column("is_group", gettext_lazy("是工作机构"), gettext_lazy("领导小组、办公室、专班：有设立文件，有组内职务")),
    ),
    source=from_file(FILE, "unit_kinds"),
    uses=uses_of_kind,
    protected=dict.fromkeys(("city", "class", "department", "leading_group"), NAMED_BY_CODE),
    check=check_kind,
)


def check_role(change: Change) -> None:
    role, perms = change.row, set(change.row.permissions)
    before = set(change.before["permissions"]) if change.before else set()
    if not perms:
        raise Refused(_("一个权限也没有勾"), where="permissions", mend=_("至少勾一个；不再用的角色请停用"))
    if unknown := perms - before - set(Perm):
        raise Refused(_("没有“%(perm)s”这个权限") % {"perm": min(unknown)}, where="permissions", mend=_("从列表里勾"))
    if role.code == OPERATOR and perms != before:
        raise Refused(_("系统操作员替命令办事，权限不能改"), where="permissions", mend=_("新加一个角色"))
    beyond = [perm for perm in sorted(perms - before) if not change.actor.own.can_over_city(Perm(perm))]
    if beyond:
        names = "、".join(name_of(perm) for perm in beyond)
        raise Refused(
            _("您自己在全市没有“%(names)s”，不能加给角色") % {"names": names},
            where="permissions",
            mend=_("请有这些权限的人来加"),
        )
    _keep_a_key(role, before - perms)


def _keep_a_key(role: Role, lost: set[str]) -> None:
    """Somebody who can sign in must still hold the keys of the house once this role has lost them."""
    for perm in KEYS_OF_THE_HOUSE:
        if perm not in lost:
            continue
        elsewhere = holders_over_city(perm, without=role.code)
        if not elsewhere:
            raise Refused(
                _("去掉“%(perm)s”之后，全市就没有人有这个权限了") % {"perm": name_of(perm)},
                where="permissions",
                mend=_("先把它给另一个角色，并授给一个能登录的人"),
            )


def uses_of_role(code: str) -> Sequence[Use]:
    return [Use(pgettext_lazy("noun", "授权"), Grant.objects.filter(role=code).count())]


class Ticks(forms.CheckboxSelectMultiple):
    """One tick a line, with what it means beside it."""

    template_name = "people/ticks.html"


class PermissionsField(forms.MultipleChoiceField):
    """The permissions of a role, each with its explanation; kept in the order of the code, so that equal is equal."""

    widget = Ticks

    def clean(self, value: Any) -> list[str]:
        ticked = set(super().clean(value))
        return [perm.value for perm in Perm if perm in ticked]


def permissions_field() -> forms.Field:
    return PermissionsField(
        choices=[(perm.value, EXPLAINED[perm]) for perm in Perm],
        required=False,
        error_messages={"invalid_choice": gettext_lazy("没有“%(value)s”这个权限。从列表里勾")},
    )


def shown_permissions(codes: Any) -> str:
    return "、".join(name_of(code) for code in codes)


OPERATOR = "operator"
ROLES = Setting(
    key="roles",
    label=pgettext_lazy("settings", "角色"),
    about=gettext_lazy("一个角色是一组权限；授给谁、在哪个单位，在单位页里办"),
    model=Role,
    columns=(
        Column("name", NAME),
        Column("name_en", ENGLISH),
        Column("permissions", gettext_lazy("权限"), listed=False, make=permissions_field, show=shown_permissions),
    ),
    source=from_file(FILE, "roles"),
    uses=uses_of_role,
    protected={OPERATOR: gettext_lazy("命令和演示用这个角色办事，只能改名，不能停用")},
    check=check_role,
)


SHORTEST, LONGEST = 5, 1440


def quiet_time() -> forms.Field:
    return forms.TimeField(
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": gettext_lazy("这不是钟点。写成 21:30 这样")},
    )


def check_notices(change: Change) -> None:
    if change.row.code != STANDARD_NOTICES:
        raise Refused(_("提醒规则只有一行"), where="name", mend=_("改原来的那一行"))
    if not SHORTEST <= change.row.digest_minutes <= LONGEST:
        raise Refused(
            _("间隔要在 %(low)s 到 %(high)s 分钟之间") % {"low": SHORTEST, "high": LONGEST},
            where="digest_minutes",
            mend=_("写成 60 这样"),
        )


STANDARD_NOTICES = "standard"
NOTICE_POLICY = Setting(
    key="notices",
    label=pgettext_lazy("settings", "提醒"),
    about=gettext_lazy("邮件提醒多久发一次，什么时候不发；页面上的提醒不受它管"),
    model=NoticePolicy,
    columns=(
        Column("name", NAME),
        Column("name_en", ENGLISH, listed=False),
        Column(
            "quiet_from", gettext_lazy("不发邮件，从"), gettext_lazy("可以过夜；两个钟点一样就是都发"), make=quiet_time
        ),
        Column("quiet_to", gettext_lazy("不发邮件，到"), make=quiet_time),
        Column("digest_minutes", gettext_lazy("两封邮件至少隔几分钟"), gettext_lazy("急的不等")),
    ),
    source=from_file(FILE, "notice_policies"),
    protected={STANDARD_NOTICES: gettext_lazy("没有这一行，邮件就发不出去")},
    check=check_notices,
)
