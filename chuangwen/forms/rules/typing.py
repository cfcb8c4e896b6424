"""Whether the parts of a condition fit together: numbers with numbers, a choice with its own keys.

Always holds for a condition that `judge` lets pass: `expressions.holds` never raises for values of these kinds, and no
sum gets larger than MOST_WHOLE.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from chuangwen.forms.rules.expressions import (
    MOST_WHOLE,
    BadExpression,
    Compared,
    Contains,
    Empty,
    Node,
    Number,
    Ref,
    Sum,
    Truth,
    Word,
    parts,
)
from chuangwen.forms.rules.problems import Problem


@dataclass(frozen=True)
class Kind:
    """What a condition may do with an answer: `family` is whole, decimal, truth, choice, list or other."""

    family: str
    low: int = 0
    high: int = 0
    words: frozenset[str] = field(default_factory=frozenset)


Kinds = Mapping[str, Kind]
NUMBERS = {"whole", "decimal"}


def _bad(code: str, **params: object) -> NoReturn:
    raise BadExpression(Problem(code, params=params))


def judge(node: Node, kinds: Kinds) -> None:
    """Raises BadExpression. Every question that it names is in `kinds`."""
    match node:
        case Compared(sign, left, right):
            _judge_compared(sign, left, right, kinds)
        case Contains(ref, word):
            kind = kinds[ref.key]
            if kind.family != "list":
                _bad("expression_contains")
            _known(word, kind, ref.key)
        case Empty(_):
            pass
        case Number() | Word() | Truth() | Ref() | Sum():
            _bad("expression_no_condition")
        case _:
            for part in parts(node):
                judge(part, kinds)


def _judge_compared(sign: str, left: Node, right: Node, kinds: Kinds) -> None:
    families = {_family(left, kinds), _family(right, kinds)}
    if families <= NUMBERS:
        return
    if len(families) > 1 or not families <= {"truth", "choice"} or sign not in {"=", "!="}:
        _bad("expression_mixed", sign=sign)
    for ref, word in ((left, right), (right, left)):
        if isinstance(ref, Ref) and isinstance(word, Word):
            _known(word, kinds[ref.key], ref.key)


def _known(word: Word, kind: Kind, key: str) -> None:
    if word.value not in kind.words:
        _bad("expression_choice", choice=word.value, key=key)


def _family(node: Node, kinds: Kinds) -> str:
    match node:
        case Number(value):
            return "whole" if isinstance(value, int) else "decimal"
        case Word():
            return "choice"
        case Truth():
            return "truth"
        case Ref(key):
            return kinds[key].family
        case Sum():
            bound(node, kinds)
            return "whole"
        case _:
            return "condition"


def bound(node: Node, kinds: Kinds) -> tuple[int, int]:
    """The least and the most that a sum of whole numbers can be."""
    match node:
        case Number(value) if isinstance(value, int):
            return value, value
        case Ref(key) if kinds[key].family == "whole":
            return kinds[key].low, kinds[key].high
        case Sum(sign, left, right):
            (a, b), (c, d) = bound(left, kinds), bound(right, kinds)
            ends = {"+": [a + c, b + d], "-": [a - d, b - c], "*": [a * c, a * d, b * c, b * d]}[sign]
            if min(ends) < -MOST_WHOLE or max(ends) > MOST_WHOLE:
                _bad("expression_grows", most=MOST_WHOLE)
            return min(ends), max(ends)
        case _:
            _bad("expression_whole")
