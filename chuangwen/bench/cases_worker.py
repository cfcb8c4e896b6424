"""The child process of `bench cases`, printed as one line of JSON: FEW MANY TURNS.

Two databases that differ in their cases alone, asked in turn through the whole stack of the product, as a browser asks.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from statistics import median
from time import perf_counter
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.utils import CaptureQueriesContext

WHOLE = "bbox=111.5,28.9,111.9,29.2&zoom=11"
STREET = "bbox=111.684,29.025,111.694,29.035&zoom=16"
PAGES = {
    "list": (
        "/cases/",
        "/cases/?view=open&kind=finding&sort=lead",
        "/cases/?view=all&group=environment&sort=-received",
    ),
    "map": ("/cases/map/", f"/cases/map/features/?{WHOLE}", f"/cases/map/features/?{STREET}"),
    "board": ("/cases/board/",),
    "inbox": ("/waiting/",),
    "search": ("/search/?q=%s", "/search/?q=路面", "/search/?q=ghzl"),
}
MOST_QUERIES = 12


def main(arguments: list[str]) -> None:
    django.setup()
    few, many, turns = map(int, arguments)
    sys.stdout.write(json.dumps(_measure((few, many), turns)) + "\n")


def _connect(given: dict[str, Any]) -> BaseDatabaseWrapper:
    # A new dict: the connections of the other worlds keep theirs.
    connections.settings["default"] = connections.settings["default"] | given
    return connections.create_connection("default")


def _sqlite(name: str, model: str = "") -> BaseDatabaseWrapper:
    path = settings.DATA_DIR / f"{name}.sqlite3"
    if model:
        shutil.copy(settings.DATA_DIR / f"{model}.sqlite3", path)
    connections["default"] = _connect({"NAME": str(path)})
    return connections["default"]


def _measure(sizes: tuple[int, int], turns: int) -> dict[str, Any]:
    from chuangwen.bench import case_world  # noqa: PLC0415 - models can only be imported after setup

    empty = _sqlite("empty")
    call_command("migrate", verbosity=0)
    city = case_world.found()
    # With the last connection the log that SQLite writes ahead goes into the file,.
    empty.close()
    worlds = []
    for size in sizes:
        worlds.append(_sqlite(str(size), "empty"))
        case_world.fill(city, size)
        worlds[-1].close()
    for world in worlds:
        connections["default"] = world
        _settle()
    clients = _clients(worlds)
    spent, queries = _asked(worlds, clients, turns)
    return _told(sizes, turns, spent, queries)


def _settle() -> None:
    """As a running city is: everything indexed for the search."""
    from chuangwen.core import search  # noqa: PLC0415 - as above

    search.reindex()


def _clients(worlds: list[BaseDatabaseWrapper]) -> list[dict[str, Any]]:
    """In each world a browser of the city's office and one of a unit's clerk."""
    from django.test import Client  # noqa: PLC0415 - as above

    from chuangwen.bench.case_world import CLERK, OFFICE  # noqa: PLC0415
    from chuangwen.people.models import Account  # noqa: PLC0415

    found = []
    for world in worlds:
        connections["default"] = world
        clients = {login: Client(SERVER_NAME="localhost") for login in (OFFICE, CLERK)}
        for login, client in clients.items():
            client.force_login(Account.objects.get(login=login), "chuangwen.people.backend.AccountBackend")
        found.append(clients)
    return found


Spent = dict[tuple[str, str, str], list[list[float]]]


def _asked(
    worlds: list[BaseDatabaseWrapper], clients: list[dict[str, Any]], turns: int
) -> tuple[Spent, dict[str, int]]:
    """Seconds of every (key, login, address) in each world, and the most queries that a page of a key took."""
    from chuangwen.cases.models import Case  # noqa: PLC0415 - as above

    spent: Spent = {}
    queries: dict[str, int] = {}
    for turn in range(turns + 1):
        for which, world in enumerate(worlds):
            connections["default"] = world
            number = Case.objects.order_by("-pk").values_list("number", flat=True)[0]
            for key, login, address in _questions(clients[which]):
                where = address % number if "%s" in address else address
                if not turn:
                    # The first turn warms both up, and counts.
                    with CaptureQueriesContext(world) as captured:
                        _get(clients[which][login], where)
                    queries[key] = max(queries.get(key, 0), len(captured))
                    continue
                started = perf_counter()
                _get(clients[which][login], where)
                spent.setdefault((key, login, address), [[], []])[which].append(perf_counter() - started)
    return spent, queries


def _questions(clients: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for key, addresses in PAGES.items():
        for login in clients:
            for address in addresses:
                yield key, login, address


def _get(client: Any, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answers {answer.status_code}")


def _told(sizes: tuple[int, int], turns: int, spent: Spent, queries: dict[str, int]) -> dict[str, Any]:
    if too_many := {key: count for key, count in queries.items() if count > MOST_QUERIES}:
        raise RuntimeError(f"pages with more than {MOST_QUERIES} queries: {too_many}")
    ratios: dict[str, float] = {}
    pages = {}
    for (key, login, address), both in spent.items():
        few, many = (median(each) for each in both)
        ratios[key] = max(ratios.get(key, 0), many / few)
        pages[f"{login} {address}"] = [round(few * 1000, 1), round(many * 1000, 1), round(many / few, 2)]
    return {
        "ratios": ratios,
        "cases": list(sizes),
        "turns": turns,
        "database": connections["default"].vendor,
        "queries": queries,
        "milliseconds": pages,
    }


if __name__ == "__main__":
    main(sys.argv[1:])
