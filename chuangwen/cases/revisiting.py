"""What pages ask about re-visits: the draws, what is to be looked at, whether a draw can be repeated, what comes back
again and again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from chuangwen.cases import nearby, queries, rules, showing, workflow
from chuangwen.cases.models import Case, CasePhoto, CaseStep, Finding, Revisit, RevisitDraw
from chuangwen.core import clock
from chuangwen.core.errors import Missing
from chuangwen.evidence.models import EvidenceCopy
from chuangwen.people.access import Viewer
from chuangwen.people.models import Unit, in_language
from chuangwen.people.rules import Perm
from chuangwen.places.geometry import metres_between_points

# By these a closed case is worked on again.
REOPENING = ("reopen", "dispute", "relapse")


def _closed(unit: Unit, start: date, end: date) -> QuerySet[Case]:
    """Closed on these days and kept by the unit; what is confidential nobody looks at by lot."""
    days = Q(closed_at__gte=clock.midnight(start), closed_at__lt=clock.midnight(end + timedelta(days=1)))
    return Case.objects.filter(days, unit=unit, state=workflow.CLOSED, confidential=False)


def population(unit: Unit, start: date, end: date) -> list[str]:
    """The uids from which a draw of these days is made now, in order."""
    drawn = Revisit.objects.filter(case=OuterRef("pk"), draw__unit=unit, draw__closed_from=start, draw__closed_to=end)
    rows = _closed(unit, start, end).filter(~Exists(drawn))
    return sorted(str(uid) for uid in rows.values_list("uid", flat=True))


def digest_of(uids: Iterable[str]) -> str:
    """SHA-256 of the sorted uids, a line each."""
    return sha256("\n".join(sorted(uids)).encode()).hexdigest()


@dataclass(frozen=True)
class Repeated:
    """What comes of drawing again: whether the cases to draw from are those of then, and whether the same were drawn.

    `gone` are drawn cases that no longer belong to those to draw from.
    """

    same_population: bool
    same_cases: bool
    then: int
    now: int
    gone: list[Case]

    @property
    def holds(self) -> bool:
        return self.same_population and self.same_cases


def holds(row: RevisitDraw) -> Repeated:
    """Draw again with the same seed, from the cases that were closed when it was drawn, as far as the records say."""
    revisits = list(row.revisits.select_related("case"))
    chosen = sorted(str(each.case.uid) for each in revisits)
    again = _population_then(row)
    same = digest_of(again) == row.population_digest
    gone = [each.case for each in revisits if str(each.case.uid) not in set(again)]
    return Repeated(same, rules.drawn(again, row.share, row.seed) == chosen, row.population, len(again), gone)


def _population_then(row: RevisitDraw) -> list[str]:
    earlier = Revisit.objects.filter(
        draw__unit=row.unit, draw__closed_from=row.closed_from, draw__closed_to=row.closed_to, draw__pk__lt=row.pk
    )
    still = _closed(row.unit, row.closed_from, row.closed_to).filter(closed_at__lte=row.at)
    found = {str(uid) for uid in still.values_list("uid", flat=True)} | _reopened_since(row)
    return sorted(found - {str(uid) for uid in earlier.values_list("case__uid", flat=True)})


def _reopened_since(row: RevisitDraw) -> set[str]:
    """Cases that were closed in the period when it was drawn, and were worked on again since."""
    since = CaseStep.objects.filter(verb__in=REOPENING, at__gte=row.at, case__unit=row.unit, case__confidential=False)
    cases = since.filter(case__withdrawn_at__isnull=True).values("case")
    steps = CaseStep.objects.filter(case__in=cases, at__lt=row.at).order_by("id").select_related("case")
    latest = {step.case_id: step for step in steps if step.from_state != step.to_state}
    ends = ((step, _closed_by(step)) for step in latest.values() if step.to_state == workflow.CLOSED)
    return {str(step.case.uid) for step, at in ends if row.closed_from <= timezone.localdate(at) <= row.closed_to}


def _closed_by(step: CaseStep) -> datetime:
    """When the case was closed that this step closed; an imported one was long before."""
    written = step.data.get("closed")
    return datetime.fromisoformat(written) if written else step.at


# ---- pages ----


def draws(viewer: Viewer) -> QuerySet[RevisitDraw]:
    """The draws of units whose cases the viewer sees, with how far each has come."""
    rows = RevisitDraw.objects.filter(viewer.scope(Perm.CASE_VIEW)).select_related("unit", "by")
    return rows.annotate(
        drawn=Count("revisits"),
        looked=Count("revisits", filter=~Q(revisits__finding="")),
        held=Count("revisits", filter=Q(revisits__finding=Finding.HOLDS)),
        relapsed=Count("revisits", filter=Q(revisits__finding=Finding.RELAPSED)),
    )


def one_draw(viewer: Viewer, uid: UUID) -> RevisitDraw:
    found = draws(viewer).filter(uid=uid).first()
    if found is None:
        raise Missing
    return found


def count(row: RevisitDraw) -> int:
    """How many cases were drawn, seen by the viewer or not, of a row of `draws`."""
    return int(getattr(row, "drawn", 0))


def revisit(viewer: Viewer, uid: UUID) -> Revisit:
    """One case of a draw; Missing where the viewer may not see the case."""
    rows = Revisit.objects.filter(uid=uid, case__in=queries.all_cases(viewer)).select_related("draw__unit", "case")
    found = rows.first()
    if found is None:
        raise Missing
    return found


@dataclass(frozen=True)
class Proposal:
    """The draw that is due: of last month, which was not drawn yet."""

    start: date
    end: date
    closed: int
    share: int


def proposal(unit: Unit) -> Proposal | None:
    """None where last month was drawn, or nothing was closed in it."""
    end = clock.today().replace(day=1) - timedelta(days=1)
    start = end.replace(day=1)
    if RevisitDraw.objects.filter(unit=unit, closed_from=start, closed_to=end).exists():
        return None
    closed = _closed(unit, start, end).count()
    return Proposal(start, end, closed, queries.policy().revisit_share) if closed else None


@dataclass
class Stop:
    """A case to look at, on the way: `metres` from the stop before, where both are known."""

    revisit: Revisit
    case: Case
    pair: showing.Pair | None
    metres: int | None
    # It may be looked at: it is still closed, and this viewer neither closed it nor lacks the right.
    is_open: bool
    looked: bool = field(default=False)


def stops(viewer: Viewer, row: RevisitDraw) -> list[Stop]:
    """What was drawn and the viewer sees, in the order of a walk: from the westernmost, always to the nearest; what
    has no position comes last, by address.
    """
    seen = queries.shown(queries.all_cases(viewer))
    revisits = list(
        row.revisits.filter(case__in=queries.all_cases(viewer))
        .select_related("looked_by")
        .prefetch_related(Prefetch("case", queryset=seen.select_related("lead", "category", "place")))
    )
    photos = _photos([each.case for each in revisits])
    verifies = viewer.can(Perm.CASE_VERIFY, row.unit)
    found = []
    for each, metres in _route(revisits):
        case = each.case
        is_open = (
            verifies and not each.finding and case.state == workflow.CLOSED and case.closed_by_id != viewer.person.pk
        )
        pair = showing.pair(showing.pictures(photos.get(case.pk, [])))
        found.append(Stop(each, case, pair, metres, is_open, bool(each.finding)))
    return found


def _photos(cases: list[Case]) -> dict[int, list[CasePhoto]]:
    copies = Prefetch("evidence__copies", queryset=EvidenceCopy.objects.select_related("file"))
    rows = CasePhoto.objects.filter(case__in=cases).select_related("evidence__file", "evidence__made_by")
    found: dict[int, list[CasePhoto]] = {}
    for photo in rows.prefetch_related(copies):
        found.setdefault(photo.case_id, []).append(photo)
    return found


def _route(revisits: list[Revisit]) -> list[tuple[Revisit, int | None]]:
    at = {each.pk: nearby.point_of(each.case) for each in revisits}
    left = sorted((each for each in revisits if at[each.pk]), key=lambda each: at[each.pk] or (0.0, 0.0))
    ordered: list[tuple[Revisit, int | None]] = []
    here: tuple[float, float] | None = None
    while left:
        away = {each.pk: metres_between_points(here, at[each.pk] or here) if here else 0.0 for each in left}
        nearest = min(left, key=lambda each: away[each.pk])
        ordered.append((nearest, round(away[nearest.pk]) if here else None))
        here = at[nearest.pk]
        left.remove(nearest)
    rest = [each for each in revisits if not at[each.pk]]
    return ordered + [(each, None) for each in sorted(rest, key=lambda each: (each.case.address, each.case.pk))]


@dataclass(frozen=True)
class Spot:
    """A category that keeps coming back at one place: how often, when last, and where its cases are listed."""

    category: str
    where: str
    times: int
    last: datetime
    url: str


LEAST = 2


def spots(viewer: Viewer) -> list[Spot]:
    """Where the same has come back at least twice, most often first: by place, or where none is written by address."""
    rows = queries.all_cases(viewer).filter(relapse_of__isnull=False, category__isnull=False).order_by()
    keys = ("category", "category__name", "category__name_en")
    at_places = rows.filter(place__isnull=False).values(*keys, "place__uid", "place__name")
    at_addresses = rows.filter(place__isnull=True).exclude(address="").values(*keys, "address")
    found = []
    for grouped in (at_places, at_addresses):
        counted = grouped.annotate(times=Count("pk"), last=Max("received_at")).filter(times__gte=LEAST)
        found += [_spot(each) for each in counted]
    return sorted(found, key=lambda spot: (-spot.times, spot.category, spot.where))


def _spot(row: dict[str, Any]) -> Spot:
    asked = {"view": "all", "again": "relapse", "category": row["category"]}
    asked |= {"place": str(row["place__uid"])} if "place__uid" in row else {"q": row["address"]}
    return Spot(
        in_language(row["category__name"], row["category__name_en"]),
        row.get("place__name") or row["address"],
        row["times"],
        row["last"],
        reverse("cases") + "?" + urlencode(asked),
    )
