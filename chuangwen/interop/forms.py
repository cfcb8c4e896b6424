"""Input for imports: a workbook for a unit."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.forms import offer
from chuangwen.people.access import Viewer, open_units
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm
from chuangwen.places.systems import CoordinateSystem

FILE_LIMIT = 64 * 1024 * 1024


class ImportForm(forms.Form):
    unit = forms.ModelChoiceField(Unit.objects.none(), label=pgettext_lazy("noun", "单位"), empty_label=None)
    file = forms.FileField(
        label=_("文件"), help_text=_("xlsx、xls、ods、csv 或 geojson，64 MB 以内；一个文件里可以有几张表")
    )
    coordinates = forms.ChoiceField(
        choices=[("", _("表里写了，或没有坐标")), *CoordinateSystem.choices],
        label=_("坐标系"),
        required=False,
        help_text=_("点位表才要选。GPS 仪器是 WGS-84"),
    )

    def __init__(self, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = (
            open_units(viewer, Perm.IMPORT_RUN).exclude(kind__in=["class", "department"]).filter(kind__is_group=False)
        )
        offer(self, "unit", units)
        self.fields["unit"].initial = viewer.person.unit

    def clean_file(self) -> Any:
        return not_too_large(self.cleaned_data["file"])


def not_too_large(upload: Any) -> Any:
    if upload.size > FILE_LIMIT:
        raise forms.ValidationError(_("文件超过 64 MB。按月或按表拆开再传"))
    return upload


class BadRowsForm(forms.Form):
    file = forms.FileField(label=_("改好的错行表"))

    def clean_file(self) -> Any:
        return not_too_large(self.cleaned_data["file"])


class UndoForm(forms.Form):
    reason = forms.CharField(
        label=_("原因"), max_length=200, help_text=_("一句话，例如：传错了月份。和撤回的人、时间一起留在这次导入里")
    )
