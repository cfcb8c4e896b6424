"""Whether a row of a workbook looks like a place that is there, or like a row before it."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from chuangwen.places import geometry, rules
from chuangwen.places.coordinates import Point
from chuangwen.places.models import Place
from chuangwen.places.nearby import tight_name

# About 400 m each way, so that whatever looks alike lies in the same square or in one beside it.
SQUARE = 0.004


@dataclass(frozen=True, slots=True)
class Known:
    uid: UUID
    type_code: str
    name: str
    at: Point

    @property
    def where(self) -> str:
        return f"{self.at[0]:.5f}, {self.at[1]:.5f}"


class Likeness:
    """The places that are there, and the rows that came, in squares of the map."""

    def __init__(self, places: QuerySet[Place]) -> None:
        self._squares: dict[tuple[int, int], list[Known]] = {}
        for uid, type_code, name, lon, lat in places.order_by().values_list("uid", "type_id", "name", "lon", "lat"):
            self._add(Known(uid, type_code, name, (lon, lat)))

    def of(self, uid: UUID, type_code: str, name: str, at: Point) -> Iterator[tuple[Known, float]]:
        """(place, metres) of every one that looks like this; from now on this one is known too."""
        x, y = _square(at)
        near = [
            known
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for known in self._squares.get((x + dx, y + dy), ())
            if known.uid != uid
        ]
        wanted = tight_name(name)
        for known, metres in zip(near, geometry.metres_from(at, [each.at for each in near]), strict=True):
            same_name = tight_name(known.name) == wanted
            if rules.look_like_one(metres=metres, same_type=known.type_code == type_code, same_name=same_name):
                yield known, metres
        self._add(Known(uid, type_code, name, at))

    def _add(self, known: Known) -> None:
        self._squares.setdefault(_square(known.at), []).append(known)


def _square(at: Point) -> tuple[int, int]:
    return int(at[0] // SQUARE), int(at[1] // SQUARE)
