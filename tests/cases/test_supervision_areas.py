"""A7, B8: groups supervise units or areas, and see how far they have come round."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import shapely
from django.urls import reverse

from chuangwen.cases import services, standing, supervision
from chuangwen.cases.models import Case, Watch
from chuangwen.cases.services import Given
from chuangwen.core import clock
from chuangwen.core.errors import Missing, Refused
from chuangwen.people.models import Person
from chuangwen.places.models import Place
from tests.factories.cases import opened, sent
from tests.factories.city import City
from tests.factories.ground import CENTRE, put
from tests.factories.people import AccountFactory, GrantFactory, PersonFactory

pytestmark = pytest.mark.practice("A7", "B8")
LON, LAT = CENTRE


@pytest.fixture
def area(city: City) -> Place:
    return put(city["city"], "area", shapely.box(LON, LAT, LON + 0.01, LAT + 0.01), name="一片")


def watch(city: City, **more: Any) -> Watch:
    return services.watch(city.viewer("dispatcher"), group=city["watchers"], **more)


def inside(city: City, **more: Any) -> Case:
    return opened(city, point=(LON + 0.005, LAT + 0.005), **more)


def outside(city: City) -> Case:
    return opened(city, point=(LON - 0.005, LAT + 0.005))


def visit(city: City, case: Case) -> None:
    services.move(city.viewer("supervisor"), uid=case.uid, verb="visit", given=Given(reason="到现场看了"))


def test_a_group_gets_a_unit_or_an_area_and_not_both_or_none(city: City, area: Place) -> None:
    watch(city, over=city["bureau"])
    watch(city, area=area)
    assert watch(city, area=area).pk == Watch.objects.get(area=area).pk
    for more in ({}, {"over": city["bureau"], "area": area}):
        with pytest.raises(Refused, match="二者选一"):
            watch(city, **more)
    with pytest.raises(Refused, match="不是一片地方"):
        watch(city, area=put(city["city"], "bank", CENTRE))
    with pytest.raises(Refused, match="要是一个组"):
        services.watch(city.viewer("dispatcher"), group=city["bureau"], over=city["street"])


def test_who_supervises_or_dispatches_for_the_city_alone_says_so(city: City, area: Place) -> None:
    services.watch(city.viewer("supervisor"), group=city["watchers"], area=area)
    for part in ("lead_head", "street_clerk", "stranger"):
        with pytest.raises(Missing):
            services.watch(city.viewer(part), group=city["watchers"], area=area)
        with pytest.raises(Missing):
            services.end_watch(city.viewer(part), uid=uuid4())


def test_what_began_today_is_gone_and_what_began_before_ended_yesterday(city: City, area: Place) -> None:
    services.end_watch(city.viewer("dispatcher"), uid=watch(city, area=area).uid)
    assert Watch.objects.count() == 0
    row = watch(city, area=area, since=clock.today() - timedelta(days=3))
    services.end_watch(city.viewer("dispatcher"), uid=row.uid)
    services.end_watch(city.viewer("dispatcher"), uid=row.uid)
    row.refresh_from_db()
    assert row.until == clock.today() - timedelta(days=1)
    assert supervision.groups(city.viewer("dispatcher")) == []


def of_the_group(city: City) -> Person:
    """Somebody who supervises for the group and for nothing else, and sees the city's cases."""
    person: Person = PersonFactory.create(unit=city["watchers"], code="walker", name="走访的人")
    AccountFactory.create(person=person)
    GrantFactory.create(person=person, role_id="supervisor", unit=city["watchers"])
    city.persons["walker"] = person
    return person


def test_a_case_in_the_area_is_the_groups_to_supervise_and_no_other(city: City, area: Place) -> None:
    of_the_group(city)
    watch(city, area=area)
    walker = city.viewer("walker")
    assert standing.watches(walker, inside(city))
    assert not standing.watches(walker, outside(city))
    assert not standing.watches(walker, opened(city))
    assert not standing.watches(city.viewer("lead_clerk"), inside(city))


