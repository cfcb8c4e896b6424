"""What the dispatch desk shows: the queue of what waits for the office, one case of it, and who might get it.

The desk of a viewer holds the cases of the units over which they hold `case.dispatch`, as far as they see them.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from chuangwen.cases import nearby, queries, routing, workflow
from chuangwen.cases.models import Case, CaseCategory, CaseStep, ResponseTemplate
from chuangwen.cases.nearby import Likely
from chuangwen.cases.routing import Proposal
from chuangwen.core import clock, reference
from chuangwen.core.errors import Missing
from chuangwen.people.access import Viewer, label_of_units
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm

ALL, TO_FILE, TO_DISPATCH, TO_DECIDE, ASKED = "all", "file", "dispatch", "decide", "asked"
REQUEST = ~Q(asked="") & Q(state__in=workflow.UNDER_WAY)
TABS: dict[str, tuple[Promise, Q]] = {
    ALL: (pgettext_lazy("desk", "全部"), Q(state__in=workflow.AT_OFFICE) | REQUEST),
    TO_FILE: (pgettext_lazy("desk", "待立案"), Q(state=workflow.RECEIVED)),
    TO_DISPATCH: (pgettext_lazy("desk", "待派遣"), Q(state=workflow.FILED)),
    TO_DECIDE: (pgettext_lazy("desk", "待裁定"), Q(state=workflow.DISPUTED)),
    ASKED: (pgettext_lazy("desk", "待批申请"), REQUEST),
}
# So many of a queue are read and shown; whoever has more works them off from the oldest.
MOST = 60
# The categories with a key of their own are those filed most in so many days.
KEYS, KEY_DAYS = 9, 90


@dataclass(frozen=True)
class Tab:
    key: str
    label: Promise
    count: int


@dataclass(frozen=True)
class Queue:
    """What waits under one tab, oldest deadline first: the first of it, and how many there are under each."""

    tab: str
    rows: list[Case]
    tabs: list[Tab]

    @property
    def total(self) -> int:
        return next(tab.count for tab in self.tabs if tab.key == self.tab)

    def find(self, uid: UUID | None) -> Case | None:
        return next((row for row in self.rows if row.uid == uid), None)

    def beside(self, row: Case, step: int) -> Case | None:
        """The one before (-1) or after (1)."""
        number = self.rows.index(row) + step
        return self.rows[number] if 0 <= number < len(self.rows) else None

    def place_of(self, row: Case) -> int:
        return self.rows.index(row) + 1


def waiting(viewer: Viewer) -> QuerySet[Case]:
    """Everything that waits for the viewer's office."""
    if not viewer.can(Perm.CASE_DISPATCH):
        raise Missing
    return queries.all_cases(viewer).filter(viewer.scope(Perm.CASE_DISPATCH), TABS[ALL][1])


def queue(viewer: Viewer, tab: str) -> Queue:
    """One tab of the desk; an unknown one is all. Raises Missing for who has no desk."""
    tab = tab if tab in TABS else ALL
    rows = waiting(viewer).select_related("category", "lead", "place__type", "unit", "opened_by", "opened_for", "reporter")
    found = list(rows.filter(TABS[tab][1]).order_by("due_at", "id")[:MOST])
    if tab == ALL and len(found) < MOST:
        counts = {key: sum(1 for row in found if belongs(row, key)) for key in TABS}
    else:
        counts = waiting(viewer).aggregate(**{key: Count("pk", filter=condition) for key, (_l, condition) in TABS.items()})
    return Queue(tab, found, [Tab(key, label, counts[key]) for key, (label, _condition) in TABS.items()])


STATES = {TO_FILE: workflow.RECEIVED, TO_DISPATCH: workflow.FILED, TO_DECIDE: workflow.DISPUTED}


def belongs(row: Case, tab: str) -> bool:
    return tab == ALL or (row.state == STATES[tab] if tab in STATES else row.state in workflow.UNDER_WAY)


def waits(viewer: Viewer, uid: UUID) -> Case:
    """A case that waits for the viewer's office. Raises Missing where it does not, or no longer."""
    row = waiting(viewer).filter(uid=uid).select_related("category", "place__type", "unit", "lead").first()
    if row is None:
        raise Missing
    return row


@dataclass
class Sheet:
    """One case on the desk, with what helps to decide. `likely` are those that may be the same; `hops` its bounces."""

    case: Case
    proposal: Proposal | None
    likely: list[Likely] = field(default_factory=list)
    hops: list["Hop"] = field(default_factory=list)
    said: CaseStep | None = None

    @property
    def mergeable(self) -> list[Likely]:
        return [each for each in self.likely if may_merge(self.case, each.case)]


