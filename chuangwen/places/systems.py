"""The coordinate systems as a person chooses them, and as clerks write them in a table."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangwen.places import coordinates


class CoordinateSystem(models.TextChoices):
    WGS84 = coordinates.CoordinateSystem.WGS84.value, "WGS-84"
    GCJ02 = coordinates.CoordinateSystem.GCJ02.value, _("GCJ-02（高德、腾讯）")
    BD09 = coordinates.CoordinateSystem.BD09.value, _("BD-09（百度）")


# As clerks write it, whatever language the pages are in.
WRITTEN_SYSTEMS = {
    "WGS-84": CoordinateSystem.WGS84,
    "WGS84": CoordinateSystem.WGS84,
    "GPS": CoordinateSystem.WGS84,
    "GCJ-02": CoordinateSystem.GCJ02,
    "GCJ02": CoordinateSystem.GCJ02,
    "高德": CoordinateSystem.GCJ02,
    "腾讯": CoordinateSystem.GCJ02,
    "火星": CoordinateSystem.GCJ02,
    "BD-09": CoordinateSystem.BD09,
    "BD09": CoordinateSystem.BD09,
    "百度": CoordinateSystem.BD09,
}
OFFERED_SYSTEMS = ["WGS-84", "GCJ-02", "BD-09"]
