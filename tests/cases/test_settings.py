"""What a city edits about cases: categories, rules of routing, frequent words, the policy; and what is refused."""

from datetime import time
from typing import Any

import pytest
from django.urls import reverse

from chuangwen import reference_data
from chuangwen.cases import routing, settings
from chuangwen.cases import services as case_services
from chuangwen.cases.models import CaseCategory, CasePolicy, RoutingRule
from chuangwen.core import clock
from chuangwen.core.errors import Missing, Refused
from chuangwen.core.setting import Setting
from chuangwen.people.models import Unit
from chuangwen.web import services
from tests.factories import cases as made
from tests.factories import places as ground
from tests.factories.city import City
from tests.factories.places import drawn, place
from tests.factories.state import nothing_changes, one_event

ALL = (settings.CATEGORIES, settings.ROUTING_RULES, settings.RESPONSE_TEMPLATES, settings.POLICY)
RULE: dict[str, Any] = {
    "name": "占道归街道", "name_en": "", "sort": 50, "kind": "", "category": None, "group": "order", "place_type": None,
    "area": None, "time_from": None, "time_to": None, "unit": None,
}  # fmt: skip


def edit(city: City, setting: Setting, code: str, **changes: Any) -> Any:
    seen = setting.values(setting.model._default_manager.get(pk=code))
    return services.edit_row(city.viewer("office"), setting, code=code, values=seen | changes, seen=seen)


def add_rule(city: City, code: str = "new", **changes: Any) -> Any:
    return services.add_row(city.viewer("office"), settings.ROUTING_RULES, code=code, values=RULE | changes)


def refusal(where: str, act: Any) -> str:
    with nothing_changes(), pytest.raises(Refused) as refused:
        act()
    assert refused.value.where == where
    return str(refused.value.message)


@pytest.mark.parametrize("setting", ALL, ids=lambda setting: setting.key)
def test_each_table_has_its_page_with_its_rows_and_each_row_its_form(city: City, setting: Setting) -> None:
    client = city.client("office")
    text = client.get(reverse("setting", args=[setting.key])).content.decode()
    row = setting.model._default_manager.order_by("code").first()
    assert row is not None
    assert row.name in text  # type: ignore[attr-defined]
    assert client.get(reverse("setting-row", args=[setting.key, row.pk])).status_code == 200
    assert client.get(reverse("new-setting-row", args=[setting.key])).status_code == 200
    assert city.client("clerk").get(reverse("setting", args=[setting.key])).status_code == 404


@pytest.mark.parametrize("setting", ALL, ids=lambda setting: setting.key)
def test_each_row_says_what_its_file_says_until_it_is_edited_and_then_no_file_changes_it(
    city: City, setting: Setting
) -> None:
    row = setting.model._default_manager.order_by("code").first()
    assert row is not None
    assert setting.file_values(row.pk) == setting.values(row)
    with one_event("reference.edited"):
        edit(city, setting, row.pk, name="改过的名称")
    reference_data.load()
    assert setting.values(setting.model._default_manager.get(pk=row.pk))["name"] == "改过的名称"


# ---- categories ----


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"fix_amount": 0}, "期限至少 1"),
        ({"fix_amount": 401}, "期限太长：最多 400 工作小时"),
        ({"fix_amount": 367, "fix_unit": "days"}, "期限太长：最多 366 工作日"),
    ],
)
def test_a_deadline_that_nobody_means_is_refused(city: City, changes: dict[str, Any], sentence: str) -> None:
    assert refusal("fix_amount", lambda: edit(city, settings.CATEGORIES, "manhole", **changes)) == sentence


def test_the_new_deadline_counts_from_then_on(city: City) -> None:
    edit(city, settings.CATEGORIES, "bicycle_parking", fix_amount=10, fix_unit="days")
    case = made.sent(city)
    assert case.fix_due_at is not None
    assert (case.fix_due_at - clock.now()).days >= 9


def test_the_category_of_tasks_stays_and_a_used_one_is_only_no_longer_offered(city: City) -> None:
    office = city.viewer("office")
    with pytest.raises(Refused):
        services.VERBS["retire"](office, settings.CATEGORIES, code="work")
    case = made.filed(city)
    assert [use.count for use in settings.uses_of_category("bicycle_parking")] == [1, 0]
    services.VERBS["retire"](office, settings.CATEGORIES, code="bicycle_parking")
    client = city.client("dispatcher")
    assert (
        'value="bicycle_parking"'
        not in client.get("/cases/desk/", {"case": str(made.opened(city).uid)}).content.decode()
    )
    case.refresh_from_db()
    assert case.category_id == "bicycle_parking"


