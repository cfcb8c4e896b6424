"""What happens to a case because time passes: reminders, what is overdue, what goes higher, and the end of a wait.

`beat` calls `watch_deadlines` every minute; no request is needed. Each row of CaseDeadline says what was told of it,
and a conditional update claims it first, so that two at once tell nothing twice (ADR 0054).
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from chuangwen.cases import rules, workflow
from chuangwen.cases.deadlines import Reckoner
from chuangwen.cases.models import Case, CaseDeadline
from chuangwen.cases.services.given import Given
from chuangwen.cases.services.moving import held, move_by_clock, record_step
from chuangwen.core import clock
from chuangwen.core.errors import ProductError

logger = logging.getLogger("chuangwen.cases")
# One round tells of at most so many of a kind: the others come with the next, and the beat's other work is not kept.
AT_ONCE, BATCH = 200, 500


@dataclass(frozen=True)
class Row:
    """A running deadline, as much of it as the clock needs. Moments carry the local time zone."""

    key: int
    case: int
    since: datetime
    due: datetime


def watch_deadlines(now: datetime | None = None) -> int:
    """Remind, tell of what is overdue, take higher, and resume what was put off; returns how many rows were worked.

    `now` lets it be another moment. May be called at any time, by two at once, and again.
    """
    with clock.held_at(now or clock.now()):
        reckoner = Reckoner()
        works = (_resume, _overdue, _escalate, _remind)
        return sum(work(timezone.localtime(clock.now()), reckoner) for work in works)


def _resume(now: datetime, _reckoner: Reckoner) -> int:
    """Cases that were put off until a day which has come are under way again, with their full time."""
    rows = _running(Q(phase=workflow.WAIT, due_at__lte=now))
    return _each(rows, lambda row: move_by_clock(case=Case(pk=row.case), verb="resume") is not None)


def _overdue(now: datetime, _reckoner: Reckoner) -> int:
    rows = _running(~Q(phase=workflow.WAIT) & Q(due_at__lte=now, overdue_at__isnull=True))
    return _each(rows, lambda row: _tell(row, "overdue", "overdue_at"))


def _escalate(now: datetime, reckoner: Reckoner) -> int:
    """So many working hours after the end. The rows come by their ends: after one whose time has not come, none has."""
    hours = timedelta(hours=reckoner.policy.escalate_hours)
    told = _running(~Q(phase=workflow.WAIT) & Q(due_at__lte=now, overdue_at__isnull=False, escalated_at__isnull=True))

    def due() -> Iterator[Row]:
        for row in told:
            if reckoner.calendar.add_working_hours(row.due, hours) > now:
                return
            yield row

    return _each(due(), lambda row: _tell(row, "escalate", "escalated_at"))


def _remind(now: datetime, reckoner: Reckoner) -> int:
    """Only those whose end is near are read; of a short phase one is reminded when half of it is over."""
    hours = reckoner.policy.remind_hours
    near = reckoner.calendar.add_working_hours(now, timedelta(hours=hours))
    rows = _running(~Q(phase=workflow.WAIT) & Q(due_at__gt=now, due_at__lte=near, reminded_at__isnull=True))
    between = reckoner.calendar.working_time_between

    def due() -> Iterator[Row]:
        for row in rows:
            if between(now, row.due) <= rules.remind_when_left(between(row.since, row.due), hours):
                yield row

    return _each(due(), lambda row: _tell(row, "remind", "reminded_at"))


def _running(which: Q) -> Iterator[Row]:
    """Running deadlines of cases that stand, by their end, a batch at a time: never all of them are in memory."""
    wanted = CaseDeadline.objects.filter(which, met_at__isnull=True, case__withdrawn_at__isnull=True)
    after: Any = Q()
    while True:
        found = wanted.filter(after).order_by("due_at", "id")
        batch = list(found.values_list("id", "case_id", "since", "due_at")[:BATCH])
        for key, case, since, due in batch:
            yield Row(key, case, timezone.localtime(since), timezone.localtime(due))
        if len(batch) < BATCH:
            return
        key, _case, _since, due = batch[-1]
        after = Q(due_at__gt=due) | Q(due_at=due, id__gt=key)


def _each(rows: Iterator[Row], act: Callable[[Row], bool]) -> int:
    done = 0
    for row in rows:
        try:
            done += act(row)
        except ProductError:
            # One case that will not do must not stop the clock of the others.
            logger.exception("clock: case %s", row.case)
        if done >= AT_ONCE:
            break
    return done


@transaction.atomic
def _tell(row: Row, verb: str, column: str) -> bool:
    """Claim the row and say it, in one transaction; False where another was quicker or the deadline moved on.

    The case is held first, as every verb does, so that clock and verb never wait for each other.
    """
    now = clock.now()
    case = held(Case(pk=row.case))
    unsaid: dict[str, Any] = {"pk": row.key, "due_at": row.due, "met_at": None, column: None}
    if not CaseDeadline.objects.filter(**unsaid).update(**{column: now}):
        return False
    data = {"phase": workflow.PHASE_OF[case.state], "due": row.due.isoformat()}
    event = workflow.transition(verb).event
    record_step(
        None, case, event, Given(), capacity=workflow.CLOCK, before=case.state, data=data, now=now, is_open=False
    )
    return True
