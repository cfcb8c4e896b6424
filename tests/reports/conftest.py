"""The small city and the demo city of a module: what tests of it change is rolled back after each."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date

import pytest
from pytest_django import DjangoDbBlocker

from chuangwen.demo import city as demo_city_of
from tests.factories.city import City
from tests.factories.stage import Stage, around

TODAY = date(2026, 11, 20)


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
