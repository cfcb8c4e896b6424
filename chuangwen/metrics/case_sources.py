"""Figures of cases. A row is a case; whose it is: of the unit that keeps it and of the unit that leads it, and of all
above these, each case once. Put off (缓办, 长期整改) counts nowhere among those that should be closed.

Formulas after GB/T 30428: 结案率 and 按期结案率 have 应结案数 (without 缓办) below the line.
"""

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from chuangwen.cases import queries as case_queries
from chuangwen.cases import workflow
from chuangwen.cases.models import Case, CaseStep, Finding, Revisit
from chuangwen.metrics.scope import ONE, Params, Rows, Scope, Source, counted

COUNTED = tuple(code for code, kind in workflow.KINDS.items() if kind.counted)
# Verbs by which what was closed is worked on again.
REOPENING = ("reopen", "dispute", "relapse")


def _kept_or_led(scope: Scope, params: Params) -> QuerySet[Case]:
    """params: kinds (else all that count), categories."""
    rows = Case.objects.filter(scope.below() | scope.below("lead"), kind__in=params.get("kinds", COUNTED))
    return rows.filter(category__in=params["categories"]) if "categories" in params else rows


def _done(scope: Scope) -> Q:
    """Closed, or answered, before the period was over: what is closed later does not change the period's figure."""
    return Q(state__in=workflow.DONE) & scope.by_end("closed_at")


def _should_be_closed(scope: Scope) -> Q:
    """Filed, its deadline in the period, and not put off. What was declined or made void after all never was due."""
    lapsed = (*workflow.PUT_OFF, workflow.DECLINED, workflow.MERGED, workflow.VOID)
    return Q(filed_at__isnull=False) & scope.moments("fix_due_at") & ~Q(state__in=lapsed)


def _closed_in(scope: Scope) -> Q:
    return Q(state__in=workflow.DONE) & scope.moments("closed_at")


def cases(scope: Scope, params: Params) -> Rows:
    """params: kinds, categories; counts: accepted, filed, due, closed, on_time, overdue, ended, reworked, relapsed,
    adopted; of: what stands below the line, by the same words. Without `of` only the rows that count are there.
    """
    rows = _kept_or_led(scope, params)
    top = _conditions(scope)[params["counts"]]
    if "of" not in params:
        return rows.filter(top).annotate(numerator=ONE)
    return rows.filter(_conditions(scope)[params["of"]]).annotate(numerator=counted(top), denominator=ONE)


def _conditions(scope: Scope) -> dict[str, Q]:
    due, ended = _should_be_closed(scope), _closed_in(scope)
    relapsed = Q(Exists(Case.objects.filter(relapse_of=OuterRef("pk"))))
    open_at_end = Q(closed_at__isnull=True) | ~scope.by_end("closed_at")
    lapsed = (*workflow.PUT_OFF, workflow.DECLINED, workflow.MERGED, workflow.VOID)
    return {
        "accepted": scope.moments("received_at"),
        "filed": scope.moments("filed_at") & Q(filed_at__isnull=False),
        "due": due,
        "closed": due & _done(scope),
        "on_time": due & _done(scope) & Q(on_time=True),
        "overdue": Q(filed_at__isnull=False) & scope.by_end("fix_due_at") & open_at_end & ~Q(state__in=lapsed),
        "ended": ended,
        "reworked": ended & Q(reworked__gt=0),
        "relapsed": ended & relapsed,
        "adopted": ended & Q(state=workflow.ADOPTED),
        "settled": scope.moments("received_at") & _done(scope),
    }


def case_reopenings(scope: Scope, params: Params) -> Rows:
    """params: kinds, categories. A row contributes how often it was worked on again in the period."""
    again = CaseStep.objects.filter(scope.moments("at"), case=OuterRef("pk"), verb__in=REOPENING)
    times = again.order_by().values("case").annotate(times=Count("pk")).values("times")
    rows = _kept_or_led(scope, params).filter(Exists(again))
    return rows.annotate(numerator=Coalesce(Subquery(times, output_field=IntegerField()), 0))


def case_revisits(scope: Scope, params: Params) -> Rows:
    """params: kinds, categories. A row is a case that somebody looked at again in the period, drawn by lot; 1 where
    it held every time.
    """
    looks = Revisit.objects.filter(scope.moments("looked_at"), case=OuterRef("pk"))
    relapsed = Exists(looks.filter(finding=Finding.RELAPSED))
    rows = _kept_or_led(scope, params).filter(Exists(looks))
    return rows.annotate(numerator=counted(Q(~relapsed)), denominator=ONE)


CASE_SOURCES = {
    "cases": Source("case", Case, cases, "unit", None, seen=case_queries.seen),
    "case_reopenings": Source("case", Case, case_reopenings, "unit", None, seen=case_queries.seen),
    "case_revisits": Source("case", Case, case_revisits, "unit", None, seen=case_queries.seen),
}
