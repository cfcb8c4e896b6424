"""The tables of cases that are edited on the pages of settings: categories, routing, frequent words, the policy."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangwen.cases import queries, routing, rules, workflow
from chuangwen.cases.models import Case, CaseCategory, CasePolicy, ResponseTemplate, RoutingRule
from chuangwen.cases.services.reference_data import routing_rules
from chuangwen.cases.wording import SAID
from chuangwen.core import clock, reference
from chuangwen.core.errors import Refused
from chuangwen.core.reference import from_file
from chuangwen.core.setting import Change, Column, Setting, Use
from chuangwen.people.models import Unit
from chuangwen.places.models import Place, PlaceType, Shape

FILE = "cases.yaml"
NAME = Column("name", gettext_lazy("名称"))
NAME_EN = Column("name_en", gettext_lazy("英文名称"), listed=False)
SORT = Column("sort", gettext_lazy("排在第几"), gettext_lazy("小的在前"))
NAMED_BY_CODE = gettext_lazy("程序按这个代码办事，只能改名，不能停用")
# Longer than these nobody means: a slip of the pen would put a deadline beyond the calendar.
MOST_HOURS, MOST_DAYS = 400, 366


def long_text() -> forms.Field:
    return forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 4}))


# ---- categories ----


def check_category(change: Change) -> None:
    """Everything that is owed has an end that one can live to see."""
    row = change.row
    if row.fix_amount < 1:
        raise Refused(_("期限至少 1"), where="fix_amount", mend=_("写几个工作小时或工作日"))
    most = MOST_HOURS if row.fix_unit == rules.HOURS else MOST_DAYS
    if row.fix_amount > most:
        raise Refused(
            _("期限太长：最多 %(most)s %(unit)s") % {"most": most, "unit": row.get_fix_unit_display()},
            where="fix_amount",
            mend=_("办不完的，由领导签长期整改"),
        )
    if change.changes("group"):
        _check_rules_of(change)


def _check_rules_of(change: Change) -> None:
    """A rule that names both a category and a group would hold of nothing once the two part."""
    named = reference.offered(RoutingRule.objects.filter(category=change.row.pk)).exclude(group="")
    other = named.exclude(group=change.row.group).first()
    if other:
        raise Refused(
            _("派遣规则“%(rule)s”既写了这个类别又写了原来的大类，改了就没有事项合它") % {"rule": other},
            where="group",
            mend=_("先改那条规则"),
        )


def uses_of_category(code: str) -> Sequence[Use]:
    return [
        Use(pgettext_lazy("noun", "事项"), Case.objects.filter(category=code).count()),
        Use(
            gettext_lazy("派遣规则"),
            RoutingRule.objects.filter(category=code).count(),
            reverse("setting", args=["routing-rules"]),
        ),
    ]


CATEGORIES = Setting(
    key="case-categories",
    label=gettext_lazy("事项类别"),
    about=gettext_lazy("什么事、多久办完、怎样算立案和结案"),
    model=CaseCategory,
    columns=(
        NAME,
        NAME_EN,
        Column("group", gettext_lazy("大类")),
        Column("fix_amount", gettext_lazy("整改期限"), gettext_lazy("从派遣时算起")),
        Column("fix_unit", gettext_lazy("按什么算")),
        Column("filing_condition", gettext_lazy("立案条件"), listed=False),
        Column("closing_condition", gettext_lazy("结案条件"), listed=False),
        Column("source", gettext_lazy("依据"), gettext_lazy("期限从哪里来，如文件名和条款"), listed=False),
        Column("for_citizens", gettext_lazy("市民能选")),
        SORT,
    ),
    source=from_file(FILE, "categories"),
    uses=uses_of_category,
    protected={"work": NAMED_BY_CODE},
    check=check_category,
)

# ---- rules of routing ----


def category_field() -> forms.Field:
    return forms.ModelChoiceField(queries.categories(), required=False, empty_label=gettext_lazy("不论"))


def type_field() -> forms.Field:
    rows = reference.offered(PlaceType.objects.all())
    return forms.ModelChoiceField(rows, required=False, empty_label=gettext_lazy("不论"))


def area_field() -> forms.Field:
    """Places that have an inside."""
    rows = Place.objects.filter(type__shape=Shape.AREA).filter(Q(closed_on=None) | Q(closed_on__gt=clock.today()))
    rows = rows.order_by("type__sort", "name")
    return forms.ModelChoiceField(rows, required=False, empty_label=gettext_lazy("不论"))


def unit_field() -> forms.Field:
    rows = Unit.objects.exclude(kind="class").filter(Q(closed_on=None) | Q(closed_on__gt=clock.today()))
    return forms.ModelChoiceField(rows, required=False, empty_label=gettext_lazy("点位的责任单位"))


def hour_field() -> forms.Field:
    return forms.TimeField(
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": gettext_lazy("这不是时间。写成 18:30 这样")},
    )


def shown_category(code: Any) -> str:
    return str(CaseCategory.objects.filter(pk=code).first() or code)


def shown_type(code: Any) -> str:
    return str(PlaceType.objects.filter(pk=code).first() or code)


def shown_area(key: Any) -> str:
    return str(Place.everything.filter(pk=key).first() or key)


def shown_unit(key: Any) -> str:
    found = Unit.everything.filter(pk=key).first()
    return found.label if found else str(key)


def check_rule(change: Change) -> None:
    """A rule must be able to hold, must lead to a unit that is there, and must neither hide nor be hidden."""
    row: RoutingRule = change.row
    _check_hours(row)
    if row.category and row.group and row.category.group != row.group:
        raise Refused(
            _("类别“%(category)s”属于%(group)s，不会有事项同时合这两条")
            % {"category": row.category, "group": row.category.get_group_display()},
            where="group",
            mend=_("大类留空，或改成同一类"),
        )
    if row.unit and routing.is_closed(row.unit):
        raise Refused(_("“%(unit)s”已停用") % {"unit": row.unit}, where="unit", mend=_("选在用的单位"))
    for other in routing.rules_in_order():
        if other.pk != row.pk:
            _check_order(row, other)


def _check_hours(row: RoutingRule) -> None:
    if (row.time_from is None) != (row.time_to is None):
        raise Refused(
            _("时间只写了一头"), where="time_to" if row.time_to is None else "time_from", mend=_("起止都写，或都不写")
        )
    if row.time_from is not None and row.time_from == row.time_to:
        raise Refused(_("起止是同一时刻"), where="time_to", mend=_("全天就都不写；过夜的写 18:00 到 06:00"))


def _check_order(row: RoutingRule, other: RoutingRule) -> None:
    first, second = sorted((row, other), key=lambda each: (each.sort, each.pk))
    if not routing.hides(first, second):
        return
    if second is row:
        raise Refused(
            _("“%(rule)s”排在前面，合这一条的都合它，这一条永远轮不到") % {"rule": first},
            where="sort",
            mend=_("排到它前面，或把条件改得不一样"),
        )
    raise Refused(
        _("这一条排在“%(rule)s”前面，合它的都合这一条，它就永远轮不到了") % {"rule": second},
        where="sort",
        mend=_("排到它后面，或加一个条件"),
    )


ROUTING_RULES = Setting(
    key="routing-rules",
    label=gettext_lazy("派遣规则"),
    about=gettext_lazy("事项先给谁：从上往下，第一条合的算；派遣台按它建议，由人来定"),
    model=RoutingRule,
    columns=(
        NAME,
        NAME_EN,
        SORT,
        Column("kind", gettext_lazy("种类"), gettext_lazy("留空就是不论；下面几条都要合")),
        Column("category", gettext_lazy("类别"), make=category_field, show=shown_category),
        Column("group", gettext_lazy("大类")),
        Column("place_type", gettext_lazy("点位类型"), make=type_field, show=shown_type),
        Column("area", gettext_lazy("片区"), gettext_lazy("位置在里面的"), make=area_field, show=shown_area),
        Column("time_from", gettext_lazy("几点起"), gettext_lazy("按收到的时间；可以过夜"), make=hour_field),
        Column("time_to", gettext_lazy("几点止"), make=hour_field),
        Column(
            "unit",
            gettext_lazy("给谁"),
            gettext_lazy("留空就是当天负责那个点位的单位"),
            make=unit_field,
            show=shown_unit,
        ),
    ),
    source=lambda: routing_rules(from_file(FILE, "routing_rules")()),
    check=check_rule,
    beside=((gettext_lazy("试派遣规则"), "try-routing"),),
)

# ---- frequent words ----

SPOKEN = tuple(row.verb for row in workflow.TRANSITIONS if {"reason", "reply"} & {*row.needs, *row.takes} or row.proof)


def verb_field() -> forms.Field:
    return forms.ChoiceField(choices=[(verb, SAID[verb].button) for verb in SPOKEN])


def shown_verb(verb: Any) -> str:
    return str(SAID[verb].button) if verb in SAID else str(verb)


def check_template(change: Change) -> None:
    if change.row.verb not in SPOKEN:
        raise Refused(_("没有这个办法，或者它不用写话"), where="verb", mend=_("从列表里选"))
    if not change.row.text.strip():
        raise Refused(_("没有写内容"), where="text", mend=_("写一段常用的话"))


RESPONSE_TEMPLATES = Setting(
    key="response-templates",
    label=gettext_lazy("常用答复"),
    about=gettext_lazy("立案、退回、核验时常写的话，选一下就写好"),
    model=ResponseTemplate,
    columns=(
        NAME,
        NAME_EN,
        Column("verb", gettext_lazy("办什么时用"), make=verb_field, show=shown_verb),
        Column("text", gettext_lazy("内容"), make=long_text),
        SORT,
    ),
    source=from_file(FILE, "response_templates"),
    check=check_template,
    among=("verb",),
)

# ---- the policy ----

HOURS_OF_PHASES = ("file_hours", "dispatch_hours", "verify_hours")


def check_policy(change: Change) -> None:
    """One row alone runs the loop, and its numbers are such that the loop runs."""
    row = change.row
    if row.pk != "standard":
        raise Refused(_("全市只有一套规矩"), mend=_("改“全市”那一行"))
    for column in (*HOURS_OF_PHASES, "escalate_hours"):
        if not 1 <= getattr(row, column) <= MOST_HOURS:
            raise Refused(_("写 1 到 %(most)s 小时") % {"most": MOST_HOURS}, where=column)
    for column, least, most in (
        ("bounce_limit", 1, 9),
        ("remind_hours", 0, MOST_HOURS),
        ("revisit_share", 1, 100),
        ("relapse_metres", 1, 2000),
        ("relapse_days", 1, MOST_DAYS),
        ("reports_per_hour", 1, 1000),
    ):
        if not least <= getattr(row, column) <= most:
            raise Refused(_("写 %(least)s 到 %(most)s") % {"least": least, "most": most}, where=column)


POLICY = Setting(
    key="case-policies",
    label=gettext_lazy("事项规矩"),
    about=gettext_lazy("立案、派遣、核验多久，退几次由归口单位裁定，回头看抽几成"),
    model=CasePolicy,
    columns=(
        NAME,
        NAME_EN,
        Column("file_hours", gettext_lazy("立案限几小时"), gettext_lazy("都是工作小时")),
        Column("dispatch_hours", gettext_lazy("派遣限几小时")),
        Column("verify_hours", gettext_lazy("核验限几小时")),
        Column("bounce_limit", gettext_lazy("第几次退转由归口单位裁定")),
        Column("remind_hours", gettext_lazy("到期前几小时提醒"), listed=False),
        Column("escalate_hours", gettext_lazy("逾期几小时报上一级"), listed=False),
        Column("revisit_share", gettext_lazy("回头看抽百分之几")),
        Column("relapse_metres", gettext_lazy("复发看多少米以内"), listed=False),
        Column("relapse_days", gettext_lazy("复发看多少天以内"), listed=False),
        Column("citizen_door", gettext_lazy("市民能上报")),
        Column("public_status", gettext_lazy("公开办理情况")),
        Column("reports_per_hour", gettext_lazy("同一来源一小时最多报几件"), listed=False),
    ),
    source=from_file(FILE, "policies"),
    protected={"standard": gettext_lazy("事项都按这一行办，只能改，不能停用")},
    check=check_policy,
)