def test_a_category_does_not_leave_the_group_that_a_rule_asks_for_besides(city: City) -> None:
    add_rule(city, category="bicycle_parking", unit=city["street"].pk)
    message = refusal("group", lambda: edit(city, settings.CATEGORIES, "bicycle_parking", group="safety"))
    assert "占道归街道" in message
    edit(city, settings.CATEGORIES, "manhole", group="safety")


# ---- rules of routing ----


def test_a_new_rule_works_at_once(city: City) -> None:
    add_rule(city, unit=city["street"].pk)
    trial = routing.Trial("finding", clock.now(), made.category())
    assert routing.propose(trial).lead == city["street"]


@pytest.mark.parametrize(
    ("where", "changes", "sentence"),
    [
        ("time_to", {"time_from": time(18)}, "时间只写了一头"),
        ("time_from", {"time_to": time(6)}, "时间只写了一头"),
        ("time_to", {"time_from": time(6), "time_to": time(6)}, "起止是同一时刻"),
        ("group", {"category": "manhole"}, "类别“井盖缺损”属于公用设施，不会有事项同时合这两条"),
    ],
)
def test_conditions_that_nothing_can_meet_are_refused(
    city: City, where: str, changes: dict[str, Any], sentence: str
) -> None:
    assert refusal(where, lambda: add_rule(city, unit=city["street"].pk, **changes)) == sentence


def test_a_rule_does_not_lead_to_a_closed_unit(city: City) -> None:
    Unit.objects.filter(pk=city["street"].pk).update(closed_on=clock.today())
    assert refusal("unit", lambda: add_rule(city, unit=city["street"].pk)) == "“文庙街道”已停用"


NIGHT = {"time_from": time(18), "time_to": time(6)}


@pytest.mark.parametrize(
    ("first", "second", "hidden"),
    [
        ({}, {}, True),
        ({"group": ""}, {}, True),
        ({}, {"group": ""}, False),
        ({}, {"group": "", "category": "bicycle_parking"}, True),
        ({"kind": "report"}, {}, False),
        ({}, {"kind": "report"}, True),
        ({"place_type": "market"}, {"place_type": "school"}, False),
        ({}, NIGHT, True),
        (NIGHT, {}, False),
        (NIGHT, {"time_from": time(23), "time_to": time(5)}, True),
        (NIGHT, {"time_from": time(5), "time_to": time(8)}, False),
        ({"time_from": time(8), "time_to": time(18)}, NIGHT, False),
        ({"unit": None}, {}, False),
    ],
)
def test_a_rule_that_never_has_its_turn_is_named_from_both_sides(
    city: City, first: dict[str, Any], second: dict[str, Any], hidden: bool
) -> None:
    RoutingRule.objects.all().delete()
    to = {"unit": city["street"].pk}
    ahead = to | {"sort": 10, "name": "前面的"} | first
    behind = to | {"sort": 20, "name": "后面的"} | second
    for begin, then, sentence in (
        (ahead, behind, "“前面的”排在前面，合这一条的都合它，这一条永远轮不到"),
        (behind, ahead, "这一条排在“后面的”前面，合它的都合这一条，它就永远轮不到了"),
    ):
        add_rule(city, "one", **begin)
        if hidden:
            assert refusal("sort", lambda then=then: add_rule(city, "two", **then)) == sentence
        else:
            add_rule(city, "two", **then)
        RoutingRule.objects.filter(pk__in=["one", "two"]).delete()


def test_a_retired_rule_hides_nothing(city: City) -> None:
    add_rule(city, "one", sort=10, unit=city["street"].pk)
    services.VERBS["retire"](city.viewer("office"), settings.ROUTING_RULES, code="one")
    add_rule(city, "two", sort=20, name="另一条", unit=city["bureau"].pk)


def test_the_form_of_a_rule_is_saved_with_area_hours_and_unit_and_read_back(city: City) -> None:
    area = drawn(city["district"], ground.BOUNDARY, type_code="grid", name="老城片区")
    client = city.client("office")
    sent = {
        "code": "night", "name": "夜里老城", "sort": 5, "area": area.pk, "time_from": "18:00", "time_to": "06:00",
        "unit": city["squad"].pk,
    }  # fmt: skip
    assert client.post(reverse("new-setting-row", args=["routing-rules"]), sent).status_code == 302
    text = client.get(reverse("setting", args=["routing-rules"])).content.decode()
    for shown in ("夜里老城", "老城片区", "18:00", "06:00", "城管一中队", reverse("try-routing")):
        assert shown in text
    row = client.get(reverse("setting-row", args=["routing-rules", "night"])).content.decode()
    assert 'value="18:00"' in row


