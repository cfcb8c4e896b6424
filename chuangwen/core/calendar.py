"""Which days are worked here: the marked days and the office hours of the city, as the pages of settings keep them.

Every app that counts in working days or hours asks here. Who counts often asks `calendar()` once and keeps it.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from chinese_calendar.constants import Holiday as Named
from chinese_calendar.constants import holidays, workdays
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangwen.core import clock, reference
from chuangwen.core.errors import Refused
from chuangwen.core.models import DayKind, Holiday, OfficeHours
from chuangwen.core.rules import Calendar, in_season

logger = logging.getLogger("chuangwen.calendar")
Season = tuple[int, int]
HOURS = ("morning_from", "morning_to", "afternoon_from", "afternoon_to")
# From November on the State Council's notice about the next year may be out.
NOTICE_MONTH = 11


def load_reference(tables: Mapping[str, Any]) -> dict[str, int]:
    """Bring the published holidays and the office hours to what library and file say, but for what was edited here."""
    return {
        "holidays": reference.bring(Holiday, published(), identity="day"),
        "office_hours": reference.bring(OfficeHours, office_hours(tables["office_hours"])),
    }


def published(year: int | None = None) -> list[dict[str, Any]]:
    """The days of the State Council's yearly notices, as rows of Holiday; of one year, or of all that are known."""
    marked = [(day, DayKind.OFF, name) for day, name in holidays.items()]
    marked += [(day, DayKind.WORK, name) for day, name in workdays.items()]
    return [
        {"day": day, "kind": kind.value, "name": Named(name).chinese, "name_en": name}
        for day, kind, name in sorted(marked)
        if year in (None, day.year)
    ]


def office_hours(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the file, with times read: 08:30 is a text there."""
    return [{key: time.fromisoformat(value) if key in HOURS else value for key, value in row.items()} for row in rows]


def calendar() -> Calendar:
    """The calendar as it stands, in two queries."""
    marks = Holiday.objects.exclude(kind=DayKind.PLAIN).values_list("day", "kind")
    marked = {day: kind == DayKind.WORK for day, kind in marks}
    hours = list(reference.offered(OfficeHours.objects.all()))
    # A row with a season goes before the one of the whole year.
    hours.sort(key=lambda row: row.season_from is None)

    @lru_cache(maxsize=512)
    def sessions(day: date) -> Sequence[tuple[time, time]]:
        found = next((row for row in hours if in_season(day, season_of(row))), None)
        if found is None:
            raise Refused(_("没有全年的办公时间"), mend=_("运行 script/manage load_reference，或在“设置”里补上"))
        return (found.morning_from, found.morning_to), (found.afternoon_from, found.afternoon_to)

    return Calendar(marked, sessions)


def season_of(row: OfficeHours) -> Season | None:
    return (row.season_from, row.season_to) if row.season_from and row.season_to else None


def is_working_day(day: date) -> bool:
    warn(day, day)
    return calendar().is_working_day(day)


def add_working_days(day: date, number: int) -> date:
    """The `number`-th working day after `day` (before it if negative)."""
    found = calendar().add_working_days(day, number)
    warn(day, found)
    return found


def working_days_between(start: date, end: date) -> int:
    """How many working days come after `start` up to and with `end`; raises ValueError if `end` is before."""
    warn(start, end)
    return calendar().working_days_between(start, end)


def add_working_hours(moment: datetime, length: timedelta) -> datetime:
    """The moment at which the offices have been open for `length` since `moment`, in local time.

    Raises ValueError for a negative length.
    """
    found = calendar().add_working_hours(timezone.localtime(moment), length)
    warn(timezone.localtime(moment).date(), found.date())
    return found


def known_years() -> list[int]:
    """The years of which holidays stand here; in all others only weekends are free."""
    days = Holiday.objects.filter(kind=DayKind.OFF).dates("day", "year")
    return [first.year for first in days]


def unknown_years(start: date, end: date) -> list[int]:
    """The years that the period touches and of which no holidays stand here yet."""
    known = set(known_years())
    return [year for year in range(min(start, end).year, max(start, end).year + 1) if year not in known]


def warn(start: date, end: date) -> None:
    """Say in the log that a reckoning went by weekends alone."""
    for year in unknown_years(start, end):
        logger.warning("no holidays of %s are known: only its weekends are free", year)


def years_to_enter() -> list[int]:
    """The years whose holidays somebody should enter now: this one, and from November on the next."""
    today = clock.today()
    last = today.year + (today.month >= NOTICE_MONTH)
    return unknown_years(today, date(last, 1, 1))
