"""Cases that come from a workbook: saved as they stand, with what hangs on each, and no event of their own."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from chuangwen.cases import rules, workflow
from chuangwen.cases.models import Case, CaseDeadline, CasePart, CaseStep, Part
from chuangwen.core import clock
from chuangwen.core.numbering import next_number
from chuangwen.people.access import Viewer

VERB = "import"


@transaction.atomic
def add_cases(actor: Viewer, rows: list[Case]) -> int:
    """New cases, each with a number of ours by the month in which it was received. Who calls this has asked for the
    right, and records the event of the import.
    """
    give_numbers(rows)
    Case.objects.bulk_create(rows, batch_size=200)
    begin(actor, [row.uid for row in rows])
    return len(rows)


def give_numbers(rows: Iterable[Case]) -> None:
    by_month: dict[tuple[int, int], list[Case]] = defaultdict(list)
    for row in rows:
        here = timezone.localtime(row.received_at)
        by_month[here.year, here.month].append(row)
    # In one order, so that two imports at once do not wait for each other in a ring.
    for (year, month), found in sorted(by_month.items()):
        first = next_number(f"case:{year % 100:02d}{month:02d}", count=len(found))
        for offset, row in enumerate(found):
            row.number = rules.number(year, month, first + offset)


def begin(actor: Viewer, uids: Collection[UUID]) -> None:
    """The one step with which such a case begins, and what hangs on it."""
    rows = Case.objects.filter(uid__in=uids).select_related("unit")
    now = clock.now()
    steps = [
        CaseStep(
            case=row,
            at=now,
            verb=VERB,
            capacity=workflow.OFFICE,
            by=actor.person,
            unit=row.unit,
            to_state=row.state,
            # What is reopened later forgets its moment; who repeats a draw of the re-visit asks for it here.
            data={"closed": row.closed_at.isoformat()} if row.closed_at else {},
        )
        for row in rows
    ]
    CaseStep.objects.bulk_create(steps, batch_size=500)
    settle(uids)


@transaction.atomic
def settle(uids: Collection[UUID]) -> None:
    """Make the deadlines and the lead's part of cases that came from a workbook say what their columns say: those
    columns are all that is known of them, as long as nobody has done anything here.
    """
    rows = list(Case.everything.filter(uid__in=uids))
    CaseDeadline.objects.filter(case__in=rows).delete()
    CasePart.objects.filter(case__in=rows).delete()
    CaseDeadline.objects.bulk_create([each for row in rows for each in _deadlines(row)], batch_size=500)
    parts = [
        CasePart(
            case=row, unit_id=row.lead_id, part=Part.LEAD, since=row.sent_at or row.received_at, done_at=row.fixed_at
        )
        for row in rows
        if row.lead_id
    ]
    CasePart.objects.bulk_create(parts, batch_size=500)


def _deadlines(row: Case) -> Iterable[CaseDeadline]:
    """The time for the fix, met or running; the phase in which the case is now, where that is another one.

    Of what was late before it came here nobody is told again: it stands in the lists.
    """
    phase = workflow.PHASE_OF.get(row.state)
    begun = row.sent_at or row.filed_at or row.received_at
    ended = row.fixed_at or row.closed_at
    if row.fix_due_at and phase != workflow.FIX and ended:
        cut = row.state in workflow.ENDED and row.state not in workflow.DONE
        yield CaseDeadline(
            case=row, phase=workflow.FIX, since=begun, due_at=row.fix_due_at, met_at=ended, cancelled=cut
        )
    if phase and row.due_at:
        since = {workflow.FILE: row.received_at, workflow.VERIFY: row.fixed_at}.get(phase) or begun
        now = clock.now()
        told = now if row.due_at <= now else None
        yield CaseDeadline(
            case=row, phase=phase, since=since, due_at=row.due_at, reminded_at=told, overdue_at=told, escalated_at=told
        )
