"""Compiles a form for SurveyJS, from the same fields from which the server judges answers.

Called by the page that fills a form, by its preview, and by the differential test, which holds the two judges against
each other. What must stay so: a comparison carries a guard for each question it names, so that a missing answer makes
it false here as there; nothing of SurveyJS's own reading of texts, dates or loose equality is used in a condition.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.html import format_html
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from chuangwen.forms.rules import expressions as ex
from chuangwen.forms.rules.answering import plain
from chuangwen.forms.rules.fields import (
    FIRST_DAY,
    LAST_DAY,
    MET,
    NA,
    NOT_APPLICABLE,
    NOT_MET,
    NOTE,
    PHOTOS,
    Field,
    all_of,
    fields,
    not_met,
)
from chuangwen.forms.rules.model import Form, Kind, Question, Section, Text

Element = dict[str, Any]
SUFFIX_TITLES = {NOTE: _("不符合的情况"), PHOTOS: _("照片"), NOT_APPLICABLE: _("这里不适用")}
NUMBERED = frozenset({Kind.COUNTED, Kind.ASKED, Kind.SHARE})


def words(text: Text) -> str:
    """In the language of the page, in Chinese where there is no English."""
    return text.en if text.en and not (get_language() or "").startswith("zh") else text.zh


def expression(node: ex.Node) -> str:
    """A condition as SurveyJS reads it, which means the same there."""
    match node:
        case ex.Compared(sign, left, right):
            guards = [f"{{{key}}} notempty" for key in dict.fromkeys(ex.references(node))]
            return "(" + " and ".join([*guards, f"({_value(left)} {sign} {_value(right)})"]) + ")"
        case ex.Contains(ref, word):
            return f"({_value(ref)} notempty and {_value(ref)} contains {_value(word)})"
        case ex.Empty(ref):
            return f"({_value(ref)} empty)"
        case ex.Not(part):
            return f"!({expression(part)})"
        case ex.Both(parts):
            return "(" + " and ".join(expression(part) for part in parts) + ")"
        case ex.Either(parts):
            return "(" + " or ".join(expression(part) for part in parts) + ")"
        case _:
            raise TypeError(node)


def _value(node: ex.Node) -> str:
    match node:
        case ex.Number(value):
            return plain(value) if value >= 0 else f"({plain(value)})"
        case ex.Word(value):
            return f"'{value}'"
        case ex.Truth(value):
            return "true" if value else "false"
        case ex.Ref(key):
            return f"{{{key}}}"
        case ex.Sum(sign, left, right):
            return f"({_value(left)} {sign} {_value(right)})"
        case _:
            raise TypeError(node)


def compiled(form: Form) -> Element:
    """The model for `new Survey.Model(…)`, in the language of the page."""
    of_question: dict[str, list[Field]] = {}
    for field in fields(form):
        of_question.setdefault(field.question.key, []).append(field)
    return {
        "pages": [{"name": "page", "elements": [_section(each, of_question) for each in form.sections]}],
        "showQuestionNumbers": "off",
        "showNavigationButtons": False,
        "showTitle": False,
        "showCompletedPage": False,
        # settle.js clears what is hidden, from above to below, as the server does.
        "clearInvisibleValues": "none",
        "checkErrorsMode": "onComplete",
        "textUpdateMode": "onTyping",
        "questionErrorLocation": "bottom",
        "requiredMark": "",
    }


def _section(section: Section, of_question: dict[str, list[Field]]) -> Element:
    """A section is there as long as one of its questions is; these carry its condition."""
    elements = [each for question in section.questions for each in _question(section, question, of_question)]
    return {"type": "panel", "name": section.key, "title": words(section.title), "elements": elements}


def _question(section: Section, question: Question, of_question: dict[str, list[Field]]) -> Iterator[Element]:
    asked = of_question[question.key]
    if question.kind in NUMBERED:
        yield _numbered(section, question, asked)
        return
    for field in asked:
        element = _field(field)
        if not field.suffix:
            element |= {"title": words(question.label), "description": described(question)}
        yield element


def _numbered(section: Section, question: Question, asked: list[Field]) -> Element:
    """A panel with the numbers, what they amount to, and whether the item applies at all."""
    by_suffix = {field.suffix: _field(field) for field in asked}
    shown = all_of(section.shown_if, question.shown_if)
    order = ["__asked", "", NOT_APPLICABLE]
    elements = [by_suffix[each] for each in order if each in by_suffix]
    for element in elements:
        element |= {"minWidth": "112px", "startWithNewLine": element is elements[0]}
    elements += list(_said(section, question, asked))
    elements += [by_suffix[each] for each in (NOTE, PHOTOS) if each in by_suffix]
    panel: Element = {
        "type": "panel", "name": f"{question.key}__item", "title": words(question.label),
        "description": described(question), "elements": elements,
    }  # fmt: skip
    return panel | ({"visibleIf": expression(shown)} if shown else {})


def _said(section: Section, question: Question, asked: list[Field]) -> Iterator[Element]:
    """Whether the numbers meet the item, as soon as they are there."""
    numbers = [field for field in asked if field.kind == Kind.WHOLE]
    there = all_of(numbers[-1].shown, *(ex.Not(ex.Empty(ex.Ref(field.name))) for field in numbers))
    bad = not_met(question)
    good_said = format_html('<span class="cw-st" data-s="done">{}</span>', gettext("符合"))
    bad_said = format_html('<span class="cw-st" data-s="over">{}</span>', gettext("不符合"))
    for name, said, condition in (
        ("met", good_said, all_of(there, ex.Not(bad))),
        ("bad", bad_said, all_of(there, bad)),
    ):
        if condition is not None:
            yield {
                "type": "html", "name": f"{question.key}__{name}", "html": said, "visibleIf": expression(condition),
            }  # fmt: skip


def rule(question: Question) -> str:
    """What an item with numbers asks for, as a sentence."""
    measure = words(question.measure)
    match question.kind:
        case Kind.COUNTED if question.at_least is not None:
            return gettext("至少 %(count)s %(measure)s") % {"count": question.at_least, "measure": measure}
        case Kind.COUNTED:
            return gettext("不超过 %(count)s %(measure)s") % {"count": question.at_most, "measure": measure}
        case Kind.ASKED:
            values = {"asked": question.asked, "correct": question.correct, "measure": measure}
            return gettext("问 %(asked)s %(measure)s，至少 %(correct)s %(measure)s答对") % values
        case Kind.SHARE:
            return gettext("至少 %(percent)s%%") % {"percent": question.percent}
        case _:
            return ""


def described(question: Question) -> str:
    """Beneath an item: where to look, what it takes, and what does not count."""
    parts = [words(question.sample), rule(question), words(question.help)]
    parts += [gettext("不算：%(what)s") % {"what": words(each)} for each in question.exceptions]
    return "　".join(part for part in parts if part)


def _field(field: Field) -> Element:
    element: Element = {"name": field.name, "isRequired": field.required, "title": _title(field)}
    if field.shown is not None:
        element["visibleIf"] = expression(field.shown)
    return element | _typed(field)


def _title(field: Field) -> str:
    question = field.question
    if field.suffix in SUFFIX_TITLES:
        return str(SUFFIX_TITLES[field.suffix])
    measure = {"measure": words(question.measure)}
    if question.kind == Kind.COUNTED:
        return gettext("实际多少（%(measure)s）") % measure
    if question.kind == Kind.ASKED:
        return (gettext("问了多少（%(measure)s）") if field.suffix else gettext("对的多少（%(measure)s）")) % measure
    if question.kind == Kind.SHARE:
        return (gettext("共多少（%(measure)s）") if field.suffix else gettext("合格多少（%(measure)s）")) % measure
    return words(question.label)


def _typed(field: Field) -> Element:
    match field.kind:
        case Kind.WHOLE | Kind.DECIMAL:
            return _number(field)
        case Kind.DATE:
            return {"type": "text", "inputType": "date", "min": FIRST_DAY, "max": LAST_DAY}
        case Kind.TIME:
            return {"type": "text", "inputType": "time"}
        case Kind.YES_NO if field.suffix == NOT_APPLICABLE:
            return {"type": "boolean", "renderAs": "checkbox", "titleLocation": "hidden"}
        case Kind.YES_NO:
            return {"type": "boolean", "renderAs": "radio"}
        case Kind.ONE | Kind.SEVERAL:
            return _choice(field)
        case Kind.PHOTO:
            return _photo(field)
        case _:
            return _text(field)


def _number(field: Field) -> Element:
    element: Element = {"type": "text", "inputType": "number", "min": field.low, "max": field.high, "validators": []}
    if field.kind == Kind.WHOLE:
        element["step"] = 1
        element["validators"] += [{"type": "regex", "regex": r"^-?\d+$", "text": gettext("要写整数")}]
    else:
        element["step"] = "any"
    if field.up_to:
        within = f"{{{field.up_to}}} empty or {{{field.name}}} empty or {{{field.name}}} <= {{{field.up_to}}}"
        element["validators"] += [
            {"type": "expression", "expression": within, "text": gettext("不能多过总数")},
        ]
    return element


def _text(field: Field) -> Element:
    long: Element = {"type": "comment", "autoGrow": True, "rows": 2}
    kind: Element = long if field.kind == Kind.LONG_TEXT else {"type": "text"}
    said = gettext("最多 %(most)s 个字") % {"most": field.most}
    return kind | {"validators": [{"type": "text", "maxLength": field.most, "text": said}]}


def _choice(field: Field) -> Element:
    labels = {option.key: words(option.label) for option in field.question.choices}
    labels |= {MET: gettext("符合"), NOT_MET: gettext("不符合"), NA: gettext("不适用")} if not labels else {}
    element: Element = {
        "type": "radiogroup" if field.kind == Kind.ONE else "checkbox",
        "choices": [{"value": word, "text": labels[word]} for word in field.words],
    }
    if field.question.kind == Kind.CHECK:
        element["colCount"] = 0
    return element


def _photo(field: Field) -> Element:
    return {
        "type": "file", "allowMultiple": True, "acceptedTypes": "image/*", "storeDataAsText": False,
        "waitForUpload": True,
        # A picture that is not yet on the server could only come from an address that the policy refuses.
        "allowImagesPreview": False,
        "validators": [{
            "type": "expression", "expression": f"{{{field.name}.length}} <= {field.most}",
            "text": gettext("最多 %(most)s 张") % {"most": field.most},
        }],
    }  # fmt: skip
