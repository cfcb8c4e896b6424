"""Whether every condition of a form names questions that stand above it, and fits them."""

from collections.abc import Iterator, Mapping

from chuangwen.forms.rules.expressions import BadExpression, Node, references
from chuangwen.forms.rules.fields import Field, fields
from chuangwen.forms.rules.model import Form, Kind, Question
from chuangwen.forms.rules.problems import Problem
from chuangwen.forms.rules.typing import Kind as Fits
from chuangwen.forms.rules.typing import judge as judge_types


def judge(form: Form) -> list[Problem]:
    """Circles first, each with its path; without one, what is unknown, further down or does not fit."""
    needs = {question.key: _names(condition) for question, condition, _where in _conditions(form)}
    for section in form.sections:
        for question in section.questions:
            needs[question.key] = needs.get(question.key, set()) | _names(section.shown_if)
    if circle := _circle(needs):
        return [Problem("circle", circle[0], {"path": " → ".join(circle)})]
    return list(_each(form))


def kinds(form: Form) -> dict[str, Fits]:
    """What a condition may do with each question."""
    return {field.name: _kind(field) for field in fields(form) if not field.suffix}


def _kind(field: Field) -> Fits:
    match field.kind:
        case Kind.WHOLE:
            return Fits("whole", int(field.low or 0), int(field.high or 0))
        case Kind.DECIMAL:
            return Fits("decimal")
        case Kind.YES_NO:
            return Fits("truth")
        case Kind.ONE:
            return Fits("choice", words=frozenset(field.words))
        case Kind.SEVERAL:
            return Fits("list", words=frozenset(field.words))
        case _:
            return Fits("other")


def _names(condition: Node | None) -> set[str]:
    return set() if condition is None else set(references(condition))


def _conditions(form: Form) -> Iterator[tuple[Question, Node | None, str]]:
    """The condition of every question; a section's counts for its first question, which no other may precede."""
    for at, section in enumerate(form.sections):
        yield section.questions[0], section.shown_if, f"sections[{at}].shown_if"
        for number, question in enumerate(section.questions):
            yield question, question.shown_if, f"sections[{at}].questions[{number}].shown_if"


def _circle(needs: Mapping[str, set[str]]) -> list[str]:
    """The first circle as a path that ends where it begins; empty where there is none."""
    done: set[str] = set()
    for start in needs:
        path: list[str] = []
        found = _walk(start, needs, path, done)
        if found:
            return found
    return []


def _walk(key: str, needs: Mapping[str, set[str]], path: list[str], done: set[str]) -> list[str]:
    """Depth first with a list of its own, because a chain of conditions may be as long as a form."""
    waiting: list[tuple[str, list[str]]] = [(key, sorted(needs.get(key, ())))]
    path.append(key)
    while waiting:
        _current, left = waiting[-1]
        if not left:
            done.add(path.pop())
            waiting.pop()
            continue
        following = left.pop(0)
        if following in path:
            return [*path[path.index(following) :], following]
        if following not in done and following in needs:
            path.append(following)
            waiting.append((following, sorted(needs[following])))
    return []


def _each(form: Form) -> Iterator[Problem]:
    known = kinds(form)
    order = {question.key: number for number, question in enumerate(form.questions())}
    for question, condition, where in _conditions(form):
        if condition is None:
            continue
        strange = next((key for key in references(condition) if key not in known), None)
        below = next((key for key in references(condition) if order.get(key, -1) >= order[question.key]), None)
        if strange is not None:
            yield Problem("condition_unknown", where, {"key": strange})
        elif below is not None:
            yield Problem("condition_below", where, {"key": below})
        else:
            try:
                judge_types(condition, known)
            except BadExpression as found:
                yield Problem(found.problem.code, where, found.problem.params)
