"""The small language of a template: figures, comparisons, the four sums, if and for, two numbering helpers.

Called by `checking` (without values) and `rendering` (with them). Always holds: what is not on the lists
below never compiles, so no expression of a template can reach a Python object, call anything but the two
helpers, or loop inside a loop.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal, DivisionByZero, InvalidOperation
from functools import lru_cache
from types import CodeType
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import TemplateRuntimeError
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import SandboxedEnvironment

from chuangwen.reports.docx.marks import FigureMark
from chuangwen.reports.docx.numbering import HELPERS, SERIES_CLOSE, SERIES_OPEN, Numbering

MARK_OPEN, MARK_CLOSE = "\ue0f0", "\ue0f1"
# The lists of a report and the fields of their rows; a list that is not named here may have any.
LISTS = {
    "数字表": ("序号", "名称", "数值", "口径", "记录数", "编码"),
    "素材": ("题目", "文字"),
}

_LOOP_FIELDS = frozenset({"index", "first", "last", "length"})
_FIGURE_FIELDS = frozenset({"number", "text"})
_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If, nodes.For,
    nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Add, nodes.Sub,
    nodes.Mul, nodes.Div, nodes.Neg, nodes.Pos, nodes.Concat, nodes.Getattr, nodes.Call, nodes.Filter,
)  # fmt: skip
_NOT_XML = re.compile(
    f"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[{MARK_OPEN}{MARK_CLOSE}{SERIES_OPEN}{SERIES_CLOSE}]"
)
_COMPUTED_PLACES = 4
_FROM_JINJA = frozenset({"_loop_vars", "_block_vars"})


class LanguageError(TemplateRuntimeError):
    """Something the language does not do; `code` and `params` as in TemplateProblem, `lineno` where known."""

    def __init__(self, code: str, lineno: int | None = None, **params: str) -> None:
        super().__init__(code)
        self.code, self.lineno, self.params = code, lineno, params


def clean(text: str) -> str:
    """The text without what XML cannot hold and without our own private marker characters."""
    return _NOT_XML.sub("", text)


class Figure:
    """A figure inside a template: counts like its number, prints as a marker that becomes a link."""

    __slots__ = ("_mark", "_print")

    def __init__(self, mark: FigureMark, print_marker: Callable[[FigureMark], str]) -> None:
        self._mark, self._print = mark, print_marker

    def field(self, name: str) -> Decimal | str | None:
        return self._mark.text if name == "text" else self._mark.number

    def number(self) -> Decimal:
        if self._mark.number is None:
            raise LanguageError("not-a-number", name=self._mark.name)
        return self._mark.number

    def __str__(self) -> str:
        return self._print(self._mark)

    def __bool__(self) -> bool:
        return bool(self._mark.text if self._mark.number is None else self._mark.number)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            return self._mark.text == other
        if isinstance(other, Figure) and (self._mark.number is None or other._mark.number is None):
            return self._mark.text == other._mark.text
        return self.number() == as_number(other)

    def __hash__(self) -> int:
        return hash(self._mark)

    def __lt__(self, other: object) -> bool:
        return self.number() < as_number(other)

    def __le__(self, other: object) -> bool:
        return self.number() <= as_number(other)

    def __gt__(self, other: object) -> bool:
        return self.number() > as_number(other)

    def __ge__(self, other: object) -> bool:
        return self.number() >= as_number(other)


class Printed:
    """A value that only prints, such as a Sentence; `truth` is what a condition on it sees."""

    __slots__ = ("_print", "_truth")

    def __init__(self, print_words: Callable[[], str], *, truth: bool = True) -> None:
        self._print, self._truth = print_words, truth

    def __str__(self) -> str:
        return self._print()

    def __bool__(self) -> bool:
        return self._truth


def as_number(value: object) -> Decimal:
    """The Decimal of a figure or literal; raises LanguageError for anything that does not count."""
    if isinstance(value, Figure):
        return value.number()
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    raise LanguageError("not-a-number", name=str(value)[:20])


def keep_places(value: object, places: object = 0) -> str:
    """The one filter: a number rounded half up to so many places, as text."""
    digits = min(max(int(as_number(places)), 0), 9)
    return format(as_number(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP), "f")


def _printable(value: object) -> object:
    if isinstance(value, str | int | Figure | Printed | StrictUndefined):
        return value
    if not isinstance(value, Decimal):
        raise LanguageError("wrong-kind", name=type(value).__name__)
    text = keep_places(value, _COMPUTED_PLACES)
    return text.rstrip("0").rstrip(".")


def _fields(value: object) -> str:
    if isinstance(value, Mapping):
        return "、".join(value)
    names = _LOOP_FIELDS if isinstance(value, LoopContext) else _FIGURE_FIELDS if isinstance(value, Figure) else ()
    return "、".join(sorted(names))


def _exact(literal: object) -> Decimal:
    return Decimal(str(literal))


class Language(SandboxedEnvironment):
    """The environment both for checking and for rendering."""

    intercepted_binops = frozenset({"+", "-", "*", "/"})
    intercepted_unops = frozenset({"+", "-"})

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True, finalize=_printable)
        self.globals.clear()
        self.tests.clear()
        self.filters.clear()
        self.filters |= {"保留": keep_places, "_exact": _exact}

    def unguarded(self, source: str) -> nodes.Template:
        """The tree of a source for looking at, never for running; raises TemplateSyntaxError."""
        return super()._parse(source, None, None)

    def compile(self, source: Any, *given: Any, **named: Any) -> Any:
        """As Jinja does it; a source alone, as a rendering gives it, only once: that is a third of the whole time."""
        if given or named or not isinstance(source, str):
            return super().compile(source, *given, **named)
        return _compiled(source)

    def once(self, source: str) -> CodeType:
        """The code of a source; it finds its environment only when it runs."""
        return super().compile(source)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for error in forbidden(tree):
            raise error
        return _with_exact_literals(tree)

    def getattr(self, obj: object, attribute: str) -> object:
        if isinstance(obj, Figure) and attribute in _FIGURE_FIELDS:
            return obj.field(attribute)
        if isinstance(obj, LoopContext) and attribute in _LOOP_FIELDS:
            return getattr(obj, attribute)
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        raise LanguageError("unknown-field", name=attribute, fields=_fields(obj))

    def call(self, context: Context, obj: object, *args: object, **kwargs: object) -> object:
        # Inside a loop Jinja hands its variables over as well; a call of the template itself has no keywords.
        if isinstance(getattr(obj, "__self__", None), Numbering) and kwargs.keys() <= _FROM_JINJA and callable(obj):
            return obj(*args)
        raise LanguageError("forbidden", name="()")

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> Decimal:
        try:
            return _SUMS[operator](as_number(left), as_number(right))
        except (DivisionByZero, InvalidOperation) as error:
            raise LanguageError("division-by-zero") from error

    def call_unop(self, context: Context, operator: str, arg: object) -> Decimal:
        return -as_number(arg) if operator == "-" else as_number(arg)


@lru_cache(maxsize=32)
def _compiled(source: str) -> CodeType:
    return Language().once(source)


_SUMS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


_HOLDERS = (nodes.Operand, nodes.Compare, nodes.BinExpr, nodes.Output, nodes.CondExpr)


def _with_exact_literals(tree: nodes.Template) -> nodes.Template:
    # The float 1.2 lies below Decimal 1.2, so a comparison with it would never be equal: keep the digits
    # typed.
    for node in list(tree.find_all(_HOLDERS)):
        for name, value in list(node.iter_fields()):
            if isinstance(value, nodes.Const) and isinstance(value.value, float):
                setattr(node, name, _exact_node(value))
            elif isinstance(value, list):
                value[:] = [_exact_node(item) for item in value]
    return tree


def _exact_node(item: nodes.Node) -> nodes.Node:
    if not isinstance(item, nodes.Const) or not isinstance(item.value, float):
        return item
    text = nodes.Const(str(item.value), lineno=item.lineno)
    return nodes.Filter(text, "_exact", [], [], None, None, lineno=item.lineno)


def forbidden(tree: nodes.Template) -> Iterator[LanguageError]:
    """Every construct outside the language, with its line."""
    for node in _walk(tree):
        name = _refused(node)
        if name:
            yield LanguageError("forbidden", node.lineno, name=name)
    for loop in tree.find_all(nodes.For):
        if any(True for part in loop.body for _ in _loops(part)):
            yield LanguageError("forbidden", loop.lineno, name="for … for")


def _loops(node: nodes.Node) -> Iterator[nodes.Node]:
    if isinstance(node, nodes.For):
        yield node
    yield from node.find_all(nodes.For)


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _walk(child)


def _refused(node: nodes.Node) -> str:
    """What is wrong with one node in itself, as the clerk would see it; empty if nothing."""
    if not isinstance(node, _ALLOWED):
        return type(node).__name__
    special = _SPECIAL.get(type(node))
    return special(node) if special else ""


def _refused_call(node: nodes.Node) -> str:
    assert isinstance(node, nodes.Call)  # noqa: S101
    helper = isinstance(node.node, nodes.Name) and node.node.name in HELPERS
    plain = not (node.kwargs or node.dyn_args or node.dyn_kwargs)
    return "" if helper and plain else f"{getattr(node.node, 'name', getattr(node.node, 'attr', ''))}()"


def _refused_loop(node: nodes.Node) -> str:
    assert isinstance(node, nodes.For)  # noqa: S101
    plain = isinstance(node.iter, nodes.Name) and isinstance(node.target, nodes.Name)
    return "" if plain and not node.recursive else "for"


def _refused_attribute(node: nodes.Node) -> str:
    assert isinstance(node, nodes.Getattr)  # noqa: S101
    known = node.attr in _LOOP_FIELDS | _FIGURE_FIELDS or not node.attr.isascii()
    return "" if known and isinstance(node.node, nodes.Name) else f".{node.attr}"


def _refused_filter(node: nodes.Node) -> str:
    assert isinstance(node, nodes.Filter)  # noqa: S101
    return "" if node.name == "保留" and node.node is not None else f"|{node.name}"


def _refused_name(node: nodes.Node) -> str:
    assert isinstance(node, nodes.Name)  # noqa: S101
    return node.name if node.name.startswith("_") or node.name in ("self", "caller", "varargs") else ""


_SPECIAL: dict[type[nodes.Node], Callable[[nodes.Node], str]] = {
    nodes.Call: _refused_call,
    nodes.For: _refused_loop,
    nodes.Getattr: _refused_attribute,
    nodes.Filter: _refused_filter,
    nodes.Name: _refused_name,
}
