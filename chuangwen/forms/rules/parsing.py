"""Reads a form's JSON. Every mistake is named with its place; a form with one mistake is not read at all."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from chuangwen.forms.rules import circles
from chuangwen.forms.rules.expressions import BadExpression, Node, read
from chuangwen.forms.rules.model import METHODS, NOTHING, Form, Kind, Option, Question, Section, Source, Text
from chuangwen.forms.rules.problems import BadForm, Problem

KEY = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
# Words that a condition, or a browser's own reading of one, would take for something else.
RESERVED = frozenset({"and", "or", "not", "true", "false", "empty", "contains", "null", "undefined", "panel", "row",
                      "item", "self", "parent", "prototype", "constructor", "notempty", "anyof", "allof"})  # fmt: skip
MOST_KEY, MOST_LABEL, MOST_SECTIONS, MOST_QUESTIONS, MOST_CHOICES = 40, 400, 60, 300, 100
LARGEST = 1_000_000_000
FORM_KEYS = {"title", "notice", "edition", "sections", "sources"}
SECTION_KEYS = {"key", "title", "shown_if", "questions"}
SOURCE_KEYS = {"id", "title", "grade", "url"}
SHARED = {
    "key",
    "kind",
    "label",
    "required",
    "shown_if",
    "help",
    "indexed",
    "sources",
    "exceptions",
    "methods",
    "items",
}
JUDGED = {"may_not_apply", "proof"}
OWN: Mapping[Kind, set[str]] = {
    Kind.TEXT: {"most"}, Kind.LONG_TEXT: {"most"}, Kind.WHOLE: {"low", "high"}, Kind.DECIMAL: {"low", "high"},
    Kind.ONE: {"choices"}, Kind.SEVERAL: {"choices"}, Kind.PHOTO: {"most"}, Kind.CHECK: JUDGED | {"sample"},
    Kind.COUNTED: JUDGED | {"at_least", "at_most", "measure", "sample"},
    Kind.ASKED: JUDGED | {"asked", "correct", "measure", "sample"},
    Kind.SHARE: JUDGED | {"percent", "measure", "sample"},
}  # fmt: skip
# Each kind's numbers, with the least and the most that they may say.
NUMBERS: Mapping[str, tuple[int, int]] = {
    "most": (1, 10_000), "at_least": (0, 100_000), "at_most": (0, 100_000), "asked": (1, 1000), "correct": (1, 1000),
    "percent": (1, 100),
}  # fmt: skip


class _Reading:
    """One pass over the JSON, which collects what is wrong instead of stopping at the first."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.keys: set[str] = set()

    def bad(self, code: str, where: str, **params: object) -> None:
        self.problems.append(Problem(code, where, params))

    def mapping(self, value: object, where: str, allowed: set[str]) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.bad("not_an_object", where)
            return {}
        for key in sorted(str(each) for each in value if each not in allowed)[:5]:
            self.bad("unknown_entry", where, name=key[:40])
        return value

    def rows(self, value: object, where: str, most: int, least: int = 0) -> list[Any]:
        if not isinstance(value, list) or len(value) < least:
            self.bad("not_a_list", where)
            return []
        if len(value) > most:
            self.bad("too_many", where, count=len(value), most=most)
        return value[:most]

    def text(self, value: object, where: str, *, needed: bool = True) -> Text:
        if value is None and not needed:
            return NOTHING
        given = self.mapping(value, where, {"zh", "en"})
        zh, en = given.get("zh", ""), given.get("en", "")
        if not isinstance(zh, str) or not isinstance(en, str) or not zh.strip():
            if isinstance(value, dict):
                self.bad("text_missing", where)
            return NOTHING
        if max(len(zh), len(en)) > MOST_LABEL:
            self.bad("text_long", where, most=MOST_LABEL)
        return Text(zh.strip(), en.strip())

    def key(self, value: object, where: str) -> str:
        good = isinstance(value, str) and len(value) <= MOST_KEY and KEY.fullmatch(value) and value not in RESERVED
        if not good or not isinstance(value, str):
            self.bad("bad_key", where, key=str(value)[:40])
            return ""
        return value

    def own_key(self, value: object, where: str) -> str:
        key = self.key(value, where)
        if key in self.keys:
            self.bad("key_twice", where, key=key)
        self.keys.add(key)
        return key

    def condition(self, value: object, where: str) -> Node | None:
        if value is None:
            return None
        if not isinstance(value, str):
            self.bad("expression_empty", where)
            return None
        try:
            return read(value)
        except BadExpression as found:
            self.bad(found.problem.code, where, **found.problem.params)
            return None

    def truth(self, given: Mapping[str, Any], name: str, where: str, *, usual: bool) -> bool:
        value = given.get(name, usual)
        if not isinstance(value, bool):
            self.bad("not_yes_or_no", f"{where}.{name}")
        return bool(value)

    def number(self, given: Mapping[str, Any], name: str, where: str) -> int | None:
        value = given.get(name)
        low, high = NUMBERS[name]
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.bad("number_out", f"{where}.{name}", low=low, high=high)
            return None
        return value

    def limit(self, given: Mapping[str, Any], name: str, where: str) -> float | None:
        value = given.get(name)
        whole = given.get("kind") == Kind.WHOLE
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float) or abs(value) > LARGEST:
            self.bad("number_out", f"{where}.{name}", low=-LARGEST, high=LARGEST)
            return None
        return value

    def words(self, given: Mapping[str, Any], name: str, where: str, known: Callable[[Any], bool]) -> list[Any]:
        found = self.rows(given.get(name, []), f"{where}.{name}", 20)
        for each in found:
            if not known(each):
                self.bad("unknown_word", f"{where}.{name}", word=str(each)[:40])
        return [each for each in found if known(each)]


