"""The pages of settings: what they list, how a row is added and retired by hand, in both languages, in few queries."""

from typing import Any

import pytest
from django.urls import reverse

from chuangwen.core.setting import settings
from chuangwen.people.models import UnitKind
from chuangwen.places.models import PlaceType
from tests.factories.city import City
from tests.factories.state import nothing_changes

pytestmark = pytest.mark.django_db
MARKET = {
    "code": "night_market",
    "name": "夜市",
    "group": "商业和服务",
    "shape": "area",
    "layer": "register",
    "sort": "445",
}


def test_the_first_page_names_every_table_and_costs_few_queries(city: City, django_assert_max_num_queries: Any) -> None:
    client = city.client("office")
    UnitKind.objects.filter(code="ward").update(retired_on="2026-01-01")
    with django_assert_max_num_queries(6 + len(settings())):
        page = client.get(reverse("settings")).content.decode()
    for setting in settings():
        assert reverse("setting", args=[setting.key]) in page
    assert "停用 1" in page
    assert reverse("holidays") in page


@pytest.mark.parametrize("key", [setting.key for setting in settings()])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_table_has_its_list_its_form_and_its_rows(
    city: City, key: str, language: str, django_assert_max_num_queries: Any
) -> None:
    client = city.client("office")
    client.cookies["django_language"] = language
    with django_assert_max_num_queries(6):
        listing = client.get(reverse("setting", args=[key]))
    assert listing.status_code == 200
    assert client.get(reverse("new-setting-row", args=[key])).status_code == 200
    setting = next(each for each in settings() if each.key == key)
    first = setting.model._default_manager.all()[0]
    with django_assert_max_num_queries(14):
        assert client.get(reverse("setting-row", args=[key, first.pk])).status_code == 200


@pytest.mark.parametrize("address", ["no-such-table/", "roles/no-such-role/", "no-such-table/x/", "no-such-table/new/"])
def test_what_is_not_there_is_not_found(city: City, address: str) -> None:
    assert city.client("office").get(f"/settings/{address}").status_code == 404


def test_a_row_is_added_by_hand_and_stands_in_the_list(city: City) -> None:
    client = city.client("office")
    answer = client.post(reverse("new-setting-row", args=["place-types"]), MARKET)
    assert answer.status_code == 302
    listing = client.get(reverse("setting", args=["place-types"]), {"q": "夜市", "edited": "yes"})
    assert [row[0].text for row in listing.context["list"].rows] == ["夜市"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": "夜市"}, "代码只能用小写英文字母"),
        ({"code": "Market"}, "代码只能用小写英文字母"),
        ({"code": ""}, "这个字段是必填项"),
        ({"code": "m" * 41}, "太长了：最多 40 个字，现在 41 个"),
        ({"code": "market"}, "已是“集贸市场”"),
        ({"name": "集贸市场"}, "名称“集贸市场”已有"),
        ({"name": "  "}, "这个字段是必填项"),
        ({"name": "夜" * 41}, "太长了：最多 40 个字，现在 41 个"),
        ({"shape": "cube"}, "选择一个有效的选项"),
        ({"sort": "99999"}, "32767"),
    ],
)
def test_a_bad_row_is_refused_beside_its_field(city: City, changes: dict[str, str], sentence: str) -> None:
    client = city.client("office")
    with nothing_changes():
        page = client.post(reverse("new-setting-row", args=["place-types"]), MARKET | changes)
    assert page.status_code == 200
    assert sentence in page.content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"morning_from": "13:00"}, "钟点前后颠倒了"),
        ({"season_to": ""}, "起止只写了一头"),
        ({"season_from": "", "season_to": ""}, "全年的办公时间有且只有一行"),
        ({"season_from": "2-30"}, "没有这一天"),
        ({"season_from": "夏天"}, "这不是月和日"),
        ({"morning_from": "早上"}, "这不是钟点"),
    ],
)
def test_bad_office_hours_are_refused_beside_their_field(city: City, changes: dict[str, str], sentence: str) -> None:
    summer = {
        "code": "summer", "name": "夏季", "season_from": "6月1日", "season_to": "9-30", "morning_from": "08:00",
        "morning_to": "12:00", "afternoon_from": "15:00", "afternoon_to": "18:00",
    }  # fmt: skip
    client = city.client("office")
    with nothing_changes():
        page = client.post(reverse("new-setting-row", args=["office-hours"]), summer | changes)
    assert sentence in page.content.decode()
    assert client.post(reverse("new-setting-row", args=["office-hours"]), summer).status_code == 302
    page = client.post(reverse("new-setting-row", args=["office-hours"]), summer | {"code": "other", "name": "别的"})
    assert "和“夏季”有重叠" in page.content.decode()


def test_a_row_is_retired_and_brought_back_by_hand(city: City) -> None:
    client = city.client("office")
    for verb, retired in (("retire", True), ("restore", False)):
        answer = client.post(reverse("act-on-setting-row", args=["place-types", "cinema", verb]), follow=True)
        assert answer.context["retired"] is retired
        listed = client.get(reverse("setting", args=["place-types"]), {"state": "retired"}).context["list"].rows
        assert len(listed) == int(retired)
    assert client.post(reverse("act-on-setting-row", args=["place-types", "cinema", "delete"])).status_code == 404
    assert PlaceType.objects.filter(code="cinema").exists()


def test_a_broken_memory_of_what_was_seen_is_a_conflict_and_no_crash(city: City) -> None:
    client = city.client("office")
    for seen in ("", "{", "[]", "3", "null"):
        page = client.post(reverse("setting-row", args=["unit-kinds", "bureau"]), {"name": "局", "seen": seen})
        assert "别人改过" in page.content.decode()
    assert UnitKind.objects.get(code="bureau").name == "部门"
