"""Which cases hang on a person or a unit, and how a person's go to another: for `core.work` and `people`."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangwen.cases import queries
from chuangwen.cases.models import Case, CasePart, CaseStep
from chuangwen.cases.waiting import item
from chuangwen.core import clock
from chuangwen.core.errors import Refused
from chuangwen.core.work import MOST, Waiting
from chuangwen.people.access import Viewer
from chuangwen.people.models import Person, Unit
from chuangwen.people.unit_queries import NAMED, Hindrance

AT_ONCE = 500


# ---- on a person ----


def held_by(viewer: Viewer, person: Person) -> Waiting:
    """Open cases whose handler or leader the person is."""
    return _held(viewer, _hanging_on(person))


def opened_by(viewer: Viewer, person: Person) -> Waiting:
    """Open cases that the person entered: that stays so, and whoever has the right in the unit looks at the fix."""
    return _held(viewer, Case.objects.filter(opened_by=person, due_at__isnull=False))


def _hanging_on(person: Person) -> QuerySet[Case]:
    return Case.objects.filter(Q(handler=person) | Q(leader=person), due_at__isnull=False)


def _held(viewer: Viewer, rows: QuerySet[Case]) -> Waiting:
    seen = rows.filter(queries.seen(viewer)).select_related("lead", "unit").order_by("due_at", "id")
    return Waiting(rows.count(), [item(row) for row in seen[:MOST]])


def hand_over(actor: Viewer, person: Person, to: Person) -> int:
    """The person's open cases go to the successor, with a step in each. Called by `people.services.hand_over` within
    its transaction, under its right and event.

    Who handles a case sits in its lead unit or below: for another successor the case is left without a handler and
    stays with the unit. A confidential case goes to nobody who could not see it anyway: a handler is let go, a leader
    is Refused.
    """
    rows = list(_hanging_on(person).select_for_update(of=("self",)).select_related("lead", "unit").order_by("pk"))
    sees = set(_confided(rows, to))
    if any(row.leader_id == person.pk and row.confidential and row.pk not in sees for row in rows):
        raise Refused(
            _("%(person)s看不到不公开的事项，不能包案") % {"person": to},
            where="to",
            mend=_("选能看不公开事项的人，或先在事项里另定包案领导"),
        )
    takes = {row.pk for row in rows if row.handler_id == person.pk and _may_handle(row, to, sees)}
    leaves = {row.pk for row in rows if row.handler_id == person.pk} - takes
    leads = {row.pk for row in rows if row.leader_id == person.pk}
    _change(takes, handler=to)
    _change(leaves, handler=None)
    _change(leads, leader=to)
    # Once, also where the person both handles and leads it.
    _change({row.pk for row in rows}, revision=F("revision") + 1)
    steps = [_step(row, actor, to, handler=row.pk in takes, leader=row.pk in leads) for row in rows]
    CaseStep.objects.bulk_create(steps, batch_size=AT_ONCE)
    return len(rows)


def _confided(rows: list[Case], to: Person) -> list[int]:
    hidden = [row.pk for row in rows if row.confidential]
    seen = queries.all_cases(Viewer(to, stands_in=False))
    return list(seen.filter(pk__in=hidden).values_list("pk", flat=True)) if hidden else []


def _may_handle(row: Case, to: Person, sees: set[int]) -> bool:
    inside = row.lead is not None and to.unit.path.startswith(row.lead.path)
    return inside and (not row.confidential or row.pk in sees)


def _change(keys: set[int], **values: Any) -> None:
    ordered = sorted(keys)
    for start in range(0, len(ordered), AT_ONCE):
        Case.objects.filter(pk__in=ordered[start : start + AT_ONCE]).update(**values)


def _step(row: Case, actor: Viewer, to: Person, *, handler: bool, leader: bool) -> CaseStep:
    """Says who the handler and the leader are from now on, by uid."""
    new = str(to.uid)
    return CaseStep(
        case=row,
        at=clock.now(),
        verb="hand_over",
        capacity="",
        by=actor.person,
        unit=actor.person.unit,
        from_state=row.state,
        to_state=row.state,
        data=({"handler": new} if handler else {}) | ({"leader": new} if leader else {}),
    )


# ---- on a unit ----


def hindrances(viewer: Viewer, unit: Unit) -> list[Hindrance]:
    """Open cases that the unit leads, those that it keeps, and parts that it has still to do."""
    standing = Case.objects.filter(due_at__isnull=False)
    parts = CasePart.objects.filter(unit=unit, ended_at__isnull=True, done_at__isnull=True, part="assist")
    return [
        _hindrance(viewer, gettext_lazy("牵头的在办事项"), standing.filter(lead=unit)),
        _hindrance(viewer, gettext_lazy("归口的在办事项"), standing.filter(unit=unit)),
        _hindrance(viewer, gettext_lazy("要配合的在办事项"), standing.filter(pk__in=parts.values("case"))),
    ]


def _hindrance(viewer: Viewer, label: Promise, rows: QuerySet[Case]) -> Hindrance:
    seen = rows.filter(queries.seen(viewer)).order_by("due_at", "id")[:NAMED]
    return Hindrance(label, rows.count(), [(str(row), reverse("case", args=[row.uid])) for row in seen])
