"""Where figures come from: each source is one queryset of rows, annotated with what each row contributes.

Called by `queries` only. A source gives rows with `numerator` (and `denominator` where a rate is made of them);
`noun` says what the rows are, `unit` and `day` lead from a row to its unit and day. The value of a metric is an
aggregate of this queryset in SQL, and its rows are this same queryset: there is no second path.
"""

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Least

from chuangwen.duties.models import Attendance, Duty, DutyKind, Outcome, Shift
from chuangwen.metrics.case_sources import CASE_SOURCES
from chuangwen.metrics.scope import ONE, Params, Rows, Scope, Source, counted
from chuangwen.people.models import Membership, Person, Unit

__all__ = ["SOURCES", "Params", "Rows", "Scope", "Source"]

LEADING_GROUP = "leading_group"


def _kinds(params: Params) -> Q:
    return Q(kind_id__in=params["kinds"]) | Q(kind__parent_id__in=params["kinds"])


def _standing_outcomes(scope: Scope, params: Params) -> QuerySet[Outcome]:
    return Outcome.objects.filter(_kinds(params), scope.days(), scope.of_record("shift__uid"))


def outcomes(scope: Scope, params: Params) -> Rows:
    """params: kinds; handling (only those so handled). A row contributes its amount. With `of_all` every row of the
    kinds is in the denominator.
    """
    rows = _standing_outcomes(scope, params).filter(scope.below())
    if "handling" not in params:
        return rows.annotate(numerator=F("amount"))
    handled = Q(handling__in=params["handling"])
    if params.get("of_all"):
        return rows.annotate(numerator=counted(handled, F("amount")), denominator=F("amount"))
    return rows.filter(handled).annotate(numerator=F("amount"))


def _shifts(scope: Scope, params: Params) -> QuerySet[Shift]:
    """params: kinds of duty; band. Without kinds all that there are."""
    rows = Shift.objects.filter(scope.below(), scope.days(), scope.of_record("uid"))
    if "kinds" in params:
        rows = rows.filter(duty__kind__in=params["kinds"])
    return rows.filter(band=params["band"]) if "band" in params else rows


def shifts(scope: Scope, params: Params) -> Rows:
    """params: kinds, band; field (what is counted distinctly: rows that say none are left out)."""
    rows = _shifts(scope, params)
    if params.get("field") == "band":
        rows = rows.exclude(band="")
    return rows.annotate(numerator=ONE)


def shift_needs(scope: Scope, params: Params) -> Rows:
    """params: kinds, band; counts: met, required, missing or short. Without `counts` a rate: what was met of what was
    required, what was done beyond that left out.
    """
    rows = _shifts(scope, params).filter(required__isnull=False, met__isnull=False)
    match params.get("counts"):
        case "met" | "required" as field:
            return rows.annotate(numerator=F(field))
        case "missing":
            return rows.annotate(numerator=counted(Q(met__lt=F("required")), F("required") - F("met")))
        case "short":
            return rows.filter(met__lt=F("required")).annotate(numerator=ONE)
    return rows.annotate(numerator=Least("met", "required"), denominator=F("required"))


def attendances(scope: Scope, params: Params) -> Rows:
    """params: kinds and rank of the duty; presence (what counts). With `of_all` every row is in the denominator, else
    only those that count are there.
    """
    counts = Q(presence__in=params["presence"])
    rows = _attendances(scope, params)
    if not params.get("of_all"):
        return rows.filter(counts).annotate(numerator=ONE)
    return rows.annotate(numerator=counted(counts), denominator=ONE)


def _attendances(scope: Scope, params: Params) -> QuerySet[Attendance]:
    rows = Attendance.objects.filter(scope.below(), scope.days(), scope.of_record("shift__uid"))
    if "kinds" in params:
        rows = rows.filter(shift__duty__kind__in=params["kinds"])
    return rows.filter(shift__duty__rank=params["rank"]) if "rank" in params else rows


def rounds(scope: Scope, params: Params) -> Rows:
    """params: rank; counts: times or short. A row is a person on a day. Without `counts` a rate: those who went as
    often as the duty asks for, of all.
    """
    rows = _attendances(scope, {**params, "kinds": [DutyKind.ROUND]}).filter(times__isnull=False)
    enough = Q(times__gte=F("shift__duty__times_per_day"))
    match params.get("counts"):
        case "times":
            return rows.annotate(numerator=F("times"))
        case "short":
            return rows.filter(times__lt=F("shift__duty__times_per_day")).annotate(numerator=ONE)
    return rows.annotate(numerator=counted(enough), denominator=ONE)


def _duties(scope: Scope, params: Params) -> QuerySet[Duty]:
    rows = Duty.objects.filter(scope.below(), kind__in=params["kinds"])
    return rows.filter(rank=params["rank"]) if "rank" in params else rows


def duties(scope: Scope, params: Params) -> Rows:
    """params: kinds, rank. What stands today: a duty has no days."""
    return _duties(scope, params).annotate(numerator=ONE)


def duty_numbers(scope: Scope, params: Params) -> Rows:
    """params: kinds, rank; field: times_per_day or every_minutes. A row contributes that number."""
    said = {f"{params['field']}__isnull": False}
    return _duties(scope, params).filter(**said).annotate(numerator=F(params["field"]))


