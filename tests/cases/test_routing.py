"""The first rule whose every condition holds says who gets a case, and says why; a closed unit is never named."""

import random
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
import shapely
from django.utils import timezone

from chuangwen.cases import routing
from chuangwen.cases.models import RoutingRule
from chuangwen.cases.routing import Trial, propose
from chuangwen.core import clock
from chuangwen.people.models import Unit
from chuangwen.places.models import Charge, Place, Responsibility
from tests.factories import cases as made
from tests.factories.city import City
from tests.factories.places import MIDDLE, drawn, place

Queries = Callable[[int], Any]
NOON = time(12, 0)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 24, hour, minute, tzinfo=timezone.get_default_timezone())


def trial(**more: Any) -> Trial:
    values: dict[str, Any] = {"kind": "finding", "at": at(10), "category": made.category()} | more
    return Trial(**values)


def rule(code: str, unit: Unit | None, *, sort: int = 10, **more: Any) -> RoutingRule:
    return RoutingRule.objects.create(code=code, name=f"规则{code}", sort=sort, unit=unit, **more)


def charge(where: Place, unit: Unit, kind: str = Charge.LEAD, **more: Any) -> Responsibility:
    return Responsibility.objects.create(place=where, unit=unit, charge=kind, since=date(2026, 1, 1), **more)


def test_without_a_rule_that_holds_nobody_is_proposed_and_every_rule_says_why(city: City) -> None:
    found = propose(trial())
    assert found.lead is None
    assert found.rule is None
    assert [(each.rule.code, each.why) for each in found.tried] == [("place_owner", "没有写在哪个点位")]


@pytest.mark.parametrize(
    ("conditions", "holds", "fails", "said"),
    [
        ({"kind": "report"}, {"kind": "report"}, {"kind": "finding"}, "只管市民上报"),
        ({"category_id": "manhole"}, {"category": "manhole"}, {"category": "street_lamp"}, "只管类别“井盖缺损”"),
        ({"group": "facilities"}, {"category": "manhole"}, {"category": "exposed_rubbish"}, "只管公用设施一类"),
    ],
)
def test_a_condition_holds_of_what_it_names_and_of_nothing_else(
    city: City, conditions: dict[str, Any], holds: dict[str, Any], fails: dict[str, Any], said: str
) -> None:
    rule("one", city["bureau"], **conditions)
    assert propose(_trial_with(holds)).lead == city["bureau"]
    missed = propose(_trial_with(fails))
    assert missed.lead is None
    assert missed.tried[0].why == said


def _trial_with(values: dict[str, Any]) -> Trial:
    category = values.get("category")
    return trial(**(values | {"category": made.category(category)} if category else values))


def test_what_has_no_category_yet_meets_no_rule_that_asks_for_one(city: City) -> None:
    rule("one", city["bureau"], group="order")
    rule("two", city["street"], category_id="bicycle_parking", sort=20)
    assert propose(trial(category=None)).lead is None


def test_a_type_of_place_holds_of_places_of_that_type(city: City) -> None:
    rule("one", city["bureau"], place_type_id="market")
    assert propose(trial(place=place(city["street"]))).lead == city["bureau"]
    assert propose(trial(place=place(city["street"], type_code="school"))).lead is None
    assert propose(trial(point=MIDDLE)).lead is None


def test_an_area_holds_of_what_lies_in_its_outline_and_not_of_what_lies_only_in_its_box(city: City) -> None:
    triangle = shapely.Polygon([(111.68, 29.02), (111.70, 29.02), (111.68, 29.04)])
    area = drawn(city["district"], triangle, type_code="grid", name="老城片区")
    rule("one", city["street"], area=area)
    assert propose(trial(point=(111.682, 29.022))).lead == city["street"]
    outside = propose(trial(point=(111.699, 29.039)))
    assert outside.lead is None
    assert outside.tried[0].why == "不在“老城片区”里"
    assert propose(trial()).tried[0].why == "只管“老城片区”里的，这件没有位置"
    # A place without a point of the case's own is where its register says.
    assert propose(trial(place=place(city["street"], (111.682, 29.022)))).lead == city["street"]


@pytest.mark.parametrize(
    ("moment", "holds"),
    [(at(17, 59), False), (at(18), True), (at(23, 59), True), (at(0), True), (at(5, 59), True), (at(6), False)],
)
def test_hours_go_over_midnight_from_the_first_minute_and_before_the_last(
    city: City, moment: datetime, holds: bool
) -> None:
    rule("night", city["squad"], time_from=time(18), time_to=time(6))
    found = propose(trial(at=moment))
    assert (found.lead == city["squad"]) == holds
    assert holds or found.tried[0].why == "只管 18:00 到 06:00 来的"


