"""What a module of tests builds once: a transaction around all of them keeps it, and what a test changes goes after it.

For what takes long to build. In a module: `stage(build)` in a fixture of the module, and a fixture of the same thing
for each test, which hands out a copy. A test of such a module takes its `city` from the stage as well.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import transaction
from pytest_django import DjangoDbBlocker

from chuangwen import reference_data
from chuangwen.people.models import Role
from tests.factories.city import City, build

T = TypeVar("T")


@contextmanager
def around(blocker: DjangoDbBlocker) -> Iterator[None]:
    """The transaction; a test in it needs the fixture `db`, `city` or `demo`, which makes a savepoint of its own."""
    with blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
    try:
        yield
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


class Stage:
    """The small city of a module, and whatever else the module builds in it before its tests."""

    def __init__(self, blocker: DjangoDbBlocker) -> None:
        self._blocker = blocker
        with blocker.unblock():
            # A test with real transactions may have emptied the tables before this module.
            if not Role.objects.exists():
                reference_data.load()
            self.city: City = build()

    def __call__(self, build: Callable[[City], T]) -> T:
        with self._blocker.unblock():
            return build(self.city)
