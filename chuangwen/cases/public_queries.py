"""What anybody may read of cases without sign-in: the one that their code follows, what was reported nearby, and, where
the city wants it, the status of all public ones. No query here gives a word, photo or person to who has not the code.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import shapely
from django.core.cache import cache
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from chuangwen.cases import nearby, public_words, rules, workflow
from chuangwen.cases.models import OPEN, Case, CasePhoto, CaseStep, Reporter, Shows
from chuangwen.cases.wording import MARKS
from chuangwen.core import clock
from chuangwen.core.errors import Missing
from chuangwen.core.models import StoredFile
from chuangwen.evidence.models import CopyRole, EvidenceCopy
from chuangwen.evidence.queries import current_copy
from chuangwen.people.models import Unit
from chuangwen.places import geometry, map_queries
from chuangwen.places import nearby as around
from chuangwen.places import queries as places
from chuangwen.places.models import Layer, Place

Point = tuple[float, float]
PUBLIC_KINDS = tuple(code for code, kind in workflow.KINDS.items() if kind.public)
ALIKE_MOST = 3
STREET_METRES = 120
PER_PAGE, MOST_PAGES = 20, 50
CACHED_SECONDS = 60
SHOWN_DAYS = 90


def public_cases() -> QuerySet[Case]:
    """What may be spoken of in public at all: matters of the street that are not confidential."""
    return Case.objects.filter(kind__in=PUBLIC_KINDS, confidential=False)


# ---- where, without a house number ----


def spots(points: Sequence[Point | None]) -> list[str]:
    """For each point the street at which it lies, else the district; one question for all of them.

    What citizens write as their address is never shown: they write doors and names.
    """
    known = [point for point in points if point]
    if not known:
        return ["" for _each in points]
    boxes = [geometry.box_around((*point, *point), STREET_METRES) for point in known]
    touching = Q()
    for box in boxes:
        touching |= around.touching(box)
    ground = Place.objects.filter(touching, type__layer=Layer.BASE, closed_on__isnull=True).exclude(type=places.CITY)
    shapes = [(place, shapely.geometry.shape(place.geometry)) for place in ground.order_by("id")]
    return [_spot(point, shapes) if point else "" for point in points]


def _spot(point: Point, shapes: list[tuple[Place, shapely.geometry.base.BaseGeometry]]) -> str:
    here = shapely.Point(point)
    streets = [
        (geometry.metres_between(here, shape), place.name)
        for place, shape in shapes
        if shape.geom_type.endswith("LineString") and place.name
    ]
    close = min((pair for pair in streets if pair[0] <= STREET_METRES), default=None)
    if close:
        return close[1]
    inside = [place for place, shape in shapes if shape.geom_type.endswith("Polygon") and shape.covers(here)]
    return min(inside, key=lambda place: place.max_lat - place.min_lat).name if inside else ""


def _spots_of(cases: Sequence[Case]) -> list[str]:
    """A place of the register by its name, else the street."""
    streets = spots([None if case.place else nearby.point_of(case) for case in cases])
    return [case.place.name if case.place else street for case, street in zip(cases, streets, strict=True)]


@dataclass(frozen=True)
class Line:
    """A case as anybody may know it. `mark` is the shape and colour of its state."""

    uid: UUID
    category: str
    spot: str
    state: str
    mark: str
    days: int
    metres: int = 0


def _lines(cases: Sequence[Case], metres: Sequence[int] = ()) -> list[Line]:
    now = clock.now()
    return [
        Line(
            case.uid,
            str(case.category) if case.category else case.get_kind_display(),
            spot,
            str(public_words.STATES[case.state]),
            MARKS[case.state],
            (now - case.received_at).days,
            metres[index] if metres else 0,
        )
        for index, (case, spot) in enumerate(zip(cases, _spots_of(cases), strict=True))
    ]


@dataclass(frozen=True)
class Spot:
    """What the page of a report says of a point: whether it is in the city, its street, what was reported there."""

    inside: bool
    name: str = ""
    alike: list[Line] = field(default_factory=list)


def spot(point: Point, category: str = "") -> Spot:
    if not places.in_city(*point):
        return Spot(inside=False)
    alike: list[Line] = []
    if category:
        rows = public_cases().filter(OPEN, category=category).select_related("category", "place").order_by("-id")
        found = nearby.around(rows, point, nearby.ALIKE_METRES)[:ALIKE_MOST]
        alike = _lines([case for _metres, case in found], [metres for metres, _case in found])
    return Spot(inside=True, name=spots([point])[0], alike=alike)


def ground() -> map_queries.Ground:
    """The map under a report."""
    return map_queries.public_ground()


def city_box() -> tuple[float, float, float, float] | None:
    outline = places.city_boundary()
    return outline.bounds if outline is not None else None


# ---- one case ----


@dataclass(frozen=True)
class Told:
    """A move as it is told outside; `text` is what was written for the reporter, or by them."""

    at: datetime
    what: str
    text: str = ""
    own: bool = False


def course(case: Case, *, with_words: bool) -> list[Told]:
    """What happened, oldest first. Words only for whom they were written: with the code."""
    steps = list(case.steps.select_related("by__unit").order_by("id"))
    named = _units(steps) if with_words else {}
    return [line for step in steps if (line := _told(step, named, with_words=with_words))]


def _told(step: CaseStep, named: dict[str, str], *, with_words: bool) -> Told | None:
    own = step.verb in {"open", "dispute"} and step.by is not None and step.by.is_door
    what = public_words.move(step.verb, named.get(str(step.data.get("lead")), ""))
    if not what and step.open and with_words:
        what = public_words.move("answer")
    if not what or (step.verb == "answer" and not with_words):
        return None
    return Told(step.at, what, step.text if with_words and (step.open or own) else "", own)


def _units(steps: Sequence[CaseStep]) -> dict[str, str]:
    uids = {step.data["lead"] for step in steps if step.verb in public_words.SENT_TO and step.data.get("lead")}
    return {str(unit.uid): unit.label for unit in Unit.everything.filter(uid__in=uids)}


@dataclass(frozen=True)
class Shown:
    """A photo for the page of a code: which evidence, and what it shows."""

    uid: UUID
    label: str


@dataclass(frozen=True)
class Followed:
    """A case as its reporter sees it."""

    case: Case
    state: str
    mark: str
    spot: str
    days: int
    told: list[Told]
    before: list[Shown]
    after: list[Shown]
    satisfied: bool | None
    into: str = ""

    @property
    def title(self) -> str:
        return str(self.case.category) if self.case.category else str(self.case.get_kind_display())

    @property
    def own_text(self) -> str:
        """What they wrote themselves; what staff wrote of them stays inside."""
        return self.case.text if self.case.opened_by.is_door else ""

    @property
    def may_dispute(self) -> bool:
        return self.case.state == workflow.CLOSED

    @property
    def is_done(self) -> bool:
        return self.case.state in workflow.DONE


def followed(case: Case) -> Followed:
    """`case` was found by its code (`services.case_of_code`)."""
    row = Case.objects.select_related("category", "place", "into", "opened_by__unit").get(pk=case.pk)
    photos = _photos(row)
    return Followed(
        row,
        str(public_words.STATES[row.state]),
        MARKS[row.state],
        _spots_of([row])[0],
        (clock.now() - row.received_at).days,
        course(row, with_words=True),
        [Shown(photo.evidence.uid, photo.get_shows_display()) for photo in photos if photo.shows == Shows.BEFORE],
        [Shown(photo.evidence.uid, photo.get_shows_display()) for photo in photos if photo.shows == Shows.AFTER],
        Reporter.objects.filter(case=row).values_list("satisfied", flat=True).first(),
        str(public_words.STATES[row.into.state]) if row.into and not row.into.confidential else "",
    )


def _photos(case: Case) -> list[CasePhoto]:
    """Those that have a public copy now."""
    copies = Prefetch("evidence__copies", queryset=EvidenceCopy.objects.select_related("file"))
    rows = case.photos.filter(shows__in=(Shows.BEFORE, Shows.AFTER)).select_related("evidence").order_by("id")
    return [row for row in rows.prefetch_related(copies) if current_copy(row.evidence, CopyRole.PUBLIC)]


def photo_file(case: Case, uid: UUID) -> StoredFile:
    """The public copy of a photo of this case, of the present edition. Raises Missing."""
    found = next((row for row in _photos(case) if row.evidence.uid == uid), None)
    copy = current_copy(found.evidence, CopyRole.PUBLIC) if found else None
    if copy is None:
        raise Missing
    return copy


def public_case(uid: UUID) -> tuple[Line, list[Told]]:
    """A public case for who has no code: as a line, and its moves without a word. Raises Missing."""
    case = public_cases().filter(uid=uid).select_related("category", "place").first()
    if case is None:
        raise Missing
    return _lines([case])[0], course(case, with_words=False)


# ---- all of them ----


@dataclass(frozen=True)
class Status:
    """The public status: counts of this month, and a page of the list."""

    came: int
    open: int
    closed: int
    on_time: int
    rate: Decimal | None
    lines: list[Line]
    number: int
    pages: int
    as_of: datetime


def status(page: str) -> Status:
    """Reckoned once a minute for each page, whoever asks. A page that is not there is the first or the last."""
    listed = public_cases().filter(received_at__gte=clock.now() - timedelta(days=SHOWN_DAYS))
    rows = listed.filter(Q(state__in=(*workflow.OPEN, *workflow.DONE))).order_by("-received_at", "-id")
    head = cache.get("public-status:pages")
    if head is None:
        head = min(MOST_PAGES, -(-rows[: PER_PAGE * MOST_PAGES].count() // PER_PAGE)) or 1
        cache.set("public-status:pages", head, CACHED_SECONDS)
    number = min(max(int(page), 1), head) if page.isascii() and page.isdecimal() and len(page) < 6 else 1
    key = f"public-status:{get_language()}:{number}"
    found: Status | None = cache.get(key)
    if found is None:
        found = _status(rows, number, head)
        cache.set(key, found, CACHED_SECONDS)
    return found


def _status(rows: QuerySet[Case], number: int, pages: int) -> Status:
    month = clock.midnight(timezone.localdate().replace(day=1))
    sums = public_cases().aggregate(
        came=Count("pk", filter=Q(received_at__gte=month)),
        open=Count("pk", filter=OPEN),
        closed=Count("pk", filter=Q(closed_at__gte=month, state__in=workflow.DONE)),
        on_time=Count("pk", filter=Q(closed_at__gte=month, state__in=workflow.DONE, on_time=True)),
    )
    shown = rows.select_related("category", "place")[(number - 1) * PER_PAGE : number * PER_PAGE]
    rate = rules.rate(sums["on_time"], sums["closed"])
    return Status(**sums, rate=rate, lines=_lines(list(shown)), number=number, pages=pages, as_of=clock.now())
