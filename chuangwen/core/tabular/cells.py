"""Cell parsers: each factory returns a function of one cell that gives the value or raises `BadCell`.

Called by `reading` in a tight loop, and by the importers that put a `Table` together. A parser reads what
people type (full-width digits, "3次", "十二", "Ｃ９８ 班") and refuses whatever it would have to guess.
"""

import datetime as dt
import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from chuangwen.core.tabular.dates import a_date, a_moment, a_time, refuse_blank
from chuangwen.core.tabular.normal import plain_code, tight, with_arabic
from chuangwen.core.tabular.problems import bad_cell
from chuangwen.core.tabular.values import Cell, is_blank

__all__ = [
    "a_choice",
    "a_code",
    "a_date",
    "a_decimal",
    "a_moment",
    "a_text",
    "a_time",
    "a_yes_no",
    "an_integer",
    "optional",
]

T = TypeVar("T")

# Below this a word is another word: c130 is no slip for c113.
_NEAR = 0.85
_NAMED = 8

_ABOUT = re.compile(r"约|左右|大概|上下|近|余|多|几|若干|以上|以下")
_UNITS = "次人个件处起袋张条份名户场篇片块车吨位家辆支批棵米天元分本项例面幅班位节所"
_INTEGER = re.compile(rf"([+-]?(?:\d{{1,3}}(?:,\d{{3}})+|\d+))(?:\.0+)?(?:人次|[{_UNITS}])?")
_DECIMAL = re.compile(rf"([+-]?(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?)(?:人次|[{_UNITS}])?")
_DIGITS = re.compile(r"\d")
_CODE_TAIL = re.compile(r"[班号组队]$")
_NOTHING = {"-", "—", "——", "/", "／", "\\", "－"}
_YES = {"是", "有", "对", "√", "✓", "✔", "☑", "y", "yes", "true", "1"}
_NO = {"否", "无", "没有", "不是", "×", "✗", "✘", "☐", "n", "no", "false", "0"}


def an_integer(minimum: int | None = None, maximum: int | None = None) -> Callable[[Cell], int]:
    """A parser of whole numbers, both ends included.

    It raises BadCell: blank, formula_error, not_a_number, not_whole, approximate, number_is_date, negative,
    below_minimum, above_maximum.
    """

    def parse(cell: Cell) -> int:
        number = cell if cell.__class__ is int else _whole(cell)
        assert isinstance(number, int)  # noqa: S101 - tells the type checker what the class test above says
        if minimum is not None and number < minimum:
            code = "negative" if number < 0 <= minimum else "below_minimum"
            raise bad_cell(code, cell, minimum=minimum)
        if maximum is not None and number > maximum:
            raise bad_cell("above_maximum", cell, maximum=maximum)
        return number

    return parse


def _whole(cell: Cell) -> int:
    number = _number(cell, _INTEGER)
    if number != number.to_integral_value():
        raise bad_cell("not_whole", cell)
    return int(number)


def a_decimal(places: int, minimum: Decimal | int | None = None) -> Callable[[Cell], Decimal]:
    """A parser of numbers with at most `places` decimal places, returned with exactly so many.

    It raises BadCell: blank, formula_error, not_a_number, approximate, number_is_date, too_many_places,
    negative, below_minimum.
    """
    step = Decimal(1).scaleb(-places)

    def parse(cell: Cell) -> Decimal:
        number = _number(cell, _DECIMAL)
        try:
            rounded = number.quantize(step)
        except InvalidOperation as error:
            raise bad_cell("not_a_number", cell) from error
        if rounded != number:
            raise bad_cell("too_many_places", cell, places=places)
        if minimum is not None and number < minimum:
            raise bad_cell("negative" if number < 0 <= minimum else "below_minimum", cell, minimum=minimum)
        return rounded

    return parse


def _number(cell: Cell, shape: re.Pattern[str]) -> Decimal:
    refuse_blank(cell)
    if isinstance(cell, bool):
        raise bad_cell("not_a_number", cell)
    if isinstance(cell, int):
        return Decimal(cell)
    if isinstance(cell, float):
        # Fifteen digits are what Excel shows; the rest is the noise of binary fractions.
        number = Decimal(format(cell, ".15g"))
        if not number.is_finite():
            raise bad_cell("not_a_number", cell)
        return number
    if not isinstance(cell, str):
        raise bad_cell("number_is_date", cell)
    return _number_of_text(cell, shape)


