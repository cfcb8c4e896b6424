"""The register of places and the page of one, as people use them."""

import html
import json
from collections.abc import Callable

import pytest
import shapely
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from chuangwen.places import services
from chuangwen.places.models import Place, Responsibility
from tests.factories.city import City
from tests.factories.places import MIDDLE, boundary, drawn, place
from tests.factories.state import nothing_changes
from tests.interop.sending import told

CITY_LIST_QUERIES = 13


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return told(html.unescape(answer.content.decode()))


def form_of(city: City, **more: object) -> dict[str, object]:
    asked = {"name": "石桥市场", "type": "market", "unit": city["school"].pk, "system": "wgs84"}
    return {**asked, "lon": "111.69", "lat": "29.03", **more}


def test_an_empty_register_says_what_to_do(city: City) -> None:
    text = read(city.client("clerk"), reverse("places"))
    assert "还没有点位" in text
    assert "到“导入”里传点位表或 GeoJSON" in text


def test_fifty_places_cost_as_many_queries_as_one(
    city: City, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(50):
        there = place(city["school"], (111.6 + number / 1000, 29.0))
        services.give_charge(city.viewer("office"), place_uid=there.uid, unit=city["hospital"])
    client = city.client("office")
    with django_assert_max_num_queries(CITY_LIST_QUERIES):
        assert "安澜市康宁医院" in read(client, reverse("places"))


def test_places_are_filtered_by_group_type_state_gap_and_words(city: City) -> None:
    place(city["school"], name="石桥市场")
    place(city["school"], name="文庙银行", type_code="bank", code="B-7")
    lead = place(city["school"], name="有人管的市场")
    services.give_charge(city.viewer("office"), place_uid=lead.uid, unit=city["school"])
    services.close_place(city.viewer("clerk"), uid=lead.uid, reason="拆迁")
    client = city.client("clerk")

    def found(query: str) -> set[str]:
        text = read(client, reverse("places") + query)
        return {name for name in ("石桥市场", "文庙银行", "有人管的市场") if name in text}

    assert found("?type=bank") == {"文庙银行"}
    assert found("?group=商业和服务") == {"石桥市场", "有人管的市场"}
    assert found("?state=closed") == {"有人管的市场"}
    assert found("?gap=yes") == {"石桥市场", "文庙银行"}
    assert found("?q=B-7") == {"文庙银行"}


def test_a_place_is_entered_on_the_page_in_the_system_of_amap(city: City) -> None:
    boundary(city["city"])
    answer = city.client("clerk").post(reverse("new-place"), form_of(city, system="gcj02"))
    entered = Place.objects.get(name="石桥市场")
    assert answer["Location"] == reverse("place", args=[entered.uid])
    assert 111.68 < entered.lon < 111.69
    assert "还没有人负责这里" in read(city.client("clerk"), answer["Location"])


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"lon": "", "lat": ""}, "没有写位置"),
        ({"lon": "东", "lat": "29"}, "读不出来"),
        ({"lon": "29.03", "lat": "111.69"}, "经度和纬度写反了"),
        ({"lon": "122", "lat": "30"}, "在本市范围之外"),
        ({"geometry": "111.69,29.03; 111.70,29.04"}, "不画成线"),
        ({"geometry": "POINT (1 2)"}, "读不出来"),
        ({"geometry": '{"type": "Point", "coordinates": [1e999, 29]}', "lon": "", "lat": ""}, "图形读不出来"),
        ({"type": "city_area"}, "选择一个有效的选项"),
        ({"name": ""}, "这个字段是必填项"),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(city: City, more: dict[str, object], said: str) -> None:
    boundary(city["city"])
    client = city.client("clerk")
    with nothing_changes():
        answer = client.post(reverse("new-place"), form_of(city, **more))
    assert answer.status_code == 200
    assert said in html.unescape(answer.content.decode())


def test_the_page_tells_who_answers_today_what_is_near_and_what_happened(city: City) -> None:
    there = place(city["school"], name="石桥市场")
    place(city["school"], (111.691, 29.03), name="文庙银行", type_code="bank")
    place(city["school"], (111.6901, 29.03), name="石桥菜场")
    office = city.client("office")
    answer = office.post(
        reverse("new-charge", args=[there.uid]),
        {"unit": city["school"].pk, "charge": "sponsor", "person": city.persons["head"].pk, "season_from": "1-1",
         "season_to": "12月31日"},
    )  # fmt: skip
    assert answer.status_code == 302
    office.post(reverse("place-position", args=[there.uid]), {"lon": "111.6903", "lat": "29.03", "system": "wgs84"})
    text = read(office, reverse("place", args=[there.uid]))
    assert "包保领导 今天" in text
    assert "01-01—12-31" in text
    assert "文庙银行" in text
    assert "与“石桥菜场”相距" in text
    assert "移动位置 29 米" in text


