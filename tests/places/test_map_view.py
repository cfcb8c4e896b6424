"""What the map shows of a view: single places where they are few, whole cells where they are many."""

from typing import Any

import pytest
import shapely
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from chuangwen.core import clock
from chuangwen.places import map_queries, services
from chuangwen.places.models import Place
from tests.factories.city import City
from tests.factories.ground import CENTRE, city_outline, put, put_many

pytestmark = pytest.mark.django_db
LON, LAT = CENTRE
AROUND = f"{LON - 0.05},{LAT - 0.05},{LON + 0.05},{LAT + 0.05}"


def ask(city: City, part: str = "office", *, bbox: str = AROUND, zoom: float = 13, **query: str) -> dict[str, Any]:
    response = city.client(part).get(reverse("map-places"), {"bbox": bbox, "zoom": str(zoom), **query})
    assert response.status_code == 200, response.content.decode()
    found: dict[str, Any] = response.json()
    return found


def names(said: dict[str, Any]) -> set[str]:
    return {each["properties"].get("name", "") for each in said["features"]}


def test_a_view_holds_points_lines_and_areas_that_touch_it_and_nothing_else(city: City) -> None:
    put(city["district"], "bank", CENTRE, name="银行")
    put(city["district"], "trunk_road", shapely.LineString([(LON - 0.2, LAT), (LON + 0.2, LAT)]), name="大道")
    put(city["district"], "park", shapely.box(LON + 0.04, LAT, LON + 0.09, LAT + 0.01), name="公园")
    put(city["district"], "bank", (LON + 0.06, LAT), name="界外")
    city_outline(city["city"])
    said = ask(city)
    assert names(said) == {"银行", "大道", "公园"}
    assert (said["total"], said["clustered"], said["cut"]) == (3, False, False)
    assert said["as_of"].startswith(str(clock.today()))


def test_a_place_says_what_the_map_needs_and_whether_it_may_be_moved(city: City) -> None:
    row = put(city["school"], "school", CENTRE, name="小学", closed_on=clock.today())
    for part, manages in (("clerk", True), ("reader", False)):
        (feature,) = ask(city, part)["features"]
        assert feature["geometry"] == {"type": "Point", "coordinates": [LON, LAT]}
        assert feature["properties"] == {
            "uid": str(row.uid),
            "name": "小学",
            "type": "school",
            "type_name": "中小学校",
            "group": "医疗和教育",
            "unit": city["school"].label,
            "closed": True,
            "manages": manages,
            "lon": LON,
            "lat": LAT,
        }


def test_one_sees_the_places_of_ones_own_units_and_those_one_answers_for(city: City) -> None:
    put(city["school"], "school", CENTRE, name="本校")
    put(city["second"], "school", (LON + 0.01, LAT), name="别校")
    shared = put(city["city"], "post", (LON + 0.02, LAT), name="校门岗")
    services.give_charge(city.viewer("office"), place_uid=shared.uid, unit=city["school"])
    assert names(ask(city, "clerk")) == {"本校", "校门岗"}
    assert names(ask(city, "other_clerk")) == {"别校"}
    assert names(ask(city, "office")) == {"本校", "别校", "校门岗"}


def test_a_withdrawn_place_is_nowhere_on_the_map(city: City) -> None:
    row = put(city["district"], "bank", CENTRE)
    Place.objects.filter(pk=row.pk).update(withdrawn_at=clock.now())
    assert ask(city)["features"] == []


def test_words_type_group_unit_and_layers_narrow_the_view(city: City) -> None:
    put(city["school"], "school", CENTRE, name="实验小学", code="A1", address="文庙路 1 号")
    put(city["district"], "bank", (LON + 0.01, LAT), name="工行")
    put(city["district"], "hospital", (LON + 0.02, LAT), name="卫生院")
    assert names(ask(city, q="小学 文庙")) == {"实验小学"}
    assert names(ask(city, q="a1")) == {"实验小学"}
    assert names(ask(city, type="bank")) == {"工行"}
    assert names(ask(city, group="医疗和教育")) == {"实验小学", "卫生院"}
    assert names(ask(city, unit=city["district"].code)) == {"工行", "卫生院"}
    assert names(ask(city, off="医疗和教育,道路")) == {"工行"}


