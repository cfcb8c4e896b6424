"""The deadlines of a case: one running phase at a time, from the first moment to the last."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils import timezone

from chuangwen.cases import queries, rules, workflow
from chuangwen.cases.models import Case, CaseCategory, CaseDeadline, CasePolicy
from chuangwen.core import calendar
from chuangwen.core.rules import Calendar

# Of a case without a category: what the general answer of a hotline allows.
PLAIN_DAYS = 7


@dataclass
class Reckoner:
    """Counts in the city's working time; asks the calendar and the policy once."""

    @cached_property
    def calendar(self) -> Calendar:
        return calendar.calendar()

    @cached_property
    def policy(self) -> CasePolicy:
        return queries.policy()

    def end(self, phase: str, since: datetime, category: CaseCategory | None) -> datetime:
        """When a phase ends that begins now."""
        since = timezone.localtime(since)
        if phase == workflow.FIX:
            amount, unit = (category.fix_amount, category.fix_unit) if category else (PLAIN_DAYS, rules.DAYS)
            return rules.due_at(self.calendar, since, amount, unit)
        hours = {
            workflow.FILE: self.policy.file_hours,
            workflow.DISPATCH: self.policy.dispatch_hours,
            workflow.VERIFY: self.policy.verify_hours,
        }
        return rules.due_at(self.calendar, since, hours[phase], rules.HOURS)

    def after_rework(self, case: Case, now: datetime) -> datetime:
        """The unit gets back what was left when it reported the fix: the time of the one who looked is not its own.
        What was overdue then is overdue now.
        """
        if case.fix_due_at is None or case.fixed_at is None or case.fixed_at >= case.fix_due_at:
            return case.fix_due_at or self.end(workflow.FIX, now, case.category)
        left = self.calendar.working_time_between(
            timezone.localtime(case.fixed_at), timezone.localtime(case.fix_due_at)
        )
        return self.calendar.add_working_hours(timezone.localtime(now), left)


def begin(case: Case, phase: str, now: datetime, due: datetime) -> dict[str, Any]:
    """A phase begins: its row, and what changes in the case."""
    CaseDeadline.objects.create(case=case, phase=phase, since=now, due_at=due)
    return {"due_at": due} | ({"fix_due_at": due} if phase == workflow.FIX else {})


def running(case: Case) -> CaseDeadline | None:
    return CaseDeadline.objects.filter(case=case, met_at__isnull=True).first()


def end_running(case: Case, now: datetime, *, cancelled: bool) -> None:
    CaseDeadline.objects.filter(case=case, met_at__isnull=True).update(met_at=now, cancelled=cancelled)


def extend(case: Case, due: datetime) -> dict[str, Any]:
    """The running phase gets another end; what was told of the old one is told anew when the time comes."""
    row = running(case)
    if row is None:
        return {}
    row.due_at, row.extended = due, row.extended + 1
    row.reminded_at = row.overdue_at = row.escalated_at = None
    row.save(update_fields=["due_at", "extended", "reminded_at", "overdue_at", "escalated_at"])
    return {"due_at": due} | ({"fix_due_at": due} if row.phase == workflow.FIX else {})


def was_on_time(case: Case) -> bool:
    """Whether the fix that stands was reported in time; of a case without one, whether its answer was."""
    met = CaseDeadline.objects.filter(case=case, met_at__isnull=False, cancelled=False)
    row = met.filter(phase=workflow.FIX).order_by("-id").first() or met.order_by("-id").first()
    return row is None or (row.met_at is not None and rules.on_time(row.met_at, row.due_at))


def pass_on(
    case: Case, row: workflow.Transition, target: str, now: datetime, reckoner: Reckoner, until: datetime | None
) -> dict[str, Any]:
    """What a verb does to the deadlines of a case that goes from its state to `target`. Gives what changes in it.

    Every open state has its phase: leaving one meets it (or cuts it short where the way does not lead on), entering
    another begins it. Within a phase the deadline runs on, but where a new lead begins anew.
    """
    before, after = workflow.PHASE_OF.get(case.state), workflow.PHASE_OF.get(target)
    if after is None:
        end_running(case, now, cancelled=target in {workflow.DECLINED, workflow.MERGED, workflow.VOID})
        return {"due_at": None}
    if before == after and row.verb not in RENEWING:
        return {}
    end_running(case, now, cancelled=row.verb in CUTTING)
    if after == workflow.WAIT:
        return begin(case, after, now, until or reckoner.end(workflow.FIX, now, case.category))
    if row.verb == "send_back" and after == workflow.FIX:
        return begin(case, after, now, reckoner.after_rework(case, now))
    due = until if after == workflow.FIX and until else reckoner.end(after, now, case.category)
    return begin(case, after, now, due)


# Verbs that begin the phase anew though it is the same, and those that cut it short.
RENEWING = ("transfer", "sign_plan", "arbitrate")
CUTTING = ("refuse", "transfer", "recall", "sign_plan", "grant_suspension")