# ---- frequent words, the policy ----


def test_words_belong_to_a_verb_that_is_said_with_words(city: City) -> None:
    def add(verb: str, text: str = "现场没有") -> Any:
        values = {"name": "现场没有", "name_en": "", "verb": verb, "text": text, "sort": 5}
        return services.add_row(city.viewer("office"), settings.RESPONSE_TEMPLATES, code="none_there", values=values)

    assert refusal("verb", lambda: add("accept")) == "没有这个办法，或者它不用写话"
    assert refusal("text", lambda: add("decline", " ")) == "没有写内容"
    add("decline")
    case = made.opened(city)
    text = city.client("dispatcher").get("/cases/desk/", {"case": str(case.uid)}).content.decode()
    assert '<option value="none_there">现场没有</option>' in text


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("file_hours", 0), ("verify_hours", 401), ("bounce_limit", 0), ("bounce_limit", 10), ("revisit_share", 0),
        ("revisit_share", 101), ("relapse_metres", 0), ("relapse_days", 400), ("reports_per_hour", 0),
    ],
)  # fmt: skip
def test_the_loop_is_not_run_by_numbers_with_which_it_cannot_run(city: City, column: str, value: int) -> None:
    refusal(column, lambda: edit(city, settings.POLICY, "standard", **{column: value}))


def test_there_is_one_policy_which_stays_and_works_at_once(city: City) -> None:
    office = city.viewer("office")
    values = settings.POLICY.values(CasePolicy.objects.get(pk="standard"))
    refusal("", lambda: services.add_row(office, settings.POLICY, code="second", values=values | {"name": "另一套"}))
    with pytest.raises(Refused):
        services.VERBS["retire"](office, settings.POLICY, code="standard")
    edit(city, settings.POLICY, "standard", bounce_limit=1)
    case = made.sent(city)
    clerk = city.viewer("lead_clerk")
    given = case_services.Given(reason="不归本单位")
    assert case_services.move(clerk, uid=case.uid, verb="refuse", given=given).state == "disputed"


# ---- trying a rule ----

TRY = "/cases/try-routing/"


def test_a_rule_is_tried_with_a_case_that_need_not_be_there(city: City) -> None:
    add_rule(city, "night", name="夜里占道归中队", unit=city["squad"].pk, **NIGHT)
    client = city.client("dispatcher")
    asked = {"kind": "finding", "category": "bicycle_parking", "time": "23:30"}
    with nothing_changes():
        text = client.get(TRY, asked).content.decode()
    assert "城管一中队" in text
    assert "规则“夜里占道归中队”：街面秩序，18:00—06:00，归城管一中队" in text
    text = client.get(TRY, asked | {"time": "12:00"}).content.decode()
    assert "没有规则管它" in text
    assert "只管 18:00 到 06:00 来的" in text
    assert "没有写在哪个点位" in text


def test_places_and_points_are_taken_as_one_writes_them(city: City) -> None:
    where = place(city["street"], name="文庙集贸市场", code="M-1")
    place(city["street"], name="文庙小学门口")
    client = city.client("office")
    for written in ("文庙集贸市场", "M-1", "集贸"):
        form = client.get(TRY, {"kind": "finding", "place": written}).context["form"]
        assert form.cleaned_data["place"] == where
    for sent, sentence in (
        ({"place": "文庙"}, "不止一个"), ({"place": "没有的"}, "没有叫“没有的”的点位"), ({"point": "x"}, "读不出来"),
        ({"point": "29.03,111.69"}, "不在地球上"), ({"time": "25:00"}, "这不是时间"), ({"point": "1,2,3"}, "读不出来"),
    ):  # fmt: skip
        assert sentence in client.get(TRY, {"kind": "finding", **sent}).content.decode()
    form = client.get(TRY, {"kind": "finding", "point": "111.69，29.03"}).context["form"]
    assert form.cleaned_data["point"] == (111.69, 29.03)


@pytest.mark.parametrize(("by", "status"), [("stranger", 404), ("reader", 404), ("clerk", 200), ("office", 200)])
def test_rules_are_tried_by_who_hands_over_or_edits_them(city: City, by: str, status: int) -> None:
    assert city.client(by).get(TRY).status_code == status


def test_who_may_not_edit_rules_is_not_led_to_them(city: City) -> None:
    assert reverse("setting", args=["routing-rules"]) not in city.client("clerk").get(TRY).content.decode()
    with pytest.raises(Missing):
        services.add_row(city.viewer("clerk"), settings.ROUTING_RULES, code="x", values=RULE)
    assert CaseCategory.objects.filter(pk="work").exists()
