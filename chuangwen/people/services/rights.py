"""Grants and API tokens. Every verb records one Event."""

import secrets
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock, events
from chuangwen.core.errors import Missing, Refused
from chuangwen.people.access import Viewer, keys_kept, require, require_open, require_somebody
from chuangwen.people.models import (
    ApiToken,
    Grant,
    Person,
    Role,
    Unit,
)
from chuangwen.people.rules import Perm, token_digest


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
    """Nobody gives more, or for longer, than they hold over that unit, and nobody gives to themselves."""
    require(actor, Perm.GRANT_MANAGE, unit)
    require_open(unit)
    require_somebody(person)
    if role.retired_on and role.retired_on <= clock.today():
        raise Refused(_("“%(role)s”已经停用") % {"role": role}, where="role", mend=_("从列表里选一个"))
    if person == actor.person:
        raise Refused(_("不能给自己授权"), where="person", mend=_("请上一级单位来授"))
    beyond = [perm for perm in role.permissions if not actor.own.can(Perm(perm), unit)]
    if beyond:
        raise Refused(_("“%(role)s”含有您自己没有的权限") % {"role": role}, where="role", mend=_("请上一级单位来授"))
    since = since or clock.today()
    if until and until < since:
        raise Refused(_("截止日期早于起始日期"), where="until", mend=_("把截止日期改到起始日期之后，或留空"))
    limit = _own_limit(actor, role, unit)
    if limit and (until is None or until > limit):
        raise Refused(
            _("您自己的授权到 %(day)s 为止，不能授得更久") % {"day": limit},
            where="until",
            mend=_("把截止日期写到那一天以内"),
        )
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


def _own_limit(actor: Viewer, role: Role, unit: Unit) -> date | None:
    """The day on which the actor's own hold on some permission of the role ends; None when all are without end."""
    limits = []
    for perm in role.permissions:
        holding = [
            each for each in actor.own.grants if perm in each.role.permissions and unit.path.startswith(each.unit.path)
        ]
        ends = [each.until for each in holding]
        if None not in ends:
            limits.append(max(end for end in ends if end))
    return min(limits, default=None)


@transaction.atomic
def end_grant(actor: Viewer, *, grant_uid: UUID) -> Grant:
    """The grant ends now: yesterday was its last day; one that begins today or later never was. Ended ones stay."""
    grant = Grant.objects.select_related("unit", "person__unit", "role").filter(uid=grant_uid).first()
    if grant is None:
        raise Missing
    require(actor, Perm.GRANT_MANAGE, grant.unit)
    require_somebody(grant.person)
    if grant.person_id == actor.person.pk:
        raise Refused(_("不能收回自己的授权"), mend=_("请别的管理员来收"))
    if grant.until and grant.until < clock.today():
        return grant
    with keys_kept():
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


def role_for(code: str) -> Role:
    role = Role.objects.filter(code=code).first()
    if role is None:
        raise Refused(_("没有这个角色"), where="role", mend=_("从列表里选一个"))
    return role
