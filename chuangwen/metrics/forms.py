"""Input for figures: a period."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.people.forms import day_field

# Ten years, with the three leap days that they may have.
LONGEST = timedelta(days=3653)


class PeriodForm(forms.Form):
    """Which days, both included; this year so far when nothing was said."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = day_field(_("起始日期"))
        self.fields["to"] = day_field(_("截止日期"))
        self.initial = {"from": clock.today().replace(month=1, day=1), "to": clock.today()}

    def clean(self) -> dict[str, Any]:
        start, end = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        if start and end and end < start:
            self.add_error("to", _("截止日期早于起始日期。把它改到起始日期之后"))
        if start and end and end - start >= LONGEST:
            self.add_error("to", _("这一段超过十年。把起止日期改近一些"))
        return self.cleaned_data

    def period(self) -> tuple[date, date]:
        if self.is_bound and self.is_valid():
            return self.cleaned_data["from"], self.cleaned_data["to"]
        return self.initial["from"], self.initial["to"]
