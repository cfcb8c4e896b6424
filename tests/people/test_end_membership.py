"""A place in a group ends; that it was there stays."""

from uuid import uuid4

import pytest

from chuangwen.core import clock
from chuangwen.core.errors import Missing
from chuangwen.people import queries, services
from tests.factories.city import City
from tests.factories.people import MembershipFactory
from tests.factories.state import nothing_changes, one_event


def test_the_head_ends_it_today_and_the_row_stays(city: City) -> None:
    membership = MembershipFactory.create(group=city["group"])
    with one_event("group.member_left") as written:
        services.end_membership(city.viewer("head"), membership_uid=membership.uid)
    membership.refresh_from_db()
    assert membership.until == clock.today()
    assert written.event.data == {"person": str(membership.person.uid)}
    assert not queries.memberships(city["group"]).exists()


def test_ending_it_again_changes_nothing(city: City) -> None:
    membership = MembershipFactory.create(group=city["group"])
    services.end_membership(city.viewer("head"), membership_uid=membership.uid)
    with nothing_changes():
        services.end_membership(city.viewer("head"), membership_uid=membership.uid)


@pytest.mark.parametrize("part", ["stranger", "other_clerk", "clerk", "recorder", "reader"])
def test_who_does_not_manage_the_group_ends_nothing(city: City, part: str) -> None:
    membership = MembershipFactory.create(group=city["group"])
    with nothing_changes(), pytest.raises(Missing):
        services.end_membership(city.viewer(part), membership_uid=membership.uid)


def test_a_membership_that_is_not_there_is_missing(city: City) -> None:
    with nothing_changes(), pytest.raises(Missing):
        services.end_membership(city.viewer("office"), membership_uid=uuid4())
