"""The months with the least and the most: every month that the period touches counts, empty ones as 0."""

from datetime import date

from chuangwen.metrics import queries
from chuangwen.metrics.models import Metric
from chuangwen.metrics.sources import Scope
from tests.factories.city import City
from tests.factories.duties import OutcomeFactory


def said(city: City, start: date, end: date) -> dict[str, str]:
    scope = Scope(city["school"], start, end)
    keys = ("outcome.low_month", "outcome.low_month_sum", "outcome.high_month", "outcome.high_month_sum")
    return {key.removeprefix("outcome."): queries.value(Metric.objects.get(key=key), scope).text for key in keys}


def test_a_month_without_records_is_the_one_with_the_least(city: City) -> None:
    for month, amount in ((3, 5), (5, 1200), (6, 2)):
        OutcomeFactory.create(unit=city["c98"], day=date(2026, month, 10), amount=amount)
    assert said(city, date(2026, 3, 1), date(2026, 6, 30)) == {
        "low_month": "4月", "low_month_sum": "0", "high_month": "5月", "high_month_sum": "1200",
    }  # fmt: skip


def test_only_the_days_of_the_period_count_in_its_first_and_last_month(city: City) -> None:
    for day, amount in (
        (date(2026, 3, 9), 500),
        (date(2026, 3, 10), 3),
        (date(2026, 4, 20), 4),
        (date(2026, 4, 21), 9),
    ):
        OutcomeFactory.create(unit=city["c98"], day=day, amount=amount)
    assert said(city, date(2026, 3, 10), date(2026, 4, 20)) == {
        "low_month": "3月", "low_month_sum": "3", "high_month": "4月", "high_month_sum": "4",
    }  # fmt: skip


def test_within_one_month_the_least_and_the_most_are_the_same(city: City) -> None:
    OutcomeFactory.create(unit=city["c98"], day=date(2026, 3, 10), amount=7)
    assert said(city, date(2026, 3, 1), date(2026, 3, 31)) == {
        "low_month": "3月", "low_month_sum": "7", "high_month": "3月", "high_month_sum": "7",
    }  # fmt: skip


def test_over_new_year_december_and_january_are_months_of_their_own_years(city: City) -> None:
    for day, amount in ((date(2025, 12, 31), 8), (date(2026, 1, 1), 3)):
        OutcomeFactory.create(unit=city["c98"], day=day, amount=amount)
    assert said(city, date(2025, 12, 1), date(2026, 1, 31)) == {
        "low_month": "1月", "low_month_sum": "3", "high_month": "12月", "high_month_sum": "8",
    }  # fmt: skip


def test_essays_are_none_of_the_four_kinds(city: City) -> None:
    OutcomeFactory.create(unit=city["c98"], day=date(2026, 3, 10), kind_id="essay", amount=1)
    assert said(city, date(2026, 3, 1), date(2026, 3, 31))["high_month_sum"] == "0"


def test_the_rows_are_those_of_the_month_alone(city: City) -> None:
    OutcomeFactory.create(unit=city["c98"], day=date(2026, 3, 31), amount=9)
    april = OutcomeFactory.create(unit=city["c98"], day=date(2026, 4, 1), amount=2)
    scope = Scope(city["school"], date(2026, 3, 1), date(2026, 4, 30))
    assert list(queries.rows(Metric.objects.get(key="outcome.low_month_sum"), scope)) == [april]
