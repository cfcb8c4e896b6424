"""The caption of six elements, the time put right, and what was odd answered by a person."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.evidence import services
from chuangwen.evidence.models import Doubt, Known
from tests.evidence.samples import exif, handed_in, jpeg, place
from tests.factories.city import City
from tests.factories.state import nothing_changes, one_event

pytestmark = pytest.mark.django_db
SIX = {
    "said_when": "11月20日下午", "said_where": "文庙路口", "said_who": "志愿者 3 人",
    "theme": "清扫路面", "background": "秋季学期文明实践", "cause": "落叶堵了盲道",
}  # fmt: skip


def test_six_elements_are_kept_and_the_event_names_them_without_their_words(city: City) -> None:
    row = handed_in(city)
    with one_event("evidence.captioned") as written:
        services.caption(city.viewer("clerk"), row, elements=SIX)
    row.refresh_from_db()
    assert {name: getattr(row, name) for name in SIX} == SIX
    assert written.event.data == {"elements": sorted(SIX), "settled": []}


def test_the_words_before_stand_in_the_detail_that_can_be_deleted(city: City) -> None:
    row = handed_in(city)
    services.caption(city.viewer("clerk"), row, elements=SIX)
    with one_event("evidence.captioned") as written:
        services.caption(city.viewer("clerk"), row, elements=SIX | {"said_who": "学生志愿者"})
    assert written.event.data["elements"] == ["said_who"]
    assert written.event.detail.text == "said_who: 志愿者 3 人"


def test_the_same_again_writes_nothing(city: City) -> None:
    row = handed_in(city)
    services.caption(city.viewer("clerk"), row, elements=SIX)
    with nothing_changes():
        services.caption(city.viewer("clerk"), row, elements=SIX)


def test_a_real_time_settles_what_was_odd_of_the_clock_and_nothing_else(city: City) -> None:
    row = handed_in(city, jpeg(exif=exif(taken="1980:01:01 00:00:12", lon=0, lat=0)))
    assert row.doubts == [Doubt.CLOCK_RESET, Doubt.POINT_NONSENSE]
    real = (timezone.localtime() - timedelta(hours=2)).replace(microsecond=0)
    with one_event("evidence.captioned") as written:
        services.caption(city.viewer("clerk"), row, elements={}, taken_at=real)
    row.refresh_from_db()
    assert (row.taken_at, row.taken_known, row.doubts) == (real, Known.PERSON, [Doubt.POINT_NONSENSE])
    assert written.event.data["to"] == real.isoformat()


def test_a_person_may_say_that_what_is_odd_is_right(city: City) -> None:
    row = handed_in(city, jpeg(exif=exif(lon=0, lat=0)))
    services.caption(city.viewer("clerk"), row, elements={}, settled=True)
    row.refresh_from_db()
    assert row.doubts == []


def test_an_impossible_time_is_refused(city: City) -> None:
    row = handed_in(city)
    with nothing_changes(), pytest.raises(Refused) as no:
        services.caption(city.viewer("clerk"), row, elements=SIX, taken_at=clock.now() + timedelta(days=1))
    assert no.value.where == "taken_at"


@pytest.mark.parametrize("part", ["stranger", "other_clerk", "reader", "recorder"])
def test_neither_a_stranger_nor_one_who_did_not_make_it_writes_it(city: City, part: str) -> None:
    row = handed_in(city, unit="c98")
    with nothing_changes(), pytest.raises(Missing):
        services.caption(city.viewer(part), row, elements=SIX)


def test_its_maker_writes_it(city: City) -> None:
    row = handed_in(city, part="recorder", unit="c98")
    services.caption(city.viewer("recorder"), row, elements=SIX)
    row.refresh_from_db()
    assert row.theme == SIX["theme"]


def test_what_was_withdrawn_is_not_captioned(city: City) -> None:
    row = handed_in(city)
    services.withdraw(city.viewer("clerk"), row, reason="传错")
    with nothing_changes(), pytest.raises(Conflict):
        services.caption(city.viewer("clerk"), row, elements=SIX)


class TestPlace:
    def test_it_may_be_given_afterwards_with_its_event(self, city: City) -> None:
        row, where = handed_in(city), place(city["school"])
        with one_event("evidence.located") as written:
            services.locate(city.viewer("clerk"), row, place=where)
        row.refresh_from_db()
        assert row.place == where
        assert written.event.data == {"from": "", "to": str(where.uid)}
        with nothing_changes():
            services.locate(city.viewer("clerk"), row, place=where)
        with one_event("evidence.located") as written:
            services.locate(city.viewer("clerk"), row, place=None)
        assert written.event.data == {"from": str(where.uid), "to": ""}

    def test_a_place_that_is_closed_is_refused(self, city: City) -> None:
        row, where = handed_in(city), place(city["school"], closed_on=clock.today())
        with nothing_changes(), pytest.raises(Refused) as no:
            services.locate(city.viewer("clerk"), row, place=where)
        assert no.value.where == "place"

    @pytest.mark.parametrize("part", ["stranger", "other_clerk", "reader", "recorder"])
    def test_neither_a_stranger_nor_one_who_did_not_make_it_moves_it(self, city: City, part: str) -> None:
        row, where = handed_in(city, unit="c98"), place(city["school"])
        with nothing_changes(), pytest.raises(Missing):
            services.locate(city.viewer(part), row, place=where)

    def test_the_caption_form_moves_it_by_number_and_keeps_what_it_does_not_change(
        self, city: City, client_of: Callable[[str], Client]
    ) -> None:
        row, where = handed_in(city), place(city["school"], code="DW-7")
        client, address = client_of("clerk"), reverse("caption-evidence", args=[row.uid])
        assert client.post(address, {"theme": "清扫", "place": "DW-7"}).status_code == 302
        row.refresh_from_db()
        assert (row.place, row.theme) == (where, "清扫")
        where.code = ""
        where.closed_on = clock.today()
        where.save()
        assert client.post(address, {"theme": "清洗", "place": where.name}).status_code == 302
        row.refresh_from_db()
        assert (row.place, row.theme) == (where, "清洗")
        said = client.post(address, {"theme": "清扫", "place": "没有的"})
        assert "没有这个点位" in str(said.context["form"].errors["place"])
        assert client.post(address, {"theme": "清扫"}).status_code == 302
        row.refresh_from_db()
        assert row.place is None

    def test_a_caption_that_is_refused_moves_nothing(self, city: City, client_of: Callable[[str], Client]) -> None:
        row = handed_in(city)
        place(city["school"], code="DW-7")
        given = {"theme": "清扫", "place": "DW-7", "taken_at": "2099-01-01T10:00"}
        client = client_of("clerk")
        with nothing_changes():
            said = client.post(reverse("caption-evidence", args=[row.uid]), given)
        assert "现在之后" in str(said.context["form"].errors["taken_at"])
