"""What lies near a case: the same thing reported twice, and the same thing come back."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet, Value

from chuangwen.cases import workflow
from chuangwen.cases.models import Case, CasePolicy
from chuangwen.core import clock
from chuangwen.places import geometry

ALIKE_METRES = 100
ALIKE_DAYS = 14
# So near to one another lies the same spot, whatever it was called.
SPOT = 15
MOST = 8
# So many are looked at in one place before the likeliest are chosen.
MOST_READ = 500


def point_of(case: Case) -> tuple[float, float] | None:
    """Where it is: its own point, else that of its place."""
    if case.lon is not None and case.lat is not None:
        return case.lon, case.lat
    return (case.place.lon, case.place.lat) if case.place else None


def around(rows: QuerySet[Case], at: tuple[float, float], metres: float) -> list[tuple[int, Case]]:
    """Cases at most so many metres from a point, with the distance, nearest first."""
    box = geometry.box_around((*at, *at), metres)
    west, south, east, north = box
    found = list(rows.filter(lat__gte=south, lat__lte=north, lon__gte=west, lon__lte=east)[:500])
    distances = geometry.metres_from(at, [(row.lon or 0.0, row.lat or 0.0) for row in found])
    pairs = [(round(metre), row) for metre, row in zip(distances, found, strict=True) if metre <= metres]
    return sorted(pairs, key=lambda pair: (pair[0], pair[1].pk))


def relapse_of(case: Case, policy: CasePolicy) -> Case | None:
    """The closed case that has come back: of the same category, within so many metres and days before this one was
    received (practice: 50 m and 30 days). The nearest; None where there is none, or no point or category.
    """
    at = point_of(case)
    if at is None or case.category_id is None:
        return None
    since = case.received_at - timedelta(days=policy.relapse_days)
    closed = Case.objects.filter(
        state=workflow.CLOSED, category=case.category_id, closed_at__gte=since, closed_at__lte=case.received_at
    ).exclude(pk=case.pk)
    found = around(closed, at, policy.relapse_metres)
    return found[0][1] if found else None


@dataclass(frozen=True)
class Likely:
    """A case that may be the same thing, and why it looks so."""

    case: Case
    metres: int | None
    same_category: bool
    same_contact: bool
    likeness: float = 0.0


def duplicates(rows: QuerySet[Case], case: Case) -> list[Likely]:
    """Of these cases, those that may be the same matter whatever door they came through: near and of the same
    category or title, or from the same telephone within some days. The likeliest first.
    """
    recent = rows.exclude(pk=case.pk).filter(
        Q(due_at__isnull=False) | Q(closed_at__gte=clock.now() - timedelta(days=ALIKE_DAYS))
    )
    at = point_of(case)
    found: dict[int, Likely] = {}
    for row, same_contact in _candidates(recent, case, at):
        before = found.get(row.pk)
        metres = before.metres if before else _metres(row, at)
        same = row.category_id is not None and row.category_id == case.category_id
        alike = likeness(row.title, case.title)
        on_one_spot = metres is not None and metres <= SPOT
        looks = same or alike >= (A_LITTLE if on_one_spot else ENOUGH)
        if same_contact or before or (metres is not None and looks):
            contact = same_contact or (before is not None and before.same_contact)
            found[row.pk] = Likely(row, metres, same, contact, alike)
    return sorted(found.values(), key=_likeliest)[:MOST]


def _metres(row: Case, at: tuple[float, float] | None) -> int | None:
    """How far it is from here; None where that is not known or too far to matter."""
    if at is None or row.lon is None or row.lat is None:
        return None
    metres = round(geometry.metres_from(at, [(row.lon, row.lat)])[0])
    return metres if metres <= ALIKE_METRES else None


def _candidates(rows: QuerySet[Case], case: Case, at: tuple[float, float] | None) -> list[tuple[Case, bool]]:
    """What lies in the box around a point, and what came from the same telephone within some days (True), in one query
    of two branches, each on its own index.
    """
    branches = []
    if at:
        west, south, east, north = geometry.box_around((*at, *at), ALIKE_METRES)
        near = rows.filter(lat__gte=south, lat__lte=north, lon__gte=west, lon__lte=east)
        branches.append(near.annotate(contact=Value(0)).order_by())
    reporter = getattr(case, "reporter", None)
    if reporter and reporter.contact_index:
        since = clock.now() - timedelta(days=ALIKE_DAYS)
        same = rows.filter(reporter__contact_index=reporter.contact_index, received_at__gte=since)
        branches.append(same.annotate(contact=Value(1)).order_by())
    if not branches:
        return []
    found = branches[0].union(*branches[1:], all=True) if len(branches) > 1 else branches[0]
    return [(row, bool(row.contact)) for row in found[:MOST_READ]]


def _likeliest(one: Likely) -> tuple[bool, bool, float, int, int]:
    return (
        not one.same_contact,
        not one.same_category,
        -one.likeness,
        one.metres if one.metres is not None else 10**6,
        -one.case.pk,
    )


ENOUGH, A_LITTLE = 0.4, 0.2


def likeness(one: str, other: str) -> float:
    """How alike two titles are: shared pairs of signs among all pairs (Dice), 0 to 1."""
    pairs_of_one, pairs_of_other = _pairs(one), _pairs(other)
    if not pairs_of_one or not pairs_of_other:
        return 0.0
    return 2 * len(pairs_of_one & pairs_of_other) / (len(pairs_of_one) + len(pairs_of_other))


def _pairs(text: str) -> set[str]:
    tight = "".join(sign for sign in text.lower() if sign.isalnum())
    return {tight[start : start + 2] for start in range(len(tight) - 1)}
