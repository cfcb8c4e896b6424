"""What a grant reaches: from its first to its last day, down the tree, never sideways or up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.core import clock
from chuangwen.core.errors import Missing
from chuangwen.people.access import get_unit, pick_unit, units_with
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm, ancestor_paths, child_path
from tests.factories.city import City
from tests.factories.people import GrantFactory, UnitFactory


def seen(city: City, part: str, perm: Perm = Perm.UNIT_VIEW) -> set[str]:
    return set(units_with(city.viewer(part), perm).values_list("code", flat=True))


def test_a_grant_reaches_its_unit_and_everything_below(city: City) -> None:
    below = {"demo-primary", "demo-primary-c98", "demo-primary-c99", "demo-primary-group"}
    assert seen(city, "clerk") == below
    assert seen(city, "recorder") == {"demo-primary-c98"}
    assert seen(city, "office") == set(Unit.objects.values_list("code", flat=True))
    assert seen(city, "stranger") == set()


@pytest.mark.parametrize(("trait", "holds"), [("future", False), ("past", False), ("last_day", True)])
def test_a_grant_holds_from_its_first_to_its_last_day(city: City, trait: str, holds: bool) -> None:
    GrantFactory.create(person=city.persons["stranger"], unit=city["second"], **{trait: True})
    assert city.viewer("stranger").can(Perm.UNIT_VIEW, city["second"]) is holds
    assert (seen(city, "stranger") == {"demo-second-primary", "demo-second-primary-d11"}) is holds


def test_a_grant_holds_on_its_first_day(city: City) -> None:
    GrantFactory.create(person=city.persons["stranger"], unit=city["second"], since=clock.today())
    assert city.viewer("stranger").can(Perm.UNIT_VIEW, city["second"])


def test_a_path_that_only_begins_alike_is_not_below(city: City) -> None:
    """Each step ends with a slash: the grant over …/000012/ says nothing of …/000012x."""
    beside = UnitFactory.create(code="beside", parent=city["education"])
    Unit.objects.filter(pk=beside.pk).update(path=city["school"].path.rstrip("/") + "7/")
    beside.refresh_from_db()
    assert not city.viewer("clerk").can(Perm.UNIT_VIEW, beside)
    assert "beside" not in seen(city, "clerk")


def test_nothing_is_seen_above_or_beside(city: City) -> None:
    for name in ("city", "education", "second", "d11", "hospital", "district", "office"):
        assert not city.viewer("clerk").can(Perm.UNIT_VIEW, city[name]), name
        with pytest.raises(Missing):
            get_unit(city.viewer("clerk"), Perm.UNIT_VIEW, code=city[name].code)


def test_two_grants_reach_both_trees_and_no_more(city: City) -> None:
    GrantFactory.create(person=city.persons["clerk"], role_id="reader", unit=city["second"])
    viewer = city.viewer("clerk")
    assert viewer.can(Perm.UNIT_VIEW, city["d11"])
    assert not viewer.can(Perm.IMPORT_RUN, city["d11"])
    assert viewer.can(Perm.IMPORT_RUN, city["c98"])


def test_a_grant_inside_another_is_not_asked_for_twice(city: City) -> None:
    GrantFactory.create(person=city.persons["clerk"], unit=city["c98"])
    assert city.viewer("clerk").paths(Perm.UNIT_VIEW) == [city["school"].path]


def test_a_page_without_a_unit_is_about_the_highest_one(city: City) -> None:
    assert pick_unit(city.viewer("clerk"), Perm.UNIT_VIEW, None) == city["school"]
    assert pick_unit(city.viewer("office"), Perm.UNIT_VIEW, None) == city["city"]
    GrantFactory.create(person=city.persons["stranger"], unit=city["c98"])
    GrantFactory.create(person=city.persons["stranger"], unit=city["second"])
    assert pick_unit(city.viewer("stranger"), Perm.UNIT_VIEW, None) == city["second"]
    with pytest.raises(Missing):
        pick_unit(city.viewer("clerk"), Perm.UNIT_VIEW, "demo-hospital")
    with pytest.raises(Missing):
        pick_unit(city.viewer("recorder"), Perm.IMPORT_RUN, None)


@given(st.lists(st.integers(1, 999_999), min_size=1, max_size=8))
def test_a_path_names_every_unit_above_it_root_first(keys: list[int]) -> None:
    path = ""
    walked = []
    for key in keys:
        path = child_path(path, key)
        walked.append(path)
    assert ancestor_paths(path) == walked
    assert path.count("/") == len(keys)
