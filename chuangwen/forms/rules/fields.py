"""Every single value that a form asks for, with the condition under which it is asked for.

One question may ask for several: a check item for its verdict and, when it is not met, for a note and photos. Page and
server both work from this list, which is why they agree. Its order is the order in which visibility is decided:
a field's condition names only fields further up.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from chuangwen.forms.rules.expressions import Both, Compared, Node, Not, Number, Ref, Sum, Truth, Word
from chuangwen.forms.rules.model import Form, Kind, Question, Section

LARGEST = 1_000_000_000
FIRST_DAY, LAST_DAY = "2000-01-01", "2100-12-31"
NOTE, PHOTOS, NOT_APPLICABLE, ASKED = "__note", "__photos", "__na", "__asked"
MET, NOT_MET, NA = "met", "not_met", "na"
MOST_TEXT, MOST_LONG_TEXT, MOST_NOTE, MOST_PHOTOS = 200, 5000, 500, 9
NUMBERS = frozenset({Kind.WHOLE, Kind.DECIMAL})


@dataclass(frozen=True)
class Field:
    """`kind` is one of the simple kinds. `up_to` names a field that this one may not exceed."""

    name: str
    question: Question
    kind: Kind
    required: bool
    shown: Node | None
    low: float | None = None
    high: float | None = None
    most: int = 0
    words: tuple[str, ...] = ()
    up_to: str = ""

    @property
    def suffix(self) -> str:
        return self.name[len(self.question.key) :]


def all_of(*conditions: Node | None) -> Node | None:
    """The conditions joined; those that are not there do not count."""
    there = tuple(each for each in conditions if each is not None)
    return Both(there) if len(there) > 1 else there[0] if there else None


def fields(form: Form) -> tuple[Field, ...]:
    return tuple(
        field for section in form.sections for question in section.questions for field in _of(section, question)
    )


def not_met(question: Question) -> Node:
    """The condition under which a check, counted, asked or share item is not met."""
    ref = Ref(question.key)
    if question.kind == Kind.CHECK:
        return Compared("=", ref, Word(NOT_MET))
    if question.kind == Kind.COUNTED:
        if question.at_least is not None:
            return Compared("<", ref, Number(question.at_least))
        return Compared(">", ref, Number(question.at_most or 0))
    needed, of = question.ratio
    return Compared("<", Sum("*", ref, Number(of)), Sum("*", Ref(question.key + ASKED), Number(needed)))


def _of(section: Section, question: Question) -> Iterator[Field]:
    shown = all_of(section.shown_if, question.shown_if)
    if question.kind == Kind.CHECK:
        words = (MET, NOT_MET, NA) if question.may_not_apply else (MET, NOT_MET)
        yield Field(question.key, question, Kind.ONE, question.required, shown, words=words)
        yield from _proof(question, shown)
    elif question.kind in {Kind.COUNTED, Kind.ASKED, Kind.SHARE}:
        yield from _numbers(question, shown)
    else:
        yield _plain(question, shown)


def _numbers(question: Question, shown: Node | None) -> Iterator[Field]:
    counting = shown
    if question.may_not_apply:
        name = question.key + NOT_APPLICABLE
        yield Field(name, question, Kind.YES_NO, required=False, shown=shown)
        counting = all_of(shown, Not(Compared("=", Ref(name), Truth(value=True))))
    up_to = ""
    if question.kind != Kind.COUNTED:
        up_to = question.key + ASKED
        least = question.asked if question.kind == Kind.ASKED else 1
        yield Field(up_to, question, Kind.WHOLE, question.required, counting, low=least, high=1_000_000)
    yield Field(question.key, question, Kind.WHOLE, question.required, counting, low=0, high=1_000_000, up_to=up_to)
    yield from _proof(question, counting)


def _proof(question: Question, shown: Node | None) -> Iterator[Field]:
    bad = all_of(shown, not_met(question))
    if "note" in question.proof:
        yield Field(question.key + NOTE, question, Kind.LONG_TEXT, required=True, shown=bad, most=MOST_NOTE)
    if "photo" in question.proof:
        yield Field(question.key + PHOTOS, question, Kind.PHOTO, required=True, shown=bad, most=MOST_PHOTOS)


def _plain(question: Question, shown: Node | None) -> Field:
    low, high, most = question.low, question.high, question.most or 0
    if question.kind in NUMBERS:
        low, high = -LARGEST if low is None else low, LARGEST if high is None else high
    elif question.kind in {Kind.TEXT, Kind.LONG_TEXT}:
        most = most or (MOST_TEXT if question.kind == Kind.TEXT else MOST_LONG_TEXT)
    elif question.kind == Kind.PHOTO:
        most = most or MOST_PHOTOS
    words = tuple(option.key for option in question.choices)
    return Field(question.key, question, question.kind, question.required, shown, low, high, most, words)
