"""The lists of forms and of filled copies."""

from dataclasses import replace

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.lists import Choice, Col, ListSpec
from chuangwen.forms import queries
from chuangwen.people.access import Viewer

FORMS = ListSpec(
    key="forms",
    columns=(
        Col(
            "name",
            pgettext_lazy("noun", "表单"),
            lambda row: row,
            "name",
            link=lambda row: reverse("form", args=[row.code]),
        ),
        Col("place_type", _("点位类型"), lambda row: row.place_type or _("不分点位"), "sort"),
        Col("unit", _("谁要的"), lambda row: row.unit.label if row.unit else _("随系统附带的样表"), "unit__path"),
        Col("number", _("版本"), lambda row: row.number or "", "number", numeric=True, width=64),
        Col("questions", _("题数"), lambda row: row.questions or "", "questions", numeric=True, width=64),
        Col("minutes", _("约几分钟"), lambda row: row.minutes, "minutes", numeric=True, width=88),
        Col(
            "filled",
            _("已填"),
            lambda row: row.filled,
            "filled",
            numeric=True,
            width=64,
            link=lambda row: f"{reverse('submissions')}?form={row.code}",
        ),
    ),
    default_order="sort",
    choices=(Choice("type", _("点位类型"), queries.types_with_forms, lambda value: Q(place_type=value)),),
    search=("name", "name_en", "place_type__name", "place_type__group"),
    empty_title=_("还没有表单"),
    empty_text=_("运行 script/manage load_reference 装入随系统附带的检查表。"),
)

_SUBMISSIONS = ListSpec(
    key="submissions",
    columns=(
        Col(
            "filled_at",
            _("填报时间"),
            lambda row: f"{timezone.localtime(row.filled_at):%Y-%m-%d %H:%M}",
            "filled_at",
            width=152,
            link=lambda row: reverse("submission", args=[row.uid]),
        ),
        Col("form", pgettext_lazy("noun", "表单"), lambda row: row.version.form, "version__form__name"),
        Col("place", pgettext_lazy("noun", "点位"), lambda row: row.place or "", "place__name"),
        Col("unit", pgettext_lazy("noun", "单位"), lambda row: row.unit.label, "unit__path"),
        Col("filled_by", _("填报人"), lambda row: row.filled_by, "filled_by__name", wide_only=True),
        Col("met", _("符合"), lambda row: row.met, "met", numeric=True, width=64),
        Col(
            "not_met",
            _("不符合"),
            lambda row: row.not_met,
            "not_met",
            numeric=True,
            width=72,
            state=lambda row: "over" if row.not_met else "",
        ),
        Col("not_applicable", _("不适用"), lambda row: row.not_applicable, "not_applicable", numeric=True, width=72),
    ),
    default_order="-filled_at",
    choices=(
        Choice(
            "result",
            _("结果"),
            lambda: (("bad", _("有不符合")), ("good", _("全部符合"))),
            lambda value: Q(not_met__gt=0) if value == "bad" else Q(not_met=0, met__gt=0),
        ),
    ),
    search=("place__name", "unit__name", "unit__short_name", "filled_by__name", "version__form__name"),
    day="day",
    empty_title=_("还没有填报"),
    empty_text=_("到“表单”里选一张，点“填写”。"),
)


def submissions_for(viewer: Viewer) -> ListSpec:
    """The list with a filter by the forms that this viewer reaches."""
    by_form = Choice(
        "form",
        pgettext_lazy("noun", "表单"),
        lambda: queries.form_choices(viewer),
        lambda value: Q(version__form__code=value),
    )
    return replace(_SUBMISSIONS, choices=(by_form, *_SUBMISSIONS.choices))
