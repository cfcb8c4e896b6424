"""A unit is edited, moved, closed and reopened; nobody gains by it, nothing is left hanging."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.core.models import EventDetail
from chuangwen.duties.forms import OutcomeForm
from chuangwen.interop.comparing import touched_in_page
from chuangwen.interop.forms import ImportForm
from chuangwen.people import services, unit_queries
from chuangwen.people.models import Grant, Person, Role, Unit, UnitKind
from chuangwen.people.rules import Perm
from tests.factories.city import City
from tests.factories.people import GrantFactory, MembershipFactory, PersonFactory, UnitFactory
from tests.factories.state import nothing_changes, one_event

CREDIT = "91350100M000100Y43"


def edit(city: City, which: str = "school", part: str = "head", **changes: Any) -> Unit:
    unit = Unit.objects.get(pk=city[which].pk)
    return services.edit_unit(city.viewer(part), unit=unit, values=changes, seen=unit_queries.unit_values(unit))


def move(city: City, name: str, parent: str, part: str = "office") -> Unit:
    return services.move_unit(city.viewer(part), unit=city[name], parent=city[parent])


def test_an_edit_is_told_with_what_was_before(city: City) -> None:
    with one_event("unit.edited") as written:
        edit(city, name_en="New School", short_name="实小", division_code="430702", credit_code=CREDIT)
    assert written.event.data == {"changed": ["short_name", "name_en", "division_code", "credit_code"]}
    assert "实小" in EventDetail.objects.get(event=written.event).text
    told = unit_queries.unit_history(city["school"])[0].differences
    assert next((str(each.label), each.before, each.after) for each in told) == ("简称", "—", "实小")


@pytest.mark.parametrize("part", ["stranger", "other_clerk", "clerk", "recorder", "reader"])
def test_who_does_not_manage_a_unit_changes_nothing_of_it(city: City, part: str) -> None:
    viewer = city.viewer(part)
    with nothing_changes():
        with pytest.raises(Missing):
            edit(city, part=part, name="别的")
        for verb in (services.close_unit, services.reopen_unit):
            with pytest.raises(Missing):
                verb(viewer, unit=city["school"])
        with pytest.raises(Missing):
            services.move_unit(viewer, unit=city["school"], parent=city["district"])


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"name": "安澜市第二小学"}, "name"),
        ({"division_code": "43070"}, "division_code"),
        ({"credit_code": "91350100M000100Y44"}, "credit_code"),
    ],
)
def test_a_bad_value_is_refused_at_its_field(city: City, changes: dict[str, str], where: str) -> None:
    with nothing_changes(), pytest.raises(Refused) as refused:
        edit(city, **changes)
    assert refused.value.where == where


def test_a_short_name_is_taken_once_under_a_parent_and_a_credit_code_once_at_all(city: City) -> None:
    edit(city, "hospital", "office", credit_code=CREDIT)
    with nothing_changes():
        with pytest.raises(Refused, match="简称“c99”"):
            edit(city, "c98", short_name="c99")
        with pytest.raises(Refused, match="康宁医院"):
            edit(city, credit_code=CREDIT)


def test_a_unit_is_no_group_and_no_city(city: City) -> None:
    with nothing_changes():
        with pytest.raises(Refused, match="不能和普通单位互换"):
            edit(city, kind=UnitKind.objects.get(code="working_group"))
        with pytest.raises(Refused, match="只有最上面的单位"):
            edit(city, kind=UnitKind.objects.get(code="city"))
        with pytest.raises(Refused, match="只有最上面的单位"):
            edit(city, "city", "office", kind=UnitKind.objects.get(code="bureau"))


def test_who_comes_second_is_told(city: City) -> None:
    unit = Unit.objects.get(pk=city["school"].pk)
    seen = unit_queries.unit_values(unit)
    edit(city, name="安澜市实验一小")
    with nothing_changes(), pytest.raises(Conflict, match="安澜市实验小学 → 安澜市实验一小"):
        services.edit_unit(city.viewer("head"), unit=unit, values={"name_en": "X"}, seen=seen)


def test_the_form_of_a_unit_saves_and_keeps_a_retired_kind_that_it_has(city: City) -> None:
    UnitKind.objects.filter(code__in=["school", "ward"]).update(retired_on=timezone.localdate())
    client = city.client("head")
    address = reverse("edit-unit", args=[city["school"].code])
    form = client.get(address).context["form"]
    offered = {kind.code for kind in form.fields["kind"].queryset}
    assert ("school" in offered, "ward" in offered, "city" in offered) == (True, False, False)
    sent = {"name": "新名", "kind": "school", "credit_code": CREDIT.lower(), "seen": form["seen"].value()}
    assert client.post(address, sent).status_code == 302
    city["school"].refresh_from_db()
    assert (city["school"].name, city["school"].credit_code) == ("新名", CREDIT)


def test_a_move_takes_the_whole_subtree_along(city: City) -> None:
    gone = UnitFactory.create(klass=True, code="gone", parent=city["school"], withdrawn_at=timezone.now())
    outside = {unit.pk: unit.path for unit in Unit.objects.exclude(path__startswith=city["school"].path)}
    with one_event("unit.moved") as written:
        move(city, "school", "district")
    assert written.event.data == {
        "from": str(city["education"].uid), "to": str(city["district"].uid), "count": 5,
    }  # fmt: skip
    for name in ("school", "c98", "c99", "group"):
        unit = Unit.objects.get(pk=city[name].pk)
        assert unit.path.startswith(city["district"].path)
        assert unit.path == f"{unit.parent.path if unit.parent else ''}{unit.pk:06d}/"
    gone.refresh_from_db()
    assert gone.path.startswith(city["district"].path)
    assert {unit.pk: unit.path for unit in Unit.objects.filter(pk__in=outside)} == outside


def test_rights_follow_the_new_parent(city: City) -> None:
    for name in ("education", "district"):
        person = city.persons[name] = PersonFactory.create(unit=city[name])
        GrantFactory.create(person=person, role_id="unit_head", unit=city[name])
    assert city.viewer("education").can(Perm.UNIT_VIEW, city["c98"])
    move(city, "school", "district")
    moved = Unit.objects.get(pk=city["c98"].pk)
    assert not city.viewer("education").can(Perm.UNIT_VIEW, moved)
    assert city.viewer("district").can(Perm.UNIT_VIEW, moved)
    assert city.viewer("head").can(Perm.UNIT_MANAGE, moved)


@pytest.mark.parametrize(
    ("name", "parent", "sentence"),
    [
        ("school", "school", "自己的下级"),
        ("school", "c98", "自己的下级"),
        ("school", "education", "本来就在"),
        ("school", "group", "自己的下级"),
        ("school", "office", "工作机构下面"),
        ("city", "district", "最上面"),
    ],
)
def test_a_move_that_cannot_be_is_refused(city: City, name: str, parent: str, sentence: str) -> None:
    with nothing_changes(), pytest.raises(Refused, match=sentence):
        move(city, name, parent)


def test_a_move_needs_the_right_over_both_parents(city: City) -> None:
    GrantFactory.create(person=city.persons["head"], role_id="unit_head", unit=city["second"])
    with nothing_changes(), pytest.raises(Missing):
        move(city, "school", "second", "head")
    GrantFactory.create(person=city.persons["head"], role_id="unit_head", unit=city["education"])
    move(city, "school", "second", "head")


def test_nobody_gains_a_right_by_their_own_move(city: City) -> None:
    person = city.persons["mover"] = PersonFactory.create(unit=city["office"])
    GrantFactory.create(person=person, role_id="unit_head", unit=city["education"])
    GrantFactory.create(person=person, role_id="city_office", unit=city["district"])
    with nothing_changes(), pytest.raises(Refused, match="多出权限"):
        move(city, "school", "district", "mover")


def test_nothing_is_moved_under_what_is_closed_or_beside_its_namesake(city: City) -> None:
    closed = city.units["closed"] = UnitFactory.create(parent=city["city"], closed_on=timezone.localdate())
    city.units["twin"] = UnitFactory.create(parent=city["district"], name=city["school"].name)
    with nothing_changes():
        with pytest.raises(Refused, match="已停用"):
            move(city, "school", "closed")
        with pytest.raises(Refused, match="同一个上级下面已有"):
            move(city, "school", "district")
    assert closed not in unit_queries.parents_for(city.viewer("office"), city["school"])


def test_a_tree_does_not_grow_deeper_than_its_paths(city: City) -> None:
    parent = city["district"]
    for number in range(26):
        parent = UnitFactory.create(parent=parent, code=f"deep-{number}")
    city.units["deep"] = parent
    with nothing_changes(), pytest.raises(Refused, match="层数太多"):
        move(city, "school", "deep")


def test_closing_names_what_still_hangs_on_the_unit(city: City) -> None:
    MembershipFactory.create(group=city["group"], person=PersonFactory.create(unit=city["hospital"]))
    with nothing_changes(), pytest.raises(Refused, match="在用的下级单位和工作机构 3，人员 2，没有到期的授权 2"):
        services.close_unit(city.viewer("office"), unit=city["school"])
    with nothing_changes(), pytest.raises(Refused, match="没有结束的组内职务 1"):
        services.close_unit(city.viewer("office"), unit=city["group"])
    page = city.client("office").get(reverse("close-unit", args=[city["school"].code])).content.decode()
    for shown in ("c98 班", "clerk 的姓名", "单位经办人", reverse("unit", args=[city["c98"].code])):
        assert shown in page
    assert "停用这个" not in page


def empty(city: City) -> Unit:
    unit = city.units["empty"] = UnitFactory.create(parent=city["city"], code="empty", name="空单位")
    return unit


def test_a_closed_unit_is_chosen_for_nothing_new_and_comes_back(city: City) -> None:
    unit, office = empty(city), city.viewer("office")
    assert unit in OutcomeForm(office).fields["unit"].queryset  # type: ignore[attr-defined]
    with one_event("unit.closed"):
        services.close_unit(office, unit=unit)
    unit.refresh_from_db()
    assert unit.closed_on == timezone.localdate()
    assert unit not in OutcomeForm(office).fields["unit"].queryset  # type: ignore[attr-defined]
    assert unit not in ImportForm(office).fields["unit"].queryset  # type: ignore[attr-defined]
    page = city.client("office").get(reverse("unit", args=[unit.code])).content.decode()
    assert "起停用" in page
    assert reverse("new-units", args=[unit.code]) not in page
    with pytest.raises(Conflict, match="已经停用"):
        services.close_unit(office, unit=unit)
    with one_event("unit.reopened"):
        services.reopen_unit(office, unit=unit)
    with pytest.raises(Conflict, match="没有停用"):
        services.reopen_unit(office, unit=unit)


def test_a_unit_does_not_reopen_under_a_closed_one_or_beside_its_namesake(city: City) -> None:
    office, unit = city.viewer("office"), empty(city)
    services.close_unit(office, unit=unit)
    UnitFactory.create(parent=city["city"], code="empty-2", name="空单位")
    with nothing_changes(), pytest.raises(Refused, match="已有“空单位”"):
        services.reopen_unit(office, unit=unit)
    Unit.objects.filter(pk=city["city"].pk).update(closed_on=timezone.localdate())
    with nothing_changes(), pytest.raises(Refused, match="已停用"):
        services.reopen_unit(office, unit=unit)


def test_the_city_itself_is_never_closed(city: City) -> None:
    Person.objects.filter(unit=city["city"]).delete()
    Grant.objects.filter(unit=city["city"]).exclude(person=city.persons["office"]).delete()
    with nothing_changes(), pytest.raises(Refused, match="最上面"):
        services.close_unit(city.viewer("office"), unit=city["city"])


def test_nothing_new_is_put_under_a_closed_unit(city: City) -> None:
    office = city.viewer("office")
    closed = UnitFactory.create(parent=city["city"], code="closed", closed_on=timezone.localdate())
    group = UnitFactory.create(group=True, parent=city["city"], code="closed-group", closed_on=timezone.localdate())
    clerk, reader = city.persons["clerk"], Role.objects.get(code="reader")
    acts: list[Callable[[], object]] = [
        lambda: services.add_unit(office, parent=closed, code="x", name="新", kind="bureau"),
        lambda: services.add_units(office, parent=closed, kind="bureau", names=[("", "新")]),
        lambda: services.add_person(office, unit=closed, code="x", name="新人"),
        lambda: services.give_grant(office, person=clerk, role=reader, unit=closed),
        lambda: services.add_member(office, group=group, person=clerk, position="member"),
    ]
    for act in acts:
        with nothing_changes(), pytest.raises(Refused, match="已停用"):
            act()


def test_a_workbook_leaves_a_unit_alone_that_was_edited_here(city: City) -> None:
    edit(city, "c98", name="六年级一班")
    assert touched_in_page([city["c98"].uid, city["c99"].uid]) == {city["c98"].uid}
