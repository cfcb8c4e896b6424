"""The table of the kernel that is edited on the pages of settings: office hours. Holidays have a page of their own."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangwen.core import rules
from chuangwen.core.calendar import season_of
from chuangwen.core.errors import Refused
from chuangwen.core.models import OfficeHours
from chuangwen.core.reference import from_file
from chuangwen.core.setting import Change, Column, Setting

STANDARD = "standard"
FROM_HELP = gettext_lazy("如 5-1；留空为全年")


class YearDayField(forms.CharField):
    """A day of every year, written 5-1 or 5月1日 and kept as month × 100 + day."""

    def prepare_value(self, value: Any) -> Any:
        return f"{value // 100}-{value % 100}" if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        written = super().clean(value)
        if not written:
            return None
        month, _mark, day = written.replace("月", "-").replace("日", "").replace(".", "-").partition("-")
        if not (month.strip().isdecimal() and day.strip().isdecimal()):
            raise forms.ValidationError(_("这不是月和日。写成 5-1 这样"))
        found = int(month) * 100 + int(day)
        if len(day.strip()) > 2 or not rules.is_season_day(found):
            raise forms.ValidationError(_("没有这一天。写成 5-1 这样"))
        return found


def year_day() -> forms.Field:
    return YearDayField(required=False, max_length=10)


def clock_time() -> forms.Field:
    return forms.TimeField(
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": gettext_lazy("这不是钟点。写成 08:30 这样")},
    )


def shown_year_day(value: Any) -> str:
    return _("%(month)s月%(day)s日") % {"month": value // 100, "day": value % 100}


def check_hours(change: Change) -> None:
    row = change.row
    times = (row.morning_from, row.morning_to, row.afternoon_from, row.afternoon_to)
    if not times[0] < times[1] <= times[2] < times[3]:
        raise Refused(_("钟点前后颠倒了"), where="morning_from", mend=_("按上午上班、下班、下午上班、下班的先后写"))
    if (row.season_from is None) != (row.season_to is None):
        raise Refused(_("起止只写了一头"), where="season_from", mend=_("两头都写，或都留空（全年）"))
    if (row.code == STANDARD) != (row.season_from is None):
        raise Refused(
            _("全年的办公时间有且只有一行，代码是 standard"), where="season_from", mend=_("别的行要写从哪天到哪天")
        )
    season = season_of(row)
    for other in OfficeHours.objects.exclude(pk=row.pk).filter(retired_on__isnull=True, season_from__isnull=False):
        theirs = season_of(other)
        if season and theirs and rules.seasons_meet(season, theirs):
            raise Refused(
                _("这一段和“%(other)s”有重叠") % {"other": other}, where="season_from", mend=_("错开起止日期")
            )


OFFICE_HOURS = Setting(
    key="office-hours",
    label=pgettext_lazy("settings", "办公时间"),
    about=gettext_lazy("工作日几点到几点上班；按工作时算的期限用它"),
    model=OfficeHours,
    columns=(
        Column("name", gettext_lazy("名称")),
        Column("name_en", gettext_lazy("英文名称"), listed=False),
        Column(
            "season_from", gettext_lazy("从"), gettext_lazy("如 5-1；留空为全年"), make=year_day, show=shown_year_day
        ),
        Column("season_to", gettext_lazy("到"), gettext_lazy("含这一天"), make=year_day, show=shown_year_day),
        Column("morning_from", gettext_lazy("上午上班"), make=clock_time),
        Column("morning_to", gettext_lazy("上午下班"), make=clock_time),
        Column("afternoon_from", gettext_lazy("下午上班"), make=clock_time),
        Column("afternoon_to", gettext_lazy("下午下班"), make=clock_time),
    ),
    source=from_file("calendar.yaml", "office_hours"),
    protected={STANDARD: gettext_lazy("没有全年这一行，就算不出工作时的期限")},
    check=check_hours,
)
