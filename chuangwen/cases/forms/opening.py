"""Input for a new case at the staff's door."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.cases import queries
from chuangwen.cases.forms.moving import Photos, end_of, units
from chuangwen.cases.models import CaseCategory, CaseKind, Channel
from chuangwen.core.forms import offer, offer_choices
from chuangwen.core.registry import nouns, resolve
from chuangwen.evidence.forms import UnitField, WrittenPlace
from chuangwen.people.access import Viewer, open_units
from chuangwen.people.forms import day_field
from chuangwen.people.models import Unit
from chuangwen.people.rules import Perm

# What the staff enters here; citizens, hotline and reception have doors of their own.
OPENED_HERE = ("finding", "hazard", "suggestion", "complaint", "task", "order", "instruction", "milestone")
# What only who dispatches gives to others.
FROM_ABOVE = ("task", "order", "instruction", "milestone")


class NewCaseForm(WrittenPlace):
    """What was seen and where; who dispatches may hand it over at once."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    # What gave rise to it, such as a filled checklist.
    origin_noun = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    origin_uid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("是什么"))
    title = forms.CharField(
        label=_("一句话"), max_length=120, widget=forms.TextInput(attrs={"placeholder": _("如：盲道被共享单车占用")})
    )
    photos = Photos(label=pgettext_lazy("noun", "照片"), required=False, help_text=_("现在的样子；可以选几张"))
    address = forms.CharField(label=_("地址"), max_length=200, required=False, help_text=_("如：文庙路 118 号门前"))
    category = forms.ModelChoiceField(CaseCategory.objects.none(), label=_("类别"), required=False)
    text = forms.CharField(label=_("说明"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    opened_for = UnitField(Unit.objects.none(), label=_("代表哪个单位"), empty_label=None, to_field_name="code")
    inside = forms.BooleanField(label=_("在本单位里面办，不报到市里"), required=False)
    lead = UnitField(Unit.objects.none(), label=_("直接派给"), required=False, help_text=_("不填就进待立案"))
    until = day_field(_("办完的日子"), required=False, help_text=_("不填按类别的期限"))

    field_order = [
        "kind", "title", "photos", "place", "address", "category", "text", "opened_for", "inside", "lead", "until",
    ]  # fmt: skip

    def __init__(self, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        initial = {"uid": uuid4(), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.viewer = viewer
        dispatches = viewer.can(Perm.CASE_DISPATCH)
        kinds = [kind for kind in OPENED_HERE if dispatches or kind not in FROM_ABOVE]
        offer_choices(self, "kind", [(kind, CaseKind(kind).label) for kind in kinds])
        offer(self, "category", queries.categories())
        offer(self, "opened_for", open_units(viewer, Perm.CASE_REPORT))
        self.fields["opened_for"].initial = viewer.person.unit.code
        if dispatches:
            offer(self, "lead", units())
        else:
            for name in ("lead", "until"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("until") and not data.get("lead"):
            self.add_error("lead", _("写了办完的日子，就要写派给谁"))
        if data.get("kind") in FROM_ABOVE and not data.get("lead") and "lead" in self.fields:
            self.add_error("lead", _("这一种要直接派给一个单位"))
        return data

    def clean_origin_uid(self) -> UUID | None:
        """Nobody names as the origin what they may not see, or what is nothing."""
        noun: str = self.cleaned_data.get("origin_noun") or ""
        uid: UUID | None = self.cleaned_data["origin_uid"]
        if not noun or not uid:
            return None
        if noun not in {each.key for each in nouns()} or uid not in resolve(noun, self.viewer, [uid]):
            raise forms.ValidationError(_("没有这个起因。从那一条记录的页面重新开"))
        return uid

    @property
    def origin(self) -> tuple[str, UUID] | None:
        data = self.cleaned_data
        return (data["origin_noun"], data["origin_uid"]) if data.get("origin_uid") else None

    @property
    def channel(self) -> str:
        return Channel.CHECK if self.origin and self.origin[0] == "submission" else Channel.STAFF

    def photo_uid(self, number: int, name: str) -> UUID:
        """The same form sent again hands in the same photos."""
        return uuid5(self.cleaned_data["uid"], f"{number}:{name}")

    def end(self) -> datetime | None:
        return end_of(self.cleaned_data.get("until"))
