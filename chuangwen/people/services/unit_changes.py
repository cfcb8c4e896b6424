"""What can be changed about a unit that stands: its names and codes, its place in the tree, whether it is open.

Every verb records one Event. What names were before goes into the event's detail, because the log's data holds none.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Value
from django.db.models.functions import Concat, Length, Substr
from django.utils.translation import gettext as _

from chuangwen.core import clock, events
from chuangwen.core.errors import Conflict, Refused
from chuangwen.people import unit_queries as queries
from chuangwen.people.access import Viewer, one_at_a_time, require, require_open
from chuangwen.people.models import Unit, UnitKind
from chuangwen.people.rules import Perm, child_path, is_credit_code, is_division_code
from chuangwen.people.services.persons import check_office_phone

CITY = "city"


@transaction.atomic
def edit_unit(actor: Viewer, *, unit: Unit, values: Mapping[str, Any], seen: Mapping[str, Any]) -> Unit:
    """`values` may have the columns of `queries.UNIT_COLUMNS`; `seen` are those that the page showed."""
    require(actor, Perm.UNIT_MANAGE, unit)
    row = Unit.objects.select_for_update(of=("self",)).select_related("kind", "level", "parent").get(pk=unit.pk)
    before = queries.unit_values(row)
    if moved := queries.unit_differences(seen, before):
        told = "；".join(f"{each.label} {each.before} → {each.after}" for each in moved)
        raise Conflict(
            _("您打开之后，别人改过：%(told)s") % {"told": told}, mend=_("看一看；再按一次保存，就以您写的为准")
        )
    _refuse_kind(row, values.get("kind", row.kind))
    for column, value in values.items():
        setattr(row, column, value)
    _refuse_codes(row)
    check_office_phone(row.phone, "phone")
    refuse_taken_names(row, row.parent)
    after = queries.unit_values(row)
    changed = [column for column, value in after.items() if before[column] != value]
    if not changed:
        return row
    row.save(update_fields=changed)
    sides = {"before": before, "after": after}
    detail = {side: {column: whole[column] for column in changed} for side, whole in sides.items()}
    _record("unit.edited", actor, row, {"changed": changed}, json.dumps(detail, ensure_ascii=False))
    return row


def _refuse_kind(row: Unit, kind: UnitKind) -> None:
    if kind == row.kind:
        return
    if CITY in {kind.code, row.kind.code}:
        raise Refused(_("只有最上面的单位是“市”，不能改"), where="kind", mend=_("选别的类别"))
    if kind.is_group != row.kind.is_group:
        raise Refused(_("工作机构有设立文件和职务，不能和普通单位互换"), where="kind", mend=_("选同样性质的类别"))


def _refuse_codes(row: Unit) -> None:
    if row.division_code and not is_division_code(row.division_code):
        raise Refused(
            _("区划代码“%(code)s”不对") % {"code": row.division_code},
            where="division_code",
            mend=_("写 6 位（县以上）、9 位（乡镇）或 12 位（村）数字，前两位是省"),
        )
    if row.credit_code and not is_credit_code(row.credit_code):
        raise Refused(
            _("统一社会信用代码“%(code)s”不对，校验位对不上") % {"code": row.credit_code},
            where="credit_code",
            mend=_("照证书抄 18 位，没有字母 I、O、S、V、Z"),
        )
    others = Unit.objects.exclude(pk=row.pk).filter(closed_on__isnull=True)
    if row.credit_code and (other := others.filter(credit_code=row.credit_code).first()):
        raise Refused(
            _("这个统一社会信用代码“%(unit)s”在用") % {"unit": other}, where="credit_code", mend=_("看看是哪个写错了")
        )


def refuse_taken_names(row: Unit, parent: Unit | None) -> None:
    """Two open units under one parent have neither one name nor one short name: workbooks name units by them."""
    siblings = Unit.objects.filter(parent=parent, closed_on__isnull=True).exclude(pk=row.pk)
    if siblings.filter(name=row.name).exists():
        raise Refused(_("同一个上级下面已有“%(name)s”") % {"name": row.name}, where="name", mend=_("换一个名称"))
    if row.short_name and siblings.filter(short_name=row.short_name).exists():
        raise Refused(
            _("简称“%(short)s”已有单位在用") % {"short": row.short_name}, where="short_name", mend=_("换一个简称")
        )


@transaction.atomic
def move_unit(actor: Viewer, *, unit: Unit, parent: Unit) -> Unit:
    """The unit and everything under it comes to stand under another one; whoever holds rights over the new parent
    holds them here from now on, and the old parent's no longer reach it. Nobody gains a right by their own move.
    """
    require(actor, Perm.UNIT_MANAGE, unit)
    # Else two units could each be put under the other.
    one_at_a_time()
    row = Unit.objects.select_related("kind", "parent").get(pk=unit.pk)
    target = Unit.objects.select_related("kind").get(pk=parent.pk)
    _refuse_move(actor, row, target)
    old, new = row.path, child_path(target.path, row.pk)
    subtree = Unit.everything.filter(path__startswith=old)
    longest = subtree.aggregate(most=Max(Length("path")))["most"]
    if longest - len(old) + len(new) > Unit._meta.get_field("path").max_length:
        raise Refused(_("层数太多了"), where="parent", mend=_("移到更高的单位下面"))
    was = row.parent
    Unit.objects.filter(pk=row.pk).update(parent=target)
    count = subtree.update(path=Concat(Value(new), Substr(F("path"), len(old) + 1)))
    row.parent, row.path = target, new
    told = {"from": str(was.uid) if was else "", "to": str(target.uid), "count": count}
    _record("unit.moved", actor, row, told)
    return row


def _refuse_move(actor: Viewer, row: Unit, target: Unit) -> None:
    if row.parent is None:
        raise Refused(_("最上面的单位不能移"))
    require(actor, Perm.UNIT_MANAGE, row.parent)
    require(actor, Perm.UNIT_MANAGE, target)
    if target.path.startswith(row.path):
        raise Refused(_("不能移到自己或自己的下级下面"), where="parent", mend=_("选别的单位"))
    if target == row.parent:
        raise Refused(_("本来就在“%(unit)s”下面") % {"unit": target}, where="parent", mend=_("选别的单位"))
    require_open(target)
    if target.kind.is_group:
        raise Refused(_("工作机构下面不设单位"), where="parent", mend=_("选它的上级"))
    gained = [perm for perm in Perm if actor.own.can(perm, target) and not actor.own.can(perm, row)]
    if gained:
        raise Refused(_("移过去以后，您自己在这里会多出权限，不能由您来移"), where="parent", mend=_("请上一级单位来办"))
    refuse_taken_names(row, target)


@transaction.atomic
def close_unit(actor: Viewer, *, unit: Unit) -> Unit:
    """From today on no new record names the unit; all that stands keeps it. What still hangs on it must go first."""
    require(actor, Perm.UNIT_MANAGE, unit)
    one_at_a_time()
    row = Unit.objects.select_for_update(of=("self",)).select_related("kind", "parent").get(pk=unit.pk)
    if row.closed_on:
        raise Conflict(_("“%(unit)s”已经停用") % {"unit": row})
    if row.parent is None:
        raise Refused(_("最上面的单位不能停用"))
    hinders = queries.what_hinders_closing(actor, row)
    if hinders:
        told = "，".join(f"{each.label} {each.count}" for each in hinders)
        raise Refused(_("还有：%(told)s") % {"told": told}, mend=_("先移走、结束或停用它们"))
    row.closed_on = clock.today()
    row.save(update_fields=["closed_on"])
    _record("unit.closed", actor, row, {"closed_on": row.closed_on.isoformat()})
    return row


@transaction.atomic
def reopen_unit(actor: Viewer, *, unit: Unit) -> Unit:
    require(actor, Perm.UNIT_MANAGE, unit)
    row = Unit.objects.select_for_update(of=("self",)).select_related("kind", "parent").get(pk=unit.pk)
    if row.closed_on is None:
        raise Conflict(_("“%(unit)s”没有停用") % {"unit": row})
    if row.parent and row.parent.closed_on:
        raise Refused(_("上级“%(unit)s”已停用") % {"unit": row.parent}, mend=_("先恢复上级，或移到别的上级"))
    refuse_taken_names(row, row.parent)
    _refuse_codes(row)
    row.closed_on = None
    row.save(update_fields=["closed_on"])
    _record("unit.reopened", actor, row, {})
    return row


def _record(verb: str, actor: Viewer, row: Unit, data: Mapping[str, object], detail: str = "") -> None:
    events.record(
        verb, actor_uid=actor.uid, noun="unit", subject_uid=row.uid, unit_uid=row.uid, data=data, detail=detail
    )
