"""The verbs of the pages of settings: the same for every table of reference data. Every verb records one Event.

All ask for `reference.manage` over the whole city, because the tables belong to no unit. Before and after stand in the
event's data: they are codes and names of reference rows, never of persons.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock, events
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.core.models import Reference
from chuangwen.core.setting import CODE, CODE_SENTENCE, NOUN, Change, Setting, subject
from chuangwen.people.access import Viewer, one_at_a_time, require_over_city
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm


@transaction.atomic
def add_row(actor: Viewer, setting: Setting, *, code: str, values: Mapping[str, Any]) -> Reference:
    """A row of this city's own. Its code is never given again, not even after it was retired."""
    require_over_city(actor, Perm.REFERENCE_MANAGE)
    one_at_a_time()
    if not CODE.fullmatch(code):
        raise Refused(CODE_SENTENCE, where="code")
    if standing := setting.model._default_manager.filter(pk=code).first():
        raise Refused(
            _("代码 %(code)s 已是“%(row)s”") % {"code": code, "row": standing}, where="code", mend=_("换一个代码")
        )
    model: Any = setting.model
    row: Reference = model(code=code)
    _save(actor, setting, row, values, "reference.added")
    return row


@transaction.atomic
def edit_row(
    actor: Viewer, setting: Setting, *, code: str, values: Mapping[str, Any], seen: Mapping[str, Any]
) -> Reference:
    """`seen` are the values that the page showed: whoever comes after somebody else is told what that one changed."""
    row: Reference = _standing(actor, setting, code)
    if moved := [name for name, value in setting.values(row).items() if seen.get(name) != value]:
        now = setting.values(row)
        told = "；".join(
            f"{_label(setting, name)} {setting.shown(name, seen.get(name))} → {setting.shown(name, now[name])}"
            for name in moved
        )
        raise Conflict(
            _("您打开之后，别人改过：%(told)s") % {"told": told}, mend=_("看一看；再按一次保存，就以您写的为准")
        )
    _save(actor, setting, row, values, "reference.edited")
    return row


@transaction.atomic
def retire_row(actor: Viewer, setting: Setting, *, code: str) -> Reference:
    """Nobody chooses the row any more; records that have it keep it."""
    row: Reference = _standing(actor, setting, code)
    if reason := setting.protected.get(code):
        raise Refused(_("“%(row)s”不能停用") % {"row": row}, mend=reason)
    if row.retired_on:
        raise Conflict(_("“%(row)s”已经停用") % {"row": row})
    row.retired_on = clock.today()
    row.save(update_fields=["retired_on"])
    _record(actor, setting, row, "reference.retired", {})
    return row


@transaction.atomic
def restore_row(actor: Viewer, setting: Setting, *, code: str) -> Reference:
    """As it was before it was retired, if nothing has taken its name or place since."""
    row: Reference = _standing(actor, setting, code)
    if row.retired_on is None:
        raise Conflict(_("“%(row)s”没有停用") % {"row": row})
    row.retired_on = None
    _check(actor, setting, row, setting.values(row))
    row.save(update_fields=["retired_on"])
    _record(actor, setting, row, "reference.restored", {})
    return row


@transaction.atomic
def return_row(actor: Viewer, setting: Setting, *, code: str) -> Reference:
    """What the file says, now and after every update of the product, until somebody edits the row again."""
    row: Reference = _standing(actor, setting, code)
    said = setting.file_values(code)
    if said is None:
        raise Refused(_("文件里没有“%(row)s”，是这里加的") % {"row": row}, mend=_("不再用就停用"))
    if row.edited_at is None and setting.values(row) == said:
        raise Conflict(_("“%(row)s”本来就和文件一样") % {"row": row})
    _save(actor, setting, row, said, "reference.returned", edited=False)
    return row


VERBS: Mapping[str, Callable[..., Reference]] = {"retire": retire_row, "restore": restore_row, "return": return_row}


def _standing(actor: Viewer, setting: Setting, code: str) -> Any:
    require_over_city(actor, Perm.REFERENCE_MANAGE)
    one_at_a_time()
    row = setting.model._default_manager.filter(pk=code).first()
    if row is None:
        raise Missing
    return row


def _save(
    actor: Viewer, setting: Setting, row: Any, values: Mapping[str, Any], verb: str, *, edited: bool = True
) -> None:
    new = row._state.adding
    before = None if new else setting.values(row)
    setting.apply(row, values)
    _check(actor, setting, row, before)
    after = setting.values(row)
    if before == after and edited:
        return
    row.edited_at = clock.now() if edited else None
    row.save(force_insert=new)
    old = before or {}
    changed = [name for name, value in after.items() if new or old[name] != value]
    told: dict[str, object] = {"after": {name: after[name] for name in changed}}
    if before is not None:
        told["before"] = {name: before[name] for name in changed}
    _record(actor, setting, row, verb, told)


def _check(actor: Viewer, setting: Setting, row: Any, before: Mapping[str, Any] | None) -> None:
    try:
        row.clean_fields()
    except ValidationError as problem:
        where, sentences = next(iter(problem.message_dict.items()))
        raise Refused(sentences[0], where=where) from problem
    alike = {name: getattr(row, row._meta.get_field(name).attname) for name in setting.among}
    table: Any = setting.model._default_manager
    others = table.exclude(pk=row.pk).filter(name=row.name, **alike)
    if other := others.first():
        mend = _("恢复那一行，或换一个名称") if other.retired_on else _("换一个名称")
        raise Refused(
            _("名称“%(name)s”已有（%(code)s）") % {"name": row.name, "code": other.pk}, where="name", mend=mend
        )
    setting.check(Change(actor, row, before))


def _record(actor: Viewer, setting: Setting, row: Any, verb: str, told: Mapping[str, object]) -> None:
    root = Unit.objects.filter(parent__isnull=True).first()
    events.record(
        verb,
        actor_uid=actor.uid,
        noun=NOUN,
        subject_uid=subject(setting.key, row.pk),
        unit_uid=root.uid if root else None,
        data={"table": setting.key, "code": row.pk, **told},
    )


def _label(setting: Setting, name: str) -> str:
    return next(str(column.label) for column in setting.columns if column.name == name)
