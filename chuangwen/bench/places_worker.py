"""The child process of `bench places`, printed as one line of JSON: FEW MANY TURNS.

Two databases, one with FEW places and one with MANY, eight of a hundred of them lines, all over a city's extent. One
process asks both in turn. Who asks sees everything, as the city's office does.
"""

import json
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

# The city's middle and how far it reaches from there, in degrees.
MIDDLE, REACH = (111.69, 29.03), (0.13, 0.09)
# Half of the view of a street and of the whole city, with the map's zoom there.
STREET, CITY = ((0.004, 0.003), 16.5), ((0.2, 0.15), 11.0)
LINES = 8
SEED = 20260112


def main(arguments: list[str]) -> None:
    django.setup()
    few, many, turns = map(int, arguments)
    sys.stdout.write(json.dumps(_measure((few, many), turns)) + "\n")


def _measure(sizes: tuple[int, int], turns: int) -> dict[str, Any]:
    databases = []
    for size in sizes:
        # The second one begins as the first did, before its places.
        shutil.copy(_empty(), settings.DATA_DIR / f"{size}.sqlite3")
        databases.append(_opened(f"{size}.sqlite3"))
        _fill(size)
    asked = _questions()
    spent: dict[str, list[list[float]]] = {key: [[], []] for key in asked}
    found: dict[str, list[int]] = {key: [0, 0] for key in asked}
    for turn in range(turns + 1):
        for which, database in enumerate(databases):
            connections["default"] = database
            for key, ask in asked.items():
                started = perf_counter()
                found[key][which] = ask()
                # The first turn warms both up.
                spent[key][which] += [perf_counter() - started] if turn else []
    if found["viewport_city"] != list(sizes):
        raise RuntimeError(f"the whole city holds {found['viewport_city']}, not {sizes}")
    medians = {key: [round(median(each) * 1000, 3) for each in both] for key, both in spent.items()}
    return {"places": list(sizes), "turns": turns, "found": found, "milliseconds": medians}


def _opened(name: str) -> BaseDatabaseWrapper:
    """Makes that file of the data folder the database that everybody asks."""
    connections.settings["default"]["NAME"] = str(settings.DATA_DIR / name)
    connections["default"] = connections.create_connection("default")
    return connections["default"]


def _empty() -> Path:
    """A database with the tables and the city, made the first time."""
    from chuangwen.bench import school  # noqa: PLC0415 - models can only be imported after setup

    path = settings.DATA_DIR / "empty.sqlite3"
    if not path.exists():
        database = _opened(path.name)
        call_command("migrate", verbosity=0)
        school.found()
        # With the last connection the log that SQLite writes ahead goes into the file.
        database.close()
    return Path(path)


def _fill(size: int) -> None:
    from chuangwen.people.models import Unit  # noqa: PLC0415 - as above
    from chuangwen.places import services  # noqa: PLC0415

    services.add_places(_places(Unit.objects.get(parent=None), size))


def _questions() -> dict[str, Callable[[], int]]:
    """Each with a viewer of its own, as every request has."""
    from chuangwen.people.access import Viewer  # noqa: PLC0415 - as above
    from chuangwen.people.models import Person  # noqa: PLC0415
    from chuangwen.places import map_queries, nearby, queries  # noqa: PLC0415

    def office() -> Viewer:
        return Viewer(Person.objects.select_related("unit").get(unit__parent=None))

    def view(half: tuple[float, float], zoom: float) -> int:
        (lon, lat), (wide, tall) = MIDDLE, half
        box = ",".join(map(str, (lon - wide, lat - tall, lon + wide, lat + tall)))
        said = map_queries.in_view(office(), {"bbox": box, "zoom": str(zoom)})
        json.dumps(said)
        return int(said["total"])

    return {
        "viewport_street": lambda: view(*STREET),
        "viewport_city": lambda: view(*CITY),
        "nearest_10": lambda: len(nearby.nearest(queries.all_places(office()), (MIDDLE[0] + 0.011, MIDDLE[1]), 10)),
    }


def _places(unit: Any, count: int) -> Iterator[Any]:
    import shapely  # noqa: PLC0415 - as above

    from chuangwen.places.models import Layer, Place, PlaceType, Shape  # noqa: PLC0415
    from chuangwen.places.services import located  # noqa: PLC0415

    dice = random.Random(SEED)  # noqa: S311
    types = list(PlaceType.objects.filter(shape=Shape.POINT, layer=Layer.REGISTER).values_list("code", flat=True))
    for index in range(count):
        lon, lat = (middle + dice.uniform(-reach, reach) for middle, reach in zip(MIDDLE, REACH, strict=True))
        line = index % 100 < LINES
        shape = shapely.LineString([(lon, lat), (lon + 0.002, lat + 0.001)]) if line else shapely.Point(lon, lat)
        code = "trunk_road" if line else types[index % len(types)]
        yield Place(unit=unit, type_id=code, name=str(index), **located(shape))


if __name__ == "__main__":
    main(sys.argv[1:])
