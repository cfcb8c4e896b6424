"""Changing the register on the map: move, draw anew, take back, enter; each refusal in words."""

import json
from contextlib import nullcontext
from typing import Any
from uuid import uuid4

import pytest
import shapely
from django.urls import reverse

from chuangwen.places.models import Place
from tests.factories.city import City
from tests.factories.ground import CENTRE, city_outline, put
from tests.factories.state import nothing_changes, one_event

pytestmark = pytest.mark.django_db
LON, LAT = CENTRE
HERE: dict[str, Any] = {"type": "Point", "coordinates": [LON, LAT]}
THERE: dict[str, Any] = {"type": "Point", "coordinates": [LON + 0.003, LAT]}
LINE: dict[str, Any] = {"type": "LineString", "coordinates": [[LON, LAT], [LON + 0.003, LAT]]}


def post(city: City, part: str, address: str, fields: dict[str, str], *, changes: bool) -> Any:
    """Signing in is written down too, so it comes before one looks at what changes."""
    client = city.client(part)
    with nullcontext() if changes else nothing_changes():
        return client.post(address, fields)


def move(
    city: City, place: Place, geometry: Any, *, part: str = "office", was: Any = None, changes: bool = True
) -> Any:
    fields = {"geometry": json.dumps(geometry)} | ({"was": json.dumps(was)} if was else {})
    return post(city, part, reverse("move-on-map", args=[place.uid]), fields, changes=changes)


def add(city: City, part: str = "office", *, changes: bool = True, **fields: str) -> Any:
    whole = {"uid": str(uuid4()), "type": "bank", "unit": city["district"].code, "name": "工行"}
    whole["geometry"] = json.dumps(HERE)
    return post(city, part, reverse("add-on-map"), whole | fields, changes=changes)


def refusal(response: Any, status: int) -> dict[str, str]:
    assert response.status_code == status
    error: dict[str, str] = json.loads(response.content)["error"]
    assert error["mend"] or status == 404
    return error


def test_a_point_is_moved_and_the_answer_says_how_far(city: City) -> None:
    place = put(city["district"], "bank", CENTRE)
    with one_event("place.moved"):
        response = move(city, place, THERE, was=HERE)
    assert response.json()["metres"] == pytest.approx(292, abs=1)
    assert response.json()["place"]["geometry"] == THERE
    place.refresh_from_db()
    assert place.geometry == THERE


def test_a_move_is_taken_back_by_moving_it_where_it_was(city: City) -> None:
    place = put(city["district"], "bank", CENTRE)
    move(city, place, THERE, was=HERE)
    assert move(city, place, HERE, was=THERE).status_code == 200
    place.refresh_from_db()
    assert place.geometry == HERE


def test_two_hands_at_one_place_are_told_of_each_other(city: City) -> None:
    place = put(city["district"], "bank", CENTRE)
    move(city, place, THERE, was=HERE)
    response = move(city, place, {"type": "Point", "coordinates": [LON, LAT + 0.003]}, was=HERE, changes=False)
    assert "别人移动过" in refusal(response, 409)["message"]


def test_a_point_that_stands_for_a_road_becomes_its_line(city: City) -> None:
    place = put(city["district"], "trunk_road", CENTRE)
    assert move(city, place, LINE, was=HERE).json()["place"]["geometry"] == LINE


@pytest.mark.parametrize(
    ("geometry", "says"),
    [
        ({"type": "Point", "coordinates": [LON + 3, LAT]}, "本市范围之外"),
        ({"type": "Point", "coordinates": [LAT, LON]}, "写反了"),
        (LINE, "不画成"),
        (None, "不是点、线或面"),
    ],
)
def test_what_the_city_does_not_take_is_refused_in_words(city: City, geometry: Any, says: str) -> None:
    city_outline(city["city"])
    place = put(city["district"], "bank", CENTRE)
    assert says in refusal(move(city, place, geometry, changes=False), 422)["message"]


def test_an_area_that_crosses_itself_is_refused_with_the_spot(city: City) -> None:
    place = put(city["district"], "park", shapely.box(LON, LAT, LON + 0.01, LAT + 0.01))
    bow = [[LON, LAT], [LON + 0.01, LAT + 0.01], [LON + 0.01, LAT], [LON, LAT + 0.01], [LON, LAT]]
    assert "自己相交" in refusal(move(city, place, {"type": "Polygon", "coordinates": [bow]}), 422)["message"]


def test_nothing_drawn_is_refused(city: City) -> None:
    place = put(city["district"], "bank", CENTRE)
    response = city.client("office").post(reverse("move-on-map", args=[place.uid]), {"geometry": ""})
    assert "还没画" in refusal(response, 422)["message"]


@pytest.mark.parametrize("part", ["other_clerk", "reader", "stranger"])
def test_who_may_not_move_it_is_told_that_it_is_not_there(city: City, part: str) -> None:
    place = put(city["school"], "school", CENTRE)
    assert refusal(move(city, place, THERE, part=part, changes=False), 404)["code"] == "missing"


def test_a_new_place_is_entered_once_however_often_it_is_sent(city: City) -> None:
    uid = str(uuid4())
    first, again = add(city, uid=uid), add(city, uid=uid)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Place.objects.get(uid=uid).name == "工行"


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"type": "no-such-type"}, "type"),
        ({"type": "street"}, "type"),
        ({"name": "  "}, "name"),
        ({"name": "长" * 121}, "name"),
        ({"uid": "1"}, "uid"),
        ({"geometry": ""}, "geometry"),
        ({"geometry": json.dumps(LINE)}, "geometry"),
    ],
)
def test_a_new_place_that_lacks_something_is_refused_at_its_field(
    city: City, fields: dict[str, str], where: str
) -> None:
    assert refusal(add(city, changes=False, **fields), 422)["where"] == where


def test_a_place_is_entered_only_for_a_unit_of_one_s_own(city: City) -> None:
    assert add(city, part="clerk", unit=city["school"].code).status_code == 201
    refusal(add(city, part="clerk", unit=city["second"].code, changes=False), 404)


@pytest.mark.parametrize("route", ["select-on-map", "add-on-map"])
def test_a_change_is_never_an_address_that_one_opens(city: City, route: str) -> None:
    assert city.client("office").get(reverse(route)).status_code == 405
