"""Every figure of the catalogue over random records is what a second computation in plain Python says."""

from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest

from chuangwen.core import written
from chuangwen.metrics import queries, services
from chuangwen.metrics.models import Metric, MetricDay, Shape, Style
from chuangwen.metrics.sources import Scope
from tests.factories.city import City
from tests.metrics import oracle, oracle_of_cases, oracle_of_duties
from tests.metrics.oracle import Period, Said
from tests.metrics.world import FIRST, World, make

SEEDS = range(12)
NONE = "无"
FIGURES = {**oracle.FIGURES, **oracle_of_duties.FIGURES, **oracle_of_cases.FIGURES}
DAYS = {Shape.FIRST_DAY, Shape.LAST_DAY}


@pytest.fixture(params=SEEDS)
def period(request: pytest.FixtureRequest, city: City) -> Period:
    chance = Random(1000 + request.param)  # noqa: S311 - records, no secrets
    world = make(city, request.param)
    start = chance.choice([FIRST, date(2026, 3, 1), FIRST + timedelta(days=chance.randrange(90))])
    return Period(world, start, start + timedelta(days=chance.choice([0, 6, 45, 122, 200])))


def scope_of(period: Period) -> Scope:
    return Scope(period.world.school, period.start, period.end)


def test_every_figure_of_the_catalogue_is_computed_a_second_time(db: None) -> None:
    assert set(queries.catalogue().values_list("key", flat=True)) == set(FIGURES)


def test_every_figure_is_what_its_definition_says(period: Period) -> None:
    wrong = {}
    for metric in queries.catalogue():
        value = queries.value(metric, scope_of(period))
        expected = FIGURES[metric.key](period)
        if not agrees(metric, value, expected):
            wrong[metric.key] = (value, expected)
    assert wrong == {}


def agrees(metric: Metric, value: queries.Value, expected: Said) -> bool:
    if isinstance(expected, set):
        return value.text in expected
    if isinstance(expected, tuple) and metric.shape in DAYS:
        return (value.text, value.exact, value.numerator) == expected and value.denominator is None
    if isinstance(expected, tuple):
        return (value.numerator, value.denominator) == expected and value.text == share(
            *expected, metric.params.get("places", 1)
        )
    if isinstance(expected, list):
        return value.text == ("、".join(expected) or NONE) and value.numerator == len(expected)
    text = written.lower_bound(expected) if metric.style == Style.LOWER_BOUND else str(expected)
    return (value.numerator, value.denominator, value.text) == (expected, None, text)


def share(top: int, bottom: int, places: int) -> str:
    return f"{written.percent(top, bottom, places)}%" if bottom else "—"


def test_every_figure_is_the_aggregate_of_the_rows_that_it_opens_to(period: Period) -> None:
    for metric in queries.catalogue():
        value = queries.value(metric, scope_of(period))
        rows = queries.frozen_state(metric, scope_of(period))
        contributions = [amount for amount, _digest in rows.values()]
        if metric.shape in {Shape.LIST_TOP, Shape.LIST_ZERO, Shape.COUNT_ZERO}:
            assert (metric.key, value.numerator) == (metric.key, len(contributions))
        elif metric.shape == Shape.MAX:
            assert (metric.key, value.numerator) == (metric.key, max(contributions, default=0))
        elif metric.shape in {*DAYS, Shape.SPAN_DAYS, Shape.COUNT_DISTINCT}:
            assert (metric.key, bool(value.numerator)) == (metric.key, bool(contributions))
        else:
            assert (metric.key, value.numerator) == (metric.key, sum(contributions))
        assert all(digest for _amount, digest in rows.values())


def test_day_sums_add_up_to_the_figures_themselves(period: Period, city: City) -> None:
    services.refresh_days(city["city"].uid)
    summed = [metric for metric in queries.catalogue() if queries.adds_up_over_days(metric)]
    totals = queries.totals(city.viewer("clerk"), summed, scope_of(period))
    for metric in summed:
        value = queries.value(metric, scope_of(period))
        top, bottom = totals.get(metric.pk, (0, 0 if metric.shape == Shape.RATE else None))
        assert (metric.key, top, bottom) == (metric.key, value.numerator, value.denominator)
    # One row a unit and a day, so that the number of days with something is the number of rows.
    assert MetricDay.objects.filter(metric__in=summed).count() == MetricDay.objects.count()


def test_weeks_add_up_to_the_figure_and_weeks_without_anything_are_there(period: Period, city: City) -> None:
    services.refresh_days(city["school"].uid)
    litter = queries.by_names(["捡拾垃圾次数"])["捡拾垃圾次数"]
    weeks = queries.by_week(city.viewer("clerk"), litter, scope_of(period))
    assert sum(total for _monday, total in weeks) == queries.value(litter, scope_of(period)).numerator
    mondays = [monday for monday, _total in weeks]
    assert {monday.weekday() for monday in mondays} == {0}
    assert {later - earlier for earlier, later in pairwise(mondays)} <= {timedelta(days=7)}
    assert mondays[0] <= period.start < mondays[0] + timedelta(days=7)


def test_refreshing_day_sums_again_changes_none(city: City) -> None:
    make(city, 3)

    def stored() -> list[tuple[object, ...]]:
        fields = ("metric", "unit", "day", "numerator", "denominator")
        return sorted(MetricDay.objects.values_list(*fields), key=repr)

    made = services.refresh_days(city["city"].uid)
    first = stored()
    assert made == len(first) > 0
    assert services.refresh_days(city["city"].uid) == made
    assert stored() == first
    services.refresh_days(city["school"].uid)
    assert stored() == first


def test_a_period_without_records_has_zeros_dashes_and_none(city: City) -> None:
    world = World(city["school"], classes=["c98", "c99"])
    scope = Scope(world.school, date(2025, 1, 1), date(2025, 2, 28))
    said = {metric.key: queries.value(metric, scope) for metric in queries.catalogue()}
    assert said["outcome.facility"] == queries.Value(0, None, "0")
    assert said["attendance.rate"] == queries.Value(0, 0, "—")
    assert said["attendance.rate"].number is None
    assert said["outcome.facility_top"] == queries.Value(0, None, NONE)
    assert said["outcome.facility_none"].text == "c98、c99"
    assert said["outcome.low_month"].text in {"1月", "2月"}
    assert said["outcome.low_month_sum"].numerator == said["outcome.high_month_sum"].numerator == 0
