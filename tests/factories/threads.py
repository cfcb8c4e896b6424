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


def side_by_side(*acts: Callable[[], object]) -> list[BaseException]:
    """Run these at the same moment, each on a connection of its own; what they raised."""
    start, raised = threading.Barrier(len(acts)), list[BaseException]()

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait(timeout=10)
            act()
        except BaseException as problem:
            raised.append(problem)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return raised


def at_once(*acts: Callable[[], object]) -> list[ProductError]:
    """As `side_by_side`: what they were refused; nothing else may go wrong. The test then reads what they wrote."""
    raised = side_by_side(*acts)
    assert [problem for problem in raised if not isinstance(problem, ProductError)] == []
    # Opened again at once: what follows must go on with the copy, for the one in memory is gone with its last reader.
    connections["default"].close()
    connections["default"].ensure_connection()
    return [problem for problem in raised if isinstance(problem, ProductError)]
