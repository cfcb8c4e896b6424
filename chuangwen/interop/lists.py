"""The list of imports."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangwen.core.lists import Choice, Col, ListSpec
from chuangwen.core.models import ImportState

MARKS = {
    ImportState.WAITING: "new",
    ImportState.CHECKING: "doing",
    ImportState.REFUSED: "over",
    ImportState.READY: "check",
    ImportState.IMPORTING: "doing",
    ImportState.DONE: "done",
    ImportState.FAILED: "over",
    ImportState.UNDOING: "doing",
    ImportState.UNDONE: "hold",
    ImportState.DISMISSED: "hold",
}

IMPORTS = ListSpec(
    key="imports",
    columns=(
        Col(
            "file",
            _("文件"),
            lambda row: row.file.name,
            "file__name",
            link=lambda row: reverse("import", args=[row.uid]),
        ),
        Col("rows", _("行数"), lambda row: row.rows, numeric=True, width=72),
        Col(
            "problems",
            _("错处"),
            lambda row: row.problem_count or "",
            "problem_count",
            numeric=True,
            width=72,
        ),
        Col(
            "state",
            _("状态"),
            lambda row: row.get_state_display(),
            "state",
            state=lambda row: MARKS[row.state],
            width=136,
        ),
        Col(
            "at",
            _("时间"),
            lambda row: timezone.localtime(row.created_at).strftime("%Y-%m-%d %H:%M"),
            "created_at",
            width=144,
        ),
    ),
    default_order="-created_at",
    choices=(Choice("state", _("状态"), lambda: ImportState.choices, lambda value: Q(state=value)),),
    search=("file__name",),
    day="created_at",
    day_is_moment=True,
    empty_title=_("还没有导入过"),
    empty_text=_("选一个 Excel 表传上来，系统先检查，您看过再导入。"),
)
