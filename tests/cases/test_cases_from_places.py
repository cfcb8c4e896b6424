"""C17, B9: a list of places becomes cases, each with its own unit; the progress of each apart, down to zero."""

from typing import Any
from uuid import uuid4

import pytest
import shapely
from django.urls import reverse

from chuangwen.cases import gathering, services
from chuangwen.cases.models import Case
from chuangwen.cases.services import Campaign, Given, PlaceGiven
from chuangwen.core.errors import Missing, Refused
from chuangwen.core.models import Event
from chuangwen.places import services as places
from chuangwen.places.models import Place, PlaceType
from tests.factories.cases import category, closed
from tests.factories.city import City
from tests.factories.ground import CENTRE, city_outline, put

pytestmark = pytest.mark.practice("C17")

LON, LAT = CENTRE
# Of longitude and latitude, about a metre here.
EAST, NORTH = 1.027e-5, 9.02e-6


@pytest.fixture
def shops(city: City) -> list[Place]:
    """A school, four shops near it and one too far away."""
    city_outline(city["city"])
    put(city["education"], "school", CENTRE, name="实验小学")
    away = (40, 90, 150, 190, 260)
    return [
        put(city["city"], "lottery_shop", (LON + metres * EAST, LAT), name=f"彩票店{metres}") for metres in away
    ]  # fmt: skip


def campaign(city: City, rows: list[PlaceGiven], **more: Any) -> Campaign:
    values: dict[str, Any] = {
        "uid": uuid4(), "unit": city["city"], "title": "学校周边彩票店清退", "text": "月底前搬离或停业。",
        "category": category("lottery_near_school"), "rows": rows,
    }  # fmt: skip
    return Campaign(**values | more)


def split(city: City, shops: list[Place]) -> list[PlaceGiven]:
    """The first three to the bureau, the fourth to the street."""
    return [PlaceGiven(shop, city["bureau" if number < 3 else "street"]) for number, shop in enumerate(shops[:4])]


def asked(metres: int = 200) -> gathering.Asked:
    kinds = PlaceType.objects.in_bulk(["lottery_shop", "school"])
    return gathering.Asked(kinds["lottery_shop"], kinds["school"], metres, category("lottery_near_school"))


def test_the_distance_that_was_asked_decides_which_places_are_found(city: City, shops: list[Place]) -> None:
    found = gathering.found(city.viewer("dispatcher"), asked(200))
    assert [(row.place.name, row.near.name if row.near else "") for row in found] == [
        ("彩票店40", "实验小学"), ("彩票店90", "实验小学"), ("彩票店150", "实验小学"), ("彩票店190", "实验小学"),
    ]  # fmt: skip
    assert [abs((row.metres or 0) - metres) <= 1 for row, metres in zip(found, (40, 90, 150, 190), strict=True)] == [
        True
    ] * 4
    assert len(gathering.found(city.viewer("dispatcher"), asked(300))) == 5


def test_who_answers_for_the_place_is_proposed_and_else_the_district(city: City, shops: list[Place]) -> None:
    places.give_charge(city.viewer("dispatcher"), place_uid=shops[0].uid, unit=city["bureau"])
    ring = shapely.box(LON - 0.01, LAT - 0.01, LON + 0.01, LAT + 0.01)
    put(city["city"], "district_area", ring, name="临江区")
    owners = [row.owner for row in gathering.found(city.viewer("dispatcher"), asked())]
    assert owners == [city["bureau"], city["district"], city["district"], city["district"]]


def test_every_place_has_its_case_below_one_task(city: City, shops: list[Place]) -> None:
    done = services.open_for_places(city.viewer("dispatcher"), campaign(city, split(city, shops)))
    assert (done.parent.kind, done.parent.state, len(done.made)) == ("task", "sent", 4)
    assert {(case.lead, case.place.name if case.place else "") for case in done.made} == {
        (city["bureau"], "彩票店40"), (city["bureau"], "彩票店90"), (city["bureau"], "彩票店150"),
        (city["street"], "彩票店190"),
    }  # fmt: skip
    assert all(case.parent == done.parent and case.state == "sent" and case.due_at for case in done.made)


def test_the_same_list_sent_twice_makes_nothing_twice(city: City, shops: list[Place]) -> None:
    given = campaign(city, split(city, shops))
    first = services.open_for_places(city.viewer("dispatcher"), given)
    events = Event.objects.count()
    again = services.open_for_places(city.viewer("dispatcher"), given)
    assert [case.pk for case in again.made] == [case.pk for case in first.made]
    assert (Case.objects.count(), Event.objects.count(), again.passed) == (5, events, [])


