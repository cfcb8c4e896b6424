"""A form and a filled copy as a page shows them: rows with words instead of keys.

Called by the views of this app.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from chuangwen.forms import surveyjs
from chuangwen.forms.photos import Photo
from chuangwen.forms.rules.answering import Answered, plain
from chuangwen.forms.rules.expressions import Value
from chuangwen.forms.rules.fields import ASKED, NOTE, PHOTOS
from chuangwen.forms.rules.model import VERDICTS, Form, Kind, Question, Source
from chuangwen.forms.rules.verdicts import UNANSWERED, verdict

METHODS = {
    "field": gettext_lazy("实地"),
    "records": gettext_lazy("查档"),
    "asking": gettext_lazy("问询"),
    "trial": gettext_lazy("实景验证"),
    "media": gettext_lazy("媒体和网络调查"),
}
# verdict: (its word, the state whose shape and colour it takes)
VERDICT_WORDS = {
    "met": (gettext_lazy("符合"), "done"),
    "not_met": (gettext_lazy("不符合"), "over"),
    "na": (gettext_lazy("不适用"), "hold"),
    UNANSWERED: (gettext_lazy("没有填"), "new"),
}
GRADES = {
    "A": gettext_lazy("A 官方网站"),
    "B": gettext_lazy("B 媒体、国企等"),
    "C": gettext_lazy("C 文档网站"),
    "D": gettext_lazy("D 来路不明的转载"),
}


@dataclass(frozen=True)
class Item:
    """A question as the form's page lists it."""

    question: Question
    label: str
    described: str
    methods: str
    proof: str
    sources: list[Source]


@dataclass
class Row:
    """A question as a filled copy shows it."""

    label: str
    described: str = ""
    said: str = ""
    state: str = ""
    answer: str = ""
    note: str = ""
    photos: list[Photo] = field(default_factory=list)
    hidden_photos: int = 0


@dataclass(frozen=True)
class Part:
    """A section with its items or rows."""

    title: str
    rows: list[Any]


def form_parts(form: Form) -> list[Part]:
    return [
        Part(surveyjs.words(section.title), [_item(form, question) for question in section.questions])
        for section in form.sections
    ]


def _item(form: Form, question: Question) -> Item:
    return Item(
        question=question,
        label=surveyjs.words(question.label),
        described=surveyjs.described(question),
        methods="、".join(str(METHODS[method]) for method in question.methods),
        proof=_proof(question),
        sources=[form.source(each) for each in question.sources],
    )


def _proof(question: Question) -> str:
    if question.kind not in VERDICTS or not question.proof:
        return ""
    return _("不符合时写情况、拍照") if "photo" in question.proof else _("不符合时写情况")


def graded(form: Form) -> list[tuple[Source, str]]:
    return [(source, str(GRADES[source.grade])) for source in form.sources]


def copy_parts(form: Form, answered: Answered, photos: Mapping[UUID, Photo]) -> list[Part]:
    """What was asked and answered, section by section; sections of which nothing was asked are left out."""
    asked = {each.question.key for each in answered.asked}
    parts = []
    for section in form.sections:
        rows = [_row(question, answered, photos) for question in section.questions if question.key in asked]
        if rows:
            parts.append(Part(surveyjs.words(section.title), rows))
    return parts


def _row(question: Question, answered: Answered, photos: Mapping[UUID, Photo]) -> Row:
    values = answered.values
    row = Row(surveyjs.words(question.label), surveyjs.described(question))
    if question.kind in VERDICTS:
        said, row.state = VERDICT_WORDS[verdict(question, values)]
        row.said = str(said)
    row.answer = "" if question.kind == Kind.CHECK else _answer(question, values)
    row.note = str(values.get(question.key + NOTE, ""))
    for name in (question.key, question.key + PHOTOS):
        uids = list(_photo_uids(question, name, values))
        row.photos += [photos[uid] for uid in uids if uid in photos]
        row.hidden_photos += sum(uid not in photos for uid in uids)
    return row


def _photo_uids(question: Question, name: str, values: Mapping[str, Value]) -> Iterator[UUID]:
    value = values.get(name)
    if isinstance(value, list) and (name != question.key or question.kind == Kind.PHOTO):
        yield from (UUID(each) for each in value)


def _answer(question: Question, values: Mapping[str, Value]) -> str:
    value = values.get(question.key)
    if value is None or question.kind == Kind.PHOTO:
        return ""
    measure = surveyjs.words(question.measure)
    if question.kind == Kind.COUNTED:
        return _("数得 %(count)s %(measure)s") % {"count": value, "measure": measure}
    if question.kind == Kind.ASKED:
        return _("问 %(asked)s，对 %(right)s") % {"asked": values.get(question.key + ASKED), "right": value}
    if question.kind == Kind.SHARE:
        counts = {"all": values.get(question.key + ASKED), "right": value, "measure": measure}
        return _("共 %(all)s %(measure)s，合格 %(right)s %(measure)s") % counts
    return _plain(question, value)


def _plain(question: Question, value: Value) -> str:
    if isinstance(value, bool):
        return pgettext("answer", "是") if value else pgettext("answer", "否")
    if isinstance(value, int | float):
        return plain(value)
    labels = {option.key: surveyjs.words(option.label) for option in question.choices}
    if isinstance(value, list):
        return "、".join(labels[each] for each in value)
    return labels.get(value, value)
