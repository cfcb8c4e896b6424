"""Reads a list of marked days as a clerk pastes it, and knows no database.

A line is a day or a stretch of days, what they are, and a name: `2027-02-06—2027-02-12 放假 春节`, `2月20日 上班 春节`.
A day without its year is of the year at hand.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from chuangwen.core.clock import FIRST_DAY, LAST_DAY

LONGEST = 31
NAME_LENGTH = 40
KINDS = {"放假": "off", "休息": "off", "休": "off", "上班": "work", "调休上班": "work", "班": "work", "照常": "plain"}
DAY = r"(?:(\d{4})[-./年])?(\d{1,2})[-./月](\d{1,2})日?"
TO = r"\s*(?:—+|–|~|～|至|到|--)\s*"
# What stands in brackets behind a day, such as （周六）, is no matter.
ASIDE = r"(?:[（(][^）)]*[）)])?"
STRETCH = re.compile(rf"^{DAY}{ASIDE}(?:{TO}(?:{DAY}|(\d{{1,2}})日?){ASIDE})?\s+(\S+)(?:\s+(.+))?$")


@dataclass(frozen=True)
class Marked:
    """A day, what it is (a value of core.models.DayKind), and the name of the holiday."""

    day: date
    kind: str
    name: str


@dataclass(frozen=True)
class Problem:
    """A line that cannot be read: its number from 1, its text, and a word for what is wrong."""

    line: int
    text: str
    what: str


class Unreadable(Exception):
    """The word for what is wrong with a line."""


def read_list(text: str, *, year: int) -> tuple[list[Marked], list[Problem]]:
    """Every day of the list in order, and every line that is wrong. A day said twice alike counts once."""
    found: dict[date, Marked] = {}
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            for each in _line(line.strip(), year):
                if found.setdefault(each.day, each).kind != each.kind:
                    raise Unreadable("twice")
        except Unreadable as problem:
            problems.append(Problem(number, line.strip(), str(problem)))
    return [found[day] for day in sorted(found)], problems


def _line(line: str, year: int) -> Iterator[Marked]:
    match = STRETCH.match(line)
    if match is None:
        raise Unreadable("shape")
    start_year, start_month, start_day, end_year, end_month, end_day, last, word, name = match.groups()
    kind = KINDS.get(word)
    if kind is None:
        raise Unreadable("kind")
    if len(name or "") > NAME_LENGTH:
        raise Unreadable("long")
    start = _day(start_year or year, start_month, start_day)
    end = start
    if end_month:
        end = _day(end_year or start.year, end_month, end_day)
    elif last:
        end = _day(start.year, start_month, last)
    if not 0 <= (end - start).days < LONGEST:
        raise Unreadable("range")
    for number in range((end - start).days + 1):
        yield Marked(start + timedelta(days=number), kind, (name or "").strip())


def _day(year: int | str, month: str, day: str) -> date:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        raise Unreadable("day") from None
    if not FIRST_DAY <= found <= LAST_DAY:
        raise Unreadable("bounds")
    return found
