"""Working days and working hours: the published ones, the city's own, and the counting itself against brute force."""

import logging
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.core import calendar, reference
from chuangwen.core.errors import Refused
from chuangwen.core.models import DayKind, Holiday, OfficeHours
from chuangwen.core.rules import Calendar, in_season, is_season_day, seasons_meet

SHANGHAI = ZoneInfo("Asia/Shanghai")
SESSIONS = ((time(8, 30), time(12)), (time(14, 30), time(17, 30)))
MINUTES = 390
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
marks = st.dictionaries(st.dates(date(2025, 11, 1), date(2027, 3, 1)), st.booleans(), max_size=60)


def with_marks(marked: dict[date, bool]) -> Calendar:
    return Calendar(marked, lambda _day: SESSIONS)


def walk(found: Calendar, day: date, number: int) -> date:
    """Day by day, as one counts on a paper calendar."""
    step = timedelta(days=1 if number > 0 else -1)
    seen = 0
    while seen < abs(number):
        day += step
        if found.is_working_day(day):
            seen += 1
    return day


@given(marks, days, st.integers(-40, 40))
def test_adding_working_days_is_counting_them_on_paper(marked: dict[date, bool], day: date, number: int) -> None:
    found = with_marks(marked)
    assert found.add_working_days(day, number) == walk(found, day, number)


@given(marks, days, st.integers(0, 40))
def test_what_was_added_lies_between(marked: dict[date, bool], day: date, number: int) -> None:
    found = with_marks(marked)
    assert found.working_days_between(day, found.add_working_days(day, number)) == number


@given(marks, days, st.integers(0, 60))
def test_the_days_between_are_those_that_one_meets(marked: dict[date, bool], day: date, length: int) -> None:
    found, end = with_marks(marked), day + timedelta(days=length)
    met = [day + timedelta(days=number) for number in range(1, length + 1)]
    assert found.working_days_between(day, end) == len([each for each in met if found.is_working_day(each)])


def is_open(found: Calendar, moment: datetime) -> bool:
    """Whether the office is open in the minute that begins here."""
    return found.is_working_day(moment.date()) and any(start <= moment.time() < end for start, end in SESSIONS)


@given(marks, days, st.integers(0, 24 * 60 - 1), st.integers(1, 3 * MINUTES))
def test_working_minutes_are_those_in_which_the_office_is_open(
    marked: dict[date, bool], day: date, minute: int, length: int
) -> None:
    found = with_marks(marked)
    start = datetime.combine(day, time(), SHANGHAI) + timedelta(minutes=minute)
    end = found.add_working_hours(start, timedelta(minutes=length))
    at, counted = start, 0
    while counted < length:
        counted += is_open(found, at)
        at += timedelta(minutes=1)
    assert end == at


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-09-30 16:30", 2, "2026-10-08 09:30"),
        ("2026-09-18 17:30", 1, "2026-09-20 09:30"),
        ("2026-11-24 10:00", 2, "2026-11-24 12:00"),
        ("2026-11-24 13:00", 0, "2026-11-24 14:30"),
    ],
)
def test_hours_run_over_noon_holidays_and_days_worked_instead(db: None, start: str, hours: int, end: str) -> None:
    moment = datetime.fromisoformat(start).replace(tzinfo=SHANGHAI)
    found = calendar.add_working_hours(moment, timedelta(hours=hours))
    assert found == datetime.fromisoformat(end).replace(tzinfo=SHANGHAI)


def test_a_moment_of_another_zone_is_reckoned_in_local_time(db: None) -> None:
    found = calendar.add_working_hours(datetime(2026, 11, 24, 2, 0, tzinfo=UTC), timedelta(hours=1))
    assert found == datetime(2026, 11, 24, 11, 0, tzinfo=SHANGHAI)


def test_nobody_counts_backwards(db: None) -> None:
    with pytest.raises(ValueError, match="2026"):
        calendar.working_days_between(date(2026, 5, 2), date(2026, 5, 1))
    with pytest.raises(ValueError, match="-1 day"):
        calendar.add_working_hours(datetime(2026, 5, 2, tzinfo=SHANGHAI), timedelta(hours=-1))


