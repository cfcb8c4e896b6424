"""The pages of units: what one sees of the tree, and what it costs to draw."""

from typing import Any

from django.urls import reverse

from chuangwen.core import clock
from tests.factories.city import City
from tests.factories.people import GrantFactory, MembershipFactory, PersonFactory, UnitFactory


def test_the_tree_begins_at_ones_own_unit_and_leaves_the_classes_to_the_school(city: City) -> None:
    rows = city.client("clerk").get(reverse("units")).context["rows"]
    assert [(unit.code, depth) for unit, depth in rows] == [("demo-primary", 0), ("demo-primary-group", 1)]
    whole = city.client("office").get(reverse("units")).context
    assert whole["total"] == 11
    assert [unit.code for unit, depth in whole["rows"] if depth == 0] == ["anlan"]


def test_a_school_shows_its_classes_with_how_many_persons_each_has(city: City) -> None:
    PersonFactory.create_batch(3, pupil=True, unit=city["c99"])
    PersonFactory.create(pupil=True, unit=city["c99"], withdrawn_at=clock.now())
    page = city.client("clerk").get(reverse("unit", args=["demo-primary"]))
    assert [(child.code, child.head_count) for child in page.context["children"]] == [
        ("demo-primary-c98", 1),
        ("demo-primary-c99", 3),
    ]


def test_the_page_shows_only_what_the_reader_may_do(city: City) -> None:
    buttons = {
        "persons": reverse("persons", args=["demo-primary"]),
        "new-person": reverse("new-person", args=["demo-primary"]),
        "new-group": reverse("new-group", args=["demo-primary"]),
        "new-grant": reverse("new-grant", args=["demo-primary"]),
    }
    shown = {}
    for part in ("reader", "clerk", "head"):
        text = city.client(part).get(reverse("unit", args=["demo-primary"])).content.decode()
        shown[part] = {name for name, address in buttons.items() if f'"{address}"' in text}
    assert shown == {"reader": set(), "clerk": {"persons", "new-person"}, "head": set(buttons)}


def test_a_full_unit_page_costs_few_queries(city: City, django_assert_max_num_queries: Any) -> None:
    for number in range(20):
        UnitFactory.create(klass=True, code=f"demo-primary-x{number}", parent=city["school"])
        UnitFactory.create(group=True, code=f"demo-primary-g{number}", parent=city["school"])
        GrantFactory.create(person=PersonFactory.create(unit=city["school"]), role_id="reader")
    client = city.client("office")
    with django_assert_max_num_queries(16):
        page = client.get(reverse("unit", args=["demo-primary"]))
    assert len(page.context["children"]) == 22
    assert len(page.context["groups"]) == 21


def test_a_group_of_twenty_costs_no_more(city: City, django_assert_max_num_queries: Any) -> None:
    MembershipFactory.create_batch(20, group=city["group"])
    client = city.client("office")
    with django_assert_max_num_queries(14):
        page = client.get(reverse("unit", args=[city["group"].code]))
    assert len(page.context["members"]) == 20


def test_the_tree_of_a_hundred_units_costs_few_queries(city: City, django_assert_max_num_queries: Any) -> None:
    for number in range(100):
        UnitFactory.create(code=f"bureau-{number}", parent=city["city"])
    client = city.client("office")
    with django_assert_max_num_queries(6):
        assert client.get(reverse("units")).context["total"] == 111
