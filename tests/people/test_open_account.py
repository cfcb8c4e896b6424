"""A login for a person, with a first password that is shown once."""

import re

import pytest

from chuangwen.core.errors import Missing, Refused
from chuangwen.core.models import Event, EventDetail
from chuangwen.people import services
from chuangwen.people.models import Account, Person
from tests.factories.city import City
from tests.factories.people import GrantFactory, PersonFactory
from tests.factories.state import nothing_changes, one_event


@pytest.fixture
def teacher(city: City) -> Person:
    return PersonFactory.create(unit=city["school"], code="t7")


def test_the_clerk_opens_it_and_it_must_be_changed(city: City, teacher: Person) -> None:
    with one_event("account.opened"):
        password = services.open_account(city.viewer("clerk"), person=teacher, login="t7")
    account = Account.objects.get(person=teacher)
    assert account.check_password(password)
    assert account.must_change_password
    assert re.fullmatch(r"[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){2}", password)


def test_the_password_is_nowhere_in_the_log(city: City, teacher: Person) -> None:
    password = services.open_account(city.viewer("clerk"), person=teacher, login="t7")
    assert password not in repr(list(Event.objects.values())) + repr(list(EventDetail.objects.values()))


@pytest.mark.parametrize("part", ["stranger", "other_clerk", "recorder", "reader"])
def test_others_open_nothing(city: City, teacher: Person, part: str) -> None:
    with nothing_changes(), pytest.raises(Missing):
        services.open_account(city.viewer(part), person=teacher, login="t7")


def test_nobody_opens_an_account_for_a_person_who_may_more_than_they_may(city: City, teacher: Person) -> None:
    GrantFactory.create(person=teacher, role_id="unit_head", unit=city["school"])
    with nothing_changes(), pytest.raises(Missing):
        services.open_account(city.viewer("clerk"), person=teacher, login="t7")
    services.open_account(city.viewer("office"), person=teacher, login="t7")


def test_a_person_has_one_account(city: City) -> None:
    with nothing_changes(), pytest.raises(Refused, match="这个人已有账号"):
        services.open_account(city.viewer("head"), person=city.persons["recorder"], login="again")


def test_a_login_belongs_to_one_person_of_the_whole_city(city: City, teacher: Person) -> None:
    with nothing_changes(), pytest.raises(Refused, match="登录名 other-clerk 已有人用") as refused:
        services.open_account(city.viewer("clerk"), person=teacher, login="other-clerk")
    assert refused.value.where == "login"


def test_a_pupil_gets_none(city: City) -> None:
    pupil = PersonFactory.create(pupil=True, unit=city["c98"], code="c98-01")
    with nothing_changes(), pytest.raises(Refused, match="学生只记代码，不开账号"):
        services.open_account(city.viewer("clerk"), person=pupil, login="c98-01")
