"""How kinds, states and sources of cases are written in workbooks, whatever language the pages are in."""

from chuangwen.cases import workflow
from chuangwen.cases.models import Channel

# In the order of `workflow.KINDS`.
KIND_NAMES = [
    "巡查发现", "市民上报", "投诉", "建议", "热线工单", "信访事项", "隐患", "任务", "督办单", "批示", "节点",
]  # fmt: skip
KINDS = dict(zip(KIND_NAMES, workflow.KINDS, strict=True)) | {
    "发现": "finding",
    "群众上报": "report",
    "公众举报": "report",
    "12345": "hotline",
    "热线": "hotline",
    "信访": "petition",
}
STATES = {
    "待立案": workflow.RECEIVED,
    "待派遣": workflow.FILED,
    "待签收": workflow.SENT,
    "整改中": workflow.WORKING,
    "待核验": workflow.FIXED,
    "缓办": workflow.SUSPENDED,
    "长期整改": workflow.PLANNED,
    "已结案": workflow.CLOSED,
    "已采纳": workflow.ADOPTED,
    "未采纳": workflow.NOT_ADOPTED,
    "不予立案": workflow.DECLINED,
    "已作废": workflow.VOID,
}
STATE_NAMES = [*STATES]
STATES |= {
    "已受理": workflow.RECEIVED,
    "受理": workflow.RECEIVED,
    "已立案": workflow.FILED,
    "立案": workflow.FILED,
    "已派遣": workflow.SENT,
    "派遣": workflow.SENT,
    "处置中": workflow.WORKING,
    "处理中": workflow.WORKING,
    "办理中": workflow.WORKING,
    "在办": workflow.WORKING,
    "待核查": workflow.FIXED,
    "待结案": workflow.FIXED,
    "结案": workflow.CLOSED,
    "已办结": workflow.CLOSED,
    "办结": workflow.CLOSED,
    "采纳": workflow.ADOPTED,
    "不采纳": workflow.NOT_ADOPTED,
    "不立案": workflow.DECLINED,
    "作废": workflow.VOID,
}
CHANNELS = {
    "工作人员": Channel.STAFF.value,
    "监督员上报": Channel.STAFF.value,
    "巡查": Channel.STAFF.value,
    "巡查上报": Channel.STAFF.value,
    "市民网页": Channel.CITIZEN.value,
    "公众举报": Channel.CITIZEN.value,
    "市民上报": Channel.CITIZEN.value,
    "领导接访": Channel.RECEPTION.value,
    "热线": Channel.HOTLINE.value,
    "12345": Channel.HOTLINE.value,
    "热线转办": Channel.HOTLINE.value,
    "检查表": Channel.CHECK.value,
    "表格": Channel.WORKBOOK.value,
}
