"""The list of what happened."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.lists import Choice, Col, ListSpec
from chuangwen.core.setting import Column, Setting, plain
from chuangwen.people.access import label_of_persons, label_of_units

VERBS = {
    "unit.founded": _("建立城市"),
    "unit.added": _("增加单位"),
    "units.added": _("增加下级单位"),
    "group.founded": _("成立工作机构"),
    "group.member_added": _("加组内职务"),
    "group.member_left": _("结束组内职务"),
    "person.added": _("增加人员"),
    "person.left": _("人员离开"),
    "person.contact_edited": _("改联系方式"),
    "person.handed_over": _("交接手上的事"),
    "deputy.appointed": _("定代理人"),
    "deputy.ended": _("结束代理"),
    "door.opened": _("开市民入口"),
    "account.opened": _("开账号"),
    "account.reset": _("重置密码"),
    "account.password_changed": _("改密码"),
    "grant.given": _("授权"),
    "grant.ended": _("收回授权"),
    "token.issued": _("发接口令牌"),
    "token.revoked": _("收回接口令牌"),
    "import.done": _("导入表格"),
    "import.undone": _("撤回整个导入"),
    "import.dismissed": _("不再办一次导入"),
    "import.mapped": _("指认表格的列"),
    "import.mended": _("在页面上改表格的错处"),
    "column_name.forgotten": _("忘掉一个列名"),
    "outcome.recorded": _("登记成效"),
    "outcome.corrected": _("更正成效"),
    "outcome.withdrawn": _("撤回成效"),
    "essay.judged": _("评心得"),
    "bulk.done": _("批量办理"),
    "view.saved": _("存为视图"),
    "view.renamed": _("视图改名"),
    "view.deleted": _("删去视图"),
    "report.drafted": _("起草文书"),
    "report.edited": _("改文书的文字"),
    "report.arranged": _("选排素材"),
    "report.commented": _("批注文书"),
    "report.comment_settled": _("批注已办"),
    "report.submitted": _("送核稿"),
    "report.recalled": _("撤回送核"),
    "report.checked": _("核稿通过"),
    "report.returned": _("退回草稿"),
    "report.signed": _("签发文书"),
    "report.unsigned": _("撤销签发"),
    "report.issued": _("印发文书"),
    "report.archived": _("文书归档"),
    "report.discarded": _("弃用草稿"),
    "template.kept": _("启用模板"),
    "form.published": _("启用表单新版"),
    "form.retired": _("停用表单"),
    "places.entered": _("录入一批点位"),
    "place.added": _("登记点位"),
    "place.changed": _("修改点位"),
    "place.moved": _("移动点位"),
    "place.closed": _("停用点位"),
    "place.reopened": _("恢复点位"),
    "place.withdrawn": _("撤回点位"),
    "place.charge_given": _("写明点位由谁负责"),
    "place.charge_ended": _("结束点位的负责"),
    "evidence.received": _("收到佐证"),
    "evidence.ready": _("做好照片的公开版"),
    "evidence.refused": _("照片打不开"),
    "evidence.retried": _("重新处理照片"),
    "evidence.used": _("用佐证"),
    "evidence.use_ended": _("不再用佐证"),
    "evidence.captioned": _("写佐证的说明"),
    "evidence.located": _("写明佐证的点位"),
    "evidence.redacted": _("遮挡照片"),
    "evidence.withdrawn": _("撤回佐证"),
    "submission.filled": _("填表单"),
    "submission.withdrawn": _("撤回填报"),
    "case.open": _("登记事项"),
    "case.comment": _("在事项里留言"),
    "case.file": _("立案"),
    "case.decline": _("不予立案"),
    "case.merge": _("并案"),
    "case.dispatch": _("派遣事项"),
    "case.arbitrate": _("裁定由谁办"),
    "case.recall": _("收回派遣"),
    "case.void": _("作废事项"),
    "case.accept": _("签收事项"),
    "case.assign": _("定经办人"),
    "case.refuse": _("退回事项"),
    "case.transfer": _("转给别的单位"),
    "case.progress": _("报进展"),
    "case.fix": _("报整改完成"),
    "case.adopt": _("采纳建议"),
    "case.turn_down": _("不采纳建议"),
    "case.ask_extension": _("申请延期"),
    "case.ask_suspension": _("申请缓办"),
    "case.ask_plan": _("申请长期整改"),
    "case.grant_extension": _("准予延期"),
    "case.grant_suspension": _("准予缓办"),
    "case.sign_plan": _("签长期整改"),
    "case.deny": _("不准申请"),
    "case.resume": _("恢复办理"),
    "case.verify": _("核验结案"),
    "case.send_back": _("退回返工"),
    "case.dispute": _("来件人说没有解决"),
    "case.relapse": _("回头看又出现了"),
    "case.revisit": _("回头看，保持得住"),
    "case.reopen": _("重新办理"),
    "revisit.drawn": _("抽取回头看"),
    "case.restore": _("恢复事项"),
    "case.press": _("催办"),
    "case.supervise": _("督办"),
    "case.visit": _("督导走访"),
    "case.name_leader": _("定包案领导"),
    "case.recategorise": _("改事项类别"),
    "case.answer": _("答复来件人"),
    "case.do_part": _("报配合部分完成"),
    "case.satisfied": _("来件人说满意"),
    "case.reporter_seen": _("看来件人的姓名电话"),
    "case.reporter_forgotten": _("删去来件人的姓名电话"),
    "case.watch_given": _("给督导组分片"),
    "case.watch_ended": _("结束督导分片"),
    "case.remind": _("事项临期提醒"),
    "case.overdue": _("事项逾期提醒"),
    "case.escalate": _("事项逾期上报"),
    "unit.edited": _("改单位"),
    "unit.moved": _("移单位到别的上级"),
    "unit.closed": _("停用单位"),
    "unit.reopened": _("恢复单位"),
    "reference.added": _("加一行设置"),
    "reference.edited": _("改设置"),
    "reference.retired": _("停用一行设置"),
    "reference.restored": _("恢复一行设置"),
    "reference.returned": _("照文件恢复设置"),
    "holidays.set": _("改节假日"),
    "holidays.returned": _("照通知恢复节假日"),
    "demo.lived": _("写入演示记录"),
}


def _name(rows: Sequence[Any]) -> None:
    """The log holds uids only: looks up the persons and units of these rows, and of no others, at once."""
    persons = label_of_persons(row.actor_uid for row in rows)
    units = label_of_units(row.unit_uid for row in rows if row.unit_uid)
    for row in rows:
        row.actor_label = persons.get(row.actor_uid, "")
        row.unit_label = units.get(row.unit_uid, "")


EVENTS = ListSpec(
    key="events",
    columns=(
        Col(
            "at",
            _("时间"),
            lambda row: timezone.localtime(row.at).strftime("%Y-%m-%d %H:%M:%S"),
            "at",
            width=176,
        ),
        Col("actor", _("谁"), lambda row: row.actor_label, width=160),
        Col("verb", _("做了什么"), lambda row: VERBS.get(row.verb, row.verb), "verb"),
        Col("unit", pgettext_lazy("noun", "单位"), lambda row: row.unit_label),
        Col(
            "seal",
            _("链上序号"),
            lambda row: row.sequence or _("待封"),
            "sequence",
            numeric=True,
            width=96,
        ),
    ),
    default_order="-at",
    day="at",
    day_is_moment=True,
    prepare=_name,
    search=("verb",),
    empty_title=_("还没有动态"),
    empty_text=_("每一次登记、导入、印发都会在这里留下一行，不能改也不能删。"),
)


def setting_list(setting: Setting) -> ListSpec:
    """The list of a table of reference data, with its own columns."""
    ordering = setting.model._meta.ordering or ["pk"]
    return ListSpec(
        key=setting.key,
        columns=(
            *(_setting_col(setting, column) for column in setting.columns if column.listed),
            Col("code", _("代码"), lambda row: row.pk, "pk", wide_only=True),
            Col("state", _("状态"), state_of, "retired_on", state=lambda row: "hold" if is_retired(row) else "done"),
            Col("edited", _("改过"), _edited_here, "edited_at"),
        ),
        default_order=str(ordering[0]),
        choices=(
            Choice("state", _("状态"), lambda: (("offered", _("在用")), ("retired", _("停用"))), _where_state),
            Choice(
                "edited",
                _("改过"),
                lambda: (("yes", _("在这里改过")), ("no", _("照文件"))),
                lambda value: Q(edited_at__isnull=value == "no"),
            ),
        ),
        search=("name", "name_en", "pk"),
        empty_title=_("这张表还是空的"),
        empty_text=_("点右上角加一行。"),
    )


def _setting_col(setting: Setting, column: Column) -> Col:
    own = setting.model._meta.get_field(column.name)
    is_name = column.name == "name"

    def value(row: Any) -> Any:
        if is_name:
            return str(row)
        if own.is_relation:
            return str(getattr(row, column.name) or "—")
        english = getattr(row, f"{column.name}_en", "") if get_language() == "en" else ""
        if english:
            return english
        return setting.shown(column.name, plain(row, column.name))

    def link(row: Any) -> str:
        return reverse("setting-row", args=[setting.key, row.pk])

    return Col(column.name, column.label, value, column.name, link=link if is_name else None)


def is_retired(row: Any) -> bool:
    return row.retired_on is not None and row.retired_on <= clock.today()


def state_of(row: Any) -> Any:
    return _("停用") if is_retired(row) else _("在用")


def _edited_here(row: Any) -> str:
    return f"{timezone.localtime(row.edited_at):%Y-%m-%d}" if row.edited_at else ""


def _where_state(value: str) -> Q:
    retired = Q(retired_on__lte=clock.today())
    return retired if value == "retired" else ~retired | Q(retired_on__isnull=True)
