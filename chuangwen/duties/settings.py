"""The table of duties that is edited on the pages of settings: kinds of outcome."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangwen.core.errors import Refused
from chuangwen.core.reference import from_file
from chuangwen.core.setting import Change, Column, Setting, Use
from chuangwen.duties import rules
from chuangwen.duties.models import Outcome, OutcomeKind

PARENT_HELP = gettext_lazy("细类才填；大类的数是细类的和")
NAMED_BY_CODE = gettext_lazy("程序按这个代码办事，只能改名，不能停用")


def check_kind(change: Change) -> None:
    """A figure adds what was counted: once something is, the measure stands and so does the kind it is a type of."""
    if change.row.parent_id == change.row.pk:
        raise Refused(_("不能归在自己下面"), where="parent", mend=_("换一个大类，或留空"))
    if change.row.parent and change.row.parent.parent_id:
        raise Refused(
            _("只分两层：“%(kind)s”自己就是细类") % {"kind": change.row.parent}, where="parent", mend=_("换一个大类")
        )
    if change.row.parent_id and OutcomeKind.objects.filter(parent=change.row.pk).exists():
        raise Refused(_("这一类下面有细类，不能再归到别的大类"), where="parent", mend=_("留空"))
    if change.before is None:
        if change.row.parent_id and Outcome.everything.filter(kind=change.row.parent_id).exists():
            raise Refused(_("这个大类已经直接登记过成效，不能再分细类"), where="parent", mend=_("换一个大类，或留空"))
        return
    for column, sentence in (
        ("measure", _("已有 %(count)s 条成效按原来的单位计数，不能改")),
        ("parent", _("已有 %(count)s 条成效是这一类，不能改归属")),
    ):
        if change.changes(column) and (count := Outcome.everything.filter(kind=change.row.pk).count()):
            raise Refused(sentence % {"count": count}, where=column, mend=_("新加一个类别"))


def uses_of_kind(code: str) -> Sequence[Use]:
    return [Use(pgettext_lazy("noun", "成效"), Outcome.objects.filter(kind=code).count(), reverse("outcomes"))]


def parent_field() -> forms.Field:
    tops = OutcomeKind.objects.filter(parent__isnull=True, retired_on__isnull=True)
    return forms.ModelChoiceField(tops, required=False)


def shown_kind(code: Any) -> str:
    return str(OutcomeKind.objects.filter(pk=code).first() or code)


OUTCOME_KINDS = Setting(
    key="outcome-kinds",
    label=pgettext_lazy("settings", "成效类别"),
    about=gettext_lazy("能数的成效：捡拾垃圾、文明劝导……"),
    model=OutcomeKind,
    columns=(
        Column("name", gettext_lazy("名称"), gettext_lazy("导入的表格按名称认，改名以后表里也写新名称")),
        Column("name_en", gettext_lazy("英文名称"), listed=False),
        Column(
            "parent",
            gettext_lazy("归在哪一大类"),
            gettext_lazy("细类才填；大类的数是细类的和"),
            make=parent_field,
            show=shown_kind,
        ),
        Column("measure", gettext_lazy("计数单位"), gettext_lazy("如 次、人次、篇")),
        Column("measure_en", gettext_lazy("计数单位的英文"), listed=False),
        Column("sort", gettext_lazy("排在第几"), gettext_lazy("小的在前")),
    ),
    source=from_file("outcome_kinds.yaml", "outcome_kinds"),
    uses=uses_of_kind,
    protected=dict.fromkeys(rules.ESSAYS, NAMED_BY_CODE),
    check=check_kind,
    among=("parent",),
)
