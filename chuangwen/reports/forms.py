"""Input for reports: which report over which period, and a template."""

import unicodedata
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core import clock
from chuangwen.core.forms import offer
from chuangwen.people.access import Viewer, open_units
from chuangwen.people.forms import day_field
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm
from chuangwen.reports import queries
from chuangwen.reports.models import ReportForm

TEMPLATE_LIMIT = 5 * 1024 * 1024


class NewReportForm(forms.Form):
    unit = forms.ModelChoiceField(Unit.objects.none(), label=pgettext_lazy("noun", "单位"), empty_label=None)
    form = forms.ModelChoiceField(ReportForm.objects.none(), label=_("文书种类"), empty_label=None)
    start = day_field(_("起始日期"))
    end = day_field(_("截止日期"))

    def __init__(self, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = {kind for form in queries.forms() for kind in form.unit_kinds}
        units = open_units(viewer, Perm.REPORT_WRITE).filter(kind__in=kinds)
        own = set(units.values_list("kind", flat=True))
        forms_there = queries.forms().filter(
            pk__in=[form.pk for form in queries.forms() if own.intersection(form.unit_kinds)]
        )
        self.fields["end"].help_text = _("还没有过完的，写到今天为止，文中会注明")
        offer(self, "unit", units)
        offer(self, "form", forms_there)
        this_month = clock.today().replace(day=1)
        self.fields["start"].initial = (this_month - timedelta(days=1)).replace(day=1)
        self.fields["end"].initial = this_month - timedelta(days=1)

    def clean(self) -> dict[str, Any]:
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and end < start:
            self.add_error("end", _("截止日期早于起始日期。把它改到起始日期之后"))
        elif start and end and "unit" in self.cleaned_data and "form" in self.cleaned_data:
            self._ask_again(start, end)
        return self.cleaned_data

    def _ask_again(self, start: date, end: date) -> None:
        """A second report of a period that has an issued one is written only when it is asked for."""
        issued = queries.already_issued(self.cleaned_data["form"], self.cleaned_data["unit"], start, end)
        if issued is None:
            return
        self.fields["again"] = forms.BooleanField(label=_("这一段已有印发的一份，仍要另写"), required=False)
        if not self.data.get("again"):
            text = _("%(code)s 号文书已在 %(day)s 印发。数字变了，到那一份上按“更新一份”；确实要另写，勾上再按一次")
            day = f"{timezone.localdate(issued.issued_at):%Y-%m-%d}"
            self.add_error("again", forms.ValidationError(text, params={"code": issued.code, "day": day}))


class TemplateForm(forms.Form):
    file = forms.FileField(label=_("Word 模板"), help_text=_(".docx，5 MB 以内"))

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > TEMPLATE_LIMIT:
            raise forms.ValidationError(_("模板超过 5 MB。删去其中的图片再传"))
        return upload


class TextForm(forms.Form):
    """A paragraph in a writer's words; `was` is the wording that the writer saw."""

    text = forms.CharField(label=_("文字"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}))
    anchor = forms.CharField(max_length=16, widget=forms.HiddenInput)
    was = forms.CharField(required=False, widget=forms.HiddenInput)


class CommentForm(forms.Form):
    text = forms.CharField(label=_("批注"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    anchor = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)


class CodeForm(forms.Form):
    code = forms.CharField(label=_("文末编码"), max_length=200, help_text=_("10 位字母和数字，印在文书末尾或附件表里"))

    def clean_code(self) -> str:
        # Full-width letters of an input method, or the whole address, are what people paste.
        written = unicodedata.normalize("NFKC", self.cleaned_data["code"]).strip().rstrip("/")
        code = written.rpartition("/")[2].lower()
        if not queries.is_code(code):
            raise forms.ValidationError(_("没有这个编码的文书。请对照纸上再写一遍；仍没有，就不是本市系统印发的"))
        return code
