"""What the map of cases asks: what lies in view, within the viewer's rights and what the address narrows down to.

The address is the list's own, so that one leads to the other. At most 2,000 cases leave here one by one; where more lie
in view they are counted by the cells of a grid, each with how many of them are overdue.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Avg, Count, Exists, F, FloatField, Func, Max, Min, OuterRef, QuerySet
from django.utils import timezone

from chuangwen.cases import queries, workflow
from chuangwen.cases.lists import CASES
from chuangwen.cases.models import Case, CaseState
from chuangwen.cases.wording import MARKS
from chuangwen.core import clock
from chuangwen.core.lists import narrowed
from chuangwen.core.marks import State, due
from chuangwen.people.access import Viewer, get_unit
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm
from chuangwen.places.map_queries import CLOSEST, MOST_FEATURES, Viewport, city_box, read_viewport
from chuangwen.places.nearby import Box, points_in_box

# The browser asks for whole tiles of this many degrees (360 / 2^(zoom + 1)); so many cells lie along one's edge, so
# that no cell reaches over the edge of what is asked and panning changes no number.
CELLS_OF_A_TILE = 3
COLUMNS = ("uid", "number", "title", "address", "place__name", "state", "due_at", "until", "lead", "supervised")


def asked(viewer: Viewer, query: Any) -> QuerySet[Case]:
    """The cases with a position that the list would show at this address (a QueryDict), in no order.

    Raises Missing for a unit that is not the viewer's, Refused for a day or box that cannot be read.
    """
    unit = get_unit(viewer, Perm.CASE_VIEW, code=query["unit"]) if query.get("unit") else None
    rows = queries.narrowed(queries.cases(viewer, unit=unit), query)
    return narrowed(CASES, rows, query).filter(lat__isnull=False).order_by().select_related(None)


def in_view(viewer: Viewer, query: Any) -> dict[str, Any]:
    """A FeatureCollection of what `bbox` holds at `zoom`, how many there are and how many of them are overdue."""
    view = read_viewport(query)
    rows = asked(viewer, query).filter(points_in_box(view.box))
    alone = view.zoom >= CLOSEST or rows[: MOST_FEATURES + 1].count() <= MOST_FEATURES
    found = list(_singles(rows)) if alone else _heaps(rows, view)
    return {
        "type": "FeatureCollection",
        "features": found[:MOST_FEATURES],
        "total": sum(each["properties"]["count"] for each in found) if not alone else len(found),
        "clustered": not alone,
        "cut": len(found) > MOST_FEATURES,
        "as_of": timezone.localtime(clock.now()).isoformat(timespec="seconds"),
    }


def _singles(rows: QuerySet[Case]) -> Iterator[dict[str, Any]]:
    found = list(rows.values_list(*COLUMNS, "lon", "lat")[: MOST_FEATURES + 1])
    leads = {row[8] for row in found if row[8]}
    labels = {unit.pk: unit.label for unit in Unit.everything.filter(pk__in=leads)} if leads else {}
    now = clock.now()
    for uid, number, title, address, place, state, due_at, until, lead, supervised, lon, lat in found:
        late = state in workflow.OPEN and due_at < now
        held = timezone.localtime(until).date() if state == workflow.SUSPENDED and until else None
        properties = {
            "uid": str(uid),
            "number": number,
            "title": title,
            "where": " ".join(part for part in (place, address) if part),
            "mark": State.OVER if late else MARKS[state],
            "state": str(CaseState(state).label),
            "late": late,
            "due": str(due(None if held else due_at, held_to=held, now=now) or ""),
            "order": due_at.timestamp() if due_at else 0,
            "lead": labels.get(lead, ""),
            "supervised": supervised,
        }
        at = [round(lon, 7), round(lat, 7)]
        yield {"type": "Feature", "geometry": {"type": "Point", "coordinates": at}, "properties": properties}


def first_box(viewer: Viewer, query: Mapping[str, str]) -> Box | None:
    """Where the page looks at first: at the box of its address, else at the whole city."""
    return read_viewport({"bbox": query["box"]}).box if query.get("box") else city_box(viewer)


def leads(viewer: Viewer) -> list[Unit]:
    """The units below the viewer's own that have led a case, in the order of the tree."""
    led = Case.objects.filter(lead=OuterRef("pk")).order_by()
    return list(Unit.objects.filter(Exists(led), viewer.scope(Perm.CASE_VIEW, "")))


class Whole(Func):
    """The whole number below. SQLite's own FLOOR is not in every build, and Django's is slow: it cuts off instead,
    which is the same but beside the equator and Greenwich, where the one cell is larger.
    """

    function = "FLOOR"
    output_field = FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="CAST(%(expressions)s AS INTEGER)", **context)


def _heaps(rows: QuerySet[Case], view: Viewport) -> list[dict[str, Any]]:
    """What each cell counts, the fullest first, with its mean position and the box that its cases fill."""
    size = 360 / 2 ** (int(view.zoom) + 1) / CELLS_OF_A_TILE
    cells = rows.annotate(column=Whole(F("lon") / size), row=Whole(F("lat") / size)).values("column", "row")
    counted = cells.annotate(
        count=Count("pk"),
        late=Count("pk", filter=queries.overdue()),
        x=Avg("lon"), y=Avg("lat"), west=Min("lon"), south=Min("lat"), east=Max("lon"), north=Max("lat"),
    )  # fmt: skip
    return [_heap(cell) for cell in sorted(counted, key=lambda cell: -cell["count"])]


def _heap(cell: Mapping[str, Any]) -> dict[str, Any]:
    bounds = [round(cell[edge], 6) for edge in ("west", "south", "east", "north")]
    properties = {"count": cell["count"], "late": cell["late"], "bounds": bounds}
    at = [round(cell["x"], 6), round(cell["y"], 6)]
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": at},
        "properties": {"heap": True, **properties},
    }
