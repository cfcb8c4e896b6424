"""What is asked once before an act on many cases."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangwen.cases.forms.moving import text_field, units
from chuangwen.core.forms import offer
from chuangwen.evidence.forms import UnitField
from chuangwen.people.models import Unit


class SayForm(forms.Form):
    reason = text_field(_("说明"), required=True, help_text=_("每一件的经过里都写这一句"))


class DispatchForm(forms.Form):
    lead = UnitField(Unit.objects.none(), label=_("牵头单位"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "lead", units())
