"""Input for cases from a list of places: which places, then what is to be done there and by whom."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangwen.cases import gathering, queries
from chuangwen.cases.forms.moving import end_of, units
from chuangwen.cases.gathering import Asked
from chuangwen.cases.models import CaseCategory
from chuangwen.core.forms import offer
from chuangwen.evidence.forms import UnitField
from chuangwen.people.forms import day_field
from chuangwen.people.models import Unit
from chuangwen.places import queries as places
from chuangwen.places.models import PlaceType


class WhichForm(forms.Form):
    """Which places: asked with the address, so that it can be sent and opened again."""

    what = forms.ModelChoiceField(PlaceType.objects.none(), label=_("哪一类点位"))
    m = forms.IntegerField(label=_("多少米以内"), min_value=1, max_value=gathering.FARTHEST, required=False)
    near = forms.ModelChoiceField(
        PlaceType.objects.none(), label=_("离哪一类点位"), required=False, empty_label=_("不限距离")
    )
    category = forms.ModelChoiceField(CaseCategory.objects.none(), label=_("事项类别"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("what", "near"):
            offer(self, name, places.types())
        offer(self, "category", queries.categories())

    @property
    def asked(self) -> Asked:
        data = self.cleaned_data
        return Asked(data["what"], data["near"], data["m"] or gathering.METRES, data["category"])


class ListedForm(forms.Form):
    """The places are those of a list's address: only the category is asked."""

    category = forms.ModelChoiceField(CaseCategory.objects.none(), label=_("事项类别"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "category", queries.categories())

    @property
    def asked(self) -> Asked:
        return Asked(category=self.cleaned_data["category"])


class OwnerForm(forms.Form):
    """Who is to do it at the places that were ticked."""

    owner = UnitField(Unit.objects.none(), label=_("给选中的点位定单位"), required=False, to_field_name="code")

    def __init__(self, keeper: Unit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner", units().filter(path__startswith=keeper.path))


class CampaignForm(forms.Form):
    """What is to be done; the rows are read apart (`views.places`)."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("叫什么"), max_length=80, widget=forms.TextInput(attrs={"placeholder": _("如：学校周边彩票店清退")})
    )
    text = forms.CharField(
        label=_("通知"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("各单位的通知单上就是这段话：做什么、做到什么样、有事找谁"),
    )  # fmt: skip
    until = day_field(_("办完的日子"), required=False, help_text=_("不填按类别的期限"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        initial = {"uid": uuid4(), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, **{**kwargs, "initial": initial})

    def end(self) -> datetime | None:
        return end_of(self.cleaned_data.get("until"))
