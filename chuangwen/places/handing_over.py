"""The places for which a person answers, and how they go to another: for `core.work`."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.errors import Refused
from chuangwen.core.work import MOST, Item, Waiting
from chuangwen.people.access import Viewer
from chuangwen.people.models import Person
from chuangwen.places.models import Place, Responsibility
from chuangwen.places.queries import seen, standing


def held_by(viewer: Viewer, person: Person) -> Waiting:
    """As contact, sponsoring leader, or in whatever way; today or later."""
    rows = Responsibility.objects.filter(standing(), person=person)
    found = rows.filter(place__in=Place.objects.filter(seen(viewer))).select_related("place", "unit")
    items = [
        Item(str(row.place), reverse("place", args=[row.place.uid]), word=row.get_charge_display(), unit=row.unit.label)
        for row in found.order_by("place__name", "id")[:MOST]
    ]
    return Waiting(rows.count(), items)


def hand_over(_actor: Viewer, person: Person, to: Person) -> int:
    """Every responsibility of the person ends and goes on with the successor; one that the successor has already only
    ends. Called by `people.services.hand_over` within its transaction, under its right and event; Refused where the
    successor is not of the unit that answers.
    """
    locked = Responsibility.objects.filter(standing(), person=person).select_for_update(of=("self",))
    rows = list(locked.select_related("place", "unit").order_by("pk"))
    for row in rows:
        if not to.unit.path.startswith(row.unit.path):
            raise Refused(
                _("“%(place)s”的%(charge)s要是%(unit)s的人")
                % {"place": row.place, "charge": row.get_charge_display(), "unit": row.unit.label},
                where="to",
                mend=_("选这个单位的人，或先在点位页另定"),
            )
    today = clock.today()
    there = {_key(row) for row in Responsibility.objects.filter(standing(), person=to)}
    new = []
    for row in rows:
        if _key(row) not in there:
            there.add(_key(row))
            new.append(_next(row, to))
        ending: dict[str, Any] = {"until": today - timedelta(days=1)}
        if row.since >= today:
            ending = {"withdrawn_at": clock.now()}
        Responsibility.objects.filter(pk=row.pk).update(**ending)
    Responsibility.objects.bulk_create(new, batch_size=500)
    return len(rows)


def _key(row: Responsibility) -> tuple[object, ...]:
    return row.place_id, row.unit_id, row.charge, row.season_from, row.season_to


def _next(row: Responsibility, to: Person) -> Responsibility:
    return Responsibility(
        place=row.place,
        unit=row.unit,
        person=to,
        charge=row.charge,
        season_from=row.season_from,
        season_to=row.season_to,
        since=max(row.since, clock.today()),
        until=row.until,
    )
