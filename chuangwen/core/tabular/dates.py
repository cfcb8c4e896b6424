"""Cell parsers for days and times of day. Re-exported by `cells`; called once per cell by `reading`.

A day is read in every way that offices write it; a time of day without a date stays a plain `datetime.time`,
because the place's time zone belongs to whoever joins it to a day.
"""

import datetime as dt
import math
import re
from collections.abc import Callable

from chuangwen.core.tabular.normal import tight, with_arabic
from chuangwen.core.tabular.problems import bad_cell
from chuangwen.core.tabular.values import Cell, is_blank, is_error

_EPOCH = dt.date(1899, 12, 30)
# Serial numbers of 1954-10-03 to 2119-01-10: what an office calls a date, and no count or amount of its
# lists.
_SERIALS = range(20000, 80001)
_CLOCK = re.compile(r"[T ]\s*\d{1,2}:\d{2}(:\d{2})?(\.\d+)?$")
_WEEKDAY = re.compile(r"\(?(星期|周|礼拜)[一二三四五六日天]\)?$")
_FULL = re.compile(r"(\d{4})([-/.年])(\d{1,2})[-/.月](\d{1,2})[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NO_YEAR = re.compile(r"(\d{1,2})[-/.月](\d{1,2})[日号]?")
_HALF_DAY = dict.fromkeys(("凌晨", "清晨", "早上", "早晨", "上午"), 0)
_HALF_DAY |= dict.fromkeys(("中午", "下午", "傍晚", "晚上", "夜间"), 12)
_TIME = re.compile(
    rf"(?P<half>{'|'.join(_HALF_DAY)}|am|pm)?(?P<hour>\d{{1,2}})"
    r"(?:[:.](?P<minute>\d{2})(?::(?P<second>\d{2}))?|[点时](?:整|(?P<part>半|1刻|3刻)|(?P<minute2>\d{1,2})分?)?)"
    r"(?P<half2>am|pm)?",
    re.IGNORECASE,
)
_PARTS = {"半": 30, "1刻": 15, "3刻": 45}


def a_date(
    earliest: dt.date | None = None, latest: dt.date | None = None, default_year: int | None = None
) -> Callable[[Cell], dt.date]:
    """A parser of days, both ends included; `default_year` completes "4月2日".

    The parser raises BadCell: blank, formula_error, not_a_date, no_such_date, date_without_year,
    date_too_early, date_too_late.
    """

    def parse(cell: Cell) -> dt.date:
        day = _day(cell, default_year)
        if earliest is not None and day < earliest:
            raise bad_cell("date_too_early", cell, earliest=earliest)
        if latest is not None and day > latest:
            raise bad_cell("date_too_late", cell, latest=latest)
        return day

    return parse


def _day(cell: Cell, default_year: int | None) -> dt.date:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    refuse_blank(cell)
    if isinstance(cell, bool):
        raise bad_cell("not_a_date", cell)
    if isinstance(cell, int | float):
        return _day_of_number(cell)
    if not isinstance(cell, str):
        raise bad_cell("not_a_date", cell)
    return _day_of_text(cell, default_year)


def _day_of_number(number: int | float) -> dt.date:
    if not math.isfinite(number):
        raise bad_cell("not_a_date", number)
    if int(number) in _SERIALS:
        return _EPOCH + dt.timedelta(days=int(number))
    match = _COMPACT.fullmatch(format(number, ".15g"))
    if match is None:
        raise bad_cell("not_a_date", number)
    return _make_day(match[1], match[2], match[3], number)


def _day_of_text(cell: str, default_year: int | None) -> dt.date:
    text = with_arabic(_WEEKDAY.sub("", tight(_CLOCK.sub("", cell.strip()))))
    if match := _FULL.fullmatch(text):
        return _make_day(match[1], match[3], match[4], cell)
    if match := _COMPACT.fullmatch(text):
        return _make_day(match[1], match[2], match[3], cell)
    if match := _NO_YEAR.fullmatch(text):
        if default_year is None:
            raise bad_cell("date_without_year", cell)
        return _make_day(str(default_year), match[1], match[2], cell)
    if text.isdecimal() and int(text) in _SERIALS:
        return _EPOCH + dt.timedelta(days=int(text))
    raise bad_cell("not_a_date", cell)


def _make_day(year: str, month: str, day: str, cell: Cell) -> dt.date:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError as error:
        raise bad_cell("no_such_date", cell) from error


_MOMENT = re.compile(r"(?P<day>.+?)(?:[T\s]+|(?<=[日号]))(?P<time>(?:[^\W\d]{0,2}\d{1,2}[:：点时]|24:).*)")


def a_moment(
    earliest: dt.date | None = None, default_year: int | None = None
) -> Callable[[Cell], dt.date | dt.datetime]:
    """A parser of days with or without a time of day: a naive datetime where a time is written, else a day.

    Midnight of a date cell is a day: that is how Excel keeps one. The parser raises what `a_date` and `a_time` raise.
    """
    a_day = a_date(earliest=earliest, default_year=default_year)

    def parse(cell: Cell) -> dt.date | dt.datetime:
        day_written, time_written = _parted(cell)
        day = a_day(day_written)
        if time_written is None:
            return day
        clock = _time_of(time_written)
        return dt.datetime.combine(day, clock)

    return parse


def _parted(cell: Cell) -> tuple[Cell, Cell | None]:
    """The day and the time of day of a cell, each still as written."""
    if isinstance(cell, dt.datetime):
        return cell, (cell if cell.time() != dt.time.min else None)
    if isinstance(cell, float) and math.isfinite(cell) and int(cell) in _SERIALS:
        return cell, (cell if cell % 1 else None)
    if isinstance(cell, str) and (match := _MOMENT.fullmatch(cell.strip())):
        return match["day"], match["time"]
    return cell, None


def a_time() -> Callable[[Cell], dt.time]:
    """A parser of times of day, to the second. It raises BadCell: blank, formula_error, not_a_time."""
    return _time_of


def _time_of(cell: Cell) -> dt.time:
    if isinstance(cell, dt.datetime):
        return cell.time().replace(microsecond=0)
    if isinstance(cell, dt.time):
        return cell
    refuse_blank(cell)
    if isinstance(cell, dt.timedelta):
        return _time_of_seconds(cell.total_seconds(), cell)
    if isinstance(cell, float) or (isinstance(cell, int) and not isinstance(cell, bool) and cell == 0):
        # An exact day and a fraction is a moment; a time of day is what is left of it.
        return _time_of_seconds((cell % 1 if cell >= _SERIALS.start else cell) * 86400, cell)
    if isinstance(cell, str) and (match := _TIME.fullmatch(with_arabic(tight(cell)))):
        return _time_of_match(match, cell)
    raise bad_cell("not_a_time", cell)


def _time_of_seconds(seconds: float, cell: Cell) -> dt.time:
    if not math.isfinite(seconds) or not 0 <= round(seconds) < 86400:
        raise bad_cell("not_a_time", cell)
    minutes, second = divmod(round(seconds), 60)
    return dt.time(minutes // 60, minutes % 60, second)


def _time_of_match(match: re.Match[str], cell: str) -> dt.time:
    hour = int(match["hour"])
    minute = _PARTS[match["part"]] if match["part"] else int(match["minute"] or match["minute2"] or 0)
    half = (match["half"] or match["half2"] or "").lower()
    if half in ("am", "pm"):
        hour = hour % 12 + (12 if half == "pm" else 0) if hour <= 12 else hour
    elif _HALF_DAY.get(half) and hour < (11 if half == "中午" else 12):
        hour += 12
    elif half in ("晚上", "夜间") and hour == 12:
        raise bad_cell("not_a_time", cell)
    try:
        return dt.time(hour, minute, int(match["second"] or 0))
    except ValueError as error:
        raise bad_cell("not_a_time", cell) from error


def refuse_blank(cell: Cell) -> None:
    """Raise BadCell "blank" for an empty cell and "formula_error" or "formula_without_value" for a failed
    formula.
    """
    if is_blank(cell):
        raise bad_cell("blank", cell)
    if is_error(cell):
        failed = str(cell).startswith("=")
        raise bad_cell("formula_without_value" if failed else "formula_error", cell)
