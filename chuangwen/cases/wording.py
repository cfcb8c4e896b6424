"""What the verbs, capacities and things of a case are called on pages: the buttons, and the line in the course."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.cases import workflow
from chuangwen.core.marks import State


@dataclass(frozen=True)
class Said:
    """A verb as a button says it, as the course of a case tells it, and what the person should know before."""

    button: Promise
    told: Promise
    hint: Promise | str = ""


SAID = {
    "open": Said(_("登记"), _("登记")),
    "import": Said(_("导入"), _("从表格导入")),
    "comment": Said(_("留言"), _("留言")),
    "file": Said(_("立案"), _("立案")),
    "decline": Said(_("不予立案"), _("不予立案"), _("写明原因；来件人能看到答复")),
    "merge": Said(_("并案"), _("并案"), _("并到在办的那一件，以后一起办")),
    "dispatch": Said(_("派遣"), _("派遣")),
    "arbitrate": Said(_("裁定"), _("裁定由谁办"), _("裁定以后，牵头单位不能再退")),
    "recall": Said(_("收回"), _("收回派遣")),
    "void": Said(_("作废"), _("作废"), _("登记错了的才作废，经过都还在")),
    "accept": Said(_("签收"), _("签收")),
    "assign": Said(_("定经办人"), _("定经办人")),
    "refuse": Said(_("退回"), _("退回，不归本单位"), _("不归本单位办的才退；退三次由归口单位裁定")),
    "transfer": Said(_("转办"), _("转给别的单位"), _("转给下属单位不算退；转给别家三次由归口单位裁定")),
    "progress": Said(_("报进展"), _("报进展")),
    "fix": Said(_("整改完成"), _("整改完成，请求核验")),
    "adopt": Said(_("采纳"), _("采纳"), _("答复来件人看得到")),
    "turn_down": Said(_("不采纳"), _("不采纳"), _("说明理由，来件人看得到")),
    "ask_extension": Said(_("申请延期"), _("申请延期"), _("到期以前才能申请")),
    "ask_suspension": Said(_("申请缓办"), _("申请缓办"), _("缓办的不计入应结案")),
    "ask_plan": Said(_("申请长期整改"), _("申请长期整改"), _("一时办不完的，由领导签批计划和日期")),
    "grant_extension": Said(_("准予延期"), _("准予延期")),
    "grant_suspension": Said(_("准予缓办"), _("准予缓办")),
    "sign_plan": Said(_("签批长期整改"), _("签批长期整改")),
    "deny": Said(_("不准"), _("不准申请")),
    "resume": Said(_("恢复办理"), _("恢复办理")),
    "verify": Said(_("核验通过，结案"), _("核验通过，结案")),
    "send_back": Said(_("退回返工"), _("退回返工")),
    "dispute": Said(_("没有解决"), _("来件人说没有解决，重新办理")),
    "relapse": Said(_("又出现了"), _("回头看又出现了，重新办理"), _("结案以后再去看，问题又在的，重新办理")),
    "revisit": Said(_("回头看"), _("回头看，保持得住")),
    "reopen": Said(_("重新办理"), _("重新办理")),
    "restore": Said(_("恢复"), _("恢复，重新派遣")),
    "press": Said(_("催办"), _("催办")),
    "supervise": Said(_("督办"), _("督办")),
    "visit": Said(_("走访留言"), _("督导走访")),
    "name_leader": Said(_("定包案领导"), _("定包案领导")),
    "recategorise": Said(_("改类别"), _("改类别"), _("整改期限按新类别从派遣时算起")),
    "answer": Said(_("答复来件人"), _("答复来件人")),
    "do_part": Said(_("配合部分完成"), _("配合部分完成")),
    # What no button does: the clock, and the page of persons.
    "remind": Said(_("临期提醒"), _("快到期，已提醒")),
    "overdue": Said(_("逾期提醒"), _("已逾期，已报负责人")),
    "escalate": Said(_("逾期上报"), _("逾期未办，已报归口单位")),
    "hand_over": Said(_("交接"), _("随人员交接")),
}

CAPACITIES = {
    workflow.OFFICE: pgettext_lazy("capacity", "归口单位"),
    workflow.LEAD: pgettext_lazy("capacity", "牵头单位"),
    workflow.ASSIST: pgettext_lazy("capacity", "配合单位"),
    workflow.VERIFIER: pgettext_lazy("capacity", "核验"),
    workflow.SIGNER: pgettext_lazy("capacity", "签批"),
    workflow.SUPERVISOR: pgettext_lazy("capacity", "督导"),
    workflow.REPORTER: pgettext_lazy("capacity", "来件人"),
    workflow.CLOCK: pgettext_lazy("capacity", "到期自动"),
}

# The shape and colour in which a state is shown, as the look has them; an overdue case is `over` instead.
MARKS = {
    workflow.RECEIVED: State.NEW,
    workflow.FILED: State.NEW,
    workflow.DISPUTED: State.CHECK,
    workflow.SENT: State.NEW,
    workflow.WORKING: State.DOING,
    workflow.PLANNED: State.HOLD,
    workflow.SUSPENDED: State.HOLD,
    workflow.FIXED: State.CHECK,
    workflow.CLOSED: State.DONE,
    workflow.ADOPTED: State.DONE,
    workflow.NOT_ADOPTED: State.DONE,
    workflow.DECLINED: State.HOLD,
    workflow.MERGED: State.HOLD,
    workflow.VOID: State.HOLD,
}
# The primary act of a state, which the page offers first.
FIRST = ("file", "dispatch", "arbitrate", "accept", "fix", "verify", "adopt", "do_part", "grant_extension",
         "grant_suspension", "sign_plan", "dispute")  # fmt: skip
