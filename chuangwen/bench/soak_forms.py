"""soak forms: random forms and answers through both judges, SurveyJS in node and ours, which must agree on each.

They agree when the same fields are asked for, the same of them are wrong, and the same answers are kept. Answers are
of the right kind, because a browser gives no others; they may be missing, too large, too long or beside the point.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from django.utils import translation

from chuangwen.bench.runner import ROOT, Soaked
from chuangwen.forms import surveyjs
from chuangwen.forms.rules.answering import answer
from chuangwen.forms.rules.fields import Field, fields
from chuangwen.forms.rules.model import Form, Kind
from chuangwen.forms.rules.parsing import parse

JUDGE = Path(__file__).with_name("survey_judge.js")
CORE = ROOT / "chuangwen" / "static_vendor" / "survey" / "survey.core.min.js"
SETTLE = ROOT / "chuangwen" / "forms" / "static" / "forms" / "settle.js"
SIGNS = ("=", "!=", "<", "<=", ">", ">=")
WORDS = ("stall", "parking", "litter", "lamp")
TEXTS = (
    "",
    "  ",
    "桥口街",
    " 路面干净 ",
    "<script>alert(1)</script>",
    "😀" * 6,
    "字" * 11,
    "{a1} and '",
    "5",
    "true",
    "null",
)
LISTED: dict[Kind, Sequence[object]] = {
    Kind.TEXT: TEXTS,
    Kind.LONG_TEXT: TEXTS,
    Kind.DATE: ("2026-03-01", "1999-12-31", "2100-12-31", "2101-01-01"),
    Kind.TIME: ("00:00", "07:30", "23:59"),
    Kind.YES_NO: (True, False),
}
LABEL = {"zh": "问", "en": "Asked"}


def node() -> str | None:
    """Where node is: on the path, or beside the Python that runs this."""
    beside = Path(sys.executable).with_name("node")
    return shutil.which("node") or (str(beside) if beside.exists() else None)


def random_form(chance: Random) -> dict[str, Any]:
    """A form of up to twelve questions of all kinds, whose conditions name what stands further up."""
    asked: list[dict[str, Any]] = []
    sections = []
    for number in range(chance.randint(1, 3)):
        condition = _condition(chance, asked, 2) if asked and chance.random() < 0.3 else None
        questions = []
        for at in range(chance.randint(1, 5)):
            question = _question(chance, f"q{number}{at}")
            if asked and chance.random() < 0.6:
                question["shown_if"] = _condition(chance, asked, chance.randint(0, 3))
            questions.append(question)
            asked.append(question)
        section: dict[str, Any] = {"key": f"s{number}", "title": LABEL, "questions": questions}
        sections.append(section | ({"shown_if": condition} if condition else {}))
    return {"title": LABEL, "sections": sections}


def _question(chance: Random, key: str) -> dict[str, Any]:
    kind = chance.choice(list(Kind))
    question: dict[str, Any] = {"key": key, "kind": kind.value, "label": LABEL, "required": chance.random() < 0.6}
    match kind:
        case Kind.TEXT | Kind.LONG_TEXT:
            question["most"] = chance.choice([1, 5, 10, 12])
        case Kind.WHOLE | Kind.DECIMAL:
            question |= {"low": chance.randint(-5, 0), "high": chance.randint(0, 8)}
        case Kind.ONE | Kind.SEVERAL:
            question["choices"] = [{"key": word, "label": LABEL} for word in WORDS[: chance.randint(1, 4)]]
        case Kind.COUNTED:
            question[chance.choice(["at_least", "at_most"])] = chance.randint(0, 6)
        case Kind.ASKED:
            question["asked"] = chance.randint(1, 5)
            question["correct"] = chance.randint(1, question["asked"])
        case Kind.SHARE:
            question["percent"] = chance.choice([1, 50, 95, 99, 100])
    if kind in {Kind.CHECK, Kind.COUNTED, Kind.ASKED, Kind.SHARE}:
        question["proof"] = chance.choice([[], ["note"], ["note", "photo"]])
        question["may_not_apply"] = chance.random() < 0.7
    return question


def _condition(chance: Random, asked: list[dict[str, Any]], depth: int) -> str:
    if depth and chance.random() < 0.7:
        first, second = (_condition(chance, asked, depth - 1) for _each in range(2))
        return chance.choice([f"({first} and {second})", f"({first} or {second})", f"not ({first})", first])
    return _atom(chance, asked)


def _atom(chance: Random, asked: list[dict[str, Any]]) -> str:
    question = chance.choice(asked)
    key, sign = question["key"], chance.choice(SIGNS)
    match question["kind"]:
        case "whole" | "counted" | "asked" | "share" if chance.random() < 0.8:
            return f"{_sum(chance, asked, key)} {sign} {_sum(chance, asked, key)}"
        case "decimal" if chance.random() < 0.8:
            return f"{{{key}}} {sign} {chance.choice(['0', '0.5', '-1.25', '3'])}"
        case "yes_no" if chance.random() < 0.8:
            return f"{{{key}}} {chance.choice(['=', '!='])} {chance.choice(['true', 'false'])}"
        case "check" if chance.random() < 0.8:
            return f"{{{key}}} {chance.choice(['=', '!='])} '{chance.choice(['met', 'not_met'])}'"
        case "one" if chance.random() < 0.8:
            return f"{{{key}}} {chance.choice(['=', '!='])} '{question['choices'][-1]['key']}'"
        case "several" if chance.random() < 0.8:
            return f"{{{key}}} contains '{question['choices'][0]['key']}'"
        case _:
            return f"empty({{{key}}})"


def _sum(chance: Random, asked: list[dict[str, Any]], key: str) -> str:
    numbers = [each["key"] for each in asked if each["kind"] in {"whole", "counted", "asked", "share"}]
    parts = [f"{{{key}}}", str(chance.randint(-3, 9)), f"{{{chance.choice(numbers)}}}"]
    return f" {chance.choice(['+', '-', '*'])} ".join(chance.sample(parts, chance.randint(1, 2)))


def random_answers(chance: Random, form: Form) -> dict[str, Any]:
    """An answer to most fields, whether or not they are asked for."""
    given = {field.name: _answer(chance, field) for field in fields(form) if chance.random() < 0.8}
    return {name: value for name, value in given.items() if value is not None}


def _answer(chance: Random, field: Field) -> object:
    if field.kind in LISTED:
        return chance.choice(LISTED[field.kind])
    match field.kind:
        case Kind.WHOLE:
            return chance.choice([chance.randint(-6, 9), chance.randint(0, 4), chance.randint(0, 100)])
        case Kind.DECIMAL:
            return chance.choice([chance.randint(-6, 9), chance.randint(-20, 40) / 4, 0.1])
        case Kind.ONE:
            return chance.choice(field.words)
        case Kind.SEVERAL:
            return chance.sample(field.words, chance.randint(0, len(field.words)))
        case _:
            return [str(UUID(int=chance.getrandbits(128))) for _each in range(chance.choice([0, 1, 2, field.most + 1]))]


def _for_page(form: Form, answers: dict[str, Any]) -> dict[str, Any]:
    """A photo on the page is a file, whose content is its uid."""
    photos = {field.name for field in fields(form) if field.kind == Kind.PHOTO}
    return {
        name: [{"name": "a.jpg", "type": "image/jpeg", "content": uid} for uid in value] if name in photos else value
        for name, value in answers.items()
    }


def _ours(form: Form, answers: dict[str, Any]) -> dict[str, Any]:
    found = answer(form, answers)
    return {
        "asked": sorted(each.name for each in found.asked),
        "wrong": sorted({each.where for each in found.problems}),
        "kept": found.values,
    }


def _plain(judged: dict[str, Any]) -> dict[str, Any]:
    """The order in which choices were ticked says nothing."""
    kept = {name: sorted(value) if isinstance(value, list) else value for name, value in judged["kept"].items()}
    return judged | {"kept": kept}


def cases(count: int, seed: int) -> Iterator[tuple[dict[str, Any], Form, dict[str, Any]]]:
    for number in range(count):
        chance = Random(f"{seed}:{number}")  # noqa: S311
        source = random_form(chance)
        form = parse(source)
        yield source, form, random_answers(chance, form)


def rounds(count: int, seed: int) -> list[str]:
    """Run that many cases; returns those on which the judges differ, with the seed and number of each."""
    found = node()
    if found is None:
        raise RuntimeError("node is not there: script/bootstrap brings it")
    tried = list(cases(count, seed))
    with translation.override("zh-hans"):
        lines = [
            json.dumps({"model": surveyjs.compiled(form), "answers": _for_page(form, answers)})
            for _source, form, answers in tried
        ]
    done = subprocess.run(  # noqa: S603 - our own script, in our own process
        [found, str(JUDGE), str(CORE), str(SETTLE)], input="\n".join(lines), capture_output=True, text=True, check=True
    )
    failures = []
    for number, ((source, form, answers), line) in enumerate(zip(tried, done.stdout.splitlines(), strict=True)):
        theirs, ours = _plain(json.loads(line)), _plain(_ours(form, answers))
        if theirs != ours:
            case = json.dumps({"form": source, "answers": answers, "page": theirs, "server": ours}, ensure_ascii=False)
            failures.append(f"seed {seed}, case {number}: {case}")
    return failures


def soak(count: int, seed: int) -> Soaked:
    failures = rounds(count, seed)
    figure = f"{count} forms with answers, seed {seed}: page and server differ on {len(failures)}"
    return Soaked("forms", count, failures, figure)
