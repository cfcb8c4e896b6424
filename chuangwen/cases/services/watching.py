"""Who supervises what: a group over the cases of units, or of an area."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.cases import areas
from chuangwen.cases.models import Watch
from chuangwen.core import clock, events
from chuangwen.core.errors import Missing, Refused
from chuangwen.people.access import Viewer, require_open
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm
from chuangwen.places.models import Place

AREAL = ("Polygon", "MultiPolygon")


def require_desk_of_city(actor: Viewer) -> None:
    """Who supervises over the city, or dispatches for it, parts it among the groups."""
    if not (actor.can_over_city(Perm.CASE_SUPERVISE) or actor.can_over_city(Perm.CASE_DISPATCH)):
        raise Missing


@transaction.atomic
def watch(
    actor: Viewer,
    *,
    group: Unit,
    over: Unit | None = None,
    area: Place | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Watch:
    """Give a group the cases of a unit and all below it, or of an area; today or later, with or without an end. The
    same again is the one that stands. Raises Missing without the right over the city, Refused for what will not do.
    """
    require_desk_of_city(actor)
    since = since or clock.today()
    _check(group, over, area)
    if until and until < since:
        raise Refused(_("结束的日子在开始之前"), where="until", mend=_("改一个，或不填"))
    there = areas.in_force().filter(group=group, over=over, area=area).first()
    if there:
        return there
    made = Watch.objects.create(group=group, over=over, area=area, since=since, until=until)
    _record(actor, "case.watch_given", made)
    return made


def _check(group: Unit, over: Unit | None, area: Place | None) -> None:
    require_open(group)
    if not group.kind.is_group:
        raise Refused(_("督导的要是一个组"), where="group", mend=_("选督导组、专班或办公室；没有就先建组"))
    if (over is None) == (area is None):
        raise Refused(_("选单位，或选片区，二者选一"), where="over", mend=_("一次分一样，可以分几次"))
    if area and area.geometry["type"] not in AREAL:
        raise Refused(_("“%(place)s”不是一片地方") % {"place": area}, where="area", mend=_("选责任区或网格"))


@transaction.atomic
def end_watch(actor: Viewer, *, uid: UUID) -> Watch:
    """The group no longer supervises it, from today on. Ending what has ended changes nothing."""
    require_desk_of_city(actor)
    row = Watch.objects.select_for_update(of=("self",)).select_related("group", "over", "area").filter(uid=uid).first()
    if row is None:
        raise Missing
    today = clock.today()
    if row.until and row.until < today:
        return row
    # What began today never was; the log says that it stood for some hours.
    if row.since >= today:
        _record(actor, "case.watch_ended", row)
        row.delete()
        return row
    row.until = today - timedelta(days=1)
    row.save(update_fields=["until"])
    _record(actor, "case.watch_ended", row)
    return row


def _record(actor: Viewer, verb: str, row: Watch) -> None:
    events.record(
        verb,
        actor_uid=actor.uid,
        noun="unit",
        subject_uid=row.group.uid,
        unit_uid=row.group.uid,
        data={"watch": str(row.uid), "over": str(row.over.uid) if row.over else None,
              "area": str(row.area.uid) if row.area else None},
    )  # fmt: skip
