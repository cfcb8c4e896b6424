"""The small map of other pages: what the tags put there for its script."""

import json
from html import unescape

import pytest
from django.http import HttpRequest
from django.template import Context, Template

from tests.factories.city import City
from tests.factories.ground import BOX, CENTRE, city_outline

pytestmark = pytest.mark.django_db


def drawn(city: City, source: str, **values: object) -> str:
    request = HttpRequest()
    request.viewer = city.viewer("clerk")  # type: ignore[attr-defined]
    return unescape(Template("{% load place_map %}" + source).render(Context({"request": request, **values})))


def test_a_geometry_is_put_there_with_its_name_and_the_ground_under_it(city: City) -> None:
    city_outline(city["city"])
    geometry = {"type": "Point", "coordinates": list(CENTRE)}
    page = drawn(city, "{% place_map geometry=geometry name=name %}", geometry=geometry, name="“工行”<b>")
    assert f'data-geometry="{json.dumps(geometry)}"' in page
    assert 'aria-label="“工行”<b>"' in page
    assert f'data-box="{",".join(map(str, BOX))}"' in page
    assert 'data-ground="/map/ground/?v=' in page


def test_a_picker_knows_its_inputs_and_the_shape_of_every_type(city: City) -> None:
    page = drawn(city, '{% place_picker field="id_geometry" type_field="id_type" lon_field="id_lon" %}')
    assert 'data-field="id_geometry"' in page
    assert 'data-type-field="id_type"' in page
    assert 'data-lon-field="id_lon"' in page
    shapes = json.loads(page.partition('data-shapes="')[2].partition('">')[0])
    assert (shapes["bank"], shapes["trunk_road"], shapes["park"]) == ("point", "line", "area")
    assert "street" not in shapes
