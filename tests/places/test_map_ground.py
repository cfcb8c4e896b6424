"""The base map: the city's own ground, sent once for each version of it."""

import pytest
import shapely
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.places import map_queries
from chuangwen.places.models import Place
from tests.factories.city import City
from tests.factories.ground import BOX, CENTRE, city_outline, put

pytestmark = pytest.mark.django_db
LON, LAT = CENTRE


def version(city: City) -> str:
    return map_queries.ground(city.viewer("office")).version


@pytest.fixture
def street(city: City) -> Place:
    city_outline(city["city"])
    put(city["city"], "bank", CENTRE, name="银行")
    return put(city["city"], "street", shapely.LineString([(LON, LAT), (LON + 0.03, LAT)]), name="文庙路")


def test_the_ground_is_what_lies_under_the_places_and_everybody_sees_it(city: City, street: Place) -> None:
    put(city["city"], "street", shapely.LineString([(LON, LAT), (LON, LAT + 0.004)]), name="一巷")
    said = city.client("clerk").get(reverse("map-ground")).json()
    by_name = {each["properties"]["name"]: each for each in said["features"]}
    assert set(by_name) == {"安澜市", "文庙路", "一巷"}
    assert by_name["文庙路"]["geometry"] == street.geometry
    assert by_name["文庙路"]["properties"]["lane"] is False
    assert by_name["一巷"]["properties"]["lane"] is True
    assert by_name["安澜市"]["properties"]["at"] == pytest.approx([LON, LAT])


def test_an_address_with_the_version_is_kept_for_good_and_another_is_asked_again(city: City, street: Place) -> None:
    client = city.client("office")
    lasting = client.get(reverse("map-ground"), {"v": version(city)})
    assert "immutable" in lasting.headers["Cache-Control"]
    assert lasting.headers["Cache-Control"].startswith("private")
    asked_again = client.get(reverse("map-ground"), {"v": "older"})
    assert asked_again.headers["Cache-Control"] == "private, no-cache"
    known = client.get(reverse("map-ground"), headers={"If-None-Match": asked_again.headers["ETag"]})
    assert (known.status_code, known.content) == (304, b"")


@pytest.mark.parametrize("change", [{"name": "文昌路"}, {"closed_on": "today"}, {"geometry": "bent"}])
def test_whatever_changes_in_the_ground_changes_its_version(city: City, street: Place, change: dict[str, str]) -> None:
    before = version(city)
    values: dict[str, object] = dict(change)
    if "closed_on" in change:
        values["closed_on"] = clock.today()
    if "geometry" in change:
        values["geometry"] = {
            "type": "LineString",
            "coordinates": [[LON, LAT], [LON + 0.01, LAT + 0.001], [LON + 0.03, LAT]],
        }
    Place.objects.filter(pk=street.pk).update(**values)
    assert version(city) != before


def test_a_place_of_the_register_changes_nothing_of_the_ground(city: City, street: Place) -> None:
    before = version(city)
    put(city["city"], "bank", (LON + 0.01, LAT))
    assert version(city) == before


def test_the_page_looks_at_the_city_and_asks_for_this_version_of_its_ground(city: City, street: Place) -> None:
    page = city.client("clerk").get(reverse("map")).content.decode()
    assert f"{reverse('map-ground')}?v={version(city)}" in page
    assert f'data-box="{",".join(map(str, BOX))}"' in page


def test_without_an_outline_the_page_looks_at_what_there_is(city: City) -> None:
    client = city.client("office")
    assert 'data-box=""' in client.get(reverse("map")).content.decode()
    put(city["city"], "bank", CENTRE)
    put(city["city"], "bank", (LON + 0.01, LAT))
    assert f'data-box="{LON},{LAT},{LON + 0.01},{LAT}"' in client.get(reverse("map")).content.decode()


def test_only_who_may_manage_is_offered_a_new_place(city: City, street: Place) -> None:
    for part, offered in (("clerk", True), ("reader", False)):
        page = city.client(part).get(reverse("map")).content.decode()
        assert ('id="map-new"' in page) is offered
