"""Days as official Chinese writes them, and the months of a period."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.core import clock

days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (19, "十九"), (20, "二十"), (31, "三十一"), (99, "九十九")],
)
def test_numbers_are_written_as_they_are_read(number: int, written: str) -> None:
    assert clock.chinese_number(number) == written


@pytest.mark.parametrize("number", [-1, 0, 100])
def test_a_number_outside_has_no_writing(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        clock.chinese_number(number)


def test_no_two_numbers_are_written_alike() -> None:
    assert len({clock.chinese_number(number) for number in range(1, 100)}) == 99


def test_a_day_on_the_desk_and_a_day_in_a_document() -> None:
    assert clock.chinese_day(date(2026, 11, 20)) == "十一月二十日"
    assert clock.official_day(date(2026, 3, 5)) == "2026年3月5日"


@given(days, days)
def test_the_months_of_a_period_are_each_there_once_and_in_order(one: date, other: date) -> None:
    start, end = min(one, other), max(one, other)
    months = clock.months_between(start, end)
    assert len(months) == (end.year - start.year) * 12 + end.month - start.month + 1
    assert months == sorted(set(months))
    assert all(month.day == 1 for month in months)
    assert months[0] <= start
    assert (months[-1].year, months[-1].month) == (end.year, end.month)


def test_a_period_upside_down_has_no_months() -> None:
    assert clock.months_between(date(2026, 5, 1), date(2026, 3, 31)) == []


def test_now_knows_its_zone_and_today_is_the_citys() -> None:
    assert clock.now().tzinfo is not None
    assert clock.today() == clock.now().astimezone(ZoneInfo("Asia/Shanghai")).date()
