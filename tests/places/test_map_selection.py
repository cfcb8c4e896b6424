"""Selecting by a drawn shape: what lies in it whole, within one's rights, and how an address keeps it."""

import json
from typing import Any

import pytest
import shapely
from django.urls import reverse

from chuangwen.core.errors import Refused
from chuangwen.places import map_queries, map_shapes
from tests.factories.city import City
from tests.factories.ground import CENTRE, put, put_many

pytestmark = pytest.mark.django_db
LON, LAT = CENTRE
SQUARE = shapely.box(LON - 0.01, LAT - 0.01, LON + 0.01, LAT + 0.01)


def drawn(area: Any) -> dict[str, str]:
    return {"geometry": json.dumps(shapely.geometry.mapping(area))}


def select(city: City, area: Any = SQUARE, part: str = "office", **query: str) -> dict[str, Any]:
    address = reverse("select-on-map", query=query)
    response = city.client(part).post(address, drawn(area))
    assert response.status_code == 200, response.content.decode()
    said: dict[str, Any] = response.json()
    return said


@pytest.fixture
def places(city: City) -> City:
    put(city["district"], "bank", CENTRE, name="里面")
    put(city["school"], "school", (LON + 0.005, LAT), name="小学")
    put(city["district"], "bank", (111.7, 29.04), name="角上")
    put(city["district"], "bank", (LON + 0.011, LAT), name="外面")
    put(city["district"], "trunk_road", shapely.LineString([(LON, LAT), (LON + 0.008, LAT)]), name="全在里面的路")
    put(city["district"], "trunk_road", shapely.LineString([(LON, LAT), (LON + 0.02, LAT)]), name="伸到外面的路")
    return city


def test_what_lies_in_the_shape_whole_is_counted_by_type(places: City) -> None:
    said = select(places)
    assert said["count"] == 4
    assert said["types"] == [
        {"name": "银行", "count": 2},
        {"name": "主次干道", "count": 1},
        {"name": "中小学校", "count": 1},
    ]


def test_the_token_opens_the_same_places_as_a_list_within_each_one_s_rights(places: City) -> None:
    token = select(places)["in"]
    assert set(map_queries.selected(places.viewer("office"), token).values_list("name", flat=True)) == {
        "里面", "小学", "角上", "全在里面的路",
    }  # fmt: skip
    assert [row.name for row in map_queries.selected(places.viewer("clerk"), token)] == ["小学"]
    assert list(map_queries.selected(places.viewer("other_clerk"), token)) == []


def test_the_map_itself_can_be_narrowed_to_a_shape(places: City) -> None:
    query = {"bbox": f"{LON - 1},{LAT - 1},{LON + 1},{LAT + 1}", "zoom": "12", "in": select(places)["in"]}
    assert places.client("office").get(reverse("map-places"), query).json()["total"] == 4
    page = places.client("office").get(reverse("map"), {"in": query["in"]}).content.decode()
    assert 'data-selected="111.68,29.02,111.7,29.04"' in page


def test_what_the_address_narrows_narrows_the_selection(places: City) -> None:
    assert select(places, type="bank")["count"] == 2


def test_a_line_that_crosses_itself_keeps_both_of_its_loops(city: City) -> None:
    put(city["district"], "bank", (LON - 0.005, LAT))
    put(city["district"], "bank", (LON + 0.005, LAT))
    bow = shapely.Polygon(
        [(LON - 0.01, LAT - 0.01), (LON + 0.01, LAT + 0.01), (LON + 0.01, LAT - 0.01), (LON - 0.01, LAT + 0.01)]
    )
    assert select(city, bow)["count"] in {1, 2}


def test_a_long_stroke_becomes_an_address_of_bearable_length(city: City) -> None:
    put(city["district"], "bank", CENTRE)
    stroke = shapely.Point(CENTRE).buffer(0.01, quad_segs=400)
    said = select(city, stroke)
    assert said["count"] == 1
    assert len(said["in"]) < 2000
    again = map_shapes.read_token(said["in"])
    assert again.symmetric_difference(stroke).area < 0.02 * stroke.area


def test_an_empty_shape_selects_nothing(city: City) -> None:
    assert select(city)["count"] == 0


@pytest.mark.parametrize(
    "written",
    ["", "{}", "[1]", '{"type": "Point", "coordinates": [1, 2]}', '{"type": "Polygon", "coordinates": "x"}',
     '{"type": "Polygon", "coordinates": [[[1, 2], [1, 2], [1, 2], [1, 2]]]}'],
)  # fmt: skip
def test_what_is_no_shape_is_refused_with_a_sentence(city: City, written: str) -> None:
    response = city.client("office").post(reverse("select-on-map"), {"geometry": written})
    assert response.status_code == 422
    assert response.json()["error"]["mend"]


@pytest.mark.parametrize("token", ["x", "1_2", "1_2_3", "1_2_3_4_nan_5", "_".join(["1"] * 400), "1e999_2_3_4_5_6"])
def test_a_token_that_spells_no_shape_is_refused(city: City, token: str) -> None:
    with pytest.raises(Refused, match="读不出来"):
        map_queries.selected(city.viewer("office"), token)
    assert city.client("office").get(reverse("map"), {"in": token}).status_code == 422


def test_too_much_at_once_is_refused_and_says_how_much(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_queries, "MOST_SELECTED", 10)
    put_many(city["district"], 11, step=0.0001)
    response = city.client("office").post(reverse("select-on-map"), drawn(SQUARE))
    assert response.status_code == 422
    assert "11" in response.json()["error"]["message"]
