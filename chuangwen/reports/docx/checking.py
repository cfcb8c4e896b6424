"""Says what is wrong with a template before any figure goes into it, and which names it uses.

Called by the page where a clerk uploads a template, by `rendering`, and by the test of the committed forms.
Always holds: a template without problems here renders when every name it uses is given and whatever it
calculates with is a number.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from jinja2 import TemplateSyntaxError, nodes

from chuangwen.reports.docx.grammar import LISTS, Language, LanguageError, forbidden
from chuangwen.reports.docx.marks import BadTemplate, TemplateProblem
from chuangwen.reports.docx.numbering import HELPERS
from chuangwen.reports.docx.package import TEMPLATE, read_parts
from chuangwen.reports.docx.source import SCOPED, TAG, Line, TextPart, read_text

_BRACE = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_FULLWIDTH = re.compile(r"｛[｛%％]|[｝%％]｝|[＞＜＝！（）＋－＊／｜，．]")
_WORD = re.compile(r"\{%(?:p|tr)? *([^\W\d]+)")
_WORDS = frozenset({"if", "elif", "else", "endif", "for", "endfor"})
# docxtpl forms that write raw XML, swallow neighbours or span cells: a report needs none, and each can
# break a page.
_RAW = re.compile(r"\{\{(?:p|tr|tc|r) |\{%(?:tc|r) |\{[{%#]-|-[}%#]\}|\{[_%]?_[{%]|[}%]_\}|\{#(?:tc|r) ")
_OPENS = {"if": 1, "for": 1, "endif": -1, "endfor": -1}
_FRAGMENT = 60


def check(template: bytes, known: Collection[str]) -> list[TemplateProblem]:
    """Every problem of the template, in document order; empty if it can be used.

    `known` are all names that may stand in it, figures and plain values alike.
    """
    try:
        parts = _text(template)
    except BadTemplate as error:
        return error.problems
    return [problem for part in parts for problem in _part_problems(part, frozenset(known))]


@lru_cache(maxsize=8)
def _text(template: bytes) -> tuple[TextPart, ...]:
    """The printed parts. One template serves many drafts, and unpacking it takes longer than looking at it."""
    return tuple(read_text(read_parts(template, TEMPLATE)))


def names_used(template: bytes) -> list[str]:
    """The names the template uses in order of first use, no loop variables or helpers. Raises BadTemplate."""
    return list(_names_used(template))


@lru_cache(maxsize=8)
def _names_used(template: bytes) -> tuple[str, ...]:
    problems: list[TemplateProblem] = []
    names: dict[str, None] = {}
    for part in _text(template):
        wrong = _wrong(part)
        problems += wrong
        if not wrong:
            names |= dict.fromkeys(node.name for node in _free_names(_tree(part)))
    if problems:
        raise BadTemplate(problems)
    return tuple(names)


def problem_at(line: Line, code: str, near: str = "", **params: str) -> TemplateProblem:
    """A problem of one paragraph, its fragment cut around the tag that holds `near`."""
    tags = [found.group(0) for found in TAG.finditer(line.text) if near and near in found.group(0)]
    fragment = tags[0] if tags else line.text.strip()
    return TemplateProblem(line.where, fragment[:_FRAGMENT], code, params)


def _part_problems(part: TextPart, known: frozenset[str]) -> list[TemplateProblem]:
    return [*_wrong(part)] or _name_problems(part, known)


@lru_cache(maxsize=64)
def _wrong(part: TextPart) -> tuple[TemplateProblem, ...]:
    """What is wrong with the part whatever names there are."""
    return tuple(_written_problems(part)) or tuple(_grammar_problems(part))


def _written_problems(part: TextPart) -> Iterator[TemplateProblem]:
    rows = _row_texts(part)
    for line in part.lines:
        yield from _brace_problems(line)
        yield from _tag_problems(line, rows.get(line.row, line.text) if line.row is not None else line.text)
    yield from _nesting_problems(part)


def _nesting_problems(part: TextPart) -> Iterator[TemplateProblem]:
    """Blocks of whole paragraphs or rows that do not open and close in the same body, cell or table."""
    opened: list[tuple[str, int]] = []
    for line in part.lines:
        tag = line.text.strip()
        scope, word = SCOPED.match(tag), _WORD.match(tag)
        if not scope or not word:
            continue
        place = (scope.group(1), line.table if scope.group(1) == "tr" else line.holder)
        step = _OPENS.get(word.group(1), 0)
        if step == 1:
            opened.append(place)
        elif opened and opened[-1] != place:
            yield problem_at(line, "broken-structure")
        if step == -1 and opened:
            opened.pop()


def _row_texts(part: TextPart) -> dict[int, str]:
    rows: dict[int, str] = {}
    for line in part.lines:
        if line.row is not None:
            rows[line.row] = rows.get(line.row, "") + line.text
    return rows


def _brace_problems(line: Line) -> Iterator[TemplateProblem]:
    inside = "".join(TAG.findall(line.text))
    found = _FULLWIDTH.search(re.sub(r"\"[^\"]*\"|“[^”]*”|'[^']*'", "", inside))
    found = found or re.search(r"｛[｛%％]", line.text)
    if found:
        yield problem_at(line, "fullwidth", found.group(0), name=found.group(0))
    left = _BRACE.search(TAG.sub("", line.text))
    if left:
        yield problem_at(line, "unclosed-tag", name=left.group(0))


def _tag_problems(line: Line, row_text: str) -> Iterator[TemplateProblem]:
    raw = _RAW.search(line.text)
    if raw:
        yield problem_at(line, "forbidden", raw.group(0), name=raw.group(0).strip())
    depth: Counter[str] = Counter()
    for found in TAG.finditer(line.text):
        tag, word = found.group(0), _WORD.match(found.group(0))
        if word and word.group(1) not in _WORDS:
            yield problem_at(line, "forbidden-tag", tag, name=word.group(1))
        scope = SCOPED.match(tag)
        if scope and (row_text if scope.group(1) == "tr" else line.text).strip() != tag:
            yield problem_at(line, "tag-not-alone", tag, name=tag)
        if word and not scope:
            depth["open"] += _OPENS.get(word.group(1), 0)
    if depth["open"]:
        yield problem_at(line, "block-crosses", "{%")


def _tree(part: TextPart) -> nodes.Template:
    return _parsed(part.source)


@lru_cache(maxsize=64)
def _parsed(source: str) -> nodes.Template:
    """Parsing takes longer than all that is then looked at, and a draft asks several times."""
    return Language().unguarded(source)


def _grammar_problems(part: TextPart) -> list[TemplateProblem]:
    try:
        errors = list(forbidden(_tree(part)))
    except TemplateSyntaxError as error:
        return [problem_at(part.line(error.lineno), "syntax", "{%", detail=error.message or "")]
    return [_located(part, error) for error in errors]


def _located(part: TextPart, error: LanguageError) -> TemplateProblem:
    return problem_at(part.line(error.lineno), error.code, error.params.get("name", ""), **error.params)


def _name_problems(part: TextPart, known: frozenset[str]) -> list[TemplateProblem]:
    tree = _tree(part)
    found = [(node.lineno, _unknown_name(part, node, known)) for node in _free_names(tree) if node.name not in known]
    found += [(node.lineno, _unknown_field(part, node, fields)) for node, fields in _strange_fields(tree)]
    return [problem for _, problem in sorted(found, key=lambda each: each[0])]


def _unknown_name(part: TextPart, node: nodes.Name, known: frozenset[str]) -> TemplateProblem:
    nearest = difflib.get_close_matches(node.name, sorted(known), n=1, cutoff=0.4)
    params = {"name": node.name, "nearest": nearest[0] if nearest else ""}
    return problem_at(part.line(node.lineno), "unknown-name", node.name, **params)


def _unknown_field(part: TextPart, node: nodes.Getattr, fields: Iterable[str]) -> TemplateProblem:
    line = part.line(node.lineno)
    return problem_at(line, "unknown-field", node.attr, name=node.attr, fields="、".join(fields))


def _strange_fields(tree: nodes.Template) -> Iterator[tuple[nodes.Getattr, tuple[str, ...]]]:
    """What is asked of a row of a known list and no such row has."""
    for loop in tree.find_all(nodes.For):
        fields = LISTS.get(loop.iter.name) if isinstance(loop.iter, nodes.Name) else None
        if fields is None or not isinstance(loop.target, nodes.Name):
            continue
        for asked in (node for part in loop.body for node in part.find_all(nodes.Getattr)):
            of_row = isinstance(asked.node, nodes.Name) and asked.node.name == loop.target.name
            if of_row and asked.attr not in fields:
                yield asked, fields


def _free_names(node: nodes.Node, bound: frozenset[str] = frozenset(HELPERS)) -> Iterator[nodes.Name]:
    """Names read in document order that no loop around them binds."""
    if isinstance(node, nodes.Name):
        if node.name not in bound and node.ctx == "load":
            yield node
        return
    if isinstance(node, nodes.For):
        yield from _free_names(node.iter, bound)
        bound |= {name.name for name in node.target.find_all(nodes.Name)} | {"loop"}
        bound |= {node.target.name} if isinstance(node.target, nodes.Name) else set()
        for child in [*([node.test] if node.test else []), *node.body, *node.else_]:
            yield from _free_names(child, bound)
        return
    for child in node.iter_child_nodes():
        yield from _free_names(child, bound)
