"""Rows of settings are added, edited, retired, brought back and returned to their file, each with its past."""

from typing import Any

import pytest

from chuangwen.core.errors import Conflict, Missing, Refused
from chuangwen.core.models import Event
from chuangwen.core.setting import Setting, find_setting, settings
from chuangwen.duties.settings import OUTCOME_KINDS
from chuangwen.people import queries as people
from chuangwen.people.models import Grant, UnitKind
from chuangwen.people.settings import LEVELS, UNIT_KINDS
from chuangwen.places.models import Place, PlaceType
from chuangwen.places.settings import PLACE_TYPES
from chuangwen.web import reference_queries, services
from tests.factories import places as ground
from tests.factories.city import City
from tests.factories.state import nothing_changes, one_event

NEW = {"name": "夜市", "name_en": "Night market", "group": "商业和服务", "group_en": "Trade and services",
       "shape": "area", "layer": "register", "sort": 445}  # fmt: skip


def now(setting: Setting, code: str) -> dict[str, Any]:
    return setting.values(setting.model._default_manager.get(pk=code))


def edit(city: City, setting: Setting, code: str, **changes: Any) -> Any:
    seen = now(setting, code)
    return services.edit_row(city.viewer("office"), setting, code=code, values=seen | changes, seen=seen)


def test_a_new_row_is_kept_whole_and_is_never_overwritten_by_a_file(city: City) -> None:
    with one_event("reference.added") as written:
        row = services.add_row(city.viewer("office"), PLACE_TYPES, code="night_market", values=NEW)
    assert now(PLACE_TYPES, "night_market") == NEW
    assert row.edited_at is not None
    assert written.event.data == {"table": "place-types", "code": "night_market", "after": NEW}
    assert written.event.unit_uid == city["city"].uid


@pytest.mark.parametrize("part", ["stranger", "other_clerk", "clerk", "head", "recorder", "reader"])
def test_whoever_does_not_hold_it_over_the_whole_city_changes_nothing(city: City, part: str) -> None:
    viewer = city.viewer(part)
    values = now(UNIT_KINDS, "school")
    with nothing_changes():
        with pytest.raises(Missing):
            services.add_row(viewer, PLACE_TYPES, code="night_market", values=NEW)
        with pytest.raises(Missing):
            services.edit_row(viewer, UNIT_KINDS, code="school", values=values | {"name": "学堂"}, seen=values)
        for verb in services.VERBS.values():
            with pytest.raises(Missing):
                verb(viewer, UNIT_KINDS, code="school")


def test_over_a_single_unit_the_permission_opens_no_table_of_the_city(city: City) -> None:
    Grant.objects.filter(person=city.persons["head"]).update(role="city_office")
    with pytest.raises(Missing):
        services.retire_row(city.viewer("head"), UNIT_KINDS, code="ward")
    page = city.client("head").get("/settings/")
    assert page.status_code == 404
    assert 'href="/settings/"' not in city.client("head").get("/desk/").content.decode()
    assert 'href="/settings/"' in city.client("office").get("/desk/").content.decode()


@pytest.mark.parametrize("code", ["Night", "夜市", "", "1st", "night market", "_x", "night\n"])
def test_a_code_has_small_letters_digits_and_dashes(city: City, code: str) -> None:
    with nothing_changes(), pytest.raises(Refused, match="小写英文字母") as refused:
        services.add_row(city.viewer("office"), PLACE_TYPES, code=code, values=NEW)
    assert refused.value.where == "code"


@pytest.mark.parametrize(
    ("changes", "where"),
    [({"name": ""}, "name"), ({"name": "长" * 41}, "name"), ({"shape": "cube"}, "shape"), ({"sort": -1}, "sort"),
     ({"name": "集贸市场"}, "name"), ({"sort": "many"}, "sort")],
)  # fmt: skip
def test_a_bad_value_is_refused_at_its_field(city: City, changes: dict[str, Any], where: str) -> None:
    with nothing_changes(), pytest.raises(Refused) as refused:
        services.add_row(city.viewer("office"), PLACE_TYPES, code="night_market", values=NEW | changes)
    assert refused.value.where == where


