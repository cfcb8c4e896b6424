"""What kinds, states, phases and parts are called."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.cases import rules, workflow


class CaseKind(models.TextChoices):
    FINDING = "finding", _("巡查发现")
    REPORT = "report", _("市民上报")
    COMPLAINT = "complaint", _("投诉")
    SUGGESTION = "suggestion", _("建议")
    HOTLINE = "hotline", _("热线工单")
    PETITION = "petition", _("信访事项")
    HAZARD = "hazard", _("隐患")
    TASK = "task", _("任务")
    ORDER = "order", _("督办单")
    INSTRUCTION = "instruction", _("批示")
    MILESTONE = "milestone", _("节点")


class CaseState(models.TextChoices):
    RECEIVED = workflow.RECEIVED, _("待立案")
    FILED = workflow.FILED, _("待派遣")
    SENT = workflow.SENT, _("待签收")
    WORKING = workflow.WORKING, _("整改中")
    FIXED = workflow.FIXED, _("待核验")
    DISPUTED = workflow.DISPUTED, _("待裁定")
    SUSPENDED = workflow.SUSPENDED, _("缓办")
    PLANNED = workflow.PLANNED, _("长期整改")
    CLOSED = workflow.CLOSED, _("已结案")
    ADOPTED = workflow.ADOPTED, _("已采纳")
    NOT_ADOPTED = workflow.NOT_ADOPTED, _("未采纳")
    DECLINED = workflow.DECLINED, _("不予立案")
    MERGED = workflow.MERGED, _("已并案")
    VOID = workflow.VOID, _("已作废")


class Phase(models.TextChoices):
    FILE = workflow.FILE, pgettext_lazy("phase", "立案")
    DISPATCH = workflow.DISPATCH, pgettext_lazy("phase", "派遣")
    FIX = workflow.FIX, pgettext_lazy("phase", "整改")
    VERIFY = workflow.VERIFY, pgettext_lazy("phase", "核验")
    WAIT = workflow.WAIT, pgettext_lazy("phase", "缓办")


class Channel(models.TextChoices):
    """Through which door a case came."""

    STAFF = "staff", _("工作人员")
    CITIZEN = "citizen", _("市民网页")
    RECEPTION = "reception", _("领导接访")
    HOTLINE = "hotline", _("热线")
    WORKBOOK = "workbook", _("表格")
    PLACES = "places", _("点位清单")
    CHECK = "check", _("检查表")


class Asked(models.TextChoices):
    """What the lead unit has asked for and nobody has answered yet."""

    EXTENSION = workflow.EXTENSION, _("申请延期")
    SUSPENSION = workflow.SUSPENSION, _("申请缓办")
    PLAN = workflow.PLAN, _("申请长期整改")


class TimeUnit(models.TextChoices):
    HOURS = rules.HOURS, _("工作小时")
    DAYS = rules.DAYS, _("工作日")


class Group(models.TextChoices):
    """The classes of events of digital city management (GB/T 30428.2), and what a campaign adds to them."""

    ENVIRONMENT = "environment", _("市容环境")
    ADVERTISING = "advertising", _("宣传广告")
    CONSTRUCTION = "construction", _("施工管理")
    ORDER = "order", _("街面秩序")
    INCIDENT = "incident", _("突发事件")
    FACILITIES = "facilities", _("公用设施")
    RESIDENTIAL = "residential", _("居民小区")
    SAFETY = "safety", _("安全隐患")
    SERVICE = "service", _("窗口服务")
    MATTER = "matter", _("诉求事项")
    WORK = "work", _("创建任务")


class Part(models.TextChoices):
    LEAD = "lead", pgettext_lazy("part", "牵头")
    ASSIST = "assist", pgettext_lazy("part", "配合")
    COPY = "copy", pgettext_lazy("part", "抄送")


class Shows(models.TextChoices):
    BEFORE = "before", pgettext_lazy("photo", "整改前")
    AFTER = "after", pgettext_lazy("photo", "整改后")
    CHECK = "check", pgettext_lazy("photo", "核验")


class Finding(models.TextChoices):
    HOLDS = "holds", _("保持得住")
    RELAPSED = "relapsed", _("又出现了")
