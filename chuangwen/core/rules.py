"""Working days and working hours, pure: weekdays, but for the days that are marked otherwise.

Called by `core.calendar`, which reads the marks and the office hours. A period begins on the day after the one from
which it runs, as civil law counts (民法典 art. 201).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

SATURDAY = 5
DAY = timedelta(days=1)
Sessions = Sequence[tuple[time, time]]


def in_season(day: date, season: tuple[int, int] | None) -> bool:
    """`season` is (from, to), each as month × 100 + day, both included; one that ends before it begins goes over the
    turn of the year; None is the whole year.
    """
    if season is None:
        return True
    start, end = season
    key = day.month * 100 + day.day
    return start <= key <= end if start <= end else key >= start or key <= end


def seasons_meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether some day of the year lies in both."""
    leap = [date(2024, 1, 1) + timedelta(days=number) for number in range(366)]
    return any(in_season(day, one) and in_season(day, other) for day in leap)


def is_season_day(written: int) -> bool:
    """Whether month × 100 + day is a day of a leap year."""
    try:
        date(2024, written // 100, written % 100)
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class Calendar:
    """What is needed to count: `marked` says of some days whether one works; `sessions` gives a day's office hours,
    in order and not overlapping.
    """

    marked: Mapping[date, bool]
    sessions: Callable[[date], Sessions]

    def is_working_day(self, day: date) -> bool:
        return self.marked.get(day, day.weekday() < SATURDAY)

    def add_working_days(self, day: date, number: int) -> date:
        """The `number`-th working day after `day`, or before it if negative; 0 gives `day` itself, whatever it is."""
        step = DAY if number > 0 else -DAY
        left = abs(number)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days come after `start` up to and with `end`; raises ValueError if `end` is before."""
        if end < start:
            raise ValueError((start, end))
        return sum(self.is_working_day(start + timedelta(days=number)) for number in range(1, (end - start).days + 1))

    def add_working_hours(self, moment: datetime, length: timedelta) -> datetime:
        """The moment at which the office has been open for `length` since `moment`, in the moment's own time zone.

        No length at all gives the next moment at which the office is open. Raises ValueError for a negative length.
        """
        if length < timedelta(0):
            raise ValueError(length)
        day = moment.date()
        while True:
            for opens, closes in self._open(day, moment):
                if length <= closes - opens:
                    return opens + length
                length -= closes - opens
            day += DAY

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """How long the office is open from `start` to `end`, both in one time zone; none if `end` is not after."""
        total = timedelta(0)
        day = start.date()
        while day <= end.date():
            for opens, closes in self._open(day, start):
                total += max(timedelta(0), min(closes, end) - opens)
            day += DAY
        return total

    def _open(self, day: date, since: datetime) -> list[tuple[datetime, datetime]]:
        """The stretches of a day in which the office is open and `since` is past."""
        if not self.is_working_day(day):
            return []
        stretches = [
            (max(since, datetime.combine(day, start, since.tzinfo)), datetime.combine(day, end, since.tzinfo))
            for start, end in self.sessions(day)
        ]
        return [(opens, closes) for opens, closes in stretches if opens < closes]