def parse(source: object) -> Form:
    """The form. Raises BadForm with everything that is wrong."""
    reading = _Reading()
    given = reading.mapping(source, "form", FORM_KEYS)
    sources = _sources(reading, given)
    edition = given.get("edition", "")
    if not isinstance(edition, str) or len(edition) > MOST_KEY:
        reading.bad("bad_edition", "edition")
    rows = reading.rows(given.get("sections"), "sections", MOST_SECTIONS, least=1)
    known = {each.id for each in sources}
    form = Form(
        title=reading.text(given.get("title"), "title"),
        sections=tuple(_section(reading, row, f"sections[{at}]", known) for at, row in enumerate(rows)),
        notice=reading.text(given.get("notice"), "notice", needed=False),
        edition=str(edition),
        sources=sources,
    )
    count = sum(1 for _each in form.questions())
    if count > MOST_QUESTIONS:
        reading.bad("too_many", "sections", count=count, most=MOST_QUESTIONS)
    if not reading.problems:
        reading.problems += circles.judge(form)
    if reading.problems:
        raise BadForm(reading.problems)
    return form


def _sources(reading: _Reading, given: Mapping[str, Any]) -> tuple[Source, ...]:
    found: dict[str, Source] = {}
    for at, row in enumerate(reading.rows(given.get("sources", []), "sources", 100)):
        where = f"sources[{at}]"
        entry = reading.mapping(row, where, SOURCE_KEYS)
        values = [entry.get(name, "") for name in ("id", "title", "grade", "url")]
        if not all(isinstance(each, str) and len(each) <= MOST_LABEL for each in values) or not values[0]:
            reading.bad("bad_source", where)
            continue
        source = Source(*values)
        if source.grade not in {"A", "B", "C", "D"} or source.id in found:
            reading.bad("bad_source", where)
        elif source.url and (source.grade == "D" or not source.url.startswith(("https://", "http://"))):
            reading.bad("source_linked", where, id=source.id)
        found[source.id] = source
    return tuple(found.values())


