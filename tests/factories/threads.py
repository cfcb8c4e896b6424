"""Two at the same moment: a database that threads reach, and acts that are run side by side."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, connections

from chuangwen.core.errors import ProductError


def reached_by_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stands is reached by threads from now on: a database that lives in memory is copied to a file, where
    locks are real. For tests with real transactions.
    """
    if connection.vendor != "sqlite":
        return
    path = tmp_path / "copy.sqlite3"
    with sqlite3.connect(path) as copy:
        connection.connection.backup(copy)
    copy.close()
    monkeypatch.setitem(connections.settings["default"], "NAME", str(path))


def at_once(*acts: Callable[[], object]) -> list[ProductError]:
    """Run these side by side, each on a connection of its own; what they were refused. Anything else is raised.

    Afterwards the test itself reads what the threads wrote.
    """
    start, refused, broken = threading.Barrier(len(acts)), list[ProductError](), list[BaseException]()

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait(timeout=10)
            act()
        except ProductError as problem:
            refused.append(problem)
        except BaseException as problem:
            broken.append(problem)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert broken == []
    # Opened again at once: what follows must go on with the copy, for the one in memory is gone with its last reader.
    connections["default"].close()
    connections["default"].ensure_connection()
    return refused
