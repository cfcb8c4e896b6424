"""The verbs of the page of holidays. Both record one Event."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core import calendar, clock, events
from chuangwen.core.errors import Refused
from chuangwen.core.models import DayKind, Holiday
from chuangwen.core.setting import NOUN
from chuangwen.people.access import Viewer, one_at_a_time, require_over_city
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm
from chuangwen.web.holiday_queries import SUBJECT
from chuangwen.web.marked_days import Marked

MOST = 400


@transaction.atomic
def set_days(actor: Viewer, *, days: Sequence[Marked]) -> int:
    """What each day is, all of them or none; no file changes them from now on. Returns how many were changed."""
    require_over_city(actor, Perm.REFERENCE_MANAGE)
    if len({each.day for each in days}) < len(days):
        raise Refused(_("同一天写了两次"), mend=_("一天只能是放假、上班或照常里的一种"))
    if len(days) > MOST:
        raise Refused(_("一次最多 %(most)s 天") % {"most": MOST}, mend=_("一年一年地写"))
    for each in days:
        _judge(each)
    one_at_a_time()
    standing = Holiday.objects.in_bulk([each.day for each in days], field_name="day")
    told: dict[str, dict[str, object]] = {}
    for each in days:
        row = standing.get(each.day) or Holiday(day=each.day)
        before = _said(row) if row.pk else None
        english = row.name_en if row.name == each.name else _english(each.name)
        row.kind, row.name, row.name_en = each.kind, each.name, english
        if _said(row) != before and not (before is None and each.kind == DayKind.PLAIN):
            row.edited_at = clock.now()
            row.save()
            told[each.day.isoformat()] = {"before": before, "after": _said(row)}
    if told:
        _record(actor, "holidays.set", told)
    return len(told)


@transaction.atomic
def return_year(actor: Viewer, *, year: int) -> int:
    """The year as the published notice has it; days marked only here go by their weekday again."""
    require_over_city(actor, Perm.REFERENCE_MANAGE)
    published = {row["day"]: row for row in calendar.published(year)}
    if not published:
        raise Refused(_("%(year)s 年的放假通知，本系统还没有") % {"year": year}, mend=_("按通知自己写，或升级后再试"))
    told: dict[str, dict[str, object]] = {}
    one_at_a_time()
    for row in Holiday.objects.filter(day__year=year, edited_at__isnull=False):
        before = _said(row)
        said = published.get(row.day, {"kind": DayKind.PLAIN.value, "name": "", "name_en": ""})
        row.kind, row.name, row.name_en, row.edited_at = said["kind"], said["name"], said["name_en"], None
        row.save()
        told[row.day.isoformat()] = {"before": before, "after": _said(row)}
    if not told:
        raise Refused(_("%(year)s 年本来就和通知一样") % {"year": year})
    _record(actor, "holidays.returned", told)
    return len(told)


def _judge(marked: Marked) -> None:
    if not clock.FIRST_DAY <= marked.day <= clock.LAST_DAY:
        raise Refused(_("日期不在 2000 年到 2100 年之间"), where="start", mend=_("看看年份有没有写错"))
    if marked.kind not in DayKind.values:
        raise Refused(_("没有“%(kind)s”这一种") % {"kind": marked.kind}, where="kind", mend=_("从列表里选一个"))
    if marked.kind != DayKind.PLAIN and not marked.name:
        raise Refused(_("没有写名称"), where="name", mend=_("写是哪个节，如 春节"))


def _english(name: str) -> str:
    """The English name that the same holiday has elsewhere."""
    known = Holiday.objects.filter(name=name).exclude(name_en="").first()
    return known.name_en if known else ""


def _said(row: Holiday) -> dict[str, object]:
    return {"kind": str(row.kind), "name": row.name}


def _record(actor: Viewer, verb: str, told: Mapping[str, Mapping[str, object]]) -> None:
    root = Unit.objects.filter(parent__isnull=True).first()
    events.record(
        verb,
        actor_uid=actor.uid,
        noun=NOUN,
        subject_uid=SUBJECT,
        unit_uid=root.uid if root else None,
        data={"table": "holidays", "days": dict(told)},
    )
