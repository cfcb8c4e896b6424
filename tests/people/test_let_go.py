"""A person leaves: nothing of theirs works any more, and everything they did stays."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.core.errors import Missing, Refused
from chuangwen.core.models import Event
from chuangwen.people import queries, services
from chuangwen.people.access import Viewer
from chuangwen.people.models import Account, Person
from tests.factories.city import City


def test_account_tokens_and_grants_end_and_one_event_is_written(city: City, client_of: Callable[[str], Client]) -> None:
    clerk, browser = city.persons["clerk"], client_of("clerk")
    secret = services.issue_token(city.viewer("clerk"), name="程序")
    before = Event.objects.count()
    done = client_of("head").post(reverse("let-go", args=[clerk.uid]))
    assert done.status_code == 302
    assert Event.objects.count() == before + 1
    assert Person.objects.get(pk=clerk.pk).left_on == clock.today()
    assert not Account.objects.get(person=clerk).is_active
    assert Viewer(clerk).grants == []
    assert browser.get("/desk/").status_code == 302
    with pytest.raises(Exception, match="令牌"):
        queries.viewer_of_token(secret)


def test_a_clerk_cannot_send_the_head_away(city: City) -> None:
    with pytest.raises(Missing):
        services.let_go(city.viewer("clerk"), person=city.persons["head"])


def test_nobody_sends_themselves_away_or_anybody_twice(city: City) -> None:
    with pytest.raises(Refused, match="自己"):
        services.let_go(city.viewer("head"), person=city.persons["head"])
    services.let_go(city.viewer("head"), person=city.persons["clerk"])
    with pytest.raises(Refused, match="已经离开"):
        services.let_go(city.viewer("head"), person=city.persons["clerk"])


def test_a_reset_takes_the_tokens_with_it(city: City) -> None:
    secret = services.issue_token(city.viewer("clerk"), name="程序")
    services.reset_password(city.viewer("head"), person=city.persons["clerk"])
    Account.objects.filter(person=city.persons["clerk"]).update(must_change_password=False)
    with pytest.raises(Exception, match="令牌"):
        queries.viewer_of_token(secret)


def test_a_password_shown_once_is_never_shown_on_another_person_s_page(
    city: City, client_of: Callable[[str], Client]
) -> None:
    head = client_of("head")
    head.post(reverse("reset-password", args=[city.persons["clerk"].uid]))
    other = head.get(reverse("person", args=[city.persons["head"].uid])).content.decode()
    assert "cw-secret" not in other
    assert "cw-secret" in head.get(reverse("person", args=[city.persons["clerk"].uid])).content.decode()
