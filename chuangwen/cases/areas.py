"""What a group supervises today: the cases that units below some unit lead, and those whose point lies in an area.

The areas are few and their cases open ones, so a box narrows them down in the database and the rest is measured.
"""

from collections.abc import Iterable

import shapely
from django.db.models import Q, QuerySet

from chuangwen.cases.models import OPEN, Case, Watch
from chuangwen.cases.nearby import point_of
from chuangwen.core import clock
from chuangwen.places.nearby import points_in_box, shape_of


def in_force() -> QuerySet[Watch]:
    """The watches of today; the last day belongs to them."""
    today = clock.today()
    standing = Q(until__isnull=True) | Q(until__gte=today)
    return Watch.objects.filter(standing, since__lte=today).select_related("group", "over", "area")


def covers(watch: Watch, case: Case) -> bool:
    if watch.over:
        return case.lead is not None and case.lead.path.startswith(watch.over.path)
    at = point_of(case)
    return watch.area is not None and at is not None and bool(shape_of(watch.area).covers(shapely.Point(at)))


def open_cases_of(watches: Iterable[Watch]) -> Q:
    """The condition of the open cases that these watches cover; of none, no case."""
    found = Q(pk__in=[])
    for watch in watches:
        found |= Q(lead__path__startswith=watch.over.path) if watch.over else Q(pk__in=_inside(watch))
    return OPEN & found


def _inside(watch: Watch) -> list[int]:
    if watch.area is None:
        return []
    shape = shape_of(watch.area)
    rows = list(Case.objects.filter(OPEN, points_in_box(shape.bounds)).order_by().values_list("pk", "lon", "lat"))
    if not rows:
        return []
    keys, lons, lats = zip(*rows, strict=True)
    shapely.prepare(shape)
    held = shapely.intersects_xy(shape, lons, lats)
    return [key for key, is_in in zip(keys, held, strict=True) if is_in]