def test_a_code_is_given_once_even_if_its_row_is_retired(city: City) -> None:
    services.retire_row(city.viewer("office"), PLACE_TYPES, code="market")
    with nothing_changes(), pytest.raises(Refused, match="已是“集贸市场”"):
        services.add_row(city.viewer("office"), PLACE_TYPES, code="market", values=NEW)


def test_an_edit_says_what_was_and_what_is(city: City) -> None:
    with one_event("reference.edited") as written:
        edit(city, UNIT_KINDS, "bureau", name="市直部门")
    assert written.event.data == {
        "table": "unit-kinds",
        "code": "bureau",
        "before": {"name": "部门"},
        "after": {"name": "市直部门"},
    }
    past = reference_queries.history(UNIT_KINDS, "bureau")
    told = past[0].differences[0]
    assert (past[0].actor, str(told.label), told.before, told.after) == ("office 的姓名", "名称", "部门", "市直部门")


def test_saving_without_a_change_leaves_no_trace(city: City) -> None:
    with nothing_changes():
        edit(city, UNIT_KINDS, "bureau")


def test_who_comes_second_is_told_what_the_first_one_changed(city: City) -> None:
    seen = now(UNIT_KINDS, "bureau")
    edit(city, UNIT_KINDS, "bureau", name="市直部门")
    with nothing_changes(), pytest.raises(Conflict, match="名称 部门 → 市直部门"):
        services.edit_row(
            city.viewer("office"), UNIT_KINDS, code="bureau", values=seen | {"name_en": "Office"}, seen=seen
        )


def test_after_a_conflict_pressing_again_is_a_decision(city: City) -> None:
    client = city.client("office")
    form = client.get("/settings/unit-kinds/bureau/").context["form"]
    sent = {"name": "局委办", "name_en": "Bureau", "seen": form["seen"].value()}
    edit(city, UNIT_KINDS, "bureau", name="市直部门")
    page = client.post("/settings/unit-kinds/bureau/", sent)
    assert "别人改过：名称 部门 → 市直部门" in page.content.decode()
    again = client.post("/settings/unit-kinds/bureau/", sent | {"seen": page.context["form"].data["seen"]})
    assert (again.status_code, now(UNIT_KINDS, "bureau")["name"]) == (302, "局委办")


def test_a_retired_kind_is_no_longer_offered_and_stays_where_it_is(city: City) -> None:
    with one_event("reference.retired"):
        services.retire_row(city.viewer("office"), UNIT_KINDS, code="hospital")
    assert "hospital" not in {kind.code for kind in people.unit_kinds()}
    city["hospital"].refresh_from_db()
    assert city["hospital"].kind_id == "hospital"
    with one_event("reference.restored"):
        services.restore_row(city.viewer("office"), UNIT_KINDS, code="hospital")
    assert "hospital" in {kind.code for kind in people.unit_kinds()}


def test_what_is_in_use_may_be_retired_and_the_page_says_how_much_keeps_it(city: City) -> None:
    client = city.client("office")
    assert "2 条" in client.get("/settings/unit-kinds/school/").content.decode()
    said = client.post("/settings/unit-kinds/school/retire/", follow=True).content.decode()
    assert "“学校”已停用；2 条记录还用着它" in said
    said = client.post("/settings/unit-kinds/ward/retire/", follow=True).content.decode()
    assert "“病区”已停用，用过它的记录不变" in said


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        (UNIT_KINDS, "class"),
        (UNIT_KINDS, "city"),
        (LEVELS, "city"),
        (PLACE_TYPES, "city_area"),
        (OUTCOME_KINDS, "essay"),
    ],
)
def test_what_the_program_names_by_code_can_be_renamed_but_not_retired(city: City, setting: Setting, code: str) -> None:
    with nothing_changes(), pytest.raises(Refused, match="不能停用"):
        services.retire_row(city.viewer("office"), setting, code=code)
    edit(city, setting, code, name="别的名称")
    assert now(setting, code)["name"] == "别的名称"


def test_every_protected_code_stands_in_its_file() -> None:
    for setting in settings():
        assert set(setting.protected) <= {row["code"] for row in setting.source()}, setting.key


