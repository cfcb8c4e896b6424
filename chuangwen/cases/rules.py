"""What holds of cases, pure: when a phase ends, who counts as another one, what is a relapse, what is drawn."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from chuangwen.core.rules import Calendar

HOURS, DAYS = "hours", "days"
# What keeps one unit from passing a matter on for ever, where the city has said nothing else.
BOUNCE_LIMIT = 3


def due_at(calendar: Calendar, since: datetime, amount: int, unit: str) -> datetime:
    """When a phase ends that began at `since`: so many working hours on, or at the end of office hours of the so
    manyth working day after it. `since` carries the local time zone, and so does the answer.
    """
    if unit == HOURS:
        return calendar.add_working_hours(since, timedelta(hours=amount))
    return end_of_day(calendar, calendar.add_working_days(since.date(), amount), since)


def end_of_day(calendar: Calendar, day: date, zone_of: datetime) -> datetime:
    """The end of a day's office hours; where nobody works, the end of those that would be."""
    sessions = calendar.sessions(day)
    closes = sessions[-1][1] if sessions else time(17, 30)
    return datetime.combine(day, closes, zone_of.tzinfo)


def is_related(one: str, other: str) -> bool:
    """Whether two units are the same, or one lies above the other, by their paths."""
    return one.startswith(other) or other.startswith(one)


def remind_when_left(whole: timedelta, hours: int) -> timedelta:
    """How much of a phase is left when one is reminded of its end: so many working hours or, of a phase that has no
    more than these, half of it. So nobody is reminded of what has just begun.
    """
    length = timedelta(hours=hours)
    return length if whole > length else whole / 2


@dataclass(frozen=True)
class Verifier:
    """Who would accept a fix: their uid and unit's path, and whether they sit at the keeper's dispatch desk."""

    uid: str
    path: str
    is_office: bool


def is_another(who: Verifier, *, other_unit: bool, fixers: Iterable[str], paths: Sequence[str]) -> bool:
    """Whether somebody may accept a fix. `fixers` are the uids of those who did it, `paths` of the units that took
    part. With `other_unit` nobody of these units does, and one above or below only as the office.
    """
    if who.uid in set(fixers):
        return False
    if not other_unit:
        return True
    if any(who.path.startswith(path) for path in paths):
        return False
    return who.is_office or not any(is_related(who.path, path) for path in paths)


def on_time(fixed_at: datetime, due: datetime) -> bool:
    return fixed_at <= due


def rate(part: int, whole: int) -> Decimal | None:
    """A share in percent with two decimals, half up, as circulars print it; None of nothing."""
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"))


def drawn(uids: Sequence[str], share: int, seed: int) -> list[str]:
    """A random share (in percent, rounded up, at least one of any) of closed cases to look at again.

    The same uids, share and seed draw the same: who doubts a draw can repeat it. The order of `uids` does not matter.
    """
    if not uids:
        return []
    count = min(len(uids), max(1, -(-len(uids) * share // 100)))
    return sorted(random.Random(seed).sample(sorted(uids), count))  # noqa: S311 - a draw that can be repeated


def number(year: int, month: int, sequence: int) -> str:
    """The number of a case: year and month of its receipt and a running number in it, as 2611-0512."""
    return f"{year % 100:02d}{month:02d}-{sequence:04d}"
