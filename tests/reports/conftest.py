"""The real demo city, once for a module: what tests of it change is rolled back after each."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from chuangwen.demo import city

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def demo_city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A transaction around all tests of the module; those need the fixture `db` or `demo` as well."""
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        city.build(today=TODAY)
    yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def demo(demo_city: None, db: None) -> None:
    """The demo city in a test of its own."""
