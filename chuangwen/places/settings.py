"""The table of places that is edited on the pages of settings: types of place."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangwen.core.errors import Refused
from chuangwen.core.reference import from_file
from chuangwen.core.setting import Change, Column, Setting, Use
from chuangwen.places.models import Place, PlaceType


def check_type(change: Change) -> None:
    """The geometry of every place of a type has the type's shape, and the map draws it in the type's layer."""
    if change.before is None:
        return
    for column, sentence in (
        ("shape", _("已有 %(count)s 个点位是这一类，不能改形状")),
        ("layer", _("已有 %(count)s 个点位是这一类，不能改图层")),
    ):
        if change.changes(column) and (count := Place.everything.filter(type=change.row.pk).count()):
            raise Refused(sentence % {"count": count}, where=column, mend=_("新加一个类型，再把点位改过去"))


def uses_of_type(code: str) -> Sequence[Use]:
    return [Use(pgettext_lazy("noun", "点位"), Place.objects.filter(type=code).count())]


PLACE_TYPES = Setting(
    key="place-types",
    label=pgettext_lazy("settings", "点位类型"),
    about=gettext_lazy("点位是什么：主次干道、路口、学校、集贸市场……"),
    model=PlaceType,
    columns=(
        Column("name", gettext_lazy("名称")),
        Column("name_en", gettext_lazy("英文名称"), listed=False),
        Column("group", gettext_lazy("归在哪一组"), gettext_lazy("如“道路”“商业和服务”；同一组的写成一样")),
        Column("group_en", gettext_lazy("组的英文名称"), listed=False),
        Column("shape", gettext_lazy("形状"), gettext_lazy("在地图上画成什么")),
        Column("layer", gettext_lazy("图层"), gettext_lazy("要管的是点位；市界、水面、绿地这些衬底的是底图")),
        Column("sort", gettext_lazy("排在第几"), gettext_lazy("小的在前")),
    ),
    source=from_file("place_types.yaml", "place_types"),
    uses=uses_of_type,
    protected={"city_area": gettext_lazy("程序按这个代码办事，只能改名，不能停用")},
    check=check_type,
)
