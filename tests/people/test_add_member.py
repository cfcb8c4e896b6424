"""Who is in a group, as what, and answering for what."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.core.errors import Missing, Refused
from chuangwen.people import services
from chuangwen.people.models import Membership, Position
from tests.factories.city import City
from tests.factories.people import MembershipFactory, PersonFactory
from tests.factories.state import nothing_changes, one_event


@pytest.mark.practice("A1")
def test_the_head_adds_a_deputy_with_what_they_answer_for(city: City) -> None:
    person = PersonFactory.create(unit=city["school"])
    with one_event("group.member_added") as written:
        services.add_member(
            city.viewer("head"), group=city["group"], person=person, position=Position.DEPUTY, remit="分管上街实践"
        )
    membership = Membership.objects.get(group=city["group"])
    assert (membership.person, membership.position, membership.remit) == (person, "deputy", "分管上街实践")
    assert (membership.since, membership.until) == (clock.today(), None)
    assert written.event.data == {"person": str(person.uid), "position": "deputy"}


@pytest.mark.parametrize("part", ["stranger", "other_clerk", "clerk", "recorder", "reader"])
def test_who_does_not_manage_the_group_adds_nobody(city: City, part: str) -> None:
    with nothing_changes(), pytest.raises(Missing):
        services.add_member(
            city.viewer(part), group=city["group"], person=city.persons["clerk"], position=Position.MEMBER
        )


def test_a_second_leader_is_refused_until_the_first_has_left(city: City) -> None:
    first = MembershipFactory.create(group=city["group"], leader=True)
    head, person = city.viewer("head"), city.persons["head"]
    with nothing_changes(), pytest.raises(Refused, match="组长已有人") as refused:
        services.add_member(head, group=city["group"], person=person, position=Position.LEADER)
    assert refused.value.where == "position"
    services.end_membership(head, membership_uid=first.uid)
    services.add_member(head, group=city["group"], person=person, position=Position.LEADER)
    assert Membership.objects.get(group=city["group"], until=None).person == person


def test_nobody_is_in_a_group_twice(city: City) -> None:
    standing = MembershipFactory.create(group=city["group"])
    with nothing_changes(), pytest.raises(Refused, match="这个人已在组内"):
        services.add_member(city.viewer("head"), group=city["group"], person=standing.person, position=Position.DEPUTY)


def test_a_school_has_no_members(city: City) -> None:
    with nothing_changes(), pytest.raises(Refused, match="不是工作机构"):
        services.add_member(
            city.viewer("head"), group=city["school"], person=city.persons["clerk"], position=Position.MEMBER
        )


def test_the_form_offers_grown_ups_of_ones_own_units_only(city: City) -> None:
    PersonFactory.create(pupil=True, unit=city["c98"], code="c98-01")
    page = city.client("head").get(reverse("new-member", args=[city["group"].code]))
    offered = {person.code for person in page.context["form"].fields["person"].queryset}
    assert offered == {"clerk", "head", "recorder"}


def test_one_place_in_a_group_is_a_constraint_of_the_database(city: City) -> None:
    standing = MembershipFactory.create(group=city["group"])
    with pytest.raises(IntegrityError, match=r"one_place_in_a_group|membership\.group_id"), transaction.atomic():
        MembershipFactory.create(group=city["group"], person=standing.person)


def test_a_membership_does_not_end_before_it_began(city: City) -> None:
    yesterday = clock.today() - timedelta(days=1)
    with pytest.raises(IntegrityError, match="membership_dates"), transaction.atomic():
        MembershipFactory.create(group=city["group"], since=clock.today(), until=yesterday)
