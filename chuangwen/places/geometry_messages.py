"""What is wrong with a geometry, and what to do, in words: for pages, imports and the API alike."""

from django.utils.translation import gettext_lazy as _

from chuangwen.core.errors import Refused
from chuangwen.core.importing import Message
from chuangwen.places.geometry import BadGeometry

MESSAGES: dict[str, Message] = {
    "geometry_kind": (_("图形“{kind}”不是点、线或面"), _("用 Point、LineString 或 Polygon")),
    "geometry_unreadable": (_("图形读不出来"), _("核对坐标，经度在前，纬度在后")),
    "geometry_empty": (_("图形是空的"), _("补上坐标")),
    "geometry_too_long": (_("图形有 {count} 个折点，最多 {limit} 个"), _("把线或面简化一些，或分成几段")),
    "line_without_length": (_("线的起点和终点是同一点"), _("至少画两个不同的点")),
    "area_crosses_itself": (_("面的边线自己相交，在 {where}"), _("按顺序重画一圈，边线不要交叉")),
    "off_the_globe": (_("坐标 {at} 不在地球上"), _("经度在 -180 到 180 之间，纬度在 -90 到 90 之间")),
    "axes_swapped": (_("坐标 {at} 的经度和纬度写反了"), _("经度写在前面，纬度写在后面")),
    "outside_city": (_("坐标 {at} 在本市范围之外"), _("核对坐标和坐标系；位置对的，请先改市界")),
}


def refused(bad: BadGeometry, *, where: str = "geometry") -> Refused:
    what, mend = MESSAGES[bad.code]
    return Refused(str(what).format(**bad.params), mend=str(mend).format(**bad.params), where=where)