def test_hours_of_one_day_end_before_their_end(city: City) -> None:
    rule("day", city["squad"], time_from=time(8), time_to=time(12))
    assert [propose(trial(at=at(hour))).lead is not None for hour in (7, 8, 11, 12)] == [False, True, True, False]


def test_all_conditions_of_a_rule_must_hold(city: City) -> None:
    rule("one", city["bureau"], kind="report", group="order", time_from=time(8), time_to=time(18))
    assert propose(trial(kind="report")).lead == city["bureau"]
    assert propose(trial(kind="report", at=at(20))).lead is None
    assert propose(trial(kind="finding")).lead is None


def test_the_first_by_its_place_in_the_order_wins_and_names_what_it_asks_for(city: City) -> None:
    rule("wide", city["bureau"], sort=20)
    rule("narrow", city["street"], sort=10, group="order")
    found = propose(trial())
    assert (found.lead, found.rule and found.rule.code) == (city["street"], "narrow")
    assert found.why == "规则“规则narrow”：街面秩序，归文庙街道"
    assert found.tried == []
    assert propose(trial(category=made.category("manhole"))).lead == city["bureau"]


def test_a_retired_rule_is_not_asked(city: City) -> None:
    rule("one", city["bureau"], retired_on=clock.today())
    assert propose(trial()).lead is None


def test_a_rule_without_unit_means_who_answers_for_the_place_today(city: City) -> None:
    where = place(city["street"], name="文庙集贸市场")
    charge(where, city["bureau"])
    charge(where, city["street"], Charge.ASSIST)
    charge(where, city["school"], Charge.ASSIST, until=date(2026, 1, 31))
    found = propose(trial(place=where))
    assert (found.lead, found.assist) == (city["bureau"], [city["street"]])
    assert found.why == "规则“有点位的，给点位的责任单位”：点位“文庙集贸市场”今天由市城管局负责"


def test_a_place_for_which_nobody_answers_is_said(city: City) -> None:
    found = propose(trial(place=place(city["street"], name="空地")))
    assert [each.why for each in found.tried] == ["点位“空地”今天没有责任单位"]


def close(unit: Unit) -> None:
    Unit.objects.filter(pk=unit.pk).update(closed_on=clock.today())


def test_a_closed_unit_is_passed_over_with_the_reason(city: City) -> None:
    rule("one", city["bureau"])
    rule("two", city["street"], sort=20)
    close(city["bureau"])
    found = propose(trial())
    assert found.lead == city["street"]
    assert [each.why for each in found.tried] == ["市城管局已停用"]


def test_of_several_who_answer_the_open_one_leads_and_closed_ones_do_not_assist(city: City) -> None:
    where = place(city["street"])
    charge(where, city["bureau"])
    charge(where, city["street"])
    charge(where, city["squad"], Charge.ASSIST)
    close(city["bureau"])
    close(city["squad"])
    found = propose(trial(place=where))
    assert (found.lead, found.assist) == (city["street"], [])


def test_a_case_is_judged_as_it_came_in_and_by_the_category_that_is_about_to_be_chosen(city: City) -> None:
    rule("one", city["bureau"], category_id="manhole")
    case = made.opened(city)
    assert propose(case).lead is None
    assert propose(routing.trial_of(case, category=made.category("manhole"))).lead == city["bureau"]


def test_any_number_of_rules_takes_three_queries(city: City, django_assert_max_num_queries: Queries) -> None:
    where = place(city["street"])
    charge(where, city["bureau"])
    area = drawn(city["district"], shapely.box(111, 28, 111.1, 28.1), type_code="grid", name="远处")
    for number in range(12):
        rule(f"r{number}", city["street"], area=area, category_id="manhole", place_type_id="school")
    asked = trial(place=where)
    with django_assert_max_num_queries(3):
        found = propose(asked)
    assert found.lead == city["bureau"]
    assert len(found.tried) == 12


@pytest.mark.parametrize("seed", range(12))
def test_whatever_the_rules_a_closed_unit_is_never_named(city: City, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    units = [city[name] for name in ("bureau", "squad", "street", "school", "hospital")]
    where = place(city["street"])
    for _number in range(3):
        charge(where, chance.choice(units), chance.choice([Charge.LEAD, Charge.ASSIST]))
    for number in range(chance.randrange(8)):
        conditions: dict[str, Any] = chance.choice([{}, {"kind": "finding"}, {"group": "order"}, {"group": "safety"}])
        rule(f"r{number}", chance.choice([None, *units]), sort=chance.randrange(1000), **conditions)
    closed = chance.sample(units, chance.randrange(len(units) + 1))
    for unit in closed:
        close(unit)
    found = propose(trial(place=chance.choice([None, where])))
    named = {unit.pk for unit in (found.lead, *found.assist) if unit}
    assert not named & {unit.pk for unit in closed}
    assert len(found.assist) == len({unit.pk for unit in found.assist} - {found.lead and found.lead.pk})