def test_an_open_case_of_the_same_category_is_passed_over_unless_asked_for(city: City, shops: list[Place]) -> None:
    services.open_for_places(city.viewer("dispatcher"), campaign(city, split(city, shops)[:1]))
    found = gathering.found(city.viewer("dispatcher"), asked())
    assert [row.standing is not None for row in found] == [True, False, False, False]
    done = services.open_for_places(city.viewer("dispatcher"), campaign(city, split(city, shops)))
    assert ([place.name for place, _case in done.passed], len(done.made)) == (["彩票店40"], 3)
    insisted = [PlaceGiven(shops[0], city["bureau"], even_so=True)]
    assert len(services.open_for_places(city.viewer("dispatcher"), campaign(city, insisted)).made) == 1


def test_where_all_have_one_nothing_is_opened(city: City, shops: list[Place]) -> None:
    services.open_for_places(city.viewer("dispatcher"), campaign(city, split(city, shops)))
    with pytest.raises(Refused, match="没有可开的"):
        services.open_for_places(city.viewer("dispatcher"), campaign(city, split(city, shops)))
    assert Case.objects.count() == 5


def test_all_or_none(city: City, shops: list[Place]) -> None:
    places.close_place(city.viewer("dispatcher"), uid=shops[3].uid, reason="已搬走")
    rows = [PlaceGiven(Place.objects.get(pk=row.place.pk), row.owner) for row in split(city, shops)]
    with pytest.raises(Refused, match="已停用"):
        services.open_for_places(city.viewer("dispatcher"), campaign(city, rows))
    assert Case.objects.count() == 0


def test_who_has_no_desk_opens_nothing(city: City, shops: list[Place]) -> None:
    for part in ("lead_clerk", "supervisor", "stranger"):
        with pytest.raises(Missing):
            services.open_for_places(city.viewer(part), campaign(city, split(city, shops)))
    assert city.client("supervisor").get(reverse("cases-from-places")).status_code == 404


def test_a_unit_opens_cases_for_its_own_house_alone(city: City, shops: list[Place]) -> None:
    with pytest.raises(Refused, match="不归市城管局派"):
        services.open_for_places(city.viewer("lead_clerk"), campaign(city, split(city, shops), unit=city["bureau"]))
    rows = [PlaceGiven(shops[0], city["squad"])]
    done = services.open_for_places(city.viewer("lead_clerk"), campaign(city, rows, unit=city["bureau"]))
    assert (done.parent.unit, done.made[0].lead) == (city["bureau"], city["squad"])


def finish(city: City, case: Case, clerk: str) -> None:
    services.move(city.viewer(clerk), uid=case.uid, verb="fix", given=Given(reason="已搬离"))
    services.move(city.viewer("dispatcher"), uid=case.uid, verb="verify", given=Given(reason="看过，没有了"))


def test_each_units_progress_stands_apart_and_the_whole_ends_when_none_is_left(city: City, shops: list[Place]) -> None:
    """C17: two owners, each to zero; the task above waits for the last one."""
    office = city.viewer("dispatcher")
    done = services.open_for_places(office, campaign(city, split(city, shops)))
    bureau, street = done.made[:3], done.made[3]
    with pytest.raises(Refused, match="下面还有 4 件没有办结"):
        services.move(office, uid=done.parent.uid, verb="fix", given=Given(reason="清退完毕"))
    finish(city, street, "street_clerk")
    finish(city, bureau[0], "lead_clerk")
    rows = {row.unit.code if row.unit else "": row for row in gathering.progress(office, done.parent)}
    assert (rows["anlan-urban"].all, rows["anlan-urban"].open, rows["anlan-urban"].done) == (3, 2, 1)
    assert (rows["anlan-wenmiao"].all, rows["anlan-wenmiao"].open, rows["anlan-wenmiao"].done) == (1, 0, 1)
    for case in bureau[1:]:
        finish(city, case, "lead_clerk")
    page = city.client("dispatcher").get(reverse("case", args=[done.parent.uid])).content.decode()
    assert page.count("归零") == 3
    fixed = services.move(office, uid=done.parent.uid, verb="fix", given=Given(reason="清退完毕"))
    assert fixed.state == "fixed"


def test_every_number_of_the_progress_opens_to_its_rows(city: City, shops: list[Place]) -> None:
    office, client = city.viewer("dispatcher"), city.client("dispatcher")
    done = services.open_for_places(office, campaign(city, [*split(city, shops), PlaceGiven(shops[4], city["squad"])]))
    finish(city, done.made[0], "lead_clerk")
    services.move(city.viewer("street_clerk"), uid=done.made[3].uid, verb="refuse", given=Given(reason="不在我处"))
    rows = gathering.progress(office, done.parent)
    total = gathering.total(rows, done.parent)
    assert total
    for row in (*rows, total):
        for name, url in row.urls.items():
            assert client.get(url).context["list"].total == str(getattr(row, name)), (row.unit, name)
    assert [(row.unit.code if row.unit else None, row.all) for row in rows] == [
        ("anlan-urban", 3), (None, 1), ("anlan-urban-1", 1),
    ]  # fmt: skip


