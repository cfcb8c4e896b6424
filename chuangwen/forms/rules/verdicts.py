"""What a filled checklist says: which items are met, which are not, which do not apply."""

from collections.abc import Mapping
from dataclasses import dataclass

from chuangwen.forms.rules.answering import Answered
from chuangwen.forms.rules.expressions import Value, holds
from chuangwen.forms.rules.fields import ASKED, MET, NA, NOT_APPLICABLE, NOT_MET, not_met
from chuangwen.forms.rules.model import VERDICTS, Kind, Question

UNANSWERED = "unanswered"


@dataclass(frozen=True)
class Summary:
    """Counts of the items that were asked for. The rate is `met` of `judged`."""

    met: int = 0
    not_met: int = 0
    not_applicable: int = 0
    unanswered: int = 0

    @property
    def items(self) -> int:
        return self.met + self.not_met + self.not_applicable + self.unanswered

    @property
    def judged(self) -> int:
        return self.met + self.not_met


def verdict(question: Question, values: Mapping[str, Value]) -> str:
    """met, not_met, na or unanswered, of an item that is asked for."""
    if question.kind == Kind.CHECK:
        return str(values.get(question.key, UNANSWERED))
    if values.get(question.key + NOT_APPLICABLE) is True:
        return NA
    if question.key not in values or (question.kind != Kind.COUNTED and question.key + ASKED not in values):
        return UNANSWERED
    return NOT_MET if holds(not_met(question), values) else MET


def verdicts(answered: Answered) -> dict[str, str]:
    """Question's key → verdict, for every item that was asked for."""
    asked = {field.question.key: field.question for field in answered.asked}
    return {key: verdict(each, answered.values) for key, each in asked.items() if each.kind in VERDICTS}


def summary(answered: Answered) -> Summary:
    found = list(verdicts(answered).values())
    return Summary(found.count(MET), found.count(NOT_MET), found.count(NA), found.count(UNANSWERED))
