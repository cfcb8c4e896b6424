"""What every test stands on: the reference data once per database, a small city with its cast on demand."""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from pytest_django import DjangoDbBlocker

from chuangwen import reference_data
from chuangwen.people.access import Viewer
from chuangwen.people.models import Role
from tests.factories.city import City, build
from tests.factories.stage import Stage, around


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Levels, kinds, roles, figures and report forms stay in the database for all tests."""
    with django_db_blocker.unblock():
        reference_data.load()


@pytest.fixture(autouse=True)
def _reference_data_after_a_flush(request: pytest.FixtureRequest) -> None:
    """A test with real transactions empties every table at its end; whoever comes next needs the data again."""
    if not {"db", "transactional_db"} & {*request.fixturenames} and not request.node.get_closest_marker("django_db"):
        return
    request.getfixturevalue("django_db_setup")
    with request.getfixturevalue("django_db_blocker").unblock():
        if not Role.objects.exists():
            reference_data.load()


@pytest.fixture(autouse=True)
def _nothing_left_from_the_test_before() -> Iterator[None]:
    """A request leaves its language in the thread, a job its lease in the cache."""
    with translation.override("zh-hans"):
        yield
    cache.clear()


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """A small city that stands for all tests of a module that ask for it."""
    with around(django_db_blocker):
        yield Stage(django_db_blocker)


@pytest.fixture
def city(db: None) -> City:
    return build()


@pytest.fixture
def client_of(city: City) -> Callable[[str], Client]:
    """A browser in which that person of the cast is signed in: `client_of("clerk")`."""
    return city.client


@pytest.fixture
def viewer_of(city: City) -> Callable[[str], Viewer]:
    """The person of the cast with their rights as of now: `viewer_of("clerk")`."""
    return city.viewer