def test_a_clerk_splits_the_list_by_ticking_and_opens_it(city: City, shops: list[Place]) -> None:
    client = city.client("dispatcher")
    url = reverse("cases-from-places") + "?what=lottery_shop&near=school&m=200&category=lottery_near_school"
    first = client.get(url)
    assert (first.context["taken"], [row.owner for row in first.context["rows"]]) == (4, [None] * 4)
    sheet: dict[str, Any] = {
        "uid": str(first.context["campaign"]["uid"].value()),
        "title": "彩票店清退",
        "text": "搬离",
    }
    for row in first.context["rows"]:
        sheet |= {f"owner-{row.found.place.uid}": "", f"taken-{row.found.place.uid}": "1"}

    def press(act: str, picks: list[Place], owner: str = "") -> None:
        shown = client.post(url, {**sheet, "act": act, "pick": [str(pick.uid) for pick in picks], "owner": owner})
        assert shown.context["campaign"]["title"].value() == "彩票店清退"
        for row in shown.context["rows"]:
            sheet[f"owner-{row.found.place.uid}"] = row.owner.code if row.owner else ""
            sheet[f"taken-{row.found.place.uid}"] = "1" if row.taken else "0"

    unfinished = client.post(url, sheet).content.decode()
    assert "还没有定单位的：彩票店40、彩票店90" in unfinished
    press("owner", shops[:2], "anlan-urban")
    press("owner", shops[2:4], "anlan-wenmiao")
    press("leave_out", shops[1:2])
    answer = client.post(url, sheet)
    parent = Case.objects.get(parent__isnull=True)
    assert answer["Location"] == reverse("case", args=[parent.uid])
    assert sorted(parent.children.values_list("place__name", "lead__code")) == [
        ("彩票店150", "anlan-wenmiao"), ("彩票店190", "anlan-wenmiao"), ("彩票店40", "anlan-urban"),
    ]  # fmt: skip


def test_the_places_of_a_list_are_opened_too(city: City, shops: list[Place]) -> None:
    client = city.client("dispatcher")
    school = Place.objects.get(type="school")
    listed = client.get(reverse("places") + f"?near={school.uid}&m=100").content.decode()
    assert f"near={school.uid}" in listed.split(reverse("cases-from-places"))[1][:200]
    assert reverse("cases-from-places") not in client.get(reverse("places")).content.decode()
    url = reverse("cases-from-places") + f"?list=1&near={school.uid}&m=100&category=lottery_near_school"
    assert [row.found.place.name for row in client.get(url).context["rows"]] == ["彩票店40", "彩票店90"]


def test_the_notice_to_a_unit_names_its_places_and_no_others(city: City, shops: list[Place]) -> None:
    done = services.open_for_places(city.viewer("dispatcher"), campaign(city, split(city, shops)))
    url = reverse("case-notice", args=[done.parent.uid])
    text = city.client("dispatcher").get(url + "?lead=anlan-wenmiao").content.decode()
    assert "彩票店190" in text
    assert "彩票店40" not in text
    book = city.client("dispatcher").get(url + "?lead=anlan-wenmiao&export=xlsx")
    assert book["Content-Type"].endswith("sheet")
    for lead in ("", "anlan-education", "nobody"):
        assert city.client("dispatcher").get(url + f"?lead={lead}").status_code == 404
    assert city.client("stranger").get(url + "?lead=anlan-wenmiao").status_code == 404


def test_a_question_that_makes_no_sense_is_answered_on_the_form(city: City, shops: list[Place]) -> None:
    client = city.client("dispatcher")
    for query in ("?what=nothing&category=x", "?what=lottery_shop&m=-1&category=work", "?what=lottery_shop&m=99999"):
        assert client.get(reverse("cases-from-places") + query).status_code == 200
    assert client.get(reverse("cases-from-places") + "?list=1&near=x&category=work").status_code == 404


def test_a_list_of_hundreds_costs_no_more_queries_than_one_of_four(
    city: City, shops: list[Place], django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        put(city["city"], "lottery_shop", (LON + number * EAST, LAT + 30 * NORTH))
    url = reverse("cases-from-places") + "?what=lottery_shop&near=school&m=200&category=lottery_near_school"
    client = city.client("dispatcher")
    with django_assert_max_num_queries(20):
        assert len(client.get(url).context["rows"]) == 64


def test_a_closed_case_at_the_place_is_no_obstacle(city: City, shops: list[Place]) -> None:
    closed(city, place=shops[0])
    assert gathering.found(city.viewer("dispatcher"), asked())[0].standing is None
