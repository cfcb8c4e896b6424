"""A form as it was read: sections, questions, and what each question is of itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from chuangwen.forms.rules.expressions import Node


class Kind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    DATE = "date"
    TIME = "time"
    YES_NO = "yes_no"
    ONE = "one"
    SEVERAL = "several"
    # Meets, does not meet, does not apply.
    CHECK = "check"
    # How many were found, against how many there must be.
    COUNTED = "counted"
    # How many were asked and how many of them answered right.
    ASKED = "asked"
    # How many there are and how many of them are as they should be, in percent.
    SHARE = "share"
    PHOTO = "photo"


VERDICTS = frozenset({Kind.CHECK, Kind.COUNTED, Kind.ASKED, Kind.SHARE})
METHODS = ("field", "records", "asking", "trial", "media")


@dataclass(frozen=True)
class Text:
    """A text in both languages."""

    zh: str
    en: str

    def __bool__(self) -> bool:
        return bool(self.zh)


NOTHING = Text("", "")


@dataclass(frozen=True)
class Option:
    key: str
    label: Text


@dataclass(frozen=True)
class Source:
    """Where an item was taken from. `grade` is A (official) to D (a copy of unknown hand, never linked)."""

    id: str
    title: str
    grade: str
    url: str = ""


@dataclass(frozen=True)
class Question:
    """`proof` is what a bad answer demands: a note, a photo, both or neither. `items` are numbers of the item table."""

    key: str
    kind: Kind
    label: Text
    required: bool = True
    shown_if: Node | None = None
    help: Text = NOTHING
    indexed: bool = False
    sources: tuple[str, ...] = ()
    exceptions: tuple[Text, ...] = ()
    methods: tuple[str, ...] = ()
    items: tuple[int, ...] = ()
    choices: tuple[Option, ...] = ()
    low: float | None = None
    high: float | None = None
    most: int | None = None
    at_least: int | None = None
    at_most: int | None = None
    asked: int | None = None
    correct: int | None = None
    percent: int | None = None
    measure: Text = NOTHING
    sample: Text = NOTHING
    may_not_apply: bool = True
    proof: frozenset[str] = frozenset()

    @property
    def ratio(self) -> tuple[int, int]:
        """How many of how many must be right."""
        if self.kind == Kind.SHARE:
            return self.percent or 0, 100
        return self.correct or 0, self.asked or 1


@dataclass(frozen=True)
class Section:
    key: str
    title: Text
    questions: tuple[Question, ...]
    shown_if: Node | None = None


@dataclass(frozen=True)
class Form:
    title: Text
    sections: tuple[Section, ...]
    notice: Text = NOTHING
    edition: str = ""
    sources: tuple[Source, ...] = ()

    def questions(self) -> Iterator[Question]:
        for section in self.sections:
            yield from section.questions

    def source(self, source_id: str) -> Source:
        return next(each for each in self.sources if each.id == source_id)
