"""What the notices of cases say: a sentence for each kind, made for whoever reads it. `wiring` declares them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangwen.cases.models import Phase

# `%(case)s` is its number and title, `%(due)s` the end of the running phase, `%(phase)s` its name.
SENTENCES: Mapping[str, Promise] = {
    "case.leader": gettext_lazy("请您包案：%(case)s"),
    "case.dispatch": gettext_lazy("派给本单位，%(due)s 到期：%(case)s"),
    "case.arbitrate": gettext_lazy("裁定由本单位办，%(due)s 到期：%(case)s"),
    "case.assist": gettext_lazy("请本单位配合：%(case)s"),
    "case.copy": gettext_lazy("抄送本单位：%(case)s"),
    "case.assign": gettext_lazy("由您经办，%(due)s 到期：%(case)s"),
    "case.refuse": gettext_lazy("退回来了，请重新派遣：%(case)s"),
    "case.transfer": gettext_lazy("转给了别的单位：%(case)s"),
    "case.ask_extension": gettext_lazy("申请延期，等答复：%(case)s"),
    "case.ask_suspension": gettext_lazy("申请缓办，等答复：%(case)s"),
    "case.ask_plan": gettext_lazy("申请长期整改，等签批：%(case)s"),
    "case.grant_extension": gettext_lazy("准予延期，%(due)s 到期：%(case)s"),
    "case.grant_suspension": gettext_lazy("准予缓办：%(case)s"),
    "case.sign_plan": gettext_lazy("长期整改已签批，%(due)s 到期：%(case)s"),
    "case.deny": gettext_lazy("申请没有批准：%(case)s"),
    "case.resume": gettext_lazy("恢复办理，%(due)s 到期：%(case)s"),
    "case.recategorise": gettext_lazy("改了类别，%(due)s 到期：%(case)s"),
    "case.do_part": gettext_lazy("配合单位报了完成：%(case)s"),
    "case.fix": gettext_lazy("整改完成，等核验：%(case)s"),
    "case.send_back": gettext_lazy("核验没有通过，退回返工：%(case)s"),
    "case.dispute": gettext_lazy("来件人说没有解决，重新办理：%(case)s"),
    "case.reopen": gettext_lazy("重新办理，%(due)s 到期：%(case)s"),
    "case.verify": gettext_lazy("核验通过，已结案：%(case)s"),
    "case.adopt": gettext_lazy("建议被采纳：%(case)s"),
    "case.turn_down": gettext_lazy("建议没有采纳：%(case)s"),
    "case.decline": gettext_lazy("不予立案：%(case)s"),
    "case.void": gettext_lazy("已作废：%(case)s"),
    "case.press": gettext_lazy("催办：%(case)s"),
    "case.supervise": gettext_lazy("督办：%(case)s"),
    "case.visit": gettext_lazy("督导来走访，有留言：%(case)s"),
    "case.comment": gettext_lazy("有人在留言里请您看：%(case)s"),
    "case.remind": gettext_lazy("%(phase)s %(due)s 到期：%(case)s"),
    "case.overdue": gettext_lazy("%(phase)s已逾期：%(case)s"),
    "case.overdue_head": gettext_lazy("您负责的单位，%(phase)s已逾期：%(case)s"),
    "case.escalate": gettext_lazy("%(phase)s逾期仍未办：%(case)s"),
}


def said(label: str, notice: Any) -> str:
    """The sentence of a notice of a case; `label` is the case as its reader sees it."""
    data = notice.data
    due = data.get("due")
    moment = f"{timezone.localtime(datetime.fromisoformat(due)):%m-%d %H:%M}" if due else _("不限期")
    phase = str(Phase(data["phase"]).label) if data.get("phase") else ""
    return str(SENTENCES[notice.kind]) % {"case": label, "due": moment, "phase": phase}
