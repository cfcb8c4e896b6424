"""Now, today and how days are written. Everything that needs the time asks here, so that tests can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta

from django.utils import timezone

# Days outside are slips of the pen; inside, reckoning with days cannot leave the calendar.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
CHINESE_DIGITS = "〇一二三四五六七八九"
WEEKDAYS = "一二三四五六日"


_held: ContextVar[datetime | None] = ContextVar("held_moment", default=None)


def now() -> datetime:
    return _held.get() or timezone.now()


def today() -> date:
    return timezone.localdate(now())


@contextmanager
def held_at(moment: datetime) -> Iterator[None]:
    """Let it be that moment here: for the demo, whose life began weeks ago, and for tests that move the clock."""
    token = _held.set(moment)
    try:
        yield
    finally:
        _held.reset(token)


def midnight(day: date) -> datetime:
    """The moment at which the day begins here."""
    return timezone.make_aware(datetime.combine(day, time.min))


def chinese_number(number: int) -> str:
    """1 to 99 in Chinese, as in 十一月二十日; raises ValueError outside."""
    if not 1 <= number <= 99:
        raise ValueError(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else CHINESE_DIGITS[tens] + "十"
    return head + (CHINESE_DIGITS[ones] if ones else "")


def chinese_day(day: date) -> str:
    return f"{chinese_number(day.month)}月{chinese_number(day.day)}日"


def official_day(day: date) -> str:
    """As GB/T 9704 writes a date: full year, Arabic digits, no leading zero."""
    return f"{day.year}年{day.month}月{day.day}日"


def months_between(start: date, end: date) -> list[date]:
    """The first day of every month that the period touches, in order."""
    months = []
    month = start.replace(day=1)
    while month <= end:
        months.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return months
