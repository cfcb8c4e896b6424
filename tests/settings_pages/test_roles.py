"""A role is changed by its ticks; nobody gives themselves more by it, and nobody locks the house."""

from typing import Any

import pytest

from chuangwen.core.errors import Missing, Refused
from chuangwen.people import queries as people
from chuangwen.people import services as people_services
from chuangwen.people.models import Account, Role
from chuangwen.people.permissions import EXPLAINED
from chuangwen.people.rules import Perm
from chuangwen.people.settings import ROLES
from chuangwen.web import services
from tests.factories.city import City
from tests.factories.people import AccountFactory, GrantFactory, PersonFactory
from tests.factories.state import nothing_changes, one_event


def edit(city: City, code: str, perms: list[str], part: str = "office") -> Any:
    seen = ROLES.values(Role.objects.get(code=code))
    return services.edit_row(city.viewer(part), ROLES, code=code, values=seen | {"permissions": perms}, seen=seen)


def test_every_permission_is_explained() -> None:
    assert list(EXPLAINED) == list(Perm)


def test_a_role_gets_a_permission_and_whoever_holds_it_has_it_at_once(city: City) -> None:
    before = Role.objects.get(code="unit_clerk").permissions
    assert not city.viewer("clerk").can(Perm.EVENT_VIEW, city["school"])
    with one_event("reference.edited") as written:
        edit(city, "unit_clerk", [*before, "event.view"])
    assert written.event.data["before"] == {"permissions": before}
    assert city.viewer("clerk").can(Perm.EVENT_VIEW, city["school"])


def test_the_form_ticks_what_the_role_has_and_says_what_each_means(city: City) -> None:
    page = city.client("office").get("/settings/roles/reader/").content.decode()
    assert page.count(" checked") == 4
    assert "把角色授给别人、收回；授不出自己没有的权限" in page


def test_saving_the_form_as_it_is_changes_nothing(city: City) -> None:
    client = city.client("office")
    form = client.get("/settings/roles/unit_head/").context["form"]
    sent = {name: form.initial[name] for name in ("name", "name_en", "permissions")}
    sent["seen"] = form["seen"].value()
    with nothing_changes():
        assert client.post("/settings/roles/unit_head/", sent).status_code == 302


def test_nobody_puts_into_a_role_what_they_do_not_hold_over_the_city(city: City) -> None:
    Role.objects.create(code="keeper", name="设置员", permissions=["reference.manage", "unit.view"])
    person = PersonFactory.create(unit=city["office"])
    city.persons["keeper"] = person
    AccountFactory.create(person=person)
    GrantFactory.create(person=person, role_id="keeper", unit=city["city"])
    GrantFactory.create(person=person, role_id="city_office", unit=city["school"])
    with nothing_changes(), pytest.raises(Refused, match="您自己在全市没有“签发文书”") as refused:
        edit(city, "keeper", ["reference.manage", "unit.view", "report.sign"], "keeper")
    assert refused.value.where == "permissions"
    with pytest.raises(Refused, match="您自己在全市没有"):
        services.add_row(
            city.viewer("keeper"), ROLES, code="lord", values={"name": "全能", "permissions": ["grant.manage"]}
        )
    # What a role has already may stay and go.
    edit(city, "unit_head", [p for p in Role.objects.get(code="unit_head").permissions if p != "report.sign"], "keeper")


def test_returning_a_role_to_its_file_gives_nobody_what_they_do_not_hold(city: City) -> None:
    Role.objects.create(code="keeper", name="设置员", permissions=["reference.manage", "unit.view"])
    city.persons["keeper"] = PersonFactory.create(unit=city["office"])
    GrantFactory.create(person=city.persons["keeper"], role_id="keeper", unit=city["city"])
    edit(city, "reader", ["unit.view"])
    with nothing_changes(), pytest.raises(Refused, match="您自己在全市没有"):
        services.return_row(city.viewer("keeper"), ROLES, code="reader")


