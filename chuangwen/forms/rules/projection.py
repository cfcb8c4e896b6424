"""The typed columns of an answer to an indexed question."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from chuangwen.forms.rules.answering import Answered
from chuangwen.forms.rules.expressions import Value
from chuangwen.forms.rules.model import VERDICTS, Kind
from chuangwen.forms.rules.verdicts import verdict

MOST_TEXT = 200


@dataclass(frozen=True)
class Typed:
    question: str
    number: float | None = None
    text: str = ""
    day: date | None = None
    choice: str = ""


def projection(answered: Answered) -> Iterator[Typed]:
    """One row an answer; a checklist item has its verdict as its choice, and its number where it has one."""
    for field in answered.asked:
        value = answered.values.get(field.name)
        if field.suffix or not field.question.indexed:
            continue
        if field.question.kind in VERDICTS:
            number = value if isinstance(value, int) else None
            yield Typed(field.name, number=number, choice=verdict(field.question, answered.values))
        elif isinstance(value, list):
            if field.kind == Kind.SEVERAL:
                yield from (Typed(field.name, choice=each) for each in value)
        elif value is not None:
            yield _single(field.name, field.kind, value)


def _single(name: str, kind: Kind, value: Value) -> Typed:
    if kind == Kind.YES_NO:
        return Typed(name, choice="yes" if value else "no")
    if isinstance(value, int | float):
        return Typed(name, number=value)
    if kind == Kind.DATE:
        return Typed(name, day=date.fromisoformat(str(value)))
    if kind == Kind.ONE:
        return Typed(name, choice=str(value))
    return Typed(name, text=str(value)[:MOST_TEXT])
