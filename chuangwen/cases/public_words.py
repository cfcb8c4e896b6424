"""How a case is told to somebody outside: states and moves in words that name no person and no quarrel."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangwen.cases import workflow

STATES: Mapping[str, Promise] = {
    workflow.RECEIVED: gettext_lazy("收到了，等着立案"),
    workflow.FILED: gettext_lazy("立案了，正在派给责任单位"),
    workflow.DISPUTED: gettext_lazy("正在定由哪个单位办"),
    workflow.SENT: gettext_lazy("已经派给责任单位"),
    workflow.WORKING: gettext_lazy("正在整改"),
    workflow.PLANNED: gettext_lazy("一时办不完，列入长期整改"),
    workflow.SUSPENDED: gettext_lazy("暂时缓办"),
    workflow.FIXED: gettext_lazy("整改完了，正由别的人核验"),
    workflow.CLOSED: gettext_lazy("办完了，已结案"),
    workflow.ADOPTED: gettext_lazy("建议采纳了"),
    workflow.NOT_ADOPTED: gettext_lazy("建议没有采纳"),
    workflow.DECLINED: gettext_lazy("没有立案"),
    workflow.MERGED: gettext_lazy("和另一件同样的事并在一起办"),
    workflow.VOID: gettext_lazy("登记错了，已作废"),
}

# A move that is not here is the house's own business.
MOVES: Mapping[str, Promise] = {
    "open": gettext_lazy("收到"),
    "file": gettext_lazy("已立案"),
    "decline": gettext_lazy("不予立案"),
    "merge": gettext_lazy("和另一件同样的事并案"),
    "dispatch": gettext_lazy("已派给责任单位"),
    "arbitrate": gettext_lazy("已派给责任单位"),
    "transfer": gettext_lazy("已派给责任单位"),
    "recall": gettext_lazy("正在另派单位"),
    "refuse": gettext_lazy("正在另派单位"),
    "accept": gettext_lazy("正在整改"),
    "fix": gettext_lazy("整改完了，核验中"),
    "send_back": gettext_lazy("核验没有通过，继续整改"),
    "verify": gettext_lazy("已结案"),
    "adopt": gettext_lazy("已采纳"),
    "turn_down": gettext_lazy("没有采纳"),
    "grant_suspension": gettext_lazy("暂时缓办"),
    "sign_plan": gettext_lazy("列入长期整改"),
    "resume": gettext_lazy("恢复办理"),
    "dispute": gettext_lazy("来件人说没有解决，重新办理"),
    "reopen": gettext_lazy("重新办理"),
    "restore": gettext_lazy("重新办理"),
    "answer": gettext_lazy("答复"),
    "void": gettext_lazy("已作废"),
}
# With these a unit is named, where it is known.
SENT_TO = ("dispatch", "arbitrate", "transfer")


def move(verb: str, unit: str = "") -> str:
    """The line of a move; empty for what is not told outside."""
    if unit and verb in SENT_TO:
        return _("已派给%(unit)s") % {"unit": unit}
    return str(MOVES.get(verb, ""))
