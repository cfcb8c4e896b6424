"""A grant is taken back: at once, and without touching what was before."""

from datetime import timedelta
from uuid import uuid4

import pytest

from chuangwen.core import clock
from chuangwen.core.errors import Missing, Refused
from chuangwen.people import services
from chuangwen.people.models import Grant
from chuangwen.people.rules import Perm
from tests.factories.city import City
from tests.factories.people import GrantFactory
from tests.factories.state import nothing_changes, one_event


def test_the_right_is_gone_at_once_and_the_row_says_until_when_it_held(city: City) -> None:
    grant = Grant.objects.get(person=city.persons["clerk"])
    with one_event("grant.ended") as written:
        services.end_grant(city.viewer("head"), grant_uid=grant.uid)
    grant.refresh_from_db()
    assert grant.until == clock.today() - timedelta(days=1)
    assert not city.viewer("clerk").can(Perm.UNIT_VIEW)
    assert written.event.data == {"role": "unit_clerk", "unit": str(city["school"].uid)}


@pytest.mark.parametrize("begins", [0, 5])
def test_one_that_never_held_a_day_leaves_no_row(city: City, begins: int) -> None:
    since = clock.today() + timedelta(days=begins)
    grant = GrantFactory.create(person=city.persons["recorder"], unit=city["school"], since=since)
    with one_event("grant.ended"):
        services.end_grant(city.viewer("head"), grant_uid=grant.uid)
    assert not Grant.objects.filter(uid=grant.uid).exists()


def test_one_that_ended_long_ago_keeps_its_own_last_day(city: City) -> None:
    grant = GrantFactory.create(
        person=city.persons["recorder"], unit=city["school"], until=clock.today() - timedelta(days=20)
    )
    with nothing_changes():
        services.end_grant(city.viewer("head"), grant_uid=grant.uid)


@pytest.mark.parametrize("part", ["stranger", "other_clerk", "clerk", "recorder", "reader"])
def test_others_take_nothing_back(city: City, part: str) -> None:
    grant = Grant.objects.get(person=city.persons["head"])
    with nothing_changes(), pytest.raises(Missing):
        services.end_grant(city.viewer(part), grant_uid=grant.uid)


def test_the_head_takes_back_nothing_that_the_city_gave_above_the_school(city: City) -> None:
    grant = Grant.objects.get(person=city.persons["office"])
    with nothing_changes(), pytest.raises(Missing):
        services.end_grant(city.viewer("head"), grant_uid=grant.uid)


def test_nobody_takes_back_their_own(city: City) -> None:
    grant = Grant.objects.get(person=city.persons["head"])
    with nothing_changes(), pytest.raises(Refused, match="不能收回自己的授权"):
        services.end_grant(city.viewer("head"), grant_uid=grant.uid)


def test_a_grant_that_is_not_there_is_missing(city: City) -> None:
    with nothing_changes(), pytest.raises(Missing):
        services.end_grant(city.viewer("office"), grant_uid=uuid4())
