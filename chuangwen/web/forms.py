"""Input for the pages of settings: the form of a row, made from what its table declares; days of the year."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.forms.models import fields_for_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangwen.core.forms import SeenField
from chuangwen.core.models import DayKind
from chuangwen.core.setting import Column, Setting, code_field
from chuangwen.people.forms import day_field
from chuangwen.web import marked_days

# What a small whole number of either database holds.
MOST = 32767


class RowForm(forms.Form):
    """The columns of a table, filled with a row's values; a new row also gets its code.

    `seen` carries what the page showed, so that the service can tell whether somebody else was quicker.
    """

    seen = SeenField()

    def __init__(self, setting: Setting, row: Any = None, data: Any = None) -> None:
        shown = setting.values(row) if row else {}
        super().__init__(data, initial={**shown, "seen": shown})
        self.setting, self.row = setting, row
        if row is None:
            self.fields["code"] = _in_our_words(code_field(setting.model._meta.pk.max_length or 40))
        for column in setting.columns:
            self.fields[column.name] = _field(setting, column)

    @property
    def values(self) -> dict[str, Any]:
        return {column.name: self.cleaned_data[column.name] for column in self.setting.columns}


def _field(setting: Setting, column: Column) -> Any:
    made: Any = column.make() if column.make else fields_for_model(setting.model, [column.name])[column.name]
    made.label, made.help_text = column.label, column.help or made.help_text
    if isinstance(made, forms.IntegerField):
        made.validators.append(MaxValueValidator(MOST))
    return _in_our_words(made)


def _in_our_words(made: Any) -> Any:
    """What is too long is told with what to do."""
    if isinstance(made, forms.CharField) and made.max_length:
        validator: Any
        for validator in made.validators:
            if getattr(validator, "code", "") == "max_length":
                validator.message = gettext_lazy("太长了：最多 %(limit_value)d 个字，现在 %(show_value)d 个。请写短些")
    return made


class DayForm(forms.Form):
    """What one day or a run of days is."""

    start = day_field(gettext_lazy("从哪天"))
    end = day_field(gettext_lazy("到哪天"), required=False, help_text=gettext_lazy("只有一天就不填"))
    kind = forms.ChoiceField(label=gettext_lazy("怎么算"), choices=DayKind.choices, initial=DayKind.OFF)
    name = forms.CharField(
        label=gettext_lazy("名称"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("如 春节；调休上班写是哪个节的调休"),
    )

    def clean(self) -> dict[str, Any]:
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and end < start:
            self.add_error("end", _("结束的一天在开始之前。改日期，或留空"))
        elif start and end and (end - start).days >= marked_days.LONGEST:
            self.add_error("end", _("一次最多 %(days)s 天。分几次写") % {"days": marked_days.LONGEST})
        return self.cleaned_data

    @property
    def days(self) -> list[marked_days.Marked]:
        start: date = self.cleaned_data["start"]
        end: date = self.cleaned_data["end"] or start
        kind, name = self.cleaned_data["kind"], self.cleaned_data["name"]
        return [
            marked_days.Marked(start + timedelta(days=number), kind, name) for number in range((end - start).days + 1)
        ]


class ListForm(forms.Form):
    """The holidays of a year, pasted as a list."""

    text = forms.CharField(
        label=gettext_lazy("一行一段"),
        widget=forms.Textarea(attrs={"rows": 14}),
        max_length=10_000,
        help_text=gettext_lazy("日期（或 从—到）、放假 / 上班 / 照常、名称，中间空格"),
    )

    def __init__(self, year: int, data: Any = None) -> None:
        super().__init__(data)
        self.year = year

    def clean_text(self) -> list[marked_days.Marked]:
        days, problems = marked_days.read_list(self.cleaned_data["text"], year=self.year)
        if problems:
            raise forms.ValidationError([_say(problem) for problem in problems])
        if not days:
            raise forms.ValidationError(_("一天也没有写"))
        return days


def _say(problem: marked_days.Problem) -> str:
    what = {
        "shape": _("看不懂。写成 2027-02-06—2027-02-12 放假 春节 这样"),
        "day": _("没有这一天"),
        "range": _("从后面的一天到前面的一天，或者太长"),
        "bounds": _("日期不在 2000 年到 2100 年之间"),
        "kind": _("没有写放假、上班还是照常"),
        "twice": _("这一天上面已经写过，而且说法不同"),
        "long": _("名称太长，最多 40 个字"),
    }[problem.what]
    return _("第 %(line)s 行“%(text)s”：%(what)s") % {"line": problem.line, "text": problem.text[:40], "what": what}