def test_somebody_else_s_unit_is_not_there(city: City) -> None:
    query = {"bbox": AROUND, "unit": city["second"].code}
    response = city.client("clerk").get(reverse("map-places"), query)
    absent = city.client("clerk").get(reverse("map-places"), query | {"unit": "no-such-unit"})
    assert response.status_code == absent.status_code == 404
    assert response.json() == absent.json()


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({}, "读不出来"),
        ({"bbox": "1,2,3"}, "读不出来"),
        ({"bbox": "a,b,c,d"}, "读不出来"),
        ({"bbox": "1,2,nan,4"}, "读不出来"),
        ({"bbox": "3,2,1,4"}, "是空的"),
        ({"bbox": AROUND, "zoom": "near"}, "不是数字"),
    ],
)
def test_a_view_that_cannot_be_read_is_refused_with_a_sentence(city: City, query: dict[str, str], says: str) -> None:
    response = city.client("office").get(reverse("map-places"), query)
    assert response.status_code == 422
    error = response.json()["error"]
    assert says in error["message"]
    assert error["mend"]


def test_a_view_costs_a_handful_of_queries_however_much_lies_in_it(
    city: City, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    put_many(city["district"], 30)
    put_many(city["school"], 30, type_code="school")
    viewer = city.viewer("office")
    with django_assert_max_num_queries(8):
        assert map_queries.in_view(viewer, {"bbox": AROUND, "zoom": "13"})["total"] == 60


@pytest.fixture
def crowded(city: City, monkeypatch: pytest.MonkeyPatch) -> City:
    """200 points, 12 lines and one area, on a map that takes no more than fifty of them."""
    monkeypatch.setattr(map_queries, "MOST_FEATURES", 50)
    monkeypatch.setattr(map_queries, "ENOUGH", 51)
    monkeypatch.setattr(map_queries, "MOST_SHAPES", 20)
    put_many(city["district"], 200)
    for index in range(12):
        north = LAT + index * 0.001
        put(city["district"], "trunk_road", shapely.LineString([(LON, north), (LON + 0.01, north)]))
    put(city["district"], "park", shapely.box(LON, LAT - 0.02, LON + 0.01, LAT - 0.01))
    return city


@pytest.mark.parametrize("zoom", [10, 12, 14])
def test_where_there_are_many_whole_cells_count_them_and_lines_stay_lines(crowded: City, zoom: int) -> None:
    said = ask(crowded, zoom=zoom)
    heaps = [each for each in said["features"] if each["properties"].get("cluster")]
    assert said["clustered"] is True
    assert sum(each["properties"]["count"] for each in heaps) == 200
    assert said["total"] == 213
    assert len(said["features"]) == len(heaps) + 13 <= 50
    for each in heaps:
        west, south, east, north = each["properties"]["bounds"]
        lon, lat = each["geometry"]["coordinates"]
        assert west < lon < east
        assert south < lat < north


def test_finer_cells_count_less_each(crowded: City) -> None:
    sizes = [
        len([each for each in ask(crowded, zoom=zoom)["features"] if "cell" in each["properties"]]) for zoom in (10, 14)
    ]
    assert sizes[0] < sizes[1]


def test_too_many_lines_are_counted_with_the_points(crowded: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_queries, "MOST_SHAPES", 5)
    said = ask(crowded, zoom=10)
    assert all(each["properties"]["cluster"] for each in said["features"])
    assert sum(each["properties"]["count"] for each in said["features"]) == said["total"] == 213


def test_panning_changes_no_number_of_a_cell(crowded: City) -> None:
    shifted = f"{LON - 0.049},{LAT - 0.05},{LON + 0.051},{LAT + 0.05}"
    first, second = (ask(crowded, bbox=bbox, zoom=14)["features"] for bbox in (AROUND, shifted))
    counted = [
        {each["properties"]["cell"]: each["properties"]["count"] for each in found if "cell" in each["properties"]}
        for found in (first, second)
    ]
    assert counted[0] == counted[1]


def test_the_whole_globe_in_view_is_answered_too(crowded: City) -> None:
    said = ask(crowded, bbox="-180,-90,180,90", zoom=14)
    assert said["total"] == 213


def test_a_heap_that_nobody_can_open_further_is_cut_and_says_so(crowded: City) -> None:
    said = ask(crowded, zoom=18)
    assert (said["cut"], said["clustered"], said["total"], len(said["features"])) == (True, False, 213, 50)


def test_counting_by_cell_costs_a_handful_of_queries(
    crowded: City, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(8):
        map_queries.in_view(crowded.viewer("office"), {"bbox": AROUND, "zoom": "12"})
