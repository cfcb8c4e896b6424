"""What one can do with units, groups, persons, accounts, grants and tokens. Every verb records one Event."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from chuangwen.core import clock, events
from chuangwen.core.digests import digest
from chuangwen.core.errors import Missing, Refused
from chuangwen.core.models import StoredFile
from chuangwen.people.access import Viewer, get_unit, require, require_password_right
from chuangwen.people.models import (
    Account,
    ApiToken,
    Charter,
    Grant,
    Level,
    Membership,
    Person,
    Position,
    Role,
    Unit,
    UnitKind,
)
from chuangwen.people.rules import Perm, child_path, token_digest

# Without the letters and digits that are mistaken for one another when read aloud.
PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105
OPERATOR = "operator"
CODE_LENGTH = 60


@transaction.atomic
def load_reference(tables: Mapping[str, Any]) -> dict[str, int]:
    """Bring levels, kinds of unit and roles to what the reference files say; returns how many rows of each.

    `tables`: {"levels": [...], "unit_kinds": [...], "roles": [...]}, rows as mappings of column to value. Rows that
    the files no longer name stay, because other rows may stand on them.
    """
    models: dict[str, type[Level | UnitKind | Role]] = {
        "levels": Level,
        "unit_kinds": UnitKind,
        "roles": Role,
    }
    for name, model in models.items():
        for row in tables[name]:
            values = {key: value for key, value in row.items() if key != "code"}
            model.objects.update_or_create(code=row["code"], defaults=values)
    return {name: len(tables[name]) for name in models}


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
    if Unit.objects.filter(code=code).exists():
        raise Refused(_("代码 %(code)s 已有单位在用") % {"code": code}, where="code", mend=_("换一个代码"))
    unit = Unit.objects.create(parent=parent, code=code, name=name, kind_id=kind, **more)
    unit.path = child_path(parent.path, unit.pk)
    unit.save(update_fields=["path"])
    return unit


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


@transaction.atomic
def add_person(actor: Viewer, *, unit: Unit, code: str, name: str, title: str = "") -> Person:
    require(actor, Perm.PERSON_MANAGE, unit)
    if Person.objects.filter(unit=unit, code=code).exists():
        raise Refused(_("工号 %(code)s 在本单位已有") % {"code": code}, where="code", mend=_("换一个工号"))
    person = Person.objects.create(unit=unit, code=code, name=name, title=title)
    events.record("person.added", actor_uid=actor.uid, noun="person", subject_uid=person.uid, unit_uid=unit.uid)
    return person


def free_code(parent: Unit) -> str:
    """The parent's code, cut where the number would not fit behind it, with the next number that no unit has."""
    stem = f"{parent.code[: CODE_LENGTH - 8]}-g"
    taken = set(Unit.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for number in count(1) if (code := f"{stem}{number}") not in taken)


def new_password() -> str:
    """Fourteen letters in groups that one can read over the telephone."""
    letters = [secrets.choice(PASSWORD_LETTERS) for _each in range(12)]
    return "-".join("".join(letters[start : start + 4]) for start in (0, 4, 8))


@transaction.atomic
def open_account(actor: Viewer, *, person: Person, login: str) -> str:
    """Give a person a login; returns the first password, which is shown once and must be changed."""
    require_password_right(actor, person)
    if Account.objects.filter(person=person).exists():
        raise Refused(_("这个人已有账号"), mend=_("忘了密码请用“重置密码”"))
    if Account.objects.filter(login=login).exists():
        raise Refused(_("登录名 %(login)s 已有人用") % {"login": login}, where="login", mend=_("换一个登录名"))
    if person.is_pupil:
        raise Refused(_("学生只记代码，不开账号"), mend=_("由班主任代为登记"))
    password = new_password()
    account = Account(login=login, person=person)
    account.set_password(password)
    account.save()
    events.record(
        "account.opened", actor_uid=actor.uid, noun="person", subject_uid=person.uid, unit_uid=person.unit.uid
    )
    return password


@transaction.atomic
def reset_password(actor: Viewer, *, person: Person) -> str:
    """A new first password, shown once; whoever is signed in with the old one is signed out."""
    require_password_right(actor, person)
    account = Account.objects.select_for_update().filter(person=person).first()
    if account is None:
        raise Refused(_("这个人没有账号"), mend=_("先开账号"))
    password = new_password()
    account.set_password(password)
    account.must_change_password = True
    account.save(update_fields=["password", "must_change_password"])
    events.record("account.reset", actor_uid=actor.uid, noun="person", subject_uid=person.uid, unit_uid=person.unit.uid)
    return password


