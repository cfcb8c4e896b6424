"""The closed grammar of conditions: `{lamps} > 3 and not ({kind} = 'stall' or empty({lit}))`.

    or       = and { "or" and }
    and      = not { "and" not }
    not      = "not" not | compared
    compared = sum [ ("=" | "!=" | "<" | "<=" | ">" | ">=") sum | "contains" word ]
    sum      = product { ("+" | "-") product }
    product  = atom { "*" atom }
    atom     = number | word | "true" | "false" | "{" key "}" | "empty" "(" "{" key "}" ")" | "(" or ")"

What is missing: a comparison, of whatever kind, is false when a question that it names has no answer; `empty` is true;
`not` turns round what it is given. There is no division, so nothing is divided by zero. Sums are for whole numbers
alone, and `bound` says how large one can get, so that both sides reckon exactly.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn

from chuangwen.forms.rules.problems import Problem

MOST_CHARACTERS, MOST_DEPTH = 500, 12
# Beyond it a browser's numbers are not exact any more.
MOST_WHOLE = 2**53 - 1
TOKEN = re.compile(
    r"\s*(?:(?P<number>\d{1,12}(?:\.\d{1,6})?)(?![\w.])|'(?P<word>[a-z][a-z0-9_]{0,39})'|\{(?P<ref>[a-z][a-z0-9_]{0,59})\}"
    r"|(?P<name>and|or|not|true|false|empty|contains)\b|(?P<sign>!=|<=|>=|[=<>+\-*()]))"
)


@dataclass(frozen=True)
class Number:
    value: int | float


@dataclass(frozen=True)
class Word:
    value: str


@dataclass(frozen=True)
class Truth:
    value: bool


@dataclass(frozen=True)
class Ref:
    key: str


@dataclass(frozen=True)
class Sum:
    """`sign` is + - or *."""

    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Compared:
    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Contains:
    ref: Ref
    word: Word


@dataclass(frozen=True)
class Empty:
    ref: Ref


@dataclass(frozen=True)
class Not:
    part: "Node"


@dataclass(frozen=True)
class Both:
    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Either:
    parts: tuple["Node", ...]


Node = Number | Word | Truth | Ref | Sum | Compared | Contains | Empty | Not | Both | Either
Value = bool | int | float | str | list[str]
Values = Mapping[str, Value]
CONDITIONS = (Compared, Contains, Empty, Not, Both, Either)


class BadExpression(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.code)


def _bad(code: str, **params: object) -> NoReturn:
    raise BadExpression(Problem(code, params=params))


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


def _tokens(written: str) -> list[_Token]:
    if len(written) > MOST_CHARACTERS:
        _bad("expression_long", most=MOST_CHARACTERS)
    found, position, end = [], 0, len(written.rstrip())
    while position < end:
        match = TOKEN.match(written, position)
        if match is None or match.lastgroup is None:
            rest = written[position:].strip()[:20]
            _bad("expression_divides" if rest.startswith(("/", "%")) else "expression_sign", found=rest)
        found.append(_Token(match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return found


class _Reader:
    """Recursive descent, no deeper than MOST_DEPTH brackets and negations."""

    def __init__(self, written: str) -> None:
        self.tokens = _tokens(written)
        self.at = 0
        self.depth = 0

    def peek(self, *texts: str) -> bool:
        if self.at >= len(self.tokens):
            return False
        token = self.tokens[self.at]
        return token.kind in {"name", "sign"} and token.text in texts

    def take(self) -> _Token:
        if self.at >= len(self.tokens):
            _bad("expression_ends")
        self.at += 1
        return self.tokens[self.at - 1]

    def want(self, sign: str) -> None:
        token = self.take()
        if token.text != sign:
            _bad("expression_sign", found=token.text)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            _bad("expression_deep", most=MOST_DEPTH)

    def either(self) -> Node:
        parts = [self.both()]
        while self.peek("or"):
            self.take()
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def both(self) -> Node:
        parts = [self.negated()]
        while self.peek("and"):
            self.take()
            parts.append(self.negated())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def negated(self) -> Node:
        if not self.peek("not"):
            return self.compared()
        self.take()
        self.deeper()
        part = self.negated()
        self.depth -= 1
        return Not(part)

    def compared(self) -> Node:
        left = self.sum()
        if self.peek("contains"):
            self.take()
            word = self.take()
            if not isinstance(left, Ref) or word.kind != "word":
                _bad("expression_contains")
            return Contains(left, Word(word.text))
        if self.peek("=", "!=", "<", "<=", ">", ">="):
            return Compared(self.take().text, left, self.sum())
        return left

    def sum(self) -> Node:
        left = self.product()
        while self.peek("+", "-"):
            left = Sum(self.take().text, left, self.product())
        return left

    def product(self) -> Node:
        left = self.atom()
        while self.peek("*"):
            left = Sum(self.take().text, left, self.atom())
        return left

    def atom(self) -> Node:
        token = self.take()
        if token.kind == "number":
            return Number(float(token.text) if "." in token.text else int(token.text))
        if token.kind == "word":
            return Word(token.text)
        if token.kind == "ref":
            return Ref(token.text)
        return self.named(token)

    def named(self, token: _Token) -> Node:
        if token.text in {"true", "false"}:
            return Truth(token.text == "true")
        if token.text == "-" and self.at < len(self.tokens) and self.tokens[self.at].kind == "number":
            number = self.atom()
            return Number(-number.value) if isinstance(number, Number) else number
        if token.text == "empty":
            self.want("(")
            inner = self.take()
            self.want(")")
            return Empty(Ref(inner.text)) if inner.kind == "ref" else _bad("expression_sign", found=inner.text)
        if token.text != "(":
            _bad("expression_sign", found=token.text)
        self.deeper()
        inside = self.either()
        self.want(")")
        self.depth -= 1
        return inside


def read(written: str) -> Node:
    """The condition as a tree; raises BadExpression. `typing.judge` says whether its parts fit together."""
    reader = _Reader(written)
    if not reader.tokens:
        _bad("expression_empty")
    found = reader.either()
    if reader.at < len(reader.tokens):
        _bad("expression_sign", found=reader.tokens[reader.at].text)
    if not isinstance(found, CONDITIONS):
        _bad("expression_no_condition")
    return found


def parts(node: Node) -> tuple[Node, ...]:
    match node:
        case Sum(_, left, right) | Compared(_, left, right):
            return left, right
        case Both(inner) | Either(inner):
            return inner
        case Not(part):
            return (part,)
        case Empty(ref) | Contains(ref, _):
            return (ref,)
        case _:
            return ()


def references(node: Node) -> Iterator[str]:
    """The questions that it names, as often as it names them."""
    if isinstance(node, Ref):
        yield node.key
    for part in parts(node):
        yield from references(part)


def holds(node: Node | None, values: Values) -> bool:
    """Whether the condition holds; no condition always does."""
    match node:
        case None:
            return True
        case Both(inner):
            return all(holds(part, values) for part in inner)
        case Either(inner):
            return any(holds(part, values) for part in inner)
        case Not(part):
            return not holds(part, values)
        case Empty(ref):
            return ref.key not in values
        case Contains(ref, word):
            chosen = values.get(ref.key)
            return isinstance(chosen, list) and word.value in chosen
        case Compared(sign, left, right):
            return _compare(sign, _value(left, values), _value(right, values))
        case _:
            raise TypeError(node)


def _compare(sign: str, left: Value | None, right: Value | None) -> bool:
    if left is None or right is None:
        return False
    if sign == "=":
        return left == right
    if sign == "!=":
        return left != right
    if isinstance(left, str | list) or isinstance(right, str | list):
        raise TypeError(sign)
    if sign.startswith("<"):
        return left < right or (sign == "<=" and left == right)
    return left > right or (sign == ">=" and left == right)


def _value(node: Node, values: Values) -> Value | None:
    """None where a question that is named has no answer."""
    match node:
        case Number(value) | Word(value) | Truth(value):
            return value
        case Ref(key):
            return values.get(key)
        case Sum(sign, left, right):
            first, second = _value(left, values), _value(right, values)
            if not isinstance(first, int) or not isinstance(second, int):
                return None
            return first + second if sign == "+" else first - second if sign == "-" else first * second
        case _:
            raise TypeError(node)
