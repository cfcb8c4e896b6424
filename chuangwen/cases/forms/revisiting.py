"""Input for the re-visit: a draw, and what somebody found."""

from typing import Any
from uuid import UUID, uuid4, uuid5

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangwen.cases import queries
from chuangwen.cases.forms.moving import Photos, text_field, unit_for_photos
from chuangwen.cases.models import Case, Finding
from chuangwen.evidence import services as evidence
from chuangwen.evidence.models import Evidence
from chuangwen.people.access import Viewer
from chuangwen.people.forms import day_field


class DrawForm(forms.Form):
    closed_from = day_field(_("结案从"))
    closed_to = day_field(_("到"))
    share = forms.IntegerField(label=_("抽百分之几"), min_value=1, max_value=100, help_text=_("取整往上，至少一件"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        initial = {"share": queries.policy().revisit_share, **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, **{**kwargs, "initial": initial})


class LookForm(forms.Form):
    """What is there now. Photos are handed in first, so that nothing is lost if the answer is then refused."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    finding = forms.ChoiceField(label=_("看到什么"), choices=Finding.choices, widget=forms.RadioSelect)
    reason = text_field(_("说明"), required=False, help_text=_("又出现了的，要写看到什么"))
    photos = Photos(label=_("照片或文件"), required=False, help_text=_("可以选几张，每张 20 MB 以内"))

    def __init__(self, viewer: Viewer, case: Case, *args: Any, **kwargs: Any) -> None:
        initial = {"token": uuid4(), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.viewer, self.case = viewer, case

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("finding") == Finding.RELAPSED and not (data.get("reason") or "").strip():
            self.add_error("reason", _("写一句看到什么，接着办的人才明白"))
        return data

    def given(self) -> list[Evidence]:
        token: UUID = self.cleaned_data.get("token") or uuid4()
        unit = unit_for_photos(self.viewer, self.case)
        return [
            evidence.hand_in(
                self.viewer, unit=unit, name=file.name, chunks=file.chunks(), uid=uuid5(token, f"{number}:{file.name}")
            )
            for number, file in enumerate(self.cleaned_data.get("photos") or [])
        ]
