"""Shapes that a hand drew on the map, and how an address spells them: lon_lat_lon_lat….

Called by map_queries. The spelling is readable and holds no secret: whoever opens it sees what they may see.
"""

import json
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from chuangwen.core.errors import Refused

# As many corners as an address takes, each to a metre; and as many as a hand may have drawn.
MOST_CORNERS, MOST_DRAWN = 80, 5000


def number(written: str) -> float:
    """Raises ValueError for what is no number, or none that a place on the globe could have."""
    found = float(written)
    if not -1000 < found < 1000:
        raise ValueError(written)
    return found


def drawn_area(drawn: Any) -> BaseGeometry:
    """What a hand went around; where its line crosses itself, both loops count. `drawn` is a Polygon of GeoJSON."""
    try:
        found = shapely.from_geojson(json.dumps(drawn))
    except (shapely.errors.GEOSException, TypeError, ValueError) as error:
        raise _nothing_drawn() from error
    if found is None or found.geom_type != "Polygon" or shapely.get_num_coordinates(found) > MOST_DRAWN:
        raise _nothing_drawn()
    mended = shapely.make_valid(found)
    parts = [part for part in getattr(mended, "geoms", [mended]) if part.geom_type.endswith("Polygon")]
    if not parts:
        raise Refused(_("圈得太小，什么也没圈到"), where="geometry", mend=_("按住画大一些的一圈再松开"))
    return shapely.union_all(parts)


def _nothing_drawn() -> Refused:
    return Refused(_("圈出的范围读不出来"), where="geometry", mend=_("回到地图重新圈一次"))


def write_token(area: BaseGeometry) -> str:
    """The outline of the area, of its largest part where there are several, simplified until an address takes it."""
    largest = max(getattr(area, "geoms", [area]), key=lambda part: float(part.area))
    ring, tolerance = shapely.LineString(largest.exterior.coords), 1e-5
    while len(ring.coords) > MOST_CORNERS:
        ring, tolerance = shapely.LineString(ring.simplify(tolerance).coords), tolerance * 2
    return "_".join(f"{lon:.5f}_{lat:.5f}" for lon, lat in list(ring.coords)[:-1])


def read_token(token: str) -> BaseGeometry:
    """The area that a token spells. Raises Refused."""
    try:
        numbers = [number(part) for part in token.split("_")]
        spots = list(zip(numbers[::2], numbers[1::2], strict=True))
        if len(spots) > MOST_CORNERS:
            raise ValueError(token)
        return shapely.make_valid(shapely.Polygon(spots))
    except ValueError as error:
        raise Refused(_("圈出的范围读不出来"), where="in", mend=_("回到地图重新圈一次")) from error
