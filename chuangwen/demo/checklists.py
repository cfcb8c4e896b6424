"""Filled checklists for the demo city: one copy for each place whose type has a checklist, most of it met.

Takes places that stand in the register; who fills is whoever of the demo's persons may.
"""

from collections.abc import Iterable, Sequence
from uuid import NAMESPACE_URL, uuid5

from chuangwen.forms import queries, services
from chuangwen.forms.models import Submission
from chuangwen.forms.rules.expressions import Value
from chuangwen.forms.rules.fields import ASKED, NOT_MET, NOTE
from chuangwen.forms.rules.model import VERDICTS, Kind, Question
from chuangwen.people.access import Viewer
from chuangwen.people.rules import Perm
from chuangwen.places.models import Place

PLENTY = 100
TYPES = ("market", "crossing", "school", "park", "hospital", "supermarket", "trunk_road", "square")
SEEN = "现场看到，已告诉负责人"


def sites() -> list[Place]:
    """The first two places of each of the types that the demo has looked at."""
    return [place for code in TYPES for place in Place.objects.filter(type=code).order_by("pk")[:2]]


def build(viewers: Sequence[Viewer], places: Iterable[Place]) -> list[Submission]:
    """At each place the first of these persons who may fill its checklist does; every second place has a bad answer.

    Again, the same copies: their uids follow from the place.
    """
    filled = []
    for number, place in enumerate(places):
        for viewer in viewers:
            form = queries.forms(viewer).filter(place_type=place.type_id).first()
            seen = queries.places_for(viewer, form).filter(pk=place.pk).exists() if form else False
            if form and seen and viewer.can(Perm.FORM_FILL):
                version = queries.pick_version(form, "")
                questions = list(queries.asked(version).questions())
                filled.append(
                    services.submit(
                        viewer,
                        version=version,
                        uid=uuid5(NAMESPACE_URL, f"demo-checklist:{place.uid}"),
                        unit=queries.filling_unit(viewer, None),
                        place=place,
                        answers=_answers(questions, with_bad=number % 2 == 0),
                    )
                )
                break
    return filled


def _answers(questions: Sequence[Question], *, with_bad: bool) -> dict[str, Value]:
    """All met, but for the first item that asks for words alone, where one is to be bad."""
    found: dict[str, Value] = {}
    bad = next((each for each in questions if with_bad and each.proof == {"note"}), None)
    for each in questions:
        if each.kind in VERDICTS:
            found |= _not_met(each) if each is bad else _met(each)
    return found


def _met(question: Question) -> dict[str, Value]:
    match question.kind:
        case Kind.COUNTED:
            return {question.key: question.at_least if question.at_least is not None else question.at_most or 0}
        case Kind.ASKED | Kind.SHARE:
            total = question.asked or PLENTY
            return {question.key: total, question.key + ASKED: total}
        case _:
            return {question.key: "met"}


def _not_met(question: Question) -> dict[str, Value]:
    note: dict[str, Value] = {question.key + NOTE: SEEN}
    match question.kind:
        case Kind.COUNTED:
            low = question.at_least
            return note | {question.key: low - 1 if low else (question.at_most or 0) + 1}
        case Kind.ASKED | Kind.SHARE:
            return note | {question.key: 0, question.key + ASKED: question.asked or PLENTY}
        case _:
            return note | {question.key: NOT_MET}
