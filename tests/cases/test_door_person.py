"""Citizens act through one person without an account, whom nobody can make into somebody."""

import pytest

from chuangwen.cases.door import door
from chuangwen.core.errors import Refused
from chuangwen.core.models import Event
from chuangwen.people import services as people
from chuangwen.people.forms import adults
from chuangwen.people.models import Account, Grant, Person, Role
from chuangwen.people.rules import Perm
from tests.factories.city import City
from tests.factories.people import AccountFactory, PersonFactory


def test_the_door_is_made_once_with_the_rights_of_its_role_over_the_city(city: City) -> None:
    one, again = door(), door()
    assert one.person == again.person
    assert one.person.unit == city["city"]
    assert str(one.person) == "市民入口"
    assert one.can_over_city(Perm.CASE_REPORT)
    assert not one.can(Perm.CASE_VIEW)
    assert Grant.objects.filter(person=one.person).count() == 1
    assert Event.objects.filter(verb="door.opened", subject_uid=one.uid).count() == 1


def test_it_gets_no_account_no_grant_no_place_in_a_group_and_does_not_leave(city: City) -> None:
    person, office = door().person, city.viewer("office")
    acts = (
        lambda: people.open_account(office, person=person, login="door"),
        lambda: people.let_go(office, person=person),
        lambda: people.give_grant(office, person=person, role=Role.objects.get(pk="reader"), unit=city["city"]),
        lambda: people.end_grant(office, grant_uid=Grant.objects.get(person=person).uid),
        lambda: people.add_member(office, group=city["group"], person=person, position="member"),
    )
    for act in acts:
        with pytest.raises(Refused, match="不是一个人"):
            act()
    assert not Account.objects.filter(person=person).exists()


def test_it_is_shown_among_the_persons_and_offered_for_nothing(city: City) -> None:
    person = door().person
    assert person not in adults(city.viewer("office"))
    assert "市民入口" in city.client("office").get(f"/units/{city['city'].code}/persons/").content.decode()
    page = city.client("office").get(f"/persons/{person.uid}/").content.decode()
    assert "离开单位" not in page


def test_nobody_else_at_the_top_gets_its_code(city: City) -> None:
    office = city.viewer("office")
    with pytest.raises(Refused, match="留给市民入口"):
        people.add_person(office, unit=city["city"], code="door", name="门卫")
    people.add_person(office, unit=city["school"], code="door", name="门卫")
    with pytest.raises(Refused, match="留给市民入口"):
        people.register_staff(office, unit=city["city"], staff=[Person(unit=city["city"], code="door", name="门卫")])


def test_somebody_with_an_account_is_never_taken_for_the_door(city: City) -> None:
    AccountFactory.create(person=PersonFactory.create(unit=city["city"], code="door"))
    with pytest.raises(Refused, match="能登录的人"):
        door()
    assert not Grant.objects.filter(role="door").exists()
