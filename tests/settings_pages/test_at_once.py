"""What two people do at the same moment: one of them is first, and nothing comes to harm."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chuangwen.core.errors import Conflict, Refused
from chuangwen.people import services as people
from chuangwen.people.models import Role, Unit, UnitKind
from chuangwen.people.settings import ROLES, UNIT_KINDS
from chuangwen.web import services
from tests.factories.city import City, build
from tests.factories.people import AccountFactory, GrantFactory, PersonFactory
from tests.factories.threads import at_once, reached_by_threads

pytestmark = pytest.mark.django_db(transaction=True)
KEEPER = ["reference.manage", "grant.manage", "unit.view"]


@pytest.fixture
def city_of_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> City:
    """A city that threads reach; a database that lives in memory is copied to a file, where locks are real."""
    city = build()
    for number in (1, 2):
        Role.objects.create(code=f"keeper-{number}", name=f"设置员{number}", permissions=KEEPER)
        person = city.persons[f"keeper-{number}"] = PersonFactory.create(unit=city["office"])
        AccountFactory.create(person=person)
        GrantFactory.create(person=person, role_id=f"keeper-{number}", unit=city["city"])
    without = [perm for perm in Role.objects.get(code="city_office").permissions if perm not in KEEPER[:2]]
    Role.objects.filter(code="city_office").update(permissions=without)
    reached_by_threads(tmp_path, monkeypatch)
    return city


def test_two_units_are_never_put_under_each_other(city_of_threads: City) -> None:
    city = city_of_threads
    office, other = city.viewer("office"), city.viewer("office")
    refused = at_once(
        lambda: people.move_unit(office, unit=city["district"], parent=city["education"]),
        lambda: people.move_unit(other, unit=city["education"], parent=city["district"]),
    )
    assert [type(each) for each in refused] == [Refused]
    for unit in Unit.objects.select_related("parent"):
        assert unit.path == f"{unit.parent.path if unit.parent else ''}{unit.pk:06d}/"


def test_of_two_edits_one_is_told_of_the_other(city_of_threads: City) -> None:
    city = city_of_threads
    seen = UNIT_KINDS.values(UnitKind.objects.get(code="bureau"))

    def edit(part: str, name: str) -> Callable[[], object]:
        viewer = city.viewer(part)
        return lambda: services.edit_row(viewer, UNIT_KINDS, code="bureau", values=seen | {"name": name}, seen=seen)

    refused = at_once(edit("keeper-1", "局"), edit("keeper-2", "委"))
    assert [type(each) for each in refused] == [Conflict]


def test_of_two_rows_with_one_code_and_of_two_with_one_name_one_comes(city_of_threads: City) -> None:
    city = city_of_threads

    def add(part: str, code: str, name: str) -> Callable[[], object]:
        viewer = city.viewer(part)
        return lambda: services.add_row(viewer, UNIT_KINDS, code=code, values={"name": name})

    assert len(at_once(add("keeper-1", "library", "图书馆"), add("keeper-2", "library", "文化馆"))) == 1
    assert len(at_once(add("keeper-1", "museum", "博物馆"), add("keeper-2", "museum-2", "博物馆"))) == 1


def test_two_who_hold_the_key_do_not_take_it_from_both(city_of_threads: City) -> None:
    city = city_of_threads

    def drop(part: str, code: str) -> Callable[[], object]:
        viewer = city.viewer(part)
        # As a request that began a moment before: it still knows the rights of then.
        assert viewer.grants
        seen = ROLES.values(Role.objects.get(code=code))
        return lambda: services.edit_row(
            viewer, ROLES, code=code, values=seen | {"permissions": ["unit.view"]}, seen=seen
        )

    refused = at_once(drop("keeper-1", "keeper-2"), drop("keeper-2", "keeper-1"))
    assert [type(each) for each in refused] == [Refused]
