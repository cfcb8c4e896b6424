"""What pages ask about leaders' reception days. All of it is confidential: `queries.seen` says who sees what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse

from chuangwen.cases import queries, workflow
from chuangwen.cases.models import Case
from chuangwen.core import clock
from chuangwen.core.errors import Missing
from chuangwen.core.secrets import index_of
from chuangwen.people.access import Viewer
from chuangwen.people.models import Person
from chuangwen.people.rules import Perm

DAYS, MOST_DAYS = 366, 120
MOST_EARLIER = 5


@dataclass(frozen=True)
class Day:
    """What one leader received on one day: matters, heads, and how many of the matters are settled."""

    day: date
    leader: str
    title: str
    matters: int
    heads: int
    settled: int
    urls: Mapping[str, str]


def require_reception(viewer: Viewer) -> None:
    """Raises Missing for who may not see confidential matters anywhere."""
    if not viewer.can(Perm.CASE_CONFIDENTIAL):
        raise Missing


def petitions(viewer: Viewer) -> QuerySet[Case]:
    """The matters of reception days that the viewer sees."""
    require_reception(viewer)
    return queries.all_cases(viewer).filter(petition__isnull=False)


def days(viewer: Viewer) -> list[Day]:
    """The days of the last year, the newest first, with one row for each leader."""
    since = clock.today() - timedelta(days=DAYS)
    rows = petitions(viewer).filter(petition__day__gte=since).order_by("-petition__day", BY[1]).values(*BY)
    counted = rows.annotate(
        matters=Count("pk"), heads=Sum("petition__heads"), settled=Count("pk", filter=Q(state__in=workflow.DONE))
    )
    return [_day(row) for row in counted[:MOST_DAYS]]


BY = ("petition__day", "petition__received_by__code", "petition__received_by__name", "petition__received_by__title")


def _day(row: Mapping[str, Any]) -> Day:
    day, code, name, title = (row[key] for key in BY)
    return Day(day, name, title, row["matters"], row["heads"], row["settled"], _urls(day, code))


def _urls(day: date, receiver: str) -> dict[str, str]:
    asked = {"reception": day.isoformat(), "receiver": receiver}
    rows = reverse("cases") + "?"
    return {
        "matters": rows + urlencode({"view": "all", **asked}),
        "settled": rows + urlencode({"view": "done", **asked}),
    }


def of_day(viewer: Viewer, day: date) -> list[Case]:
    """The matters of one day, leader by leader, in the order in which they came."""
    rows = queries.shown(petitions(viewer).filter(petition__day=day))
    return list(rows.select_related("petition__received_by", "leader").order_by("petition__received_by__code", "pk"))


def earlier(viewer: Viewer, contact: str) -> list[Case]:
    """The matters that came from this telephone before, the newest first, by its blind index."""
    index = index_of(contact)
    if not index:
        return []
    rows = queries.shown(petitions(viewer).filter(reporter__contact_index=index))
    return list(rows.select_related("petition").order_by("-received_at", "-pk")[:MOST_EARLIER])


def leaders() -> QuerySet[Person]:
    """Who may receive: whoever may sign somewhere today."""
    today = clock.today()
    in_force = Q(grants__until__isnull=True) | Q(grants__until__gte=today)
    signs = Person.objects.filter(in_force, left_on__isnull=True, grants__role__permissions__icontains="case.sign")
    return signs.exclude(code="operator").select_related("unit").distinct().order_by("unit__path", "code")
