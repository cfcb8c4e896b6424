"""Persons, their accounts and passwords. Every verb records one Event."""

import json
import secrets
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import DateField, F, Q, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from chuangwen.core import clock, events, work
from chuangwen.core.errors import Missing, Refused
from chuangwen.people.access import Viewer, keys_kept, require, require_open, require_password_right, require_somebody
from chuangwen.people.models import Account, ApiToken, Grant, Membership, Person, Unit
from chuangwen.people.person_queries import may_edit_contact
from chuangwen.people.rules import DOOR, Perm, is_office_phone
from chuangwen.people.services.deputies import end_deputies_of

# Without the letters and digits that are mistaken for one another when read aloud.
PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105


CONTACT = ("office_phone", "email")


def check_office_phone(written: str, where: str) -> None:
    if written and not is_office_phone(written):
        raise Refused(
            _("“%(phone)s”不是办公电话") % {"phone": written},
            where=where,
            mend=_("写成 0736-7220001 或 7220001 转 8012 这样；不写私人手机"),
        )


def check_email(written: str) -> None:
    try:
        if written:
            validate_email(written)
    except ValidationError as problem:
        raise Refused(
            _("“%(email)s”不是邮箱地址") % {"email": written}, where="email", mend=_("写成 name@anlan.gov.cn 这样")
        ) from problem


@transaction.atomic
def add_person(
    actor: Viewer, *, unit: Unit, code: str, name: str, title: str = "", office_phone: str = "", email: str = ""
) -> Person:
    require(actor, Perm.PERSON_MANAGE, unit)
    require_open(unit)
    _keep_from_the_door(unit, code)
    if Person.everything.filter(unit=unit, code=code).exists():
        raise Refused(_("工号 %(code)s 在本单位已有") % {"code": code}, where="code", mend=_("换一个工号"))
    check_office_phone(office_phone, "office_phone")
    check_email(email)
    person = Person.objects.create(unit=unit, code=code, name=name, title=title, office_phone=office_phone, email=email)
    events.record("person.added", actor_uid=actor.uid, noun="person", subject_uid=person.uid, unit_uid=unit.uid)
    return person


@transaction.atomic
def edit_contact(actor: Viewer, *, person: Person, office_phone: str, email: str) -> Person:
    """The telephone of the office and the address for mails. What they were is in the event's detail."""
    if not may_edit_contact(actor, person):
        raise Missing
    row = Person.objects.select_for_update(of=("self",)).select_related("unit").get(pk=person.pk)
    check_office_phone(office_phone, "office_phone")
    check_email(email)
    wanted = {"office_phone": office_phone, "email": email}
    before = {column: getattr(row, column) for column in CONTACT if getattr(row, column) != wanted[column]}
    if not before:
        return row
    Person.objects.filter(pk=row.pk).update(**wanted)
    events.record(
        "person.contact_edited",
        actor_uid=actor.uid,
        noun="person",
        subject_uid=row.uid,
        unit_uid=row.unit.uid,
        data={"changed": sorted(before)},
        detail=json.dumps(before, ensure_ascii=False),
    )
    return Person.objects.select_related("unit").get(pk=row.pk)


def _keep_from_the_door(unit: Unit, code: str) -> None:
    """Whoever had that code at the top would be taken for the door, and have its rights."""
    if code == DOOR and unit.parent_id is None:
        raise Refused(_("工号 door 留给市民入口"), where="code", mend=_("换一个工号"))


def new_password() -> str:
    """Fourteen letters in groups that one can read over the telephone."""
    letters = [secrets.choice(PASSWORD_LETTERS) for _each in range(12)]
    return "-".join("".join(letters[start : start + 4]) for start in (0, 4, 8))


@transaction.atomic
def open_account(actor: Viewer, *, person: Person, login: str) -> str:
    """Give a person a login; returns the first password, which is shown once and must be changed."""
    require_password_right(actor, person)
    require_somebody(person)
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
    revoke_all_tokens(person)
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
    revoke_all_tokens(account.person)
    events.record(
        "account.password_changed",
        actor_uid=actor.uid,
        noun="person",
        subject_uid=actor.uid,
        unit_uid=actor.person.unit.uid,
    )


def revoke_all_tokens(person: Person) -> None:
    """Whoever had got hold of the account keeps no back door."""
    ApiToken.objects.filter(person=person, revoked_at__isnull=True).update(revoked_at=clock.now())


@transaction.atomic
def let_go(actor: Viewer, *, person: Person) -> Person:
    """The person leaves the unit: account, tokens, grants and places in groups end today; the records stay.

    What hangs on the person is handed over first (`hand_over`), so that nothing is orphaned.
    """
    require_password_right(actor, person)
    require_somebody(person)
    if person == actor.person:
        raise Refused(_("不能让自己离开"), mend=_("请别的管理员来办"))
    if count := work.to_hand_over(actor, person):
        raise Refused(
            _("%(person)s手上还有 %(count)s 件没有交接") % {"person": person, "count": count},
            mend=_("先在这个人的页面办“交接”，再办离开"),
        )
    today = clock.today()
    with keys_kept():
        if not Person.objects.filter(pk=person.pk, left_on__isnull=True).update(left_on=today):
            raise Refused(_("这个人已经离开"))
        Account.objects.filter(person=person).update(is_active=False)
    revoke_all_tokens(person)
    end_deputies_of(person)
    yesterday = today - timedelta(days=1)
    standing = Q(until__isnull=True) | Q(until__gt=yesterday)
    Grant.objects.filter(standing, person=person, since__lt=today).update(until=yesterday)
    Grant.objects.filter(standing, person=person).filter(since__gte=today).delete()
    last = Greatest(F("since"), Value(today, output_field=DateField()))
    Membership.objects.filter(person=person, until__isnull=True).update(until=last)
    events.record("person.left", actor_uid=actor.uid, noun="person", subject_uid=person.uid, unit_uid=person.unit.uid)
    return person


@transaction.atomic
def register_pupils(actor: Viewer, *, school: Unit, pupils: Iterable[Person]) -> int:
    """Bring in pupils by code, without names; the rows come whole from an importer. Returns how many."""
    require(actor, Perm.PERSON_MANAGE, school)
    return len(Person.objects.bulk_create(pupils, batch_size=500))


@transaction.atomic
def register_staff(actor: Viewer, *, unit: Unit, staff: Iterable[Person]) -> int:
    """As register_pupils, for those who work at the unit or below it."""
    require(actor, Perm.PERSON_MANAGE, unit)
    staff = list(staff)
    for person in staff:
        _keep_from_the_door(person.unit, person.code)
    return len(Person.objects.bulk_create(staff, batch_size=500))


def person_of(actor: Viewer, *, uid: UUID) -> Person:
    """A person that the actor may see, with unit and account; Missing otherwise."""
    person = (
        Person.objects.filter(actor.scope(Perm.PERSON_VIEW), uid=uid).select_related("unit__kind", "account").first()
    )
    if person is None:
        raise Missing
    return person
