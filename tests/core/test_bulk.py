"""One act on many rows, each under the rules of the single one, all of them one Event: here on places."""

import html
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from chuangwen.core import bulk, lists
from chuangwen.core.digests import digest
from chuangwen.core.errors import Conflict, Refused
from chuangwen.core.models import Event
from chuangwen.places import services
from chuangwen.places.lists import PLACES
from chuangwen.places.models import Place, Responsibility
from tests.factories.city import City
from tests.factories.places import place

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(city: City) -> list[Place]:
    return [place(city["school"], (111.6 + number / 100, 29.0), name=f"点位{number}") for number in range(3)]


def picks(client: Client, query: str = "") -> dict[str, str]:
    """What the boxes of the list send, by the name of the row."""
    text = client.get(reverse("places") + query).content.decode()
    found = re.findall(r'name="uid"\s+value="([^"]+)"\s+aria-label="([^"]+)"', text)
    return {html.unescape(label).removeprefix("选 "): value for value, label in found}


def act(client: Client, key: str, chosen: list[str], query: str = "", **more: Any) -> Any:
    return client.post(reverse("act-on-places") + query, {"act": key, "uid": chosen, **more})


def said(answer: Any) -> str:
    assert answer.status_code == 200, answer.content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.unescape(answer.content.decode())))


def bulk_event() -> Event:
    return Event.objects.get(verb="bulk.done")


def test_it_asks_first_with_the_rows_by_name_and_changes_nothing(city: City, three: list[Place]) -> None:
    client = city.client("clerk")
    chosen = picks(client)
    text = said(act(client, "close", [chosen["点位0"], chosen["点位1"]]))
    assert "停用这 2 件" in text
    assert ("点位0" in text, "点位2" in text) == (True, False)
    assert not Place.objects.filter(closed_on__isnull=False).exists()


def test_all_are_done_with_one_reason_and_told_as_one_act(city: City, three: list[Place]) -> None:
    client = city.client("clerk")
    chosen = list(picks(client).values())
    assert "办成 3 件。" in said(act(client, "close", chosen, reason="拆迁", go="1"))
    assert Place.objects.filter(closed_on__isnull=False).count() == 3
    assert Event.objects.filter(verb="place.closed").count() == 3
    event = bulk_event()
    assert event.data == {
        "list": "places", "act": "close", "asked": 3, "done": 3, "same": 0, "refused": 0,
        "rows": digest(sorted(str(each.uid) for each in three)),
    }  # fmt: skip
    assert event.actor_uid == city.persons["clerk"].uid


def test_without_a_reason_the_form_comes_back_and_nothing_is_done(city: City, three: list[Place]) -> None:
    client = city.client("clerk")
    answer = act(client, "close", list(picks(client).values()), go="1", reason="")
    assert "停用这 3 件" in said(answer)
    assert not Event.objects.filter(verb="bulk.done").exists()


def test_what_is_already_so_counts_as_such(city: City, three: list[Place]) -> None:
    services.close_place(city.viewer("clerk"), uid=three[0].uid, reason="旧")
    client = city.client("clerk")
    text = said(act(client, "close", list(picks(client).values()), go="1", reason="拆迁"))
    assert "办成 2 件。" in text
    assert "1 件本来就是这样。" in text


def test_a_row_changed_meanwhile_is_named_and_can_be_tried_again(city: City, three: list[Place]) -> None:
    client = city.client("clerk")
    chosen = picks(client)
    services.change_place(city.viewer("head"), uid=three[1].uid, place_type=three[1].type, name="新名")
    answer = act(client, "close", list(chosen.values()), go="1", reason="拆迁")
    text = said(answer)
    assert "办成 2 件。" in text
    assert "1 件没有办成。" in text
    assert "新名 被别人改过 选好以后又有人改过它。看过现在的样子再试" in text
    assert "再试这 1 件" in text
    again = act(client, "close", [str(three[1].uid)])
    (fresh,) = re.findall(r'name="uid" value="([^"]+)"', again.content.decode())
    assert fresh != chosen["点位1"]
    assert "办成 1 件。" in said(act(client, "close", [fresh], go="1", reason="拆迁"))
    assert Place.objects.filter(closed_on__isnull=True).count() == 0


def test_a_row_that_the_service_refuses_stops_no_other(city: City, three: list[Place]) -> None:
    """The second school's clerk answers for a place of the first: they see it, but it is not theirs to close."""
    mine = place(city["second"], (111.7, 29.0), name="二小门口")
    services.give_charge(city.viewer("office"), place_uid=three[0].uid, unit=city["second"])
    client = city.client("other_clerk")
    chosen = picks(client)
    assert set(chosen) == {"点位0", "二小门口"}
    text = said(act(client, "close", [*chosen.values(), str(three[2].uid)], go="1", reason="拆迁"))
    assert "办成 1 件。" in text
    assert "点位0 看得到，但不归您办" in text
    assert "已经不在这里，或者不归您看" in text
    assert "点位2" not in text
    assert list(Place.objects.filter(closed_on__isnull=False)) == [mine]
    assert {key: bulk_event().data[key] for key in ("asked", "done", "refused")} == {
        "asked": 3,
        "done": 1,
        "refused": 2,
    }


