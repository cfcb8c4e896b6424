"""A person of a unit, with or without a login."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from chuangwen.core.errors import Missing, Refused
from chuangwen.people import services
from chuangwen.people.models import Account, Person
from tests.factories.city import City
from tests.factories.people import PersonFactory
from tests.factories.state import nothing_changes, one_event


@pytest.mark.parametrize("part", ["clerk", "head", "office"])
def test_who_keeps_the_persons_of_a_school_adds_one(city: City, part: str) -> None:
    with one_event("person.added") as written:
        person = services.add_person(city.viewer(part), unit=city["school"], code="t7", name="某老师", title="班主任")
    assert Person.objects.get(unit=city["school"], code="t7") == person
    assert (written.event.subject_uid, written.event.data) == (person.uid, {})


@pytest.mark.parametrize("part", ["stranger", "other_clerk", "recorder", "reader"])
def test_others_add_nobody(city: City, part: str) -> None:
    with nothing_changes(), pytest.raises(Missing):
        services.add_person(city.viewer(part), unit=city["school"], code="t7", name="某老师")


def test_a_code_is_used_once_in_a_unit_and_again_in_another(city: City) -> None:
    with nothing_changes(), pytest.raises(Refused, match="工号 clerk 在本单位已有") as refused:
        services.add_person(city.viewer("clerk"), unit=city["school"], code="clerk", name="另一个")
    assert refused.value.where == "code"
    services.add_person(city.viewer("office"), unit=city["hospital"], code="clerk", name="另一个")


def test_a_login_that_is_taken_adds_nobody_and_is_said_at_its_field(city: City) -> None:
    client = city.client("clerk")
    with nothing_changes():
        page = client.post(reverse("new-person", args=["demo-primary"]), {"code": "t7", "name": "某", "login": "head"})
    assert page.context["form"].errors["login"] == ["登录名 head 已有人用。换一个登录名"]


def test_with_a_login_the_first_password_is_shown_once(city: City) -> None:
    client = city.client("clerk")
    page = client.post(
        reverse("new-person", args=["demo-primary"]), {"code": "t7", "name": "某老师", "login": "t7"}, follow=True
    )
    password = page.context["password"]
    assert password in page.content.decode()
    assert Account.objects.get(login="t7").check_password(password)
    again = client.get(page.redirect_chain[-1][0])
    assert password not in again.content.decode()


def test_the_database_holds_a_code_once_per_unit(city: City) -> None:
    with pytest.raises(IntegrityError, match=r"person_code_once_per_unit|people_person\.unit_id"), transaction.atomic():
        PersonFactory.create(unit=city["school"], code="clerk")


def test_the_database_holds_no_name_of_a_pupil(city: City) -> None:
    with pytest.raises(IntegrityError, match="pupil_has_no_name"), transaction.atomic():
        PersonFactory.create(unit=city["c98"], is_pupil=True, name="王小明")
