"""What each permission lets one do, in the words of a clerk: the one place from which pages take them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.people.rules import Perm


@dataclass(frozen=True)
class Explained:
    name: Promise
    about: Promise

    def __str__(self) -> str:
        return str(self.name)


def _said(name: Promise, about: Promise) -> Explained:
    return Explained(name, about)


EXPLAINED = {
    Perm.UNIT_VIEW: _said(_("看单位"), _("看单位、班级和工作机构")),
    Perm.UNIT_MANAGE: _said(_("管单位"), _("加、改、移、停单位，成立工作机构，定组内职务")),
    Perm.PERSON_VIEW: _said(_("看人员"), _("看人员名单，看谁在哪里有什么角色")),
    Perm.PERSON_MANAGE: _said(_("管人员"), _("加人员和学生代码，开账号，重置密码")),
    Perm.GRANT_MANAGE: _said(_("管授权"), _("把角色授给别人、收回；授不出自己没有的权限")),
    Perm.PLACE_VIEW: _said(_("看点位"), _("看点位清单和地图")),
    Perm.PLACE_MANAGE: _said(_("管点位"), _("加、移、停点位，定责任单位")),
    Perm.EVIDENCE_VIEW: _said(_("看佐证"), _("看照片和文件，连同时间、地点、是谁传的")),
    Perm.EVIDENCE_ADD: _said(_("传佐证"), _("上传照片和文件")),
    Perm.EVIDENCE_REDACT: _said(_("遮挡照片"), _("在公开的那一份里遮住人脸、车牌，遮了就找不回")),
    Perm.FORM_VIEW: _said(_("看表单"), _("看表单和填好的表")),
    Perm.FORM_FILL: _said(_("填表单"), _("填检查表、台账等表单")),
    Perm.FORM_MANAGE: _said(_("管表单"), _("新建表单，改题目")),
    Perm.REFERENCE_MANAGE: _said(_("改设置"), _("改点位类型、单位类别、层级、角色、节假日；要在全市范围内有才管用")),
    Perm.CASE_VIEW: _said(_("看事项"), _("看在办和办结的事项，连同经过和照片；不公开的除外")),
    Perm.CASE_REPORT: _said(_("报事项"), _("把看到的问题、听到的意见登记成事项")),
    Perm.CASE_DISPATCH: _said(_("派遣事项"), _("立案、派遣、裁定、并案、准延期、督办；是归口单位调度岗的权")),
    Perm.CASE_HANDLE: _said(_("办事项"), _("签收、整改、报完成、退回、申请延期")),
    Perm.CASE_VERIFY: _said(_("核验事项"), _("核验别人办完的事项，结案或退回返工；不能核验自己办的")),
    Perm.CASE_SUPERVISE: _said(_("督导事项"), _("催办、督办、走访留言")),
    Perm.CASE_SIGN: _said(_("签长期整改"), _("签一时办不完、要长期整改的计划")),
    Perm.CASE_CONFIDENTIAL: _said(_("看不公开的事项"), _("看信访等不公开的事项，看来件人是谁")),
    Perm.ACTIVITY_VIEW: _said(_("看活动记录"), _("看活动、到场和成效")),
    Perm.ACTIVITY_RECORD: _said(_("登记活动"), _("登记、更正、撤回成效")),
    Perm.IMPORT_RUN: _said(pgettext_lazy("permission", "导入"), _("传 Excel 表，看导入的结果")),
    Perm.FIGURE_VIEW: _said(_("看数字"), _("看口径和工作台的数，打开文书里的数")),
    Perm.REPORT_VIEW: _said(_("看文书"), _("看印发了的文书")),
    Perm.REPORT_WRITE: _said(_("写文书"), _("起草、修改、送核、弃用草稿")),
    Perm.REPORT_CHECK: _said(_("核稿"), _("核别人写的草稿，退回")),
    Perm.REPORT_SIGN: _said(_("签发文书"), _("签发核过的草稿，撤销签发")),
    Perm.REPORT_ISSUE: _said(_("印发文书"), _("印发、归档签发了的文书")),
    Perm.TEMPLATE_MANAGE: _said(_("管模板"), _("换本单位的 Word 模板")),
    Perm.EVENT_VIEW: _said(_("看动态"), _("看谁在什么时候做了什么")),
}


def name_of(code: str) -> str:
    """A permission's name; the code itself where a role holds one that this version does not know."""
    return str(EXPLAINED[Perm(code)]) if code in set(Perm) else code