def _section(reading: _Reading, row: object, where: str, sources: set[str]) -> Section:
    given = reading.mapping(row, where, SECTION_KEYS)
    rows = reading.rows(given.get("questions"), f"{where}.questions", MOST_QUESTIONS, least=1)
    questions = [_question(reading, each, f"{where}.questions[{at}]", sources) for at, each in enumerate(rows)]
    return Section(
        key=reading.own_key(given.get("key"), f"{where}.key"),
        title=reading.text(given.get("title"), f"{where}.title"),
        questions=tuple(each for each in questions if each is not None),
        shown_if=reading.condition(given.get("shown_if"), f"{where}.shown_if"),
    )


def _question(reading: _Reading, row: object, where: str, sources: set[str]) -> Question | None:
    kind_word = row.get("kind") if isinstance(row, dict) else None
    if not isinstance(kind_word, str) or kind_word not in set(Kind):
        reading.bad("unknown_kind", where, kind=str(kind_word)[:40])
        return None
    kind = Kind(kind_word)
    given = reading.mapping(row, where, SHARED | OWN.get(kind, set()))
    proof = reading.words(given, "proof", where, lambda each: each in ("note", "photo"))
    items = reading.words(given, "items", where, lambda each: type(each) is int and 0 < each < 10_000)
    exceptions = reading.rows(given.get("exceptions", []), f"{where}.exceptions", 10)
    question = Question(
        key=reading.own_key(given.get("key"), f"{where}.key"),
        kind=kind,
        label=reading.text(given.get("label"), f"{where}.label"),
        required=reading.truth(given, "required", where, usual=kind != Kind.PHOTO),
        shown_if=reading.condition(given.get("shown_if"), f"{where}.shown_if"),
        help=reading.text(given.get("help"), f"{where}.help", needed=False),
        indexed=reading.truth(given, "indexed", where, usual=False),
        sources=tuple(reading.words(given, "sources", where, lambda each: each in sources)),
        exceptions=tuple(reading.text(each, f"{where}.exceptions[{at}]") for at, each in enumerate(exceptions)),
        methods=tuple(reading.words(given, "methods", where, lambda each: each in METHODS)),
        items=tuple(items),
        choices=_choices(reading, given, where, needed=kind in {Kind.ONE, Kind.SEVERAL}),
        low=reading.limit(given, "low", where),
        high=reading.limit(given, "high", where),
        measure=reading.text(given.get("measure"), f"{where}.measure", needed=False),
        sample=reading.text(given.get("sample"), f"{where}.sample", needed=False),
        may_not_apply=reading.truth(given, "may_not_apply", where, usual=True),
        proof=frozenset(proof),
        **{name: reading.number(given, name, where) for name in NUMBERS},
    )
    _judge_numbers(reading, question, where)
    return question


def _choices(reading: _Reading, given: Mapping[str, Any], where: str, *, needed: bool) -> tuple[Option, ...]:
    if not needed:
        return ()
    options: dict[str, Option] = {}
    for at, row in enumerate(reading.rows(given.get("choices"), f"{where}.choices", MOST_CHOICES, least=1)):
        place = f"{where}.choices[{at}]"
        entry = reading.mapping(row, place, {"key", "label"})
        key = reading.key(entry.get("key"), place)
        if key in options:
            reading.bad("choice_twice", place, key=key)
        options[key] = Option(key, reading.text(entry.get("label"), place))
    return tuple(options.values())


def _judge_numbers(reading: _Reading, question: Question, where: str) -> None:
    """What a kind needs to be able to say 'met', and what its numbers must be to each other."""
    counted = [question.at_least, question.at_most]
    if question.kind == Kind.COUNTED and counted.count(None) != 1:
        reading.bad("counted_rule", where)
    if question.kind == Kind.ASKED and (
        question.asked is None or question.correct is None or question.correct > question.asked
    ):
        reading.bad("asked_rule", where)
    if question.kind == Kind.SHARE and question.percent is None:
        reading.bad("share_rule", where)
    if question.low is not None and question.high is not None and question.low > question.high:
        reading.bad("limits_crossed", where)
