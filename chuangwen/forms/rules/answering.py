"""Judges answers: which questions are asked, which answers will do, what is kept. The page's judge is SurveyJS.

What both agree on: a field is decided after those that its condition names; what is not asked for is not kept and
counts as missing; text of blanks alone is missing; a length is counted as browsers count it (UTF-16).
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from chuangwen.forms.rules.expressions import Value, holds
from chuangwen.forms.rules.fields import FIRST_DAY, LAST_DAY, Field, fields
from chuangwen.forms.rules.model import Form, Kind
from chuangwen.forms.rules.problems import Problem

MOST_ENTRIES = 2000
# What String.prototype.trim takes away.
BLANKS = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class BadAnswer(Exception):
    def __init__(self, code: str, **params: object) -> None:
        self.code, self.params = code, params
        super().__init__(code)


@dataclass
class Answered:
    """`values` are kept when there is no problem; `asked` are the fields that were asked for."""

    values: dict[str, Value] = field(default_factory=dict)
    asked: list[Field] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def answer(form: Form, given: object) -> Answered:
    """Never raises, whatever is given."""
    found = Answered()
    if not isinstance(given, dict):
        found.problems.append(Problem("answers_no_object"))
        return found
    wanted = fields(form)
    found.problems += _unknown(given, {each.name for each in wanted})
    for each in wanted:
        if holds(each.shown, found.values):
            found.asked.append(each)
            _take(each, given.get(each.name), found)
    return found


def _unknown(given: Mapping[Any, Any], known: set[str]) -> list[Problem]:
    if len(given) > MOST_ENTRIES:
        return [Problem("answers_too_many", params={"count": len(given), "most": MOST_ENTRIES})]
    strange = sorted(str(key) for key in given if key not in known)
    problems = [Problem("answer_unknown", params={"key": key[:60]}) for key in strange[:5]]
    if len(strange) > 5:
        problems.append(Problem("answers_unknown_more", params={"count": len(strange) - 5}))
    return problems


def _take(asked: Field, given: object, found: Answered) -> None:
    try:
        value = None if given is None else READERS[asked.kind](asked, given)
        if value is None and asked.required:
            raise BadAnswer("answer_missing")
        if value is None:
            return
        # Kept even when it is too large, because what depends on it is asked for all the same.
        found.values[asked.name] = value
        _judge(asked, value, found.values)
    except BadAnswer as bad:
        found.problems.append(Problem(bad.code, asked.name, bad.params))


def _judge(asked: Field, value: Value, values: Mapping[str, Value]) -> None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        _judge_number(asked, value, values)
    elif isinstance(value, str) and asked.most:
        length = len(value.encode("utf-16-le", errors="surrogatepass")) // 2
        if length > asked.most:
            raise BadAnswer("answer_long", count=length, most=asked.most)
    elif isinstance(value, list) and asked.most and len(value) > asked.most:
        raise BadAnswer("answer_many", count=len(value), most=asked.most)
    elif asked.kind == Kind.DATE and isinstance(value, str) and not FIRST_DAY <= value <= LAST_DAY:
        raise BadAnswer("answer_day_out", first=FIRST_DAY, last=LAST_DAY)


def _judge_number(asked: Field, value: float, values: Mapping[str, Value]) -> None:
    if asked.low is not None and value < asked.low:
        raise BadAnswer("answer_small", low=plain(asked.low))
    if asked.high is not None and value > asked.high:
        raise BadAnswer("answer_large", high=plain(asked.high))
    limit = values.get(asked.up_to)
    if isinstance(limit, int) and value > limit:
        raise BadAnswer("answer_over", high=limit)


def plain(value: float) -> str:
    """A number without a needless `.0`."""
    return str(int(value)) if value == int(value) else str(value)


def _text(_asked: Field, given: object) -> str | None:
    if not isinstance(given, str):
        raise BadAnswer("answer_no_text")
    if "\0" in given or any("\ud800" <= sign <= "\udfff" for sign in given):
        raise BadAnswer("answer_bad_sign")
    return given.strip(BLANKS) or None


def _decimal(_asked: Field, given: object) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or abs(given) > 1e15 or not math.isfinite(given):
        raise BadAnswer("answer_no_number")
    # A minus before zero would not come back from every database.
    return float(given) + 0.0


def _whole(asked: Field, given: object) -> int:
    number = _decimal(asked, given)
    if number != int(number):
        raise BadAnswer("answer_not_whole")
    return int(number)


def _truth(_asked: Field, given: object) -> bool:
    if not isinstance(given, bool):
        raise BadAnswer("answer_no_truth")
    return given


def _date(_asked: Field, given: object) -> str | None:
    if given == "":
        return None
    try:
        if not isinstance(given, str) or not DAY.fullmatch(given):
            raise ValueError(given)
        return date.fromisoformat(given).isoformat()
    except ValueError:
        raise BadAnswer("answer_no_day") from None


def _time(_asked: Field, given: object) -> str | None:
    if given == "":
        return None
    if not isinstance(given, str) or not TIME.fullmatch(given):
        raise BadAnswer("answer_no_time")
    return given


def _one(asked: Field, given: object) -> str:
    if not isinstance(given, str) or given not in asked.words:
        raise BadAnswer("answer_no_choice", choice=str(given)[:40])
    return given


def _several(asked: Field, given: object) -> list[str] | None:
    if not isinstance(given, list) or len(given) > len(asked.words):
        raise BadAnswer("answer_no_list")
    chosen = [_one(asked, each) for each in given]
    if len(set(chosen)) < len(chosen):
        raise BadAnswer("answer_choice_twice")
    return [word for word in asked.words if word in chosen] or None


def _photos(_asked: Field, given: object) -> list[str] | None:
    if not isinstance(given, list) or len(given) > 100:
        raise BadAnswer("answer_no_photos")
    try:
        found = [str(UUID(each)) for each in given if isinstance(each, str)]
    except ValueError:
        raise BadAnswer("answer_no_photos") from None
    if len(set(found)) < len(given):
        raise BadAnswer("answer_no_photos")
    return found or None


def photo_uids(answered: Answered) -> list[UUID]:
    """All photos of the answers, each once, in the order of the questions."""
    found: dict[UUID, None] = {}
    for each in answered.asked:
        value = answered.values.get(each.name)
        if each.kind == Kind.PHOTO and isinstance(value, list):
            found |= dict.fromkeys(UUID(uid) for uid in value)
    return list(found)


READERS: Mapping[Kind, Callable[[Field, object], Value | None]] = {
    Kind.TEXT: _text, Kind.LONG_TEXT: _text, Kind.WHOLE: _whole, Kind.DECIMAL: _decimal, Kind.DATE: _date,
    Kind.TIME: _time, Kind.YES_NO: _truth, Kind.ONE: _one, Kind.SEVERAL: _several, Kind.PHOTO: _photos,
}  # fmt: skip
