"""What the page of holidays asks: a year as twelve months, what was changed, what the notice says."""

import calendar as months
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language

from chuangwen.core import calendar, clock
from chuangwen.core.models import DayKind, Event, Holiday
from chuangwen.core.setting import NOUN, subject
from chuangwen.people.access import Viewer, label_of_persons, require_over_city
from chuangwen.people.rules import Perm
from chuangwen.web.lists import VERBS

# All changes of holidays have one subject: a stretch of days may go over the turn of the year.
SUBJECT = subject("holidays", "")
HISTORY = 30
KINDS = {DayKind.OFF: "off", DayKind.WORK: "work", DayKind.PLAIN: "plain"}


@dataclass(frozen=True)
class Day:
    """A day of the page. `mark` is off, work, or empty for a day that goes by its weekday."""

    day: date
    mark: str
    label: str
    name: str
    rests: bool
    edited: bool


@dataclass(frozen=True)
class Month:
    first: date
    weeks: list[list[Day | None]]
    worked: int


@dataclass(frozen=True)
class Year:
    """A year of the calendar. `known` is whether its holidays stand here; `published` whether its notice does."""

    year: int
    months: list[Month]
    known: bool
    published: bool
    worked: int
    edited: list[Day]


def known_years(viewer: Viewer) -> list[int]:
    require_over_city(viewer, Perm.REFERENCE_MANAGE)
    return calendar.known_years()


def years_to_enter(viewer: Viewer) -> list[int]:
    require_over_city(viewer, Perm.REFERENCE_MANAGE)
    return calendar.years_to_enter()


def year_view(viewer: Viewer, year: int) -> Year:
    require_over_city(viewer, Perm.REFERENCE_MANAGE)
    rows = {row.day: row for row in Holiday.objects.filter(day__year=year)}
    found = [_month(year, number, rows) for number in range(1, 13)]
    edited = [_day(row.day, rows) for row in rows.values() if row.edited_at]
    return Year(
        year=year,
        months=found,
        known=any(row.kind == DayKind.OFF for row in rows.values()),
        published=bool(calendar.published(year)),
        worked=sum(month.worked for month in found),
        edited=edited,
    )


def _month(year: int, number: int, rows: Mapping[date, Holiday]) -> Month:
    weeks: list[list[Day | None]] = [
        [_day(day, rows) if day.month == number else None for day in week]
        for week in months.Calendar().monthdatescalendar(year, number)
    ]
    return Month(date(year, number, 1), weeks, sum(not day.rests for week in weeks for day in week if day))


def _day(day: date, rows: Mapping[date, Holiday]) -> Day:
    row = rows.get(day)
    weekend = day.weekday() >= 5
    if row is None or row.kind == DayKind.PLAIN:
        return Day(day, "", "", row.name if row else "", weekend, bool(row and row.edited_at))
    name = row.name_en if row.name_en and get_language() == "en" else row.name
    return Day(
        day, KINDS[DayKind(row.kind)], row.get_kind_display(), name, row.kind == DayKind.OFF, bool(row.edited_at)
    )


def marked(viewer: Viewer, day: date) -> Holiday | None:
    require_over_city(viewer, Perm.REFERENCE_MANAGE)
    return Holiday.objects.filter(day=day).first()


@dataclass(frozen=True)
class Past:
    """One thing that was done to the calendar: each day with what it was and what it is."""

    at: datetime
    actor: str
    verb: str | Promise
    days: list[tuple[str, str, str]]


def history(viewer: Viewer, year: int) -> list[Past]:
    """What was changed about the days of a year, the latest first."""
    require_over_city(viewer, Perm.REFERENCE_MANAGE)
    events = list(Event.objects.filter(noun=NOUN, subject_uid=SUBJECT).order_by("-id")[: HISTORY * 4])
    events = [event for event in events if any(_of(year, day) for day in event.data["days"])][:HISTORY]
    names = label_of_persons(event.actor_uid for event in events)
    return [
        Past(
            event.at,
            names.get(event.actor_uid, ""),
            VERBS[event.verb],
            [
                (day, _told(told["before"]), _told(told["after"]))
                for day, told in sorted(event.data["days"].items())
                if _of(year, day)
            ],
        )
        for event in events
    ]


def _of(year: int, day: str) -> bool:
    return day.startswith(f"{year}-")


def _told(said: Mapping[str, Any] | None) -> str:
    if said is None:
        return str(DayKind.PLAIN.label)
    return f"{DayKind(said['kind']).label} {said['name']}".strip()


def year_of(written: str) -> int:
    """The year that an address asks for; this one where it asks for none that the calendar has."""
    if written.isdecimal() and len(written) == 4 and clock.FIRST_DAY.year <= int(written) <= clock.LAST_DAY.year:
        return int(written)
    return clock.today().year
