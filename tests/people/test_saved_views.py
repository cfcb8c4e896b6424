"""Views of a list that a person keeps: tabs before the list, their own and nobody else's."""

import html

import pytest
from django.test import Client
from django.urls import reverse

from chuangwen.core.errors import Missing, Refused
from chuangwen.core.models import Event
from chuangwen.people import services
from chuangwen.people.models import SavedView
from chuangwen.people.services import views
from tests.factories.city import City
from tests.factories.places import place

pytestmark = pytest.mark.django_db


def save(city: City, name: str = "没人管的", query: str = "view=gap&page=4", part: str = "clerk") -> SavedView:
    return services.save_view(city.viewer(part), list_key="places", name=name, query=query)


def read(client: Client, query: str = "") -> str:
    answer = client.get(reverse("places") + query)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_the_present_filters_are_kept_and_shown_as_a_tab(city: City) -> None:
    client = city.client("clerk")
    sent = {"list": "places", "name": " 没人  管的 ", "query": "view=gap&page=4&from=heute", "back": "/places/"}
    answer = client.post(reverse("save-view"), sent)
    view = SavedView.objects.get()
    assert (view.name, view.query, view.person) == ("没人 管的", "view=gap", city.persons["clerk"])
    assert answer.headers["Location"] == f"/places/?view=gap&saved={view.uid}"
    text = read(client, "?view=gap")
    assert f'<a href="?view=gap&saved={view.uid}" aria-current="true">没人 管的</a>' in text
    assert Event.objects.filter(verb="view.saved", actor_uid=view.person.uid).exists()


def test_nobody_else_sees_renames_or_deletes_it(city: City) -> None:
    view = save(city)
    assert "没人管的" not in read(city.client("head"))
    for act in (
        lambda: services.rename_view(city.viewer("head"), uid=view.uid, name="我的"),
        lambda: services.delete_view(city.viewer("head"), uid=view.uid),
    ):
        with pytest.raises(Missing):
            act()
    assert SavedView.objects.get().name == "没人管的"


def test_a_name_is_once_in_a_list_and_free_in_another_or_for_another(city: City) -> None:
    view = save(city)
    other = save(city, name="别的")
    with pytest.raises(Refused, match="已经有叫“没人管的”的视图"):
        save(city)
    with pytest.raises(Refused, match="已经有叫“没人管的”的视图"):
        services.rename_view(city.viewer("clerk"), uid=other.uid, name=view.name)
    save(city, part="head")
    services.save_view(city.viewer("clerk"), list_key="outcomes", name=view.name, query="")
    assert SavedView.objects.filter(name=view.name).count() == 3


@pytest.mark.parametrize("name", ["", "   ", "一" * 21])
def test_a_name_has_one_to_twenty_characters(city: City, name: str) -> None:
    with pytest.raises(Refused, match="1 到 20 个字"):
        save(city, name=name)
    assert not SavedView.objects.exists()


def test_twenty_are_enough(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_OF_A_LIST", 2)
    for number in range(2):
        save(city, name=f"视图{number}")
    with pytest.raises(Refused, match="视图已经存满 2 个"):
        save(city)


def test_an_address_that_is_too_long_is_refused(city: City) -> None:
    with pytest.raises(Refused, match="条件太长"):
        save(city, query=f"q={'a' * 2500}")


def test_it_is_renamed_and_deleted_on_the_page(city: City) -> None:
    view, client = save(city), city.client("clerk")
    renamed = client.post(reverse("rename-view", args=[view.uid]), {"name": "空缺", "back": "/places/?view=gap"})
    assert renamed.headers["Location"] == "/places/?view=gap"
    assert "空缺" in read(client)
    client.post(reverse("delete-view", args=[view.uid]), {"back": "/places/"})
    assert not SavedView.objects.exists()
    assert Event.objects.filter(verb__startswith="view.").count() == 3


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", ""])
def test_one_is_led_nowhere_else(city: City, back: str) -> None:
    sent = {"list": "places", "name": "我的", "query": "", "back": back}
    assert city.client("clerk").post(reverse("save-view"), sent).headers["Location"] == reverse("workbench")


@pytest.mark.parametrize("key", ["", "no list", "a" * 41])
def test_a_list_that_cannot_be_is_missing(city: City, key: str) -> None:
    assert city.client("clerk").post(reverse("save-view"), {"list": key, "name": "我的"}).status_code == 404


@pytest.mark.parametrize("query", ["type=gone&sort=gone&view=gone&odd=1", "unit=gone", "unit=demo-second-primary"])
def test_a_view_that_outlived_what_it_names_still_shows_the_list(city: City, query: str) -> None:
    place(city["school"], (111.69, 29.03), name="校门")
    view = save(city, query=query)
    text = read(city.client("clerk"), f"?{view.query}&saved={view.uid}")
    assert "校门" in text
    assert ("没有按它筛" in text) == query.startswith("unit")


def test_without_a_saved_view_a_unit_that_is_not_yours_stays_missing(city: City) -> None:
    assert city.client("clerk").get(reverse("places") + "?unit=demo-second-primary").status_code == 404