@pytest.mark.parametrize("perm", ["reference.manage", "grant.manage"])
def test_the_last_who_can_sign_in_with_a_key_keeps_it(city: City, perm: str) -> None:
    rest = [each for each in Role.objects.get(code="city_office").permissions if each != perm]
    with nothing_changes(), pytest.raises(Refused, match="全市就没有人有这个权限"):
        edit(city, "city_office", rest)


@pytest.mark.parametrize("account", [True, False])
def test_a_key_may_go_when_somebody_else_can_sign_in_with_it(city: City, account: bool) -> None:
    Role.objects.create(code="keeper", name="设置员", permissions=["reference.manage"])
    other = PersonFactory.create(unit=city["office"])
    if account:
        AccountFactory.create(person=other)
    GrantFactory.create(person=other, role_id="keeper", unit=city["city"])
    rest = [each for each in Role.objects.get(code="city_office").permissions if each != "reference.manage"]
    if account:
        edit(city, "city_office", rest)
        assert Role.objects.get(code="city_office").permissions == rest
    else:
        with pytest.raises(Refused):
            edit(city, "city_office", rest)


def test_a_closed_account_is_no_key(city: City) -> None:
    Role.objects.create(code="keeper", name="设置员", permissions=["reference.manage"])
    other = PersonFactory.create(unit=city["office"])
    AccountFactory.create(person=other)
    GrantFactory.create(person=other, role_id="keeper", unit=city["city"])
    Account.objects.filter(person=other).update(is_active=False)
    rest = [each for each in Role.objects.get(code="city_office").permissions if each != "reference.manage"]
    with pytest.raises(Refused):
        edit(city, "city_office", rest)


def test_a_role_without_permissions_or_with_unknown_ones_is_none(city: City) -> None:
    with nothing_changes():
        with pytest.raises(Refused, match="一个权限也没有勾"):
            edit(city, "reader", [])
        with pytest.raises(Refused, match=r"没有“world\.rule”"):
            edit(city, "reader", ["unit.view", "world.rule"])


def test_the_system_operator_keeps_its_permissions_and_is_not_retired(city: City) -> None:
    with nothing_changes():
        with pytest.raises(Refused, match="替命令办事"):
            edit(city, "operator", ["unit.view"])
        with pytest.raises(Refused, match="不能停用"):
            services.retire_row(city.viewer("office"), ROLES, code="operator")


def test_a_retired_role_is_given_to_nobody_and_stays_with_its_holders(city: City) -> None:
    services.retire_row(city.viewer("office"), ROLES, code="reader")
    assert "reader" not in {role.code for role in people.roles()}
    with nothing_changes(), pytest.raises(Refused, match="已经停用"):
        people_services.give_grant(
            city.viewer("office"),
            person=city.persons["clerk"],
            role=Role.objects.get(code="reader"),
            unit=city["school"],
        )
    assert city.viewer("reader").can(Perm.UNIT_VIEW, city["school"])


def test_the_last_grant_of_a_key_is_not_taken_back_and_its_holder_does_not_leave(city: City) -> None:
    Role.objects.create(code="keeper", name="设置员", permissions=["reference.manage"])
    rest = [each for each in Role.objects.get(code="city_office").permissions if each != "reference.manage"]
    other = PersonFactory.create(unit=city["office"])
    AccountFactory.create(person=other)
    only = GrantFactory.create(person=other, role_id="keeper", unit=city["city"])
    Role.objects.filter(code="city_office").update(permissions=rest)
    with nothing_changes(), pytest.raises(Refused, match="全市就没有人有“改设置”"):
        people_services.end_grant(city.viewer("office"), grant_uid=only.uid)
    GrantFactory.create(person=city.persons["office"], role_id="keeper", unit=city["school"])
    with nothing_changes(), pytest.raises((Refused, Missing)):
        people_services.let_go(city.viewer("office"), person=other)
    Role.objects.filter(code="city_office").update(permissions=[*rest, "reference.manage"])
    people_services.end_grant(city.viewer("office"), grant_uid=only.uid)