class TestOneByOne:
    """What `perform` makes of the ways in which an act on one row may end."""

    def perform(self, city: City, rows: list[Place], act: Callable[[Place], object]) -> bulk.Outcome:
        picked = [bulk.Pick(each.uid, None) for each in rows]
        return bulk.perform(
            PLACES,
            Place.objects.all(),
            picked,
            bulk.Deed(lambda row, _data: act(row)),
            {},
            actor=city.viewer("clerk"),
            key="close",
            noun="place",
            uid=uuid4(),
        )

    @pytest.mark.parametrize(
        ("problem", "outcome", "sentence"),
        [
            (Refused("不行", mend="先做别的"), bulk.REFUSED, "不行。先做别的"),
            (Conflict("刚被移动过"), bulk.CHANGED, "刚被移动过"),
            (OperationalError("database is locked"), bulk.REFUSED, "没有存进去，请再试"),
        ],
    )
    def test_a_no_is_said_of_its_row_and_what_it_wrote_is_taken_back(
        self, city: City, three: list[Place], problem: Exception, outcome: str, sentence: str
    ) -> None:
        def act(row: Place) -> None:
            Place.objects.filter(pk=row.pk).update(address="改过")
            if row.name == "点位1":
                raise problem

        came = self.perform(city, three, act)
        assert [(each.label, each.outcome) for each in came.results] == [
            ("点位0", bulk.DONE), ("点位1", outcome), ("点位2", bulk.DONE),
        ]  # fmt: skip
        (refused,) = came.again
        assert (refused.sentence, refused.pick) == (sentence, str(three[1].uid))
        assert refused.url == reverse("place", args=[three[1].uid])
        assert set(Place.objects.filter(address="改过")) == {three[0], three[2]}

    def test_an_act_that_breaks_off_still_tells_how_far_it_came(self, city: City, three: list[Place]) -> None:
        def act(row: Place) -> None:
            if row.name == "点位1":
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            self.perform(city, three, act)
        assert (bulk_event().data["asked"], bulk_event().data["done"]) == (3, 1)


def test_a_unit_is_put_in_charge_of_many(city: City, three: list[Place]) -> None:
    client = city.client("office")
    text = said(act(client, "lead", list(picks(client).values()), go="1", unit=city["hospital"].pk))
    assert "办成 3 件。" in text
    assert Responsibility.objects.filter(unit=city["hospital"]).count() == 3


def test_what_needs_no_word_is_done_at_once(city: City, three: list[Place]) -> None:
    services.close_place(city.viewer("clerk"), uid=three[0].uid, reason="旧")
    client = city.client("clerk")
    text = said(act(client, "reopen", list(picks(client).values())))
    assert "办成 1 件。" in text
    assert "2 件本来就是这样。" in text
    assert not Place.objects.filter(closed_on__isnull=False).exists()


class TestAllThatWasFound:
    def test_it_is_what_the_address_finds(self, city: City, three: list[Place]) -> None:
        client = city.client("clerk")
        answer = act(client, "close", [], "?q=点位1", all="1")
        text = said(answer)
        assert ("点位1" in text, "点位0" in text) == (True, False)

    def test_another_number_than_was_seen_is_a_conflict(self, city: City, three: list[Place]) -> None:
        answer = act(city.client("clerk"), "close", [], "?q=点位", all="2")
        assert answer.status_code == 409
        assert "现在筛出的是 3 件" in answer.content.decode()

    def test_too_many_are_refused(self, city: City, three: list[Place], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bulk, "BULK_LIMIT", 2)
        monkeypatch.setattr(lists, "BULK_LIMIT", 2)
        client = city.client("clerk")
        assert act(client, "close", [], all="3").status_code == 422
        assert act(client, "close", list(picks(client).values())).status_code == 422


@pytest.mark.parametrize(("key", "chosen", "status"), [("close", [], 422), ("burn", ["x"], 404), ("close", ["x"], 404)])
def test_what_cannot_be_meant_is_no_act(city: City, key: str, chosen: list[str], status: int) -> None:
    assert act(city.client("clerk"), key, chosen, go="1", reason="拆迁").status_code == status


def test_the_same_page_sent_twice_is_one_act(city: City, three: list[Place]) -> None:
    client, name = city.client("clerk"), str(uuid4())
    chosen = list(picks(client).values())
    first = act(client, "close", chosen, go="1", reason="拆迁", bulk=name)
    second = act(client, "close", chosen, go="1", reason="拆迁", bulk=name)
    assert (first.status_code, second.status_code) == (200, 409)
    assert bulk_event().subject_uid is not None


def test_whoever_may_not_manage_has_no_boxes(city: City, three: list[Place]) -> None:
    assert picks(city.client("reader")) == {}
    assert len(picks(city.client("clerk"))) == 3