def test_persons_and_reasons_are_named_to_those_who_may_see_persons(city: City) -> None:
    there = place(city["school"])
    services.give_charge(city.viewer("office"), place_uid=there.uid, unit=city["school"], person=city.persons["head"])
    services.close_place(city.viewer("clerk"), uid=there.uid, reason="拆迁")
    seen = {part: read(city.client(part), reverse("place", args=[there.uid])) for part in ("head", "reader")}
    assert [word in seen["head"] for word in ("head 的姓名", "拆迁", "clerk 的姓名")] == [True] * 3
    assert [word in seen["reader"] for word in ("head 的姓名", "拆迁", "clerk 的姓名")] == [False] * 3


def test_a_position_typed_over_a_newer_one_is_told(city: City) -> None:
    there = place(city["school"])
    client, seen = city.client("clerk"), json.dumps(there.geometry)
    services.move_place(city.viewer("head"), uid=there.uid, written={"type": "Point", "coordinates": [111.7, 29.03]})
    typed = {"lon": "111.6", "lat": "29", "system": "wgs84", "seen": seen}
    with nothing_changes():
        answer = client.post(reverse("place-position", args=[there.uid]), typed)
    assert "刚被别人移动过" in html.unescape(answer.content.decode())


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"season_from": "2-30", "season_to": "3-1"}, "不是月份和日子"),
        ({"season_from": "11-01"}, "季节只写了一头"),
        ({"person": "head"}, "不是安澜市康宁医院的人"),
    ],
)
def test_a_bad_charge_is_told_at_its_field(city: City, more: dict[str, str], said: str) -> None:
    there = place(city["school"])
    asked: dict[str, object] = {"unit": city["hospital"].pk, "charge": "lead", **more}
    if "person" in more:
        asked["person"] = city.persons[more["person"]].pk
    client = city.client("office")
    with nothing_changes():
        answer = client.post(reverse("new-charge", args=[there.uid]), asked)
    assert said in html.unescape(answer.content.decode())


def test_pairs_that_look_alike_are_listed_with_their_distance(city: City) -> None:
    client = city.client("clerk")
    assert "没有像是重复的点位" in read(client, reverse("alike-places"))
    place(city["school"], name="甲市场")
    place(city["school"], (111.6901, 29.03), name="乙市场")
    place(city["second"], name="丙市场")
    text = read(client, reverse("alike-places"))
    assert "乙市场 甲市场 10" in text
    assert "丙市场" not in text


def test_an_import_leads_to_its_places(city: City, client_of: Callable[[str], Client]) -> None:
    place(city["school"], MIDDLE)
    assert "还没有点位" in read(client_of("clerk"), reverse("places") + "?import=nonsense")
    assert Responsibility.objects.count() == 0


def test_the_list_can_be_what_lies_within_some_metres_or_inside(city: City) -> None:
    school = place(city["school"], name="学校", type_code="school")
    place(city["school"], (111.6903, 29.03), name="近的彩票店")
    place(city["school"], (111.70, 29.03), name="远的彩票店")
    area = drawn(city["school"], shapely.box(111.695, 29.02, 111.71, 29.04), type_code="grid", name="柳堤网格")
    client = city.client("clerk")

    def found(query: str) -> set[str]:
        text = read(client, reverse("places") + query)
        return {name for name in ("近的彩票店", "远的彩票店") if name in text}

    assert found(f"?near={school.uid}&m=200") == {"近的彩票店"}
    assert found(f"?near={school.uid}&m=2000") == {"近的彩票店", "远的彩票店"}
    assert found(f"?near={area.uid}&m=0") == {"远的彩票店"}
    assert "离“学校”" in read(client, reverse("places") + f"?near={school.uid}&m=200")


@pytest.mark.parametrize("metres", ["-1", "abc", "50001", "1e3", "９９", "1" * 30])
def test_a_distance_that_is_none_is_told(city: City, metres: str) -> None:
    centre = place(city["school"])
    answer = city.client("clerk").get(reverse("places"), {"near": str(centre.uid), "m": metres})
    assert answer.status_code == (200 if metres == "９９" else 422)


def test_around_a_place_that_is_not_yours_there_is_nothing(city: City) -> None:
    centre = place(city["second"])
    client = city.client("clerk")
    assert client.get(reverse("places"), {"near": str(centre.uid), "m": "9"}).status_code == 404
    assert client.get(reverse("places"), {"near": "nonsense", "m": "9"}).status_code == 404
