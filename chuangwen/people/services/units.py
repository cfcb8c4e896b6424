"""Levels, kinds and roles; units, groups and places in groups. Every verb records one Event."""

from collections.abc import Iterable, Mapping
from datetime import date, time
from itertools import count
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from chuangwen.core import clock, events, reference
from chuangwen.core.digests import digest
from chuangwen.core.errors import Missing, Refused
from chuangwen.core.models import StoredFile
from chuangwen.people.access import Viewer, get_unit, one_at_a_time, require, require_open, require_somebody
from chuangwen.people.models import (
    Account,
    Charter,
    Grant,
    Level,
    Membership,
    NoticePolicy,
    Person,
    Position,
    Role,
    Unit,
    UnitKind,
)
from chuangwen.people.rules import DOOR, Perm, child_path

OPERATOR = "operator"
CODE_LENGTH = 60
TIMES = ("quiet_from", "quiet_to")


@transaction.atomic
def load_reference(tables: Mapping[str, Any]) -> dict[str, int]:
    """Bring levels, kinds of unit, roles and the rule of notices to what the files say; returns how many rows of each.

    `tables`: {"levels": [...], "unit_kinds": [...], "roles": [...], "notice_policies": [...]}, rows as
    mappings of column to value. Rows that were edited here stay as they are, and so do those that the
    files no longer name.
    """
    models: dict[str, type[Level | UnitKind | Role | NoticePolicy]] = {
        "levels": Level,
        "unit_kinds": UnitKind,
        "roles": Role,
        "notice_policies": NoticePolicy,
    }
    return {name: reference.bring(model, map(_with_times, tables[name])) for name, model in models.items()}


