"""What a module of tests builds once: a transaction around all of them keeps it, and what a test changes goes after it.

A draft costs most of a second, so those of the small city are written once a module: `stage(build)` in a fixture of the
module, and a fixture of the same thing for each test, which gets its own copy.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import date
from typing import TypeVar

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from chuangwen import reference_data
from chuangwen.demo import city as demo_city_of
from chuangwen.people.models import Role
from tests.factories.city import City, build

TODAY = date(2026, 11, 20)
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


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    with around(django_db_blocker):
        yield Stage(django_db_blocker)


@pytest.fixture
def city(stage: Stage, db: None) -> City:
    return deepcopy(stage.city)


@pytest.fixture(scope="module")
def demo_city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The real demo city, once for a module."""
    with around(django_db_blocker):
        with django_db_blocker.unblock():
            demo_city_of.build(today=TODAY)
        yield


@pytest.fixture
def demo(demo_city: None, db: None) -> None:
    """The demo city in a test of its own."""
