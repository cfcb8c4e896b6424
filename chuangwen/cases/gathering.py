"""Places that share something, as a list from which cases can be opened: which they are, how far from what, whose."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

import shapely
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from shapely.geometry.base import BaseGeometry

from chuangwen.cases import queries
from chuangwen.cases.models import Case, CaseCategory
from chuangwen.core.errors import Refused
from chuangwen.people.access import Viewer
from chuangwen.people.models import Unit
from chuangwen.places import nearby as near_places
from chuangwen.places import queries as places
from chuangwen.places import showing as place_lists
from chuangwen.places.models import Charge, Place, PlaceType

METRES, FARTHEST = 200, 5000
MOST = 200
DISTRICT = "district_area"
# What of the address of a list of places says which they are.
OF_LIST = ("in", "near", "unit", "type", "group", "state", "gap", "q", "import")


@dataclass(frozen=True)
class Asked:
    """Which places: of a type, at most so many metres from places of another type (0: wherever they are)."""

    what: PlaceType | None = None
    near: PlaceType | None = None
    metres: int = METRES
    category: CaseCategory | None = None


@dataclass(frozen=True)
class Found:
    """A place, what of the other type is nearest and how far, its unit as proposed, and the open case that stands
    there already.
    """

    place: Place
    near: Place | None = None
    metres: int | None = None
    owner: Unit | None = None
    standing: Case | None = None


def found(viewer: Viewer, asked: Asked) -> list[Found]:
    """The places, nearest first; Refused where there are more than one can open cases for at once."""
    if asked.what is None:
        return []
    rows = places.places(viewer).filter(type=asked.what, closed_on__isnull=True)
    if asked.near is None:
        return _completed([Found(place) for place in _few(rows.order_by("pk")[: MOST + 1])], asked)
    others = places.all_places(viewer).filter(type=asked.near, closed_on__isnull=True)
    pairs = near_places.close_pairs(rows, others, asked.metres)
    _few([near.place for near, _other in pairs])
    return _completed([Found(near.place, other, round(near.metres)) for near, other in pairs], asked)


def of_list(viewer: Viewer, query: QueryDict, unit: Unit | None, asked: Asked) -> list[Found]:
    """The places of a list's own address: those drawn on the map, around a place, of a unit."""
    around = place_lists.around(viewer, query.get("near", ""), query.get("m", "500"))
    rows = place_lists.listed(viewer, query, unit=unit, around=around).filter(closed_on__isnull=True)
    if query.get("type"):
        rows = rows.filter(type=str(query["type"]))
    centre = around.centre if around else None
    return _completed([Found(place, centre) for place in _few(rows.order_by("pk")[: MOST + 1])], asked)


def _few(rows: Iterable[Place]) -> list[Place]:
    listed = list(rows)
    if len(listed) > MOST:
        raise Refused(_("多于 %(most)s 个点位") % {"most": MOST}, where="m", mend=_("缩小距离，或分类型、分片区来开"))
    return listed


def _completed(rows: list[Found], asked: Asked) -> list[Found]:
    owners = owners_of([row.place for row in rows])
    standing = queries.standing_at([row.place for row in rows], asked.category) if asked.category else {}
    return [
        replace(row, owner=owners.get(row.place.pk), standing=standing.get(row.place.pk)) for row in rows
    ]  # fmt: skip


def owners_of(rows: Sequence[Place]) -> dict[int, Unit]:
    """Who would put it right: who answers for the place, else the district in which it lies."""
    found = {
        place.pk: each.unit
        for place in rows
        for each in getattr(place, "charges", [])
        if each.charge == Charge.LEAD and not each.unit.closed_on
    }
    districts = _districts() if len(found) < len(rows) else []
    for place in rows:
        at = shapely.Point(place.lon, place.lat)
        unit = next((unit for shape, unit in districts if shape.covers(at)), None)
        if place.pk not in found and unit:
            found[place.pk] = unit
    return found


def _districts() -> list[tuple[BaseGeometry, Unit]]:
    """The outlines of districts with their units: the unit that keeps the outline, or the one of its name."""
    named: Mapping[str, Unit] = {row.name: row for row in Unit.objects.filter(kind="district")}
    outlines = Place.objects.filter(type=DISTRICT, closed_on__isnull=True).select_related("unit")
    pairs = [(row, row.unit if row.unit.kind_id == "district" else named.get(row.name)) for row in outlines]
    return [(near_places.shape_of(row), unit) for row, unit in pairs if unit]


# ---- the progress of what was opened ----


@dataclass
class Progress:
    """How far one unit has come with what was opened under a case. Each number opens to its rows."""

    unit: Unit | None
    all: int = 0
    open: int = 0
    late: int = 0
    done: int = 0
    urls: Mapping[str, str] = field(default_factory=dict)


VIEWS = {"all": "all", "open": "open", "late": "over", "done": "done"}


def progress(viewer: Viewer, parent: Case) -> list[Progress]:
    """Each unit's own progress, the one with most left first, and the sum at the end; empty without children."""
    counted = queries.counts_below(viewer, parent)
    units = Unit.everything.in_bulk([key for key in counted if key])
    rows = [_progress(parent, units[key] if key else None, numbers) for key, numbers in counted.items()]
    rows.sort(key=lambda row: (-row.open, row.unit.path if row.unit else ""))
    return rows


def total(rows: Sequence[Progress], parent: Case) -> Progress | None:
    if not rows:
        return None
    sums = {name: sum(getattr(row, name) for row in rows) for name in VIEWS}
    return Progress(None, **sums, urls=_urls(parent, None))


def _progress(parent: Case, unit: Unit | None, numbers: Mapping[str, int]) -> Progress:
    return Progress(unit, **numbers, urls=_urls(parent, unit.code if unit else queries.NOBODY))


def _urls(parent: Case, lead: str | None) -> dict[str, str]:
    asked = {"parent": parent.number} | ({"lead": lead, "only": "1"} if lead else {})
    return {name: reverse("cases") + "?" + urlencode({"view": view, **asked}) for name, view in VIEWS.items()}


def told(made: int, passed: int) -> str:
    """What came of it, in a sentence."""
    text = ngettext("开成 %(made)s 件，已派到各单位", "开成 %(made)s 件，已派到各单位", made) % {"made": made}
    return text + (_("；%(passed)s 个点位已有同类事项，没有再开") % {"passed": passed} if passed else "")
