"""Input for activity records: one outcome, its correction, its withdrawal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core import clock
from chuangwen.core.forms import offer
from chuangwen.duties import queries
from chuangwen.duties.models import Handling, OutcomeKind
from chuangwen.people.access import Viewer, open_units
from chuangwen.people.forms import day_field
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm


def amount_field() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("数量"),
        min_value=1,
        max_value=100_000,
        error_messages={"min_value": _("数量要大于 0。没有就不必登记"), "invalid": _("写整数，如 3")},
    )


class UnitField(forms.ModelChoiceField[Unit]):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label)


class OutcomeForm(forms.Form):
    unit = UnitField(Unit.objects.none(), label=pgettext_lazy("noun", "单位"))
    kind = forms.ModelChoiceField(OutcomeKind.objects.none(), label=_("类别"), empty_label=None)
    amount = amount_field()
    day = day_field(_("日期"))
    handling = forms.ChoiceField(choices=Handling.choices, label=_("处置"), initial=Handling.HANDLED)
    pupil = forms.CharField(
        label=_("学生代码"), max_length=40, required=False, help_text=_("记到个人时填，如心得；记到班级不填")
    )
    note = forms.CharField(label=_("备注"), max_length=200, required=False)

    def __init__(self, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", open_units(viewer, Perm.ACTIVITY_RECORD))
        offer(self, "kind", queries.countable_kinds())
        self.fields["day"].initial = clock.today()

    def clean(self) -> dict[str, Any]:
        """The pupil's code becomes the person whom the outcome is credited to."""
        code, unit = self.cleaned_data.pop("pupil", ""), self.cleaned_data.get("unit")
        self.cleaned_data["person"] = None
        if code and unit:
            self.cleaned_data["person"] = queries.pupil(unit, code.strip().lower())
            if self.cleaned_data["person"] is None:
                self.add_error("pupil", _("本班没有这个代码的学生。核对班级和代码，如 c98-01"))
        return self.cleaned_data


class CorrectionForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    amount = amount_field()
    reason = forms.CharField(label=_("为什么改"), max_length=200)
