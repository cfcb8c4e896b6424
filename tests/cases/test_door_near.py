"""What was reported already is shown before sending: category, street, state, days; never a word, photo or person."""

from typing import Any

import shapely

from chuangwen.cases import services
from chuangwen.cases.models import Case
from tests.cases.door_parts import JSON, POINT, reported, visitor
from tests.factories import cases
from tests.factories.city import City
from tests.factories.ground import city_outline, put

STREET = shapely.LineString([(111.68, 29.0303), (111.70, 29.0303)])


def near(point: str = POINT, category: str = "bicycle_parking") -> Any:
    return visitor().get("/report/near/", {"point": point, "category": category}, **JSON)


def test_the_same_thing_nearby_is_shown_without_a_private_word(city: City) -> None:
    put(city["city"], "street", STREET, name="文庙路")
    case, _code = reported(city, text="王五家的车", address="文庙路 18 号王五家", name="赵六", photos=1)
    said = near().json()
    assert said["where"] == "文庙路"
    assert [each["title"] for each in said["alike"]] == ["非机动车乱停 · 文庙路"]
    page = visitor().get(said["alike"][0]["url"])
    for text in (str(said), page.content.decode()):
        for secret in ("王五", "18 号", "赵六", case.number, "/photo/"):
            assert secret not in text


def test_other_categories_far_ones_and_closed_ones_are_not(city: City) -> None:
    case, _code = reported(city)
    assert near(category="manhole").json()["alike"] == []
    assert near("111.70,29.03").json()["alike"] == []
    assert near(category="").json()["alike"] == []
    Case.objects.filter(pk=case.pk).update(confidential=True)
    assert near().json()["alike"] == []


def test_what_staff_found_is_not_public(city: City) -> None:
    case = cases.opened(city, point=(111.69, 29.03), category=cases.category())
    assert near().json()["alike"] == []
    assert visitor().get(f"/follow/case/{case.uid}/").status_code == 404


def test_a_place_of_the_register_is_named_by_its_name(city: City) -> None:
    case, _code = reported(city)
    Case.objects.filter(pk=case.pk).update(place=put(city["school"], "bank", (111.69, 29.03), name="银行门口"))
    assert near().json()["alike"][0]["title"] == "非机动车乱停 · 银行门口"


def test_a_point_outside_the_city_says_how_to_mend_it(city: City) -> None:
    city_outline(city["city"])
    answer = near("116.4,39.9")
    assert (answer.status_code, answer.json()["error"]["where"]) == (422, "point")
    assert near("x").status_code == 422


def test_the_public_page_tells_moves_and_no_words(city: City) -> None:
    case, _code = reported(city)
    services.move(city.viewer("dispatcher"), uid=case.uid, verb="file", given=services.Given(category=cases.category()))
    services.move(
        city.viewer("dispatcher"),
        uid=case.uid,
        verb="dispatch",
        given=services.Given(lead=city["bureau"], reason="内部的话"),
    )
    page = visitor().get(f"/follow/case/{case.uid}/").content.decode()
    assert "已派给责任单位" in page
    assert "市城管局" not in page
    assert "内部的话" not in page


def test_the_map_of_the_page_has_the_ground_and_no_place_of_the_register(city: City) -> None:
    put(city["city"], "street", STREET, name="文庙路")
    put(city["school"], "bank", (111.69, 29.03), name="银行门口")
    answer = visitor().get("/report/ground/")
    assert [each["properties"]["name"] for each in answer.json()["features"]] == ["文庙路"]
    assert visitor().get("/report/ground/", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304


def test_asking_has_a_limit(city: City) -> None:
    codes = [near().status_code for _each in range(122)]
    assert codes[119:] == [200, 429, 429]