def posts_visited(scope: Scope, params: Params) -> Rows:
    """A row is a post: 1 where a supervision group looked at it. With `only_without`, only those that no group saw."""
    visits = Shift.objects.filter(scope.days(), target=OuterRef("pk"), duty__kind=DutyKind.SUPERVISION)
    rows = _duties(scope, {"kinds": [DutyKind.POST]})
    if params.get("only_without"):
        return rows.filter(~Exists(visits)).annotate(numerator=ONE)
    return rows.annotate(numerator=counted(Exists(visits)), denominator=ONE)


def _pupils(scope: Scope) -> QuerySet[Person]:
    there = Q(left_on__isnull=True) | Q(left_on__gte=scope.start)
    joined = Q(joined_on__isnull=True) | Q(joined_on__lte=scope.end)
    return Person.objects.filter(there, joined, scope.below(), is_pupil=True)


def pupils(scope: Scope, params: Params) -> Rows:
    """params: least and most times on site in the period, both optional. A row is a pupil."""
    times = Count(
        "attendances",
        filter=scope.days("attendances__day")
        & Q(attendances__presence__in=["present", "late"], attendances__withdrawn_at__isnull=True),
    )
    rows = _pupils(scope).annotate(times=times, numerator=ONE)
    if "least" in params:
        rows = rows.filter(times__gte=params["least"])
    if "most" in params:
        rows = rows.filter(times__lte=params["most"])
    return rows


def pupils_with(scope: Scope, params: Params) -> Rows:
    """params: kinds. Every pupil is in the denominator; with `only_without`, only the pupils that have none count."""
    has = Exists(_standing_outcomes(scope, params).filter(person=OuterRef("pk")))
    if params.get("only_without"):
        return _pupils(scope).filter(~has).annotate(numerator=ONE)
    return _pupils(scope).annotate(numerator=counted(has), denominator=ONE)


def _units(scope: Scope, kinds: list[str]) -> QuerySet[Unit]:
    open_then = Q(closed_on__isnull=True) | Q(closed_on__gt=scope.start)
    return Unit.objects.filter(open_then, path__startswith=scope.unit.path, kind_id__in=kinds)


def _classes(scope: Scope) -> QuerySet[Unit]:
    return _units(scope, ["class"])


def classes(scope: Scope, _params: Params) -> Rows:
    return _classes(scope).annotate(numerator=ONE)


def class_sums(scope: Scope, params: Params) -> Rows:
    """params: kinds. A row is a class and contributes the amount of its outcomes, 0 if it has none."""
    amounts = _standing_outcomes(scope, params).filter(unit=OuterRef("pk")).order_by().values("unit")
    total = Subquery(amounts.annotate(total=Sum("amount")).values("total"), output_field=IntegerField())
    return _classes(scope).annotate(numerator=Coalesce(total, 0))


def units(scope: Scope, params: Params) -> Rows:
    """params: kinds of unit. Those that were open in the period."""
    return _units(scope, params["kinds"]).annotate(numerator=ONE)


def groups(scope: Scope, _params: Params) -> Rows:
    """The unit's own leading groups that were founded by the end of the period, each with the day of its founding."""
    rows = Unit.objects.filter(parent=scope.unit, kind_id=LEADING_GROUP, charter__founded_on__lte=scope.end)
    return rows.annotate(numerator=ONE, day=F("charter__founded_on"))


def _memberships(scope: Scope) -> QuerySet[Membership]:
    """Places in the unit's own leading groups on the last day of the period."""
    lasting = Q(until__isnull=True) | Q(until__gte=scope.end)
    own = {"group__parent": scope.unit, "group__kind": LEADING_GROUP, "group__withdrawn_at__isnull": True}
    return Membership.objects.filter(lasting, since__lte=scope.end, **own)


def members(scope: Scope, _params: Params) -> Rows:
    return Person.objects.filter(Exists(_memberships(scope).filter(person=OuterRef("pk")))).annotate(numerator=ONE)


def member_units(scope: Scope, params: Params) -> Rows:
    """params: kinds of unit. A row is a unit of which somebody sits in the leading group."""
    sits = Exists(_memberships(scope).filter(person__unit=OuterRef("pk")))
    return _units(scope, params["kinds"]).filter(sits).annotate(numerator=ONE)


SOURCES = {
    "outcomes": Source("outcome", Outcome, outcomes, "unit", "day"),
    "shifts": Source("shift", Shift, shifts, "unit", "day", ends="ends_at"),
    "shift_needs": Source("shift", Shift, shift_needs, "unit", "day"),
    "attendances": Source("attendance", Attendance, attendances, "unit", "day"),
    "rounds": Source("attendance", Attendance, rounds, "unit", "day"),
    "duties": Source("duty", Duty, duties, "unit", None),
    "duty_numbers": Source("duty", Duty, duty_numbers, "unit", None),
    "posts_visited": Source("duty", Duty, posts_visited, "unit", None, reads=(Shift,)),
    "pupils": Source("person", Person, pupils, "unit", None, reads=(Attendance,)),
    "pupils_with": Source("person", Person, pupils_with, "unit", None, reads=(Outcome,)),
    "members": Source("person", Person, members, "unit", None, reads=(Membership,)),
    "classes": Source("unit", Unit, classes, "", None),
    "class_sums": Source("unit", Unit, class_sums, "", None, reads=(Outcome,)),
    "units": Source("unit", Unit, units, "", None),
    "groups": Source("unit", Unit, groups, "", None),
    "member_units": Source("unit", Unit, member_units, "", None, reads=(Membership,)),
    **CASE_SOURCES,
}