def may_merge(row: Case, into: Case) -> bool:
    return into.is_open and into.confidential == row.confidential


def sheet(viewer: Viewer, row: Case, *, category: CaseCategory | None = None) -> Sheet:
    """What is known of a case of the queue; `category` is the one that was just chosen for it."""
    if row.state in workflow.UNDER_WAY:
        return Sheet(row, None, said=_request_of(row))
    proposal = routing.propose(routing.trial_of(row, category=category))
    if row.state == workflow.DISPUTED or row.bounces:
        return Sheet(row, proposal, hops=hops(row))
    others = queries.all_cases(viewer).select_related("unit", "lead", "category")
    return Sheet(row, proposal, likely=nearby.duplicates(others, row))


def _request_of(row: Case) -> CaseStep | None:
    """The step by which the unit asked, with its words."""
    asked = CaseStep.objects.filter(case=row, verb=f"ask_{row.asked}")
    return asked.select_related("by", "unit").order_by("-id").first()


# ---- bounces ----


@dataclass(frozen=True)
class Hop:
    """A unit had it from one moment to another and gave it back: who said what."""

    unit: str
    since: object
    until: object
    by: str
    text: str
    verb: str
    took: str


GIVES = ("dispatch", "arbitrate", "transfer")


def hops(row: Case) -> list[Hop]:
    """Every way that it went and came back, oldest first, each with its time."""
    steps = list(row.steps.filter(verb__in=(*GIVES, *workflow.BOUNCES)).select_related("by").order_by("id"))
    names = label_of_units(UUID(step.data["from"]) for step in steps if step.data.get("from"))
    found: list[Hop] = []
    since = row.received_at
    for step in steps:
        if step.verb in workflow.BOUNCES:
            name = names.get(UUID(step.data["from"]), "") if step.data.get("from") else ""
            took = lasting(step.at - since)
            found.append(Hop(name, since, step.at, str(step.by or ""), step.text, step.verb, took))
        since = step.at
    return found


def lasting(length: timedelta) -> str:
    """How long something took, as a clerk says it: minutes, hours, or days with a decimal."""
    minutes = max(1, round(length.total_seconds() / 60))
    if minutes < 60:
        return ngettext("%(count)s 分钟", "%(count)s 分钟", minutes) % {"count": minutes}
    if minutes < 24 * 60:
        hours = round(minutes / 60)
        return ngettext("%(count)s 小时", "%(count)s 小时", hours) % {"count": hours}
    return _("%(count)s 天") % {"count": f"{minutes / 1440:.1f}".removesuffix(".0")}


def due_words(row: Case) -> tuple[str, str]:
    """(mark, words) of the running deadline: over, soon (within four hours), or the day."""
    if row.due_at is None:
        return "stop", ""
    left = row.due_at - clock.now()
    if left < timedelta():
        return "over", _("逾 %(length)s") % {"length": lasting(-left)}
    here = timezone.localtime(row.due_at)
    written = f"{here:%H:%M}" if here.date() == clock.today() else f"{here:%m-%d %H:%M}"
    return ("soon" if left < timedelta(hours=4) else ""), written


# ---- what one may choose ----


def categories() -> list[CaseCategory]:
    """Those that are offered, in their order, each with `filed`: how many were filed under it lately."""
    since = clock.now() - timedelta(days=KEY_DAYS)
    filed = Case.objects.filter(category=OuterRef("pk"), received_at__gte=since).order_by()
    counted = Subquery(filed.values("category").annotate(count=Count("pk")).values("count"))
    return list(queries.categories().annotate(filed=Coalesce(counted, 0)))


def with_keys(rows: list[CaseCategory]) -> list[CaseCategory]:
    """The nine with a key, the most used first; where nothing was filed yet, the first in their order."""
    return sorted(rows, key=lambda row: (-getattr(row, "filed", 0), row.sort, row.pk))[:KEYS]


def units_for(row: Case) -> list[Unit]:
    """To whom its keeper may hand a case: itself and what lies below it, but for classes and what is closed."""
    today = clock.today()
    rows = Unit.objects.filter(path__startswith=row.unit.path).exclude(kind="class")
    return list(rows.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=today)).order_by("path"))


def words() -> dict[str, list[ResponseTemplate]]:
    """What is often written, by verb."""
    found: dict[str, list[ResponseTemplate]] = {}
    for row in reference.offered(ResponseTemplate.objects.all()):
        found.setdefault(row.verb, []).append(row)
    return found