@transaction.atomic
def change_password(actor: Viewer, *, account: Account, password: str) -> None:
    """The account's own owner sets a password of their own; the form has checked the old one."""
    if account.person_id != actor.person.pk:
        raise Missing
    account.set_password(password)
    account.must_change_password = False
    account.save(update_fields=["password", "must_change_password"])
    events.record(
        "account.password_changed",
        actor_uid=actor.uid,
        noun="person",
        subject_uid=actor.uid,
        unit_uid=actor.person.unit.uid,
    )


@transaction.atomic
def give_grant(
    actor: Viewer,
    *,
    person: Person,
    role: Role,
    unit: Unit,
    since: date | None = None,
    until: date | None = None,
) -> Grant:
    """Nobody gives more than they hold: every permission of the role must be the giver's own over that unit."""
    require(actor, Perm.GRANT_MANAGE, unit)
    beyond = [perm for perm in role.permissions if not actor.can(Perm(perm), unit)]
    if beyond:
        raise Refused(_("“%(role)s”含有您自己没有的权限") % {"role": role}, where="role", mend=_("请上一级单位来授"))
    since = since or clock.today()
    if until and until < since:
        raise Refused(_("截止日期早于起始日期"), where="until", mend=_("把截止日期改到起始日期之后，或留空"))
    grant = Grant.objects.create(person=person, role=role, unit=unit, since=since, until=until)
    events.record(
        "grant.given",
        actor_uid=actor.uid,
        noun="person",
        subject_uid=person.uid,
        unit_uid=unit.uid,
        data={"role": role.code, "unit": str(unit.uid)},
    )
    return grant


@transaction.atomic
def end_grant(actor: Viewer, *, grant_uid: UUID) -> Grant:
    """The grant ends now: yesterday was its last day; one that begins today or later never was. Ended ones stay."""
    grant = Grant.objects.select_related("unit", "person", "role").filter(uid=grant_uid).first()
    if grant is None:
        raise Missing
    require(actor, Perm.GRANT_MANAGE, grant.unit)
    if grant.person_id == actor.person.pk:
        raise Refused(_("不能收回自己的授权"), mend=_("请别的管理员来收"))
    if grant.until and grant.until < clock.today():
        return grant
    if grant.since >= clock.today():
        Grant.objects.filter(pk=grant.pk).delete()
    else:
        Grant.objects.filter(pk=grant.pk).update(until=clock.today() - timedelta(days=1))
    events.record(
        "grant.ended",
        actor_uid=actor.uid,
        noun="person",
        subject_uid=grant.person.uid,
        unit_uid=grant.unit.uid,
        data={"role": grant.role_id, "unit": str(grant.unit.uid)},
    )
    return grant


@transaction.atomic
def issue_token(actor: Viewer, *, name: str) -> str:
    """A token for the person's own programs; returns the secret, which is shown once."""
    secret = "cw_" + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(person=actor.person, name=name, digest=token_digest(secret), created_at=clock.now())
    events.record("token.issued", actor_uid=actor.uid, noun="token", subject_uid=token.uid)
    return secret


@transaction.atomic
def revoke_token(actor: Viewer, *, token_uid: UUID) -> None:
    changed = ApiToken.objects.filter(uid=token_uid, person=actor.person, revoked_at__isnull=True).update(
        revoked_at=clock.now()
    )
    if not changed:
        raise Missing
    events.record("token.revoked", actor_uid=actor.uid, noun="token", subject_uid=token_uid)


@transaction.atomic
def register_pupils(actor: Viewer, *, school: Unit, pupils: Iterable[Person]) -> int:
    """Bring in pupils by code, without names; the rows come whole from an importer. Returns how many."""
    require(actor, Perm.PERSON_MANAGE, school)
    return len(Person.objects.bulk_create(pupils, batch_size=500))


def person_of(actor: Viewer, *, uid: UUID) -> Person:
    """A person that the actor may see, with unit and account; Missing otherwise."""
    person = (
        Person.objects.filter(actor.scope(Perm.PERSON_VIEW), uid=uid).select_related("unit__kind", "account").first()
    )
    if person is None:
        raise Missing
    return person


def role_for(code: str) -> Role:
    role = Role.objects.filter(code=code).first()
    if role is None:
        raise Refused(_("没有这个角色"), where="role", mend=_("从列表里选一个"))
    return role


def group_for(actor: Viewer, *, code: str) -> Unit:
    return get_unit(actor, Perm.UNIT_MANAGE, code=code)
