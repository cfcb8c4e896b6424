"""The small city with the units and persons that cases are about."""

import pytest

from tests.factories import cases
from tests.factories.city import City


@pytest.fixture
def city(city: City) -> City:
    return cases.populate(city)