def _with_times(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the file, where 21:30 is a text."""
    return {key: time.fromisoformat(value) if key in TIMES else value for key, value in row.items()}


@transaction.atomic
def found_city(*, code: str, name: str, name_en: str, division_code: str) -> Viewer:
    """The root of the tree with its system operator, who acts for commands. Again gives the same operator."""
    root = Unit.objects.filter(parent__isnull=True).first()
    if root is None:
        root = Unit.objects.create(
            code=code,
            name=name,
            name_en=name_en,
            kind_id="city",
            level_id="city",
            division_code=division_code,
        )
        root.path = child_path("", root.pk)
        root.save(update_fields=["path"])
        events.record("unit.founded", actor_uid=None, noun="unit", subject_uid=root.uid, unit_uid=root.uid)
    person, created = Person.objects.get_or_create(
        unit=root, code=OPERATOR, defaults={"name": "系统操作员", "title": "系统"}
    )
    if created:
        Grant.objects.create(person=person, role_id="operator", unit=root, since=clock.today())
    return Viewer(person)


@transaction.atomic
def open_door() -> Viewer:
    """The person through whom citizens act, with the rights of the role `door` over the city; made at the first use.

    Raises Refused where no city was founded, or where somebody with an account has the door's code.
    """
    standing = _door()
    if standing:
        return Viewer(standing)
    root = one_at_a_time()
    if root is None:
        raise Refused(_("还没有建立城市"), mend=_("先运行 script/manage demo，或 script/manage found_city"))
    person, created = Person.everything.get_or_create(unit=root, code=DOOR, defaults={"name": "市民入口"})
    if Account.objects.filter(person=person).exists():
        raise Refused(_("工号 door 已经给了一个能登录的人"), mend=_("请管理员给那个人换一个工号"))
    given = Grant.objects.get_or_create(person=person, role_id=DOOR, unit=root, defaults={"since": clock.today()})
    if created or given[1]:
        events.record("door.opened", actor_uid=None, noun="person", subject_uid=person.uid, unit_uid=root.uid)
    return Viewer(person)


def _door() -> Person | None:
    """The door where it stands already, with its grant and without an account: then nothing is locked."""
    rows = Person.objects.filter(unit__parent__isnull=True, code=DOOR, account=None, grants__role=DOOR)
    return rows.select_related("unit").first()


def operator() -> Viewer:
    """The system operator. Raises Refused when no city has been founded yet."""
    person = Person.objects.filter(unit__parent__isnull=True, code=OPERATOR).select_related("unit").first()
    if person is None:
        raise Refused(_("还没有建立城市"), mend=_("先运行 script/manage demo，或 script/manage found_city"))
    return Viewer(person)


@transaction.atomic
def add_unit(actor: Viewer, *, parent: Unit, code: str, name: str, kind: str, **more: Any) -> Unit:
    """A unit below another. `more`: name_en, short_name, level_id, division_code, credit_code."""
    unit = _new_unit(actor, parent=parent, code=code, name=name, kind=kind, **more)
    events.record("unit.added", actor_uid=actor.uid, noun="unit", subject_uid=unit.uid, unit_uid=unit.uid)
    return unit


@transaction.atomic
def add_units(actor: Viewer, *, parent: Unit, kind: str, names: list[tuple[str, str]]) -> list[Unit]:
    """Several units below another, (short name or "", name) each: all of them or none."""
    require(actor, Perm.UNIT_MANAGE, parent)
    taken = set(parent.children.filter(closed_on__isnull=True).values_list("short_name", flat=True))
    units = []
    for short, name in names:
        if short and short in taken:
            raise Refused(_("简称“%(short)s”已有单位在用") % {"short": short}, where="names", mend=_("删去这一行"))
        spelt = f"{parent.code}-{slugify(short)}"
        code = spelt if slugify(short) and len(spelt) <= CODE_LENGTH else free_code(parent)
        units.append(_new_unit(actor, parent=parent, code=code, name=name, kind=kind, short_name=short))
    events.record(
        "units.added",
        actor_uid=actor.uid,
        noun="unit",
        subject_uid=parent.uid,
        unit_uid=parent.uid,
        data={"count": len(units), "digest": digest(sorted(str(unit.uid) for unit in units))},
    )
    return units


def _new_unit(actor: Viewer, *, parent: Unit, code: str, name: str, kind: str, **more: Any) -> Unit:
    require(actor, Perm.UNIT_MANAGE, parent)
    require_open(parent)
    if Unit.everything.filter(code=code).exists():
        raise Refused(_("代码 %(code)s 已有单位在用") % {"code": code}, where="code", mend=_("换一个代码"))
    unit = Unit.objects.create(parent=parent, code=code, name=name, kind_id=kind, **more)
    unit.path = child_path(parent.path, unit.pk)
    unit.save(update_fields=["path"])
    return unit


def free_code(parent: Unit) -> str:
    """The parent's code, cut where the number would not fit behind it, with the next number that no unit has."""
    stem = f"{parent.code[: CODE_LENGTH - 8]}-g"
    taken = set(Unit.everything.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for number in count(1) if (code := f"{stem}{number}") not in taken)


@transaction.atomic
def found_group(
    actor: Viewer,
    *,
    parent: Unit,
    name: str,
    kind: str,
    remit: str,
    founded_on: date,
    code: str = "",
    office: Unit | None = None,
    document_title: str = "",
    document_number: str = "",
    document: StoredFile | None = None,
    name_en: str = "",
) -> Unit:
    """A leading group, office or working group: a small unit with a charter. A missing code is made."""
    if not UnitKind.objects.filter(code=kind, is_group=True).exists():
        raise Refused(_("这一类不是工作机构"), where="kind", mend=_("选领导小组、办公室或专班"))
    if founded_on > clock.today():
        raise Refused(_("成立日期在今天之后"), where="founded_on", mend=_("写文件上的成立日期"))
    unit = _new_unit(actor, parent=parent, code=code or free_code(parent), name=name, kind=kind, name_en=name_en)
    Charter.objects.create(
        unit=unit,
        office=office,
        remit=remit,
        founded_on=founded_on,
        document_title=document_title,
        document_number=document_number,
        document=document,
    )
    events.record(
        "group.founded",
        actor_uid=actor.uid,
        noun="unit",
        subject_uid=unit.uid,
        unit_uid=unit.uid,
        data={"founded_on": founded_on.isoformat()},
    )
    return unit


@transaction.atomic
def add_member(
    actor: Viewer, *, group: Unit, person: Person, position: str, remit: str = "", since: date | None = None
) -> Membership:
    require(actor, Perm.UNIT_MANAGE, group)
    require_open(group)
    require_somebody(person)
    if not group.kind.is_group:
        raise Refused(_("这一类不是工作机构"), mend=_("选领导小组、办公室或专班"))
    standing = Membership.objects.filter(group=group, until__isnull=True)
    if standing.filter(person=person).exists():
        raise Refused(_("这个人已在组内"), where="person", mend=_("先结束原来的职务，再加新的"))
    if position == Position.LEADER and standing.filter(position=Position.LEADER).exists():
        raise Refused(_("组长已有人"), where="position", mend=_("先结束现任组长的职务"))
    membership = Membership.objects.create(
        group=group, person=person, position=position, remit=remit, since=since or clock.today()
    )
    events.record(
        "group.member_added",
        actor_uid=actor.uid,
        noun="unit",
        subject_uid=group.uid,
        unit_uid=group.uid,
        data={"person": str(person.uid), "position": position},
    )
    return membership


@transaction.atomic
def register_units(actor: Viewer, *, over: Unit, units: Iterable[Unit]) -> int:
    """Units as they come from an importer, each with a parent known by its uid, which stands or came just before;
    a group brings its charter. Returns how many.
    """
    require(actor, Perm.UNIT_MANAGE, over)
    new = list(units)
    for unit in new:
        charter: Charter | None = getattr(unit, "charter", None)
        unit.parent = parent = Unit.objects.get(uid=unit.parent.uid if unit.parent else over.uid)
        unit.save()
        unit.path = child_path(parent.path, unit.pk)
        unit.save(update_fields=["path"])
        if charter:
            charter.unit = unit
            charter.save()
    return len(new)


@transaction.atomic
def register_members(actor: Viewer, *, over: Unit, members: Iterable[Membership]) -> int:
    """As register_units, for places in groups."""
    require(actor, Perm.UNIT_MANAGE, over)
    return len(Membership.objects.bulk_create(members, batch_size=500))


@transaction.atomic
def end_membership(actor: Viewer, *, membership_uid: UUID) -> Membership:
    membership = Membership.objects.select_related("group", "person").filter(uid=membership_uid).first()
    if membership is None:
        raise Missing
    require(actor, Perm.UNIT_MANAGE, membership.group)
    ended = Membership.objects.filter(pk=membership.pk, until__isnull=True).update(
        until=max(clock.today(), membership.since)
    )
    if ended:
        events.record(
            "group.member_left",
            actor_uid=actor.uid,
            noun="unit",
            subject_uid=membership.group.uid,
            unit_uid=membership.group.uid,
            data={"person": str(membership.person.uid)},
        )
    return membership


def group_for(actor: Viewer, *, code: str) -> Unit:
    return get_unit(actor, Perm.UNIT_MANAGE, code=code)
