"""Input that is no form of ours: why a filled copy is taken back, why a form is taken out of use."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("原因会留在经过里")
    )
