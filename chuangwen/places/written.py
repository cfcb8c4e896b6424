"""How clerks write positions and seasons in a table: parsers of one cell, as `core.tabular.cells` has them."""

import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any

from chuangwen.core.tabular import BadCell, Cell, shown
from chuangwen.core.tabular.normal import tight
from chuangwen.places import rules
from chuangwen.places.models import Shape

_DEGREES = re.compile(r"([+-]?\d{1,3}(?:\.\d+)?)°?[EN东北]?")
_SEXAGESIMAL = re.compile(
    r"(\d{1,3})[°度](\d{1,2}(?:\.\d+)?)['′分](?:(\d{1,2}(?:\.\d+)?)(?:[\"″秒]|[′']{2}))?[EN东北]?"
)
_SEASON = re.compile(r"(\d{1,2})[月./-](\d{1,2})日?")
_LONGEST = 400_000

Written = dict[str, Any] | list[list[float]]


def a_degree() -> Callable[[Cell], float]:
    """A parser of a longitude or latitude, in degrees or in degrees, minutes and seconds. Raises BadCell
    not_a_degree.
    """

    def parse(cell: Cell) -> float:
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return float(cell)
        text = tight(str(cell)).upper() if isinstance(cell, str) else ""
        if match := _DEGREES.fullmatch(text):
            return float(match[1])
        if match := _SEXAGESIMAL.fullmatch(text):
            return float(match[1]) + float(match[2]) / 60 + float(match[3] or 0) / 3600
        raise BadCell("not_a_degree", {"value": shown(cell)})

    return parse


def a_geometry() -> Callable[[Cell], Written]:
    """A parser of a geometry: GeoJSON, or the corners one after another, "111.69,29.03; 111.70,29.04".

    Raises BadCell not_a_geometry. What the corners are, a line or an area, the type of the place says.
    """

    def parse(cell: Cell) -> Written:
        text = cell.strip() if isinstance(cell, str) else ""
        try:
            if text.startswith("{") and len(text) <= _LONGEST:
                read = json.loads(text, parse_constant=_refuse)
                return dict(read)
            pairs = [re.split(r"[,，\s]+", pair.strip()) for pair in re.split(r"[;；\n|]+", text) if pair.strip()]
            corners = [[float(number) for number in pair] for pair in pairs]
        except (ValueError, TypeError, RecursionError) as error:
            raise BadCell("not_a_geometry", {"value": shown(cell)[:40]}) from error
        if not corners or any(len(corner) != 2 for corner in corners):
            raise BadCell("not_a_geometry", {"value": shown(cell)[:40]})
        return corners

    return parse


def _refuse(written: str) -> None:
    raise ValueError(written)


def as_geometry(written: Written, shape: str) -> dict[str, Any]:
    """The GeoJSON of what a cell held, drawn as the type's shape where only its corners were written."""
    if isinstance(written, dict):
        return written
    if len(written) == 1:
        return {"type": "Point", "coordinates": written[0]}
    if shape == Shape.AREA and len(written) > 2:
        ring = written if written[0] == written[-1] else [*written, written[0]]
        return {"type": "Polygon", "coordinates": [ring]}
    return {"type": "LineString", "coordinates": written}


def a_season_day() -> Callable[[Cell], int]:
    """A parser of a day of any year, "11-01" or "11月1日", as month × 100 + day. Raises BadCell not_a_season."""

    def parse(cell: Cell) -> int:
        if isinstance(cell, dt.date):
            return rules.season_number(cell.month, cell.day)
        match = _SEASON.fullmatch(tight(cell)) if isinstance(cell, str) else None
        try:
            if match:
                return rules.season_number(int(match[1]), int(match[2]))
        except ValueError:
            pass
        raise BadCell("not_a_season", {"value": shown(cell)})

    return parse