def test_retiring_twice_or_restoring_what_stands_is_a_conflict(city: City) -> None:
    services.retire_row(city.viewer("office"), UNIT_KINDS, code="ward")
    with pytest.raises(Conflict, match="已经停用"):
        services.retire_row(city.viewer("office"), UNIT_KINDS, code="ward")
    with pytest.raises(Conflict, match="没有停用"):
        services.restore_row(city.viewer("office"), UNIT_KINDS, code="school")


def test_a_row_does_not_come_back_beside_one_that_took_its_name(city: City) -> None:
    services.retire_row(city.viewer("office"), UNIT_KINDS, code="ward")
    UnitKind.objects.create(code="ward-2", name="病区", name_en="")
    with nothing_changes(), pytest.raises(Refused, match="已有"):
        services.restore_row(city.viewer("office"), UNIT_KINDS, code="ward")


def test_a_row_goes_back_to_its_file_and_follows_it_again(city: City) -> None:
    edit(city, UNIT_KINDS, "bureau", name="市直部门")
    says = reference_queries.file_says(UNIT_KINDS, UnitKind.objects.get(code="bureau"))
    assert [(each.before, each.after) for each in says.differences] == [("部门", "市直部门")]
    with one_event("reference.returned") as written:
        services.return_row(city.viewer("office"), UNIT_KINDS, code="bureau")
    assert written.event.data["after"] == {"name": "部门"}
    kind = UnitKind.objects.get(code="bureau")
    assert (kind.name, kind.edited_at) == ("部门", None)


def test_what_was_added_here_has_no_file_to_go_back_to(city: City) -> None:
    services.add_row(city.viewer("office"), PLACE_TYPES, code="night_market", values=NEW)
    with nothing_changes(), pytest.raises(Refused, match="是这里加的"):
        services.return_row(city.viewer("office"), PLACE_TYPES, code="night_market")


@pytest.mark.parametrize("key", ["place-types", "unit-kinds", "levels", "roles", "outcome-kinds", "office-hours"])
def test_every_row_is_as_its_file_says_after_loading(db: None, key: str) -> None:
    setting = find_setting(key)
    assert setting is not None
    rows = list(setting.model._default_manager.all())
    assert rows
    assert [row.pk for row in rows if setting.values(row) != setting.file_values(row.pk)] == []


def place_of(type_code: str, city: City) -> Place:
    return ground.place(city["city"], type_code=type_code)


@pytest.mark.parametrize(("column", "value"), [("shape", "area"), ("layer", "base")])
def test_a_type_that_places_have_keeps_its_shape_and_layer(city: City, column: str, value: str) -> None:
    edit(city, PLACE_TYPES, "bank", **{column: value})
    place_of("market", city)
    with nothing_changes(), pytest.raises(Refused, match="已有 1 个点位") as refused:
        edit(city, PLACE_TYPES, "market", **{column: value})
    assert refused.value.where == column
    assert PlaceType.objects.get(code="market").shape == "point"


def test_a_rank_is_taken_once(city: City) -> None:
    with nothing_changes(), pytest.raises(Refused, match="第 1 级已经是“市”"):
        edit(city, LEVELS, "town", rank=1)


def test_a_kind_that_units_have_does_not_become_a_group(city: City) -> None:
    with nothing_changes(), pytest.raises(Refused, match="已有 1 个单位"):
        edit(city, UNIT_KINDS, "hospital", is_group=True)


def test_outcomes_have_two_levels_and_no_more(city: City) -> None:
    with nothing_changes():
        with pytest.raises(Refused, match="只分两层"):
            edit(city, OUTCOME_KINDS, "leaflet", parent="persuaded_parking")
        with pytest.raises(Refused, match="有细类"):
            edit(city, OUTCOME_KINDS, "persuaded", parent="violation")
        with pytest.raises(Refused, match="自己下面"):
            edit(city, OUTCOME_KINDS, "leaflet", parent="leaflet")


def test_the_past_of_another_row_is_not_shown(city: City) -> None:
    edit(city, UNIT_KINDS, "bureau", name="市直部门")
    assert reference_queries.history(UNIT_KINDS, "school") == []
    assert Event.objects.filter(noun="reference").count() == 1