@pytest.mark.parametrize(
    ("day", "worked"),
    [("2026-10-01", False), ("2026-10-10", True), ("2026-10-11", False), ("2026-10-12", True), ("2026-02-28", True)],
)
def test_the_published_days_of_2026_hold(db: None, day: str, worked: bool) -> None:
    assert calendar.is_working_day(date.fromisoformat(day)) == worked


def test_seven_working_days_over_the_national_holiday(db: None) -> None:
    assert calendar.add_working_days(date(2026, 9, 29), 7) == date(2026, 10, 14)
    assert calendar.working_days_between(date(2026, 9, 29), date(2026, 10, 14)) == 7
    assert calendar.add_working_days(date(2026, 10, 14), -7) == date(2026, 9, 29)


def test_a_day_set_by_the_city_goes_before_the_published_one(db: None) -> None:
    Holiday.objects.filter(day=date(2026, 10, 10)).update(kind=DayKind.PLAIN)
    Holiday.objects.create(day=date(2026, 11, 24), kind=DayKind.OFF, name="市里放假")
    assert not calendar.is_working_day(date(2026, 10, 10))
    assert not calendar.is_working_day(date(2026, 11, 24))


def test_a_year_without_holidays_is_said_in_the_log(db: None, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="chuangwen.calendar"):
        assert calendar.add_working_days(date(2026, 12, 30), 5) == date(2027, 1, 6)
    assert [record.getMessage() for record in caplog.records] == [
        "no holidays of 2027 are known: only its weekends are free"
    ]
    caplog.clear()
    calendar.add_working_days(date(2026, 9, 1), 5)
    assert caplog.records == []


@pytest.mark.parametrize(("today", "years"), [("2026-10-31", []), ("2026-11-01", [2027]), ("2027-02-01", [2027])])
def test_from_november_on_the_next_year_is_asked_for(
    db: None, monkeypatch: pytest.MonkeyPatch, today: str, years: list[int]
) -> None:
    monkeypatch.setattr("chuangwen.core.clock.today", lambda: date.fromisoformat(today))
    assert calendar.years_to_enter() == years


def test_summer_hours_go_before_those_of_the_year(db: None) -> None:
    OfficeHours.objects.create(
        code="summer",
        name="夏季",
        season_from=601,
        season_to=930,
        morning_from=time(8),
        morning_to=time(12),
        afternoon_from=time(15),
        afternoon_to=time(18),
    )
    found = calendar.calendar()
    assert found.sessions(date(2026, 6, 1))[1] == (time(15), time(18))
    assert found.sessions(date(2026, 10, 8))[1] == (time(14, 30), time(17, 30))


def test_without_hours_of_the_year_nothing_is_reckoned_for_ever(db: None) -> None:
    OfficeHours.objects.all().delete()
    with pytest.raises(Refused, match="没有全年的办公时间"):
        calendar.add_working_hours(datetime(2026, 5, 6, tzinfo=SHANGHAI), timedelta(hours=1))


def test_a_season_may_go_over_the_turn_of_the_year() -> None:
    assert in_season(date(2026, 1, 5), (1101, 331))
    assert not in_season(date(2026, 4, 1), (1101, 331))
    assert seasons_meet((1101, 331), (301, 430))
    assert not seasons_meet((1101, 228), (301, 430))
    assert [is_season_day(day) for day in (229, 230, 1331, 0)] == [True, False, False, False]


def test_loading_again_changes_no_day_that_was_edited_here(db: None) -> None:
    day = Holiday.objects.get(day=date(2026, 10, 10))
    day.kind, day.edited_at = DayKind.PLAIN, datetime(2026, 11, 1, tzinfo=UTC)
    day.save()
    rows = Holiday.objects.count()
    calendar.load_reference(reference.read("calendar.yaml"))
    day.refresh_from_db()
    assert (day.kind, Holiday.objects.count()) == (DayKind.PLAIN, rows)
