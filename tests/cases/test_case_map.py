"""The map of cases: who sees what on it, what narrows it, what is counted, what it costs."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from chuangwen.cases import map_queries
from chuangwen.cases.models import Case
from chuangwen.core import clock
from tests.factories.cases import opened, sent
from tests.factories.city import City

AROUND = "111.6,28.9,111.8,29.1"
SCRIPT = "<script>alert(1)</script>"
BUDGET = 12


def put(case: Case, lon: float = 111.7, lat: float = 29.0, **more: Any) -> Case:
    Case.objects.filter(pk=case.pk).update(lon=lon, lat=lat, **more)
    return case


def asked(city: City, who: str = "dispatcher", **query: str) -> dict[str, Any]:
    address = reverse("case-map-features")
    answer = city.client(who).get(
        address, {"bbox": AROUND, "zoom": "12", **query}, headers={"accept": "application/json"}
    )
    assert answer.status_code == 200, answer.content
    said: dict[str, Any] = json.loads(answer.content)
    return said


def numbers(said: dict[str, Any]) -> set[str]:
    return {each["properties"]["number"] for each in said["features"]}


def test_a_case_in_view_says_its_state_as_sign_and_word(city: City) -> None:
    case = put(sent(city, title="窨井盖破损"))
    (feature,) = asked(city)["features"]
    told = feature["properties"]
    assert (told["number"], told["title"], told["lead"]) == (case.number, "窨井盖破损", "市城管局")
    assert (told["mark"], told["state"], told["late"]) == ("new", "待签收", False)
    assert feature["geometry"]["coordinates"] == [111.7, 29.0]


def test_a_late_case_has_the_sign_of_late_ones(city: City) -> None:
    put(sent(city), due_at=clock.now() - timedelta(days=1))
    told = asked(city)["features"][0]["properties"]
    assert (told["mark"], told["late"], told["state"]) == ("over", True, "待签收")


def test_what_lies_on_the_edge_is_in_view_and_beyond_is_not(city: City) -> None:
    on_it, beyond = put(opened(city), 111.8, 29.1), put(opened(city), 111.8001, 29.1)
    assert numbers(asked(city)) == {on_it.number} != {beyond.number}


def test_a_case_without_a_position_is_not_on_the_map(city: City) -> None:
    opened(city)
    assert asked(city)["features"] == []


def test_a_confidential_case_is_on_the_map_of_nobody_else(city: City) -> None:
    petition = put(opened(city, by="dispatcher", kind="petition", opened_for=city["city"]))
    assert numbers(asked(city)) == {petition.number}
    for who in ("supervisor", "lead_clerk", "street_clerk", "clerk"):
        assert asked(city, who)["features"] == []


def test_a_unit_sees_its_own_cases(city: City) -> None:
    case = put(sent(city))
    assert numbers(asked(city, "lead_clerk")) == {case.number}
    assert asked(city, "street_clerk")["features"] == []


@pytest.mark.parametrize("route", ["case-map", "case-map-features"])
def test_a_stranger_gets_no_map(city: City, route: str) -> None:
    assert city.client("stranger").get(reverse(route), {"bbox": AROUND}).status_code == 404


def test_the_filters_are_those_of_the_list(city: City) -> None:
    one, other = put(sent(city, title="路灯不亮")), put(opened(city, kind="hazard"))
    assert numbers(asked(city, kind="hazard")) == {other.number}
    assert numbers(asked(city, view="office")) == {other.number}
    assert numbers(asked(city, lead="anlan-urban")) == {one.number}
    assert numbers(asked(city, q="路灯")) == {one.number}
    assert numbers(asked(city, group="order")) == {one.number}
    assert numbers(asked(city, view="done")) == set()


def test_many_are_counted_by_cell_with_how_many_are_late(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_queries, "MOST_FEATURES", 2)
    for lon in (111.7, 111.7001, 111.75):
        put(opened(city), lon)
    put(opened(city), 111.7002, due_at=clock.now() - timedelta(hours=1))
    said = asked(city)
    told = [each["properties"] for each in said["features"]]
    assert (said["clustered"], said["total"]) == (True, 4)
    assert [(each["count"], each["late"]) for each in told] == [(3, 1), (1, 0)]
    assert told[0]["bounds"] == [111.7, 29.0, 111.7002, 29.0]


def test_from_near_they_come_one_by_one_and_the_rest_is_cut(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_queries, "MOST_FEATURES", 2)
    for _each in range(3):
        put(opened(city))
    said = asked(city, zoom="17")
    assert (said["clustered"], said["cut"], len(said["features"])) == (False, True, 2)


@pytest.mark.parametrize("box", ["", "1,2,3", "x,y,z,w", "112,29,111,30"])
def test_a_box_that_cannot_be_read_is_refused_in_words(city: City, box: str) -> None:
    answer = city.client("dispatcher").get(
        reverse("case-map-features"), {"bbox": box}, headers={"accept": "application/json"}
    )
    assert (answer.status_code, answer.json()["error"]["where"]) == (422, "bbox")


def test_the_list_takes_the_box_of_the_map_and_leads_out_of_it(city: City) -> None:
    inside, outside = put(opened(city)), put(opened(city), 112.5)
    text = city.client("dispatcher").get(reverse("cases"), {"box": AROUND, "kind": "finding"}).content.decode()
    assert inside.number in text
    assert outside.number not in text
    assert 'href="?kind=finding"' in text


def test_list_and_map_lead_to_each_other_with_their_filters(city: City) -> None:
    client = city.client("dispatcher")
    there = client.get(reverse("cases"), {"kind": "hazard"}).content.decode()
    assert f'href="{reverse("case-map")}?kind=hazard"' in there
    back = client.get(reverse("case-map"), {"kind": "hazard"}).content.decode()
    assert f'href="{reverse("cases")}?kind=hazard"' in back
    assert '<option value="hazard" selected>' in back


def test_a_script_in_the_words_is_text(city: City) -> None:
    text = city.client("dispatcher").get(reverse("case-map"), {"q": SCRIPT}).content.decode()
    assert SCRIPT not in text
    put(opened(city, title=SCRIPT))
    answer = city.client("dispatcher").get(reverse("case-map-features"), {"bbox": AROUND, "zoom": "12"})
    assert answer["Content-Type"] == "application/json"


def test_page_and_answer_cost_few_queries(city: City, django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        put(opened(city), 111.65 + number / 1000)
    client = city.client("dispatcher")
    client.get(reverse("cases"))
    for address in (reverse("case-map"), f"{reverse('case-map-features')}?bbox={AROUND}&zoom=12"):
        with django_assert_max_num_queries(BUDGET):
            assert client.get(address).status_code == 200
