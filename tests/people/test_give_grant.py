"""A role over a unit and everything below it, from one day to another; nobody gives more than they hold."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.core.errors import Missing, Refused
from chuangwen.people import services
from chuangwen.people.models import Grant, Role
from chuangwen.people.rules import Perm
from tests.factories.city import City
from tests.factories.people import GrantFactory
from tests.factories.state import nothing_changes, one_event


def role(code: str) -> Role:
    return Role.objects.get(code=code)


@pytest.mark.parametrize("part", ["head", "office"])
def test_who_manages_grants_of_a_unit_gives_one(city: City, part: str) -> None:
    person = city.persons["stranger"]
    with one_event("grant.given") as written:
        services.give_grant(city.viewer(part), person=person, role=role("unit_clerk"), unit=city["school"])
    grant = Grant.objects.get(person=person)
    assert (grant.role_id, grant.unit, grant.since, grant.until) == ("unit_clerk", city["school"], clock.today(), None)
    assert written.event.data == {"role": "unit_clerk", "unit": str(city["school"].uid)}
    assert city.viewer("stranger").can(Perm.IMPORT_RUN, city["c98"])


@pytest.mark.parametrize("part", ["stranger", "other_clerk", "clerk", "recorder", "reader"])
def test_others_give_nothing(city: City, part: str) -> None:
    with nothing_changes(), pytest.raises(Missing):
        services.give_grant(
            city.viewer(part), person=city.persons["stranger"], role=role("reader"), unit=city["school"]
        )


def test_the_head_of_a_school_gives_nothing_over_the_school_beside_it(city: City) -> None:
    with nothing_changes(), pytest.raises(Missing):
        services.give_grant(city.viewer("head"), person=city.persons["clerk"], role=role("reader"), unit=city["second"])


def test_a_role_with_more_rights_than_ones_own_is_refused(city: City) -> None:
    Role.objects.create(code="keeper", name="管授权的", name_en="Keeper", permissions=["unit.view", "grant.manage"])
    GrantFactory.create(person=city.persons["stranger"], role_id="keeper", unit=city["school"])
    with nothing_changes(), pytest.raises(Refused, match="含有您自己没有的权限") as refused:
        services.give_grant(
            city.viewer("stranger"), person=city.persons["clerk"], role=role("unit_head"), unit=city["school"]
        )
    assert refused.value.where == "role"


def test_nobody_gives_to_themselves(city: City) -> None:
    with nothing_changes(), pytest.raises(Refused, match="不能给自己授权"):
        services.give_grant(city.viewer("head"), person=city.persons["head"], role=role("reader"), unit=city["school"])


def test_nobody_gives_for_longer_than_they_hold(city: City) -> None:
    end = clock.today() + timedelta(days=3)
    GrantFactory.create(person=city.persons["stranger"], role_id="unit_head", unit=city["school"], until=end)
    actor, person, school = city.viewer("stranger"), city.persons["clerk"], city["school"]
    for until in (None, end + timedelta(days=1)):
        with nothing_changes(), pytest.raises(Refused, match=str(end)):
            services.give_grant(actor, person=person, role=role("reader"), unit=school, until=until)
    assert services.give_grant(actor, person=person, role=role("reader"), unit=school, until=end).until == end


def test_dates_upside_down_are_refused_with_a_sentence(city: City) -> None:
    with nothing_changes(), pytest.raises(Refused, match="截止日期早于起始日期") as refused:
        services.give_grant(
            city.viewer("head"),
            person=city.persons["recorder"],
            role=role("reader"),
            unit=city["school"],
            until=clock.today() - timedelta(days=1),
        )
    assert refused.value.where == "until"


def test_the_database_itself_holds_the_order_of_the_dates(city: City) -> None:
    with pytest.raises(IntegrityError, match="grant_dates"), transaction.atomic():
        GrantFactory.create(person=city.persons["clerk"], since=clock.today(), until=clock.today() - timedelta(days=1))


def test_the_page_gives_it_and_shows_who_holds_what(city: City) -> None:
    client = city.client("head")
    person = city.persons["recorder"]
    done = client.post(
        reverse("new-grant", args=["demo-primary"]), {"person": person.pk, "role": "reader"}, follow=True
    )
    listed = done.content.decode()
    assert reverse("person", args=[person.uid]) in listed
    assert "查阅人" in listed


def test_the_page_offers_neither_the_operators_role_nor_the_doors(city: City) -> None:
    page = city.client("office").get(reverse("new-grant", args=["anlan"]))
    offered = {each.code for each in page.context["form"].fields["role"].queryset}
    staff = {"city_office", "unit_head", "unit_clerk", "recorder", "reader", "handler", "supervisor", "leader"}
    assert offered == staff