def test_a_case_of_a_unit_that_is_watched_is_the_groups_too(city: City) -> None:
    of_the_group(city)
    watch(city, over=city["bureau"])
    assert standing.watches(city.viewer("walker"), sent(city, lead="squad"))
    assert not standing.watches(city.viewer("walker"), sent(city, lead="street"))


def test_a_watch_gives_no_sight_of_its_own(city: City, area: Place) -> None:
    """ADR 0056: who supervises an area sees its cases by case.view, and without it not at all."""
    of_the_group(city)
    watch(city, area=area)
    assert city.client("walker").get(reverse("case", args=[inside(city).uid])).status_code == 404


def test_each_number_of_a_group_opens_to_its_rows(city: City, area: Place) -> None:
    watch(city, area=area)
    watch(city, over=city["bureau"])
    cases = [inside(city), inside(city), sent(city), outside(city)]
    late = Case.objects.filter(pk=cases[0].pk)
    late.update(due_at=clock.now() - timedelta(hours=1))
    services.move(city.viewer("dispatcher"), uid=cases[1].uid, verb="supervise", given=Given(reason="重点"))
    visit(city, cases[2])
    with clock.held_at(clock.now() - timedelta(days=20)):
        visit(city, cases[1])
    (group,) = supervision.groups(city.viewer("dispatcher"))
    assert dict(group.numbers) == {
        "open": 3, "late": 1, "supervised": 1, "week": 1, "month": 2, "ever": 2, "never": 1,
    }  # fmt: skip
    client = city.client("dispatcher")
    for name, url in group.urls.items():
        assert client.get(url).context["list"].total == str(group.numbers[name]), name
    assert "66.7%" in client.get(reverse("supervision")).content.decode()


def test_the_list_for_the_street_begins_with_the_oldest_that_nobody_visited(city: City, area: Place) -> None:
    watch(city, area=area)
    young = inside(city)
    with clock.held_at(clock.now() - timedelta(days=9)):
        old, been = inside(city), inside(city)
        visit(city, been)
    fresh = inside(city)
    visit(city, fresh)
    outside(city)
    viewer = city.viewer("supervisor")
    listed = supervision.to_visit(viewer, supervision.my_groups(viewer))
    assert [case.pk for case in listed] == [old.pk, young.pk, been.pk]
    page = city.client("supervisor").get(reverse("my-rounds")).content.decode()
    assert reverse("move-case", args=[old.uid, "visit"]) in page


def test_who_is_in_one_group_walks_for_that_one(city: City, area: Place) -> None:
    watch(city, area=area)
    services.watch(city.viewer("dispatcher"), group=city["group"], over=city["school"])
    assert supervision.my_groups(city.viewer("supervisor")) == [city["watchers"]]
    assert set(supervision.my_groups(city.viewer("leader"))) == {city["watchers"], city["group"]}


def test_the_page_gives_and_ends(city: City, area: Place) -> None:
    client = city.client("dispatcher")
    client.post(reverse("supervision"), {"group": city["watchers"].pk, "area": area.pk})
    row = Watch.objects.get()
    client.post(reverse("end-watch", args=[row.uid]))
    assert Watch.objects.count() == 0
    refused = client.post(reverse("supervision"), {"group": city["watchers"].pk})
    assert "二者选一" in refused.content.decode()
    for part in ("lead_clerk", "stranger"):
        assert city.client(part).get(reverse("supervision")).status_code == 404
        assert city.client(part).get(reverse("my-rounds")).status_code == 404


def test_the_pages_cost_few_queries(city: City, area: Place, django_assert_max_num_queries: Any) -> None:
    watch(city, area=area)
    for _each in range(5):
        inside(city)
    client = city.client("supervisor")
    with django_assert_max_num_queries(26):
        client.get(reverse("supervision"))
    with django_assert_max_num_queries(20):
        assert len(client.get(reverse("my-rounds")).context["cases"]) == 5
