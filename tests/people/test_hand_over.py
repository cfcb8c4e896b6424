"""What hangs on a person goes to another in one act, or not at all; nobody leaves while something does."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from chuangwen.core import clock, work
from chuangwen.core.errors import Missing, Refused
from chuangwen.core.models import EventDetail
from chuangwen.people import services
from chuangwen.people.models import Notice, Person
from chuangwen.places.models import Charge, Responsibility
from chuangwen.places.queries import standing
from tests.factories.city import City
from tests.factories.people import MembershipFactory, PersonFactory
from tests.factories.places import place
from tests.factories.state import nothing_changes, one_event


def charge(city: City, part: str = "clerk", *, since: int = -30, **more: Any) -> Responsibility:
    person = city.persons[part]
    more = {"place": more.pop("place", None) or place(city["school"]), "unit": city["school"]} | more
    return Responsibility.objects.create(
        person=person, charge=Charge.CONTACT, since=clock.today() + timedelta(days=since), **more
    )


def hand_over(city: City, to: str = "head", *, by: str = "head", person: str = "clerk") -> dict[str, int]:
    return services.hand_over(city.viewer(by), person=city.persons[person], to=city.persons[to], reason="调走")


def now(person: Person) -> list[Responsibility]:
    return list(Responsibility.objects.filter(standing(), person=person).order_by("id"))


def test_everything_moves_with_one_event_and_the_successor_is_told(city: City) -> None:
    old = [charge(city), charge(city, since=0), charge(city, season_from=1101, season_to=331)]
    with one_event("person.handed_over") as written:
        assert hand_over(city) == {"charge": 3}
    assert written.event.data == {"to": str(city.persons["head"].uid), "counts": {"charge": 3}}
    assert EventDetail.objects.get(event=written.event).text == "调走"
    assert now(city.persons["clerk"]) == []
    moved = now(city.persons["head"])
    assert [(row.place_id, row.season_from) for row in moved] == [(row.place_id, row.season_from) for row in old]
    assert all(row.since == clock.today() for row in moved)
    assert Responsibility.objects.get(pk=old[0].pk).until == clock.today() - timedelta(days=1)
    assert Notice.objects.get(person=city.persons["head"]).data == {"count": 3}


def test_what_the_successor_answers_for_already_is_not_there_twice(city: City) -> None:
    there = place(city["school"])
    charge(city, place=there)
    charge(city, "head", place=there)
    assert hand_over(city) == {"charge": 1}
    assert len(now(city.persons["head"])) == 1


def test_a_successor_who_cannot_take_one_takes_none(city: City) -> None:
    charge(city)
    charge(city, "clerk", place=place(city["city"]), unit=city["school"])
    with nothing_changes(), pytest.raises(Refused, match="要是安澜市实验小学的人"):
        hand_over(city, "reader", by="office")


def test_one_who_left_a_pupil_and_the_person_themself_are_no_successors(city: City) -> None:
    charge(city)
    city.persons["gone"] = PersonFactory.create(unit=city["school"], left_on=clock.today())
    city.persons["pupil"] = PersonFactory.create(pupil=True, unit=city["c98"])
    with nothing_changes():
        for part, said in (("gone", "已不在岗"), ("pupil", "已不在岗"), ("clerk", "本人")):
            with pytest.raises(Refused, match=said):
                hand_over(city, part)


def test_without_the_right_over_both_it_is_missing(city: City) -> None:
    charge(city)
    for by, to in (("other_clerk", "head"), ("recorder", "head"), ("head", "office")):
        with nothing_changes(), pytest.raises(Missing):
            hand_over(city, to, by=by)


def test_nothing_to_hand_over_is_said(city: City) -> None:
    with nothing_changes(), pytest.raises(Refused, match="没有要交接的"):
        hand_over(city)


def test_nobody_leaves_while_something_hangs_on_them(city: City) -> None:
    charge(city)
    client = city.client("head")
    refused = client.post(reverse("let-go", args=[city.persons["clerk"].uid]))
    assert refused.status_code == 422
    assert "交接" in refused.content.decode()
    hand_over(city)
    assert client.post(reverse("let-go", args=[city.persons["clerk"].uid])).status_code == 302


def test_the_page_lists_what_moves_and_what_stays_and_does_it(city: City, django_assert_max_num_queries: Any) -> None:
    for _each in range(12):
        charge(city)
    MembershipFactory.create(group=city["group"], person=city.persons["clerk"])
    client = city.client("head")
    address = reverse("hand-over", args=[city.persons["clerk"].uid])
    with django_assert_max_num_queries(26):
        page = client.get(address)
    assert [found.work.key for found in page.context["moves"]] == ["charge"]
    assert [found.work.key for found in page.context["stays"]] == ["membership", "grant"]
    assert page.context["total"] == 12
    first = page.context["form"].fields["to"].queryset[0]
    assert first.unit == city["school"]
    assert client.post(address, {"to": city.persons["head"].pk}).status_code == 200
    done = client.post(address, {"to": city.persons["head"].pk, "reason": "调走"})
    assert done["Location"] == reverse("person", args=[city.persons["clerk"].uid])
    assert "没有要交接的" in client.get(address).content.decode()


def test_all_is_counted_and_only_what_one_may_see_is_named(city: City) -> None:
    charge(city, unit=city["city"], place=place(city["hospital"], name="医院门口"))
    found = next(each for each in work.held(city.viewer("head"), city.persons["clerk"]) if each.work.key == "charge")
    assert (found.waiting.count, list(found.waiting.items)) == (1, [])
    seen = next(each for each in work.held(city.viewer("office"), city.persons["clerk"]) if each.work.key == "charge")
    assert [item.text for item in seen.waiting.items] == ["医院门口"]
