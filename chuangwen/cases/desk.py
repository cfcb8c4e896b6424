"""What the dispatch desk shows: the queue of what waits for the office, one case of it, and who might get it.

The desk of a viewer holds the cases of the units over which they hold `case.dispatch`, as far as they see them.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from chuangwen.cases import nearby, queries, routing, workflow
from chuangwen.cases.models import Case, CaseCategory, CaseStep, Channel, ResponseTemplate
from chuangwen.cases.nearby import Likely
from chuangwen.cases.routing import Proposal
from chuangwen.cases.showing import lasted
from chuangwen.cases.wording import SAID
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
# Through these doors somebody from outside came, who may be told how it ends.
FROM_OUTSIDE = (Channel.CITIZEN, Channel.RECEPTION, Channel.HOTLINE)
# So many of a queue are read and shown; whoever has more works them off from the oldest.
MOST = 60
# The categories with a key of their own are those filed most in so many days.
KEYS, KEY_DAYS = 9, 90


SHOWN = ("category", "lead", "place__type", "unit", "opened_by", "opened_for", "reporter")


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


def queue(viewer: Viewer, tab: str, *, wanted: UUID | None = None) -> Queue:
    """One tab of the desk; an unknown one is all. The one that is `wanted` is in it, if it waits at all. Raises Missing
    for who has no desk.
    """
    tab = tab if tab in TABS else ALL
    rows = waiting(viewer).select_related(*SHOWN)
    found = list(rows.filter(TABS[tab][1]).order_by("due_at", "id")[:MOST])
    if wanted and all(row.uid != wanted for row in found):
        found += rows.filter(uid=wanted)
    if tab == ALL and len(found) <= MOST - 1:
        counts = {key: sum(1 for row in found if belongs(row, key)) for key in TABS}
    else:
        counts = waiting(viewer).aggregate(
            **{key: Count("pk", filter=condition) for key, (_l, condition) in TABS.items()}
        )
    return Queue(tab, found, [Tab(key, label, counts[key]) for key, (label, _condition) in TABS.items()])


STATES = {TO_FILE: workflow.RECEIVED, TO_DISPATCH: workflow.FILED, TO_DECIDE: workflow.DISPUTED}


def belongs(row: Case, tab: str) -> bool:
    return tab == ALL or (row.state == STATES[tab] if tab in STATES else row.state in workflow.UNDER_WAY)


def still_waits(viewer: Viewer, uid: UUID) -> bool:
    return waiting(viewer).filter(uid=uid).exists()


@dataclass(frozen=True)
class Gone:
    """A case that was asked for and waits here no longer: who did what with it last."""

    case: Case
    step: CaseStep | None
    said: str


def gone(viewer: Viewer, uid: UUID) -> Gone | None:
    """What became of a case that no longer waits; None where the viewer sees no such case."""
    row = queries.all_cases(viewer).filter(uid=uid).first()
    if row is None:
        return None
    step = row.steps.select_related("by").order_by("-id").first()
    return Gone(row, step, str(SAID[step.verb].told) if step else "")


@dataclass
class Sheet:
    """One case on the desk, with what helps to decide. `likely` are those that may be the same; `hops` its bounces."""

    case: Case
    proposal: Proposal | None
    likely: list[Likely] = field(default_factory=list)
    hops: list["Hop"] = field(default_factory=list)
    said: CaseStep | None = None

    @property
    def gave_back(self) -> bool:
        """Whether whom the rules name had it already and did not keep it."""
        lead = self.proposal.lead if self.proposal else None
        return lead is not None and lead.label in {hop.unit for hop in self.hops}

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
            took = lasted(step.at - since)
            found.append(Hop(name, since, step.at, str(step.by or ""), step.text, step.verb, took))
        since = step.at
    return found


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


def units_for(row: Case, units: QuerySet[Unit]) -> list[Unit]:
    """To whom its keeper may hand a case over, of these units: itself and what lies below it."""
    return list(units.filter(path__startswith=row.unit.path).order_by("path"))


def words() -> dict[str, list[ResponseTemplate]]:
    """What is often written, by verb."""
    found: dict[str, list[ResponseTemplate]] = {}
    for row in reference.offered(ResponseTemplate.objects.all()):
        found.setdefault(row.verb, []).append(row)
    return found