def _number_of_text(cell: str, shape: re.Pattern[str]) -> Decimal:
    text = with_arabic(tight(cell))
    if match := shape.fullmatch(text):
        return Decimal(match[1].replace(",", ""))
    if re.search(r"\d", text) and _ABOUT.search(text):
        raise bad_cell("approximate", cell)
    raise bad_cell("not_whole" if _DECIMAL.fullmatch(text) else "not_a_number", cell)


def a_text(max_length: int) -> Callable[[Cell], str]:
    """A parser of text of 1 to `max_length` characters; numbers and dates come as Excel would show them.

    It raises BadCell: blank, formula_error, too_long.
    """

    def parse(cell: Cell) -> str:
        refuse_blank(cell)
        text = _as_text(cell)
        if len(text) > max_length:
            raise bad_cell("too_long", cell, length=len(text), limit=max_length)
        return text

    return parse


def _as_text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell.replace("\r\n", "\n").replace("\r", "\n").strip()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return format(cell, ".15g") if not cell.is_integer() or abs(cell) >= 1e15 else str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, dt.time):
        return cell.strftime("%H:%M")
    return str(cell)


def a_choice(mapping: Mapping[str, T], what: str, *, offered: Sequence[str] | None = None) -> Callable[[Cell], T]:
    """A parser of one of the words of `mapping`; `what` names them in a message, "类别".

    Widths, spaces and case do not matter. Messages name the words of `offered`, or all. It raises BadCell: blank,
    formula_error, unknown_choice, unknown_choice_of_many, unknown_choice_near (with the nearest word).
    """
    words = {tight(word).lower(): value for word, value in mapping.items()}
    named = [*mapping] if offered is None else [*offered]
    as_written = {tight(word).lower(): word for word in named}

    def parse(cell: Cell) -> T:
        refuse_blank(cell)
        word = tight(_as_text(cell)).lower()
        if word in words:
            return words[word]
        near = [each for each in difflib.get_close_matches(word, as_written, cutoff=_NEAR) if _is_slip(word, each)]
        if near:
            raise bad_cell("unknown_choice_near", cell, what=what, nearest=as_written[near[0]])
        known = "、".join(named[:_NAMED])
        if len(named) > _NAMED:
            raise bad_cell("unknown_choice_of_many", cell, what=what, known=known, count=len(named))
        raise bad_cell("unknown_choice", cell, what=what, known=known)

    return parse


def _is_slip(word: str, near: str) -> bool:
    """Another number with as many digits is another thing, not a slip of the pen."""
    written, known = ("".join(_DIGITS.findall(text)) for text in (word, near))
    return written == known or len(written) != len(known)


def a_code(pattern: str) -> Callable[[Cell], str]:
    """A parser of codes in lower case with plain dashes that match `pattern` (a regular expression) as a
    whole.

    A 班, 号, 组 or 队 at the end is left off when the code matches only so. It raises BadCell: blank,
    formula_error, not_a_code.
    """
    shape = re.compile(pattern)

    def parse(cell: Cell) -> str:
        refuse_blank(cell)
        code = plain_code(_as_text(cell))
        for candidate in (code, _CODE_TAIL.sub("", code)):
            if shape.fullmatch(candidate):
                return candidate
        raise bad_cell("not_a_code", cell)

    return parse


def a_yes_no() -> Callable[[Cell], bool]:
    """A parser of yes and no, also as √ and ×. It raises BadCell: blank, formula_error, not_yes_no."""

    def parse(cell: Cell) -> bool:
        refuse_blank(cell)
        word = tight(_as_text(cell)).lower()
        if word in _YES:
            return True
        if word in _NO:
            return False
        raise bad_cell("not_yes_no", cell)

    return parse


def optional(parser: Callable[[Cell], T]) -> Callable[[Cell], T | None]:
    """The same parser, but an empty cell, or a dash or slash that stands for "nothing", gives None."""

    def parse(cell: Cell) -> T | None:
        if is_blank(cell) or (isinstance(cell, str) and cell.strip() in _NOTHING):
            return None
        return parser(cell)

    return parse
