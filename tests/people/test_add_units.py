"""Several units below another at once, a name a line: all of them or none."""

import pytest
from django.urls import reverse

from chuangwen.core.errors import Missing, Refused
from chuangwen.people import services
from chuangwen.people.models import Unit
from tests.factories.city import City
from tests.factories.people import UnitFactory
from tests.factories.state import nothing_changes

CLASSES = [("c100", "六年级 c100 班"), ("c101", "六年级 c101 班")]


def added(city: City, part: str = "head", names: list[tuple[str, str]] | None = None) -> list[Unit]:
    return services.add_units(city.viewer(part), parent=city["school"], kind="class", names=names or CLASSES)


def test_the_head_adds_the_classes_of_the_school(city: City) -> None:
    units = added(city)
    assert [(unit.code, unit.short_name, unit.name) for unit in units] == [
        ("demo-primary-c100", "c100", "六年级 c100 班"),
        ("demo-primary-c101", "c101", "六年级 c101 班"),
    ]
    assert all(unit.path.startswith(city["school"].path) for unit in units)


@pytest.mark.parametrize("part", ["stranger", "other_clerk", "clerk", "recorder", "reader"])
def test_who_does_not_manage_the_unit_adds_none(city: City, part: str) -> None:
    with nothing_changes(), pytest.raises(Missing):
        added(city, part)


def test_one_short_name_that_is_taken_refuses_the_whole_list(city: City) -> None:
    with nothing_changes(), pytest.raises(Refused, match="简称“c98”已有单位在用") as refused:
        added(city, names=[("c100", "新班"), ("c98", "旧班")])
    assert refused.value.where == "names"


def test_names_without_a_short_one_get_free_codes(city: City) -> None:
    UnitFactory.create(code="demo-primary-g1", parent=city["school"])
    assert [unit.code for unit in added(city, names=[("", "教务处"), ("政", "政教处")])] == [
        "demo-primary-g2",
        "demo-primary-g3",
    ]


@pytest.mark.parametrize("length", [20, 50, 59, 60])
def test_a_code_never_grows_longer_than_its_column(city: City, length: int) -> None:
    parent = UnitFactory.create(code="p" * length, parent=city["school"])
    units = services.add_units(
        city.viewer("head"), parent=parent, kind="class", names=[("x" * 40, "一班"), ("", "二班"), ("", "三班")]
    )
    assert len({unit.code for unit in units}) == 3
    assert max(len(unit.code) for unit in units) <= 60


def test_the_page_takes_a_name_a_line(city: City) -> None:
    client = city.client("head")
    posted = {"kind": "class", "names": "c100 六年级 c100 班\n\n  c101   六年级 c101 班 \n教务处"}
    done = client.post(reverse("new-units", args=["demo-primary"]), posted, follow=True)
    assert "已加 3 个" in done.content.decode()
    listed = {(child.short_name, child.name) for child in done.context["children"]}
    assert {("c100", "六年级 c100 班"), ("c101", "六年级 c101 班"), ("", "教务处")} <= listed


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ("c100 一班\nc100 二班", "简称“c100”写了两次"),
        ("x" * 41 + " 一班", "太长"),
        ("c100 " + "长" * 121, "太长"),
        ("c98 一班", "简称“c98”已有单位在用"),
    ],
)
def test_a_line_that_will_not_do_is_named_and_nothing_is_added(city: City, names: str, sentence: str) -> None:
    client = city.client("head")
    with nothing_changes():
        page = client.post(reverse("new-units", args=["demo-primary"]), {"kind": "class", "names": names})
    assert sentence in page.context["form"].errors["names"][0]


def test_neither_city_nor_group_is_added_this_way(city: City) -> None:
    page = city.client("office").get(reverse("new-units", args=["anlan"]))
    offered = {kind.code for kind in page.context["form"].fields["kind"].queryset}
    assert "school" in offered
    assert not offered & {"city", "leading_group", "office", "working_group"}
