# mypy: disable-error-code="no-untyped-call"
"""Places for tests: straight into the table, at the middle of the demo city unless said otherwise."""

from factory.declarations import LazyAttribute, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from chuangwen.places.models import Place
from tests.factories.people import UnitFactory


class PlaceFactory(DjangoModelFactory[Place]):
    class Meta:
        model = Place

    unit = SubFactory(UnitFactory)
    type_id = "market"
    name = Sequence(lambda number: f"点位 {number}")
    lon, lat = 111.69, 29.03
    geometry = LazyAttribute(lambda place: {"type": "Point", "coordinates": [place.lon, place.lat]})
    min_lon, max_lon = SelfAttribute("lon"), SelfAttribute("lon")
    min_lat, max_lat = SelfAttribute("lat"), SelfAttribute("lat")
    cell_coarse, cell_middle, cell_fine = 1, 2, 3
