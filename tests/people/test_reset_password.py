"""A forgotten password: a new first one, shown once; the old one and whoever used it are out."""

from uuid import uuid4

import pytest
from django.urls import reverse

from chuangwen.core.errors import Missing, Refused
from chuangwen.people import services
from chuangwen.people.models import Account
from tests.factories.city import City
from tests.factories.people import PASSWORD, GrantFactory, PersonFactory
from tests.factories.state import nothing_changes, one_event


@pytest.mark.parametrize("part", ["clerk", "head", "office"])
def test_who_keeps_the_persons_gives_a_new_first_password(city: City, part: str) -> None:
    person = city.persons["recorder"]
    GrantFactory.create(person=person, role_id="reader", unit=city["school"], past=True)
    with one_event("account.reset") as written:
        password = services.reset_password(city.viewer(part), person=person)
    account = Account.objects.get(person=person)
    assert account.check_password(password)
    assert not account.check_password(PASSWORD)
    assert account.must_change_password
    assert written.event.subject_uid == person.uid


@pytest.mark.parametrize("part", ["stranger", "other_clerk", "recorder", "reader"])
def test_others_reset_nothing(city: City, part: str) -> None:
    with nothing_changes(), pytest.raises(Missing):
        services.reset_password(city.viewer(part), person=city.persons["clerk"])


def test_a_clerk_does_not_become_the_head_by_resetting_the_heads_password(city: City) -> None:
    head = city.persons["head"]
    with nothing_changes(), pytest.raises(Missing):
        services.reset_password(city.viewer("clerk"), person=head)
    client = city.client("clerk")
    assert client.post(reverse("reset-password", args=[head.uid])).status_code == 404
    assert "重置密码" not in client.get(reverse("person", args=[head.uid])).content.decode()


def test_nor_one_who_will_be_head_from_tomorrow(city: City) -> None:
    person = city.persons["recorder"]
    GrantFactory.create(person=person, role_id="unit_head", unit=city["school"], future=True)
    with pytest.raises(Missing):
        services.reset_password(city.viewer("clerk"), person=person)


def test_a_person_without_an_account_is_refused_with_a_sentence(city: City) -> None:
    person = PersonFactory.create(unit=city["school"])
    with nothing_changes(), pytest.raises(Refused, match="这个人没有账号"):
        services.reset_password(city.viewer("head"), person=person)


def test_who_is_signed_in_with_the_old_password_is_signed_out(city: City) -> None:
    recorder = city.client("recorder")
    assert recorder.get(reverse("profile")).status_code == 200
    services.reset_password(city.viewer("head"), person=city.persons["recorder"])
    assert recorder.get(reverse("profile")).headers["Location"] == "/sign-in/?next=%2Fprofile%2F"


def test_the_page_shows_the_new_password_once(city: City) -> None:
    client = city.client("head")
    person = city.persons["clerk"]
    page = client.post(reverse("reset-password", args=[person.uid]), follow=True)
    password = page.context["password"]
    assert Account.objects.get(person=person).check_password(password)
    assert password in page.content.decode()
    assert password not in client.get(reverse("person", args=[person.uid])).content.decode()


def test_a_person_that_is_not_there_is_missing(city: City) -> None:
    assert city.client("head").post(reverse("reset-password", args=[uuid4()])).status_code == 404
