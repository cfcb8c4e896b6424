"""Entering, changing, moving, closing, withdrawing a place, and saying who answers for it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import shapely

from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.people.access import Viewer
from chuangwen.people.models import Unit
from chuangwen.places import queries, services
from chuangwen.places.models import Charge, Place, PlaceType, Responsibility
from tests.factories.city import City
from tests.factories.places import MIDDLE, boundary, drawn, place
from tests.factories.state import nothing_changes, one_event

MARKET: dict[str, Any] = {"type": "Point", "coordinates": list(MIDDLE)}
LONG_AGO = date(2026, 1, 12)
ROAD = {"type": "LineString", "coordinates": [[111.69, 29.03], [111.70, 29.03]]}


def kind(code: str = "market") -> PlaceType:
    return PlaceType.objects.get(code=code)


def add(actor: Viewer, city: City, **more: Any) -> Place:
    asked: dict[str, Any] = {"unit": city["school"], "place_type": kind(), "name": "石桥市场", "written": MARKET} | more
    return services.add_place(actor, **asked)


def test_a_place_is_entered_with_one_event_that_holds_no_name(city: City) -> None:
    with one_event("place.added") as written:
        added = add(city.viewer("clerk"), city)
    assert (added.lon, added.lat, added.extended) == (*MIDDLE, False)
    assert written.event.data == {"type": "market", "at": list(MIDDLE)}


def test_the_same_uid_from_the_same_person_is_the_same_place_and_from_another_a_conflict(city: City) -> None:
    uid = uuid4()
    first = add(city.viewer("clerk"), city, uid=uid)
    with nothing_changes():
        assert add(city.viewer("clerk"), city, uid=uid).pk == first.pk
        with pytest.raises(Conflict):
            add(city.viewer("head"), city, uid=uid)


@pytest.mark.parametrize("part", ["stranger", "other_clerk", "recorder", "reader"])
def test_the_wrong_person_enters_nothing(city: City, part: str) -> None:
    with nothing_changes(), pytest.raises(Missing):
        add(city.viewer(part), city)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"written": {"type": "Point", "coordinates": [29.03, 111.69]}}, "写反了"),
        ({"written": {"type": "Point", "coordinates": [122.0, 30.0]}}, "范围之外"),
        ({"written": ROAD}, "不画成线"),
        ({"written": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}}, "相交"),
        ({"written": "POINT(1 2)"}, "不是点、线或面"),
    ],
)
def test_what_cannot_be_on_the_map_is_refused_with_how_to_mend_it(city: City, more: dict[str, Any], said: str) -> None:
    boundary(city["city"])
    with nothing_changes(), pytest.raises(Refused, match=said) as caught:
        add(city.viewer("clerk"), city, **more)
    assert caught.value.mend
    assert caught.value.where == "geometry"


def test_an_area_or_a_road_may_stand_as_a_point_until_it_is_drawn(city: City) -> None:
    assert not add(city.viewer("clerk"), city, place_type=kind("park")).extended
    assert add(city.viewer("clerk"), city, place_type=kind("trunk_road"), written=ROAD).extended


def test_the_ground_is_for_who_manages_the_places_of_the_whole_city(city: City) -> None:
    outline = {"type": "Polygon", "coordinates": [[[111, 29], [112, 29], [112, 30], [111, 29]]]}
    with nothing_changes(), pytest.raises(Missing):
        add(city.viewer("head"), city, place_type=kind("city_area"), written=outline)
    ground = add(city.viewer("office"), city, unit=city["city"], place_type=kind("city_area"), written=outline)
    with nothing_changes(), pytest.raises(Missing):
        services.close_place(city.viewer("head"), uid=ground.uid)


def test_a_retired_type_is_no_longer_chosen(city: City) -> None:
    PlaceType.objects.filter(code="market").update(retired_on=clock.today())
    with nothing_changes(), pytest.raises(Refused, match="已停用"):
        add(city.viewer("clerk"), city)


def test_a_code_is_taken_once_in_a_unit(city: City) -> None:
    add(city.viewer("clerk"), city, code="M-1")
    with nothing_changes(), pytest.raises(Refused, match="M-1"):
        add(city.viewer("clerk"), city, code="M-1")
    assert add(city.viewer("other_clerk"), city, unit=city["second"], code="M-1")


def test_a_move_says_from_where_to_where_and_how_far(city: City) -> None:
    added = add(city.viewer("clerk"), city)
    there = {"type": "Point", "coordinates": [111.6903, 29.03]}
    with one_event("place.moved") as written:
        moved = services.move_place(city.viewer("clerk"), uid=added.uid, written=there, was=added.geometry)
    assert moved.geometry == there
    assert written.event.data == {"from": MARKET, "to": there, "metres": 29}
    with nothing_changes():
        services.move_place(city.viewer("clerk"), uid=added.uid, written=there)


def test_who_saw_an_older_position_is_told_that_it_moved(city: City) -> None:
    added = add(city.viewer("clerk"), city)
    seen = added.geometry
    services.move_place(city.viewer("head"), uid=added.uid, written={"type": "Point", "coordinates": [111.7, 29.03]})
    with nothing_changes(), pytest.raises(Conflict, match="刚被别人移动过"):
        services.move_place(
            city.viewer("clerk"), uid=added.uid, written={"type": "Point", "coordinates": [111.6, 29.0]}, was=seen
        )


def test_a_change_keeps_the_old_words_beside_the_event(city: City) -> None:
    added = add(city.viewer("clerk"), city)
    with one_event("place.changed") as written:
        services.change_place(city.viewer("clerk"), uid=added.uid, place_type=kind(), name="新桥市场")
    assert written.event.data == {"fields": ["name"]}
    assert written.event.detail.text == "name: 石桥市场"
    with nothing_changes():
        services.change_place(city.viewer("clerk"), uid=added.uid, place_type=kind(), name="新桥市场")


def test_what_is_drawn_as_a_road_cannot_become_a_market(city: City) -> None:
    road = drawn(city["school"], shapely.geometry.shape(ROAD), type_code="trunk_road")
    with nothing_changes(), pytest.raises(Refused, match="别的形状"):
        services.change_place(city.viewer("clerk"), uid=road.uid, place_type=kind(), name="市场")


def test_closed_and_reopened_each_once(city: City) -> None:
    added = add(city.viewer("clerk"), city)
    with one_event("place.closed"):
        services.close_place(city.viewer("clerk"), uid=added.uid, reason="拆迁")
    with nothing_changes():
        services.close_place(city.viewer("clerk"), uid=added.uid)
    with one_event("place.reopened"):
        assert services.reopen_place(city.viewer("clerk"), uid=added.uid).closed_on is None


def test_a_withdrawn_place_stays_with_its_history_and_changes_no_more(city: City) -> None:
    added = add(city.viewer("clerk"), city)
    with one_event("place.withdrawn"):
        services.withdraw_place(city.viewer("clerk"), uid=added.uid, reason="记错")
    assert not queries.places(city.viewer("clerk")).exists()
    with nothing_changes(), pytest.raises(Refused, match="已撤回"):
        services.change_place(city.viewer("clerk"), uid=added.uid, place_type=kind(), name="别的")


class TestCharges:
    def test_a_unit_answers_from_today_with_a_season(self, city: City) -> None:
        there = place(city["school"])
        with one_event("place.charge_given"):
            services.give_charge(
                city.viewer("office"),
                place_uid=there.uid,
                unit=city["hospital"],
                charge=Charge.SPONSOR,
                person=city.persons["stranger"],
                season=(1101, 331),
            )
        with nothing_changes():
            services.give_charge(
                city.viewer("office"),
                place_uid=there.uid,
                unit=city["hospital"],
                charge=Charge.SPONSOR,
                person=city.persons["stranger"],
                season=(1101, 331),
            )
        assert Responsibility.objects.get().season == "11-01—03-31"

    def test_a_person_of_another_unit_is_refused(self, city: City) -> None:
        there = place(city["school"])
        with nothing_changes(), pytest.raises(Refused, match="不是"):
            services.give_charge(
                city.viewer("office"), place_uid=there.uid, unit=city["second"], person=city.persons["head"]
            )

    def test_who_answers_for_a_place_sees_it_wherever_it_is_kept(self, city: City) -> None:
        there = place(city["second"])
        assert not queries.places(city.viewer("clerk")).exists()
        row = services.give_charge(city.viewer("office"), place_uid=there.uid, unit=city["school"])
        assert list(queries.places(city.viewer("clerk"))) == [there]
        with one_event("place.charge_ended"):
            services.end_charge(city.viewer("office"), uid=row.uid)
        assert not queries.places(city.viewer("clerk")).exists()

    def test_seeing_it_is_not_managing_it(self, city: City) -> None:
        there = place(city["second"])
        services.give_charge(city.viewer("office"), place_uid=there.uid, unit=city["school"])
        with nothing_changes(), pytest.raises(Missing):
            services.close_place(city.viewer("clerk"), uid=there.uid)

    def test_one_that_ends_later_stands_until_then_and_ends_at_once_when_asked(self, city: City) -> None:
        there = place(city["second"])
        row = services.give_charge(city.viewer("office"), place_uid=there.uid, unit=city["school"], since=LONG_AGO)
        Responsibility.objects.filter(pk=row.pk).update(until=clock.today())
        assert list(queries.places(city.viewer("clerk"))) == [there]
        services.end_charge(city.viewer("office"), uid=row.uid)
        assert not queries.places(city.viewer("clerk")).exists()
        assert not queries.in_charge_today(there)
        assert Responsibility.objects.get().until == clock.today() - timedelta(days=1)

    def test_once_all_have_ended_a_place_can_be_withdrawn_with_them(self, city: City) -> None:
        there = place(city["school"])
        row = services.give_charge(city.viewer("office"), place_uid=there.uid, unit=city["school"], since=LONG_AGO)
        services.end_charge(city.viewer("office"), uid=row.uid)
        services.withdraw_place(city.viewer("clerk"), uid=there.uid, reason="记错")
        assert not Responsibility.objects.exists()

    def test_nobody_new_answers_who_was_closed(self, city: City) -> None:
        there = place(city["school"])
        Unit.objects.filter(pk=city["hospital"].pk).update(closed_on=clock.today())
        city["hospital"].refresh_from_db()
        with nothing_changes(), pytest.raises(Refused, match="已停用"):
            services.give_charge(city.viewer("office"), place_uid=there.uid, unit=city["hospital"])

    def test_a_place_with_somebody_in_charge_is_not_withdrawn(self, city: City) -> None:
        there = place(city["school"])
        services.give_charge(city.viewer("office"), place_uid=there.uid, unit=city["school"])
        with nothing_changes(), pytest.raises(Refused, match="还有人负责"):
            services.withdraw_place(city.viewer("clerk"), uid=there.uid, reason="记错")


def test_the_ground_is_seen_by_whoever_sees_places_and_a_stranger_sees_none(
    city: City, viewer_of: Callable[[str], Viewer]
) -> None:
    ground = boundary(city["city"])
    place(city["second"])
    assert list(queries.all_places(viewer_of("clerk"))) == [ground]
    assert not queries.all_places(viewer_of("stranger")).exists()
    assert queries.all_places(viewer_of("reader")).count() == 2
