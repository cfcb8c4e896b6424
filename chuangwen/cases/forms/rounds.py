"""Input for a matter of a reception day, a ticket of the hotline, and who supervises what."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.cases import queries, receptions, supervision
from chuangwen.cases.forms.moving import PersonField, end_of, leaders, units
from chuangwen.cases.models import Case, CaseCategory
from chuangwen.cases.services import ReporterGiven
from chuangwen.core import clock
from chuangwen.core.forms import offer
from chuangwen.evidence.forms import UnitField
from chuangwen.people.access import Viewer
from chuangwen.people.forms import day_field
from chuangwen.people.models import Person, Unit
from chuangwen.places.models import Place

FIRST, REPEATED = "first", "repeated"


class Handed(forms.Form):
    """What a matter that somebody brings has, whoever writes it down; a deadline needs a unit that has to keep it."""

    title = forms.CharField(label=_("一句话"), max_length=120)
    text = forms.CharField(
        label=_("反映的事"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    category = forms.ModelChoiceField(CaseCategory.objects.none(), label=_("类别"), required=False)
    lead = UnitField(Unit.objects.none(), label=_("交哪个单位办"), required=False, help_text=_("不填就等归口单位派遣"))
    until = day_field(_("办完的日子"), required=False, help_text=_("不填按类别的期限"))
    name = forms.CharField(label=_("姓名"), max_length=60, required=False, help_text=_("加密保存，可以不填"))
    contact = forms.CharField(label=_("电话"), max_length=40, required=False, help_text=_("加密保存，可以不填"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "category", queries.categories())
        offer(self, "lead", units())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("until") and not data.get("lead"):
            self.add_error("lead", _("写了办完的日子，就要写派给谁"))
        return data

    @property
    def reporter(self) -> ReporterGiven | None:
        data = self.cleaned_data
        return ReporterGiven(data["name"], data["contact"]) if data["name"] or data["contact"] else None

    def end(self) -> datetime | None:
        return end_of(self.cleaned_data.get("until"))


class MatterForm(Handed):
    """One matter of a reception day. Where the telephone came before, the form says so and asks once."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    day = day_field(_("接访日"))
    received_by = PersonField(Person.objects.none(), label=_("接访领导"), to_field_name="code")
    heads = forms.IntegerField(label=_("来了几人"), min_value=1, max_value=10_000, initial=1)
    repeated = forms.ChoiceField(
        label=_("初访还是重访"), choices=((FIRST, _("初访")), (REPEATED, _("重访"))), initial=FIRST
    )
    another = forms.BooleanField(label=_("看过了，是另一件事"), required=False)
    leader = PersonField(Person.objects.none(), label=_("包案领导"), required=False)

    field_order = [
        "day", "received_by", "title", "text", "heads", "repeated", "another", "name", "contact", "category", "leader",
        "lead", "until",
    ]  # fmt: skip

    def __init__(self, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        initial = {"uid": uuid4(), "day": clock.today(), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.viewer = viewer
        self.earlier: Sequence[Case] = ()
        offer(self, "received_by", receptions.leaders())
        offer(self, "leader", leaders())
        if not (self.data.get("contact") and receptions.earlier(viewer, self.data["contact"])):
            del self.fields["another"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.earlier = receptions.earlier(self.viewer, data.get("contact") or "")
        own = [row for row in self.earlier if row.uid != data.get("uid")]
        if own and len(own) == len(self.earlier) and data.get("repeated") == FIRST and not data.get("another"):
            self.add_error("repeated", _("这个电话以前来过，见上面。是同一件事就选“重访”，不是就勾“是另一件事”"))
        return data


class TicketForm(Handed):
    """A ticket as the hotline's platform shows it."""

    number = forms.CharField(label=_("工单号"), max_length=60, help_text=_("抄 12345 平台上的编号，在办的不会重复登记"))
    address = forms.CharField(label=_("地址"), max_length=200, required=False)

    field_order = ["number", "title", "text", "address", "category", "name", "contact", "lead", "until"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("工单内容")
        self.fields["name"].label = _("来电人")
        self.fields["until"].help_text = _("12345 要求的日子；要先写交哪个单位办")


class WatchForm(forms.Form):
    """A group over a unit and all below it, or over an area."""

    group = UnitField(Unit.objects.none(), label=_("督导组"))
    over = UnitField(Unit.objects.none(), label=_("督导哪个单位"), required=False, help_text=_("连同它下面的单位"))
    area = forms.ModelChoiceField(Place.objects.none(), label=_("或哪一片"), required=False)
    until = day_field(pgettext_lazy("watch", "到哪一天"), required=False, help_text=_("不填就一直督导"))

    def __init__(self, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "group", supervision.groups_to_choose())
        offer(self, "over", units())
        offer(self, "area", supervision.areas_to_choose(viewer))
