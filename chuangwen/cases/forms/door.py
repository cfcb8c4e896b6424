"""What citizens send: a report, a code, "没有解决"; and what staff writes to delete a name."""

import json
import math
import re
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from chuangwen.cases import queries
from chuangwen.cases.door import MOST_PHOTOS
from chuangwen.cases.models import CaseCategory, CaseKind
from chuangwen.cases.services import CitizenReport
from chuangwen.core.forms import offer

KEY_LENGTH = 32
KINDS_SHOWN = (
    (CaseKind.REPORT, _("问题")),
    (CaseKind.SUGGESTION, _("建议")),
    (CaseKind.COMPLAINT, _("投诉")),
)


class PointField(forms.CharField):
    """GeoJSON of a point, as the map writes it, or "lon,lat"; gives (lon, lat) in WGS-84, or None."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> tuple[float, float] | None:
        written = super().clean(value)
        if not written:
            return None
        try:
            lon, lat = json.loads(written)["coordinates"] if written.startswith("{") else written.split(",")
            point = float(lon), float(lat)
        except (ValueError, KeyError, TypeError, RecursionError) as bad:
            raise forms.ValidationError(_("位置读不出来。请重新定一次位置，或写一句在哪里")) from bad
        if not all(map(math.isfinite, point)) or abs(point[0]) > 180 or abs(point[1]) > 90:
            raise forms.ValidationError(_("位置读不出来。请重新定一次位置，或写一句在哪里"))
        return point


class UidsField(forms.CharField):
    """Uids of photos that were handed in before, with commas between."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> list[UUID]:
        written = super().clean(value)
        try:
            return [UUID(part) for part in written.split(",") if part]
        except ValueError as bad:
            raise forms.ValidationError(_("有一张照片没有收到。去掉它，重新拍一张")) from bad


class ReportForm(forms.Form):
    """A report. Without the page's script, photos come with the form itself, under `files`."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    key = forms.CharField(widget=forms.HiddenInput, min_length=16, max_length=64)
    kind = forms.ChoiceField(choices=KINDS_SHOWN, label=_("要反映的是"), initial=CaseKind.REPORT)
    photos = UidsField(required=False, max_length=40 * MOST_PHOTOS)
    point = PointField(required=False, max_length=200)
    address = forms.CharField(label=_("在哪里"), required=False, max_length=120)
    category = forms.ModelChoiceField(CaseCategory.objects.none(), required=False, label=_("是哪一类"))
    text = forms.CharField(label=_("写一句"), required=False, max_length=1000, widget=forms.Textarea)
    name = forms.CharField(label=_("称呼"), required=False, max_length=40)
    contact = forms.CharField(label=_("电话"), required=False, max_length=40)
    # People do not see this field; programs fill it.
    website = forms.CharField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "category", queries.categories(for_citizens=True))
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["contact"].widget.attrs |= {"autocomplete": "tel", "inputmode": "tel"}
        if not self.is_bound:
            self.initial.update(uid=uuid4(), key=get_random_string(KEY_LENGTH))

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("没有收下。请用页面上的表单再填一次"))
        return ""

    def clean_contact(self) -> str:
        written: str = self.cleaned_data["contact"]
        if written and not re.fullmatch(r"[0-9+()（） -]{5,40}", written):
            raise forms.ValidationError(_("电话只写数字，如 13800000000"))
        return written

    def sent(self, photos: list[UUID]) -> CitizenReport:
        """What was sent, with the photos that came with the form itself."""
        said = {
            name: self.cleaned_data[name] for name in ("uid", "key", "kind", "category", "text", "address", "point")
        }
        more = {name: self.cleaned_data[name] for name in ("name", "contact")}
        return CitizenReport(**said, **more, photos=[*self.cleaned_data["photos"], *photos])


class PlaceForm(forms.Form):
    """The question what is known of a point."""

    point = PointField(max_length=200)
    category = forms.CharField(required=False, max_length=40)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("查询码"),
        max_length=40,
        help_text=_("上报以后给的 10 位字母和数字；空格、大小写都不要紧"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"autocomplete": "off", "autocapitalize": "characters"}


class DisputeForm(forms.Form):
    reason = forms.CharField(
        label=_("哪里没有解决"), max_length=1000, widget=forms.Textarea, help_text=_("写一句现在是什么样，办的人好去看")
    )
    photos = UidsField(required=False, max_length=40 * MOST_PHOTOS)


class ForgetForm(forms.Form):
    reason = forms.CharField(label=_("为什么删"), max_length=200, help_text=_("如“本人要求删除”"))
