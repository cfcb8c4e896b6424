"""A GeoJSON file as a workbook of one sheet: a row for each feature, a column for each property, the geometry as text.

Called by `workbook.open_workbook`. So a file of a geographic system goes the same way as a list in Excel: columns are
recognised or pointed out, bad rows are named and mended.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chuangwen.core.tabular.plain import read_text, sheet_of
from chuangwen.core.tabular.problems import BadWorkbook
from chuangwen.core.tabular.values import Cell

GEOMETRY, SYSTEM = "图形", "坐标系"
ENDINGS = (".geojson", ".json")
_WIDEST = 500


class Features:
    """The features of a file. Raises BadWorkbook "not_geojson" for one that is something else."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self.sheet = sheet_of(name)
        try:
            read = json.loads(read_text(path, name), parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise BadWorkbook("not_geojson", {"name": name}) from error
        self.system = _system(read)
        self.features = _features(read, name)
        keys = dict.fromkeys(key for feature in self.features for key in feature.get("properties") or {})
        self.keys = [key for key in keys if key not in {GEOMETRY, SYSTEM}]
        if len(self.keys) > _WIDEST:
            raise BadWorkbook("too_wide", {"name": name})

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """The heading as row 1, then a row for each feature."""
        more = [SYSTEM] if self.system else []
        yield 1, [*self.keys, GEOMETRY, *more]
        for number, feature in enumerate(self.features, start=2):
            properties = feature.get("properties") or {}
            cells = [_cell(properties.get(key)) for key in self.keys]
            yield number, [*cells, _cell(feature.get("geometry")), *([self.system] if more else [])]


def _no_number(written: str) -> None:
    raise ValueError(written)


def _features(read: Any, name: str) -> list[dict[str, Any]]:
    found = read.get("features") if isinstance(read, dict) and read.get("type") == "FeatureCollection" else None
    if not isinstance(found, list) or not all(isinstance(each, dict) and _is_feature(each) for each in found):
        raise BadWorkbook("not_geojson", {"name": name})
    return found


def _is_feature(each: dict[str, Any]) -> bool:
    return each.get("type") == "Feature" and isinstance(each.get("properties") or {}, dict)


def _system(read: Any) -> str:
    """What the file itself says of its coordinates; the member is of the older standard, and most files lack it."""
    member = read.get("crs") if isinstance(read, dict) else None
    said = json.dumps(member).upper() if member else ""
    if "GCJ" in said:
        return "GCJ-02"
    if "BD09" in said or "BD-09" in said:
        return "BD-09"
    return "WGS-84" if "CRS84" in said or "4326" in said else ""


def _cell(value: Any) -> Cell:
    if value is None or value == "":
        return None
    if isinstance(value, str | bool | int | float):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
