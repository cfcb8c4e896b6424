"""The list of reports."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.lists import Choice, Col, ListSpec
from chuangwen.reports.models import ReportState

MARKS = {
    ReportState.DRAFT: "doing",
    ReportState.SUBMITTED: "check",
    ReportState.CHECKED: "check",
    ReportState.SIGNED: "check",
    ReportState.ISSUED: "done",
    ReportState.ARCHIVED: "done",
    ReportState.DISCARDED: "hold",
}

REPORTS = ListSpec(
    key="reports",
    columns=(
        Col(
            "title",
            _("标题"),
            lambda row: row.title,
            "title",
            link=lambda row: reverse("report", args=[row.uid]),
        ),
        Col("unit", pgettext_lazy("noun", "单位"), lambda row: row.unit, "unit__path"),
        Col("start", _("起"), lambda row: f"{row.start:%Y-%m-%d}", "start", width=104),
        Col("end", _("止"), lambda row: f"{row.end:%Y-%m-%d}", "end", width=104),
        Col("figures", _("数字"), lambda row: row.figure_count, numeric=True, width=64),
        Col(
            "state",
            _("状态"),
            lambda row: row.get_state_display(),
            "state",
            state=lambda row: MARKS[row.state],
            width=96,
        ),
        Col("code", _("编号"), lambda row: row.code, wide_only=True, width=112),
    ),
    default_order="-created_at",
    choices=(Choice("state", _("状态"), lambda: ReportState.choices[:-1], lambda value: Q(state=value)),),
    search=("title", "unit__name", "code"),
    day="end",
    empty_title=_("还没有文书"),
    empty_text=_("选好单位和起止日期，系统从记录写出第一稿，每个数都能点开。"),
)
