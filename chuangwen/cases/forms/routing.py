"""Input of the page on which rules are tried: a case that need not be there."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangwen.cases import queries
from chuangwen.cases.models import CaseKind
from chuangwen.cases.routing import Point, Trial
from chuangwen.core import clock
from chuangwen.core.forms import offer
from chuangwen.people.access import Viewer
from chuangwen.places import queries as places
from chuangwen.places.models import Place

MOST_NAMED = 5


class TrialForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("种类"), choices=CaseKind.choices)
    category = forms.ModelChoiceField(
        queries.categories(), label=gettext_lazy("类别"), required=False, empty_label=gettext_lazy("还没有定")
    )
    place = forms.CharField(
        label=pgettext_lazy("noun", "点位"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("写名称或编号；不在哪个点位就不填"),
    )
    point = forms.CharField(
        label=gettext_lazy("位置"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("不在点位上才填：经度,纬度，如 111.69,29.03"),
    )
    time = forms.TimeField(
        label=gettext_lazy("几点来的"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=gettext_lazy("不填就按现在"),
        error_messages={"invalid": gettext_lazy("这不是时间。写成 18:30 这样")},
    )

    def __init__(self, viewer: Viewer, data: Any = None) -> None:
        super().__init__(data)
        self.viewer = viewer
        offer(self, "category", queries.categories())

    def clean_place(self) -> Place | None:
        """The place of that name or number; of several with it in their names, none."""
        written: str = self.cleaned_data["place"].strip()
        if not written:
            return None
        rows = places.places(self.viewer)
        for exact in ({"name": written}, {"code": written}, {"name__contains": written}):
            found = list(rows.filter(**exact)[: MOST_NAMED + 1])
            if len(found) == 1:
                return found[0]
            if found:
                names = "、".join(f"{row.name}（{row.unit.label}）" for row in found[:MOST_NAMED])
                raise forms.ValidationError(_("不止一个：%(names)s。写全名或编号") % {"names": names})
        raise forms.ValidationError(_("没有叫“%(name)s”的点位。看看点位页里怎么写") % {"name": written})

    def clean_point(self) -> Point | None:
        written: str = self.cleaned_data["point"].replace("，", ",").strip()
        if not written:
            return None
        try:
            lon, lat = (float(part) for part in written.split(","))
        except ValueError as problem:
            raise forms.ValidationError(_("读不出来。写成 111.69,29.03 这样")) from problem
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            raise forms.ValidationError(_("不在地球上。先写经度，再写纬度"))
        return lon, lat

    @property
    def trial(self) -> Trial:
        """What was entered, as rules see it: today, at that hour."""
        data = self.cleaned_data
        now = timezone.localtime(clock.now())
        at = timezone.make_aware(datetime.combine(now.date(), data["time"])) if data["time"] else now
        return Trial(data["kind"], at, data["category"], data["place"], data["point"])
