"""Who acts for whom: deputies are appointed for days, by the person or by who manages their grants."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from chuangwen.core import clock, events
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.people.access import Viewer, require_somebody
from chuangwen.people.models import Deputy, Person
from chuangwen.people.person_queries import may_appoint, related
from chuangwen.people.services.notices import tell

LONGEST = 184


@transaction.atomic
def appoint_deputy(
    actor: Viewer, *, person: Person, deputy: Person, since: date, until: date, reason: str = ""
) -> Deputy:
    """From `since` to `until`, both included, the deputy holds what the person holds, but for what is never lent."""
    if not may_appoint(actor, person):
        raise Missing
    if deputy.pk == actor.person.pk and person.pk != actor.person.pk:
        raise Refused(_("不能定自己为别人的代理人"), where="deputy", mend=_("请本人来定，或选另一个人"))
    # Both are held in one order, so that two appointments at once see each other.
    held = {row.pk: row for row in _held(person, deputy)}
    person, deputy = held[person.pk], held[deputy.pk]
    _check_days(since, until)
    _check_pair(person, deputy)
    _check_free(person, deputy, since, until)
    row = Deputy.objects.create(person=person, deputy=deputy, since=since, until=until, reason=reason.strip())
    days = {"since": since.isoformat(), "until": until.isoformat()}
    _record("deputy.appointed", actor, row, days, detail=row.reason)
    tell(
        deputy, "deputy", noun="deputy", subject_uid=row.uid, once=f"deputy:{row.uid}", data=days, deputies=False,
    )  # fmt: skip
    return row


def _held(*persons: Person) -> QuerySet[Person]:
    keys = [each.pk for each in persons]
    found = Person.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    return found.select_related("unit", "account")


def _check_days(since: date, until: date) -> None:
    today = clock.today()
    if since < today:
        raise Refused(_("代理不能从过去的日子起"), where="since", mend=_("从今天或以后的一天起"))
    if until < since:
        raise Refused(_("截止日期早于起始日期"), where="until", mend=_("把截止日期改到起始日期之后"))
    if (until - since).days >= LONGEST:
        raise Refused(
            _("代理最长 %(days)s 天") % {"days": LONGEST}, where="until", mend=_("更久的，请授权给接手的人，并办交接")
        )


def _check_pair(person: Person, deputy: Person) -> None:
    if person.pk == deputy.pk:
        raise Refused(_("不能由自己代自己"), where="deputy", mend=_("选另一个人"))
    for each, where in ((person, "person"), (deputy, "deputy")):
        require_somebody(each)
        if each.left_on or each.is_pupil:
            raise Refused(_("%(person)s已不在岗") % {"person": each}, where=where, mend=_("选在岗的人"))
    account = getattr(deputy, "account", None)
    if account is None or not account.is_active:
        raise Refused(
            _("%(person)s没有能登录的账号，代不了") % {"person": deputy}, where="deputy", mend=_("选有账号的人")
        )
    if not related(person, deputy):
        raise Refused(
            _("%(person)s不在同一个单位，也不在上级或下级单位") % {"person": deputy},
            where="deputy",
            mend=_("选本单位、上级或下级单位的人"),
        )


def _check_free(person: Person, deputy: Person, since: date, until: date) -> None:
    """One deputy for a person at a time, and no chain: nobody who is away acts for another, so there is no circle."""
    meeting = Deputy.objects.filter(ended_at__isnull=True, since__lte=until, until__gte=since)
    if there := meeting.filter(person=person).select_related("deputy").first():
        raise Refused(
            _("%(since)s 到 %(until)s 已由%(deputy)s代理")
            % {"since": there.since, "until": there.until, "deputy": there.deputy},
            where="since",
            mend=_("错开日子，或先结束那一次"),
        )
    if meeting.filter(person=deputy).exists():
        raise Refused(
            _("%(person)s这几天自己也由别人代理") % {"person": deputy}, where="deputy", mend=_("选这几天在岗的人")
        )
    if there := meeting.filter(deputy=person).select_related("person").first():
        raise Refused(
            _("%(person)s这几天正代理%(absent)s，代理不能再转给别人") % {"person": person, "absent": there.person},
            where="since",
            mend=_("先给%(absent)s另外定人") % {"absent": there.person},
        )


@transaction.atomic
def end_deputy(actor: Viewer, *, uid: UUID) -> Deputy:
    """From now on the deputy no longer acts. By the person, the deputy, or who manages the person's grants."""
    row = Deputy.objects.select_related("person__unit", "deputy").filter(uid=uid).first()
    if row is None or not (row.deputy_id == actor.person.pk or may_appoint(actor, row.person)):
        raise Missing
    if row.until < clock.today():
        raise Conflict(_("这次代理已经到期"))
    if Deputy.objects.filter(pk=row.pk, ended_at__isnull=True).update(ended_at=clock.now()):
        _record("deputy.ended", actor, row, {})
    return row


def end_deputies_of(person: Person) -> None:
    """Whoever leaves neither has a deputy nor is one."""
    standing = Deputy.objects.filter(Q(person=person) | Q(deputy=person), ended_at__isnull=True)
    standing.filter(until__gte=clock.today()).update(ended_at=clock.now())


def _record(verb: str, actor: Viewer, row: Deputy, data: dict[str, str], detail: str = "") -> None:
    events.record(
        verb,
        actor_uid=actor.uid,
        noun="person",
        subject_uid=row.person.uid,
        unit_uid=row.person.unit.uid,
        data={"deputy": str(row.deputy.uid), **data},
        detail=detail,
    )
