"""Where: types of place as data, the register of places, and who answers for each."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.models import Imported, Reference
from chuangwen.people.models import Person, Unit, in_language


class Shape(models.TextChoices):
    """What a type's places look like on the map."""

    POINT = "point", _("点")
    LINE = "line", _("线")
    AREA = "area", _("面")


class Layer(models.TextChoices):
    """Whether a type's places are what is looked after, or the ground on which these are shown."""

    REGISTER = "register", _("点位")
    BASE = "base", _("底图")


class PlaceType(Reference):
    """What a place is: trunk road, crossing, school, market, grid … Data, because cities differ."""

    code = models.SlugField(max_length=40, primary_key=True)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80, blank=True)
    group = models.CharField(max_length=40)
    group_en = models.CharField(max_length=80, blank=True)
    shape = models.CharField(max_length=6, choices=Shape.choices)
    layer = models.CharField(max_length=10, choices=Layer.choices, default=Layer.REGISTER)
    sort = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("点位类型")
        ordering = ["sort", "code"]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def group_label(self) -> str:
        return in_language(self.group, self.group_en)


# What the indexes of the map hold: rows that stand, points and shapes apart.
POINTS = Q(extended=False, withdrawn_at__isnull=True)
SHAPES = Q(extended=True, withdrawn_at__isnull=True)


class Place(Imported):
    """A place of the register, in WGS-84. `unit` keeps its entry; who answers for the ground is a Responsibility.

    `geometry` is GeoJSON of the type's shape. `lon`, `lat` is the point itself, a line's middle, a point inside an
    area; the box is the geometry's. The three cells are H3's, coarse to fine, and serve clusters alone.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="places")
    type = models.ForeignKey(PlaceType, on_delete=models.PROTECT, related_name="places")
    code = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200, blank=True)
    geometry = models.JSONField()
    lon = models.FloatField()
    lat = models.FloatField()
    min_lon = models.FloatField()
    min_lat = models.FloatField()
    max_lon = models.FloatField()
    max_lat = models.FloatField()
    # A line or an area: found by its box, while a point is found by itself.
    extended = models.BooleanField()
    cell_coarse = models.BigIntegerField()
    cell_middle = models.BigIntegerField()
    cell_fine = models.BigIntegerField()
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("noun", "点位")
        ordering = ["type__sort", "name", "id"]
        indexes = [
            models.Index(fields=["lat", "lon"], condition=POINTS, name="place_by_point"),
            models.Index(
                fields=["min_lat", "max_lat", "min_lon", "max_lon"],
                condition=Q(extended=True),
                name="place_extended_by_box",
            ),
            models.Index(fields=["unit", "type"], name="place_by_unit"),
            # The map counts by cell from these alone, without the rows (places.map_queries).
            models.Index(fields=["cell_coarse", "lon", "lat"], condition=POINTS, name="place_points_coarse"),
            models.Index(fields=["cell_middle", "lon", "lat"], condition=POINTS, name="place_points_middle"),
            models.Index(fields=["cell_fine", "lon", "lat"], condition=POINTS, name="place_points_fine"),
            models.Index(fields=["cell_coarse", "type", "lon", "lat"], condition=SHAPES, name="place_shapes_coarse"),
            models.Index(fields=["cell_middle", "type", "lon", "lat"], condition=SHAPES, name="place_shapes_middle"),
            models.Index(fields=["cell_fine", "type", "lon", "lat"], condition=SHAPES, name="place_shapes_fine"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "code"],
                condition=~Q(code="") & Q(withdrawn_at__isnull=True),
                name="place_code_once_per_unit",
            ),
            models.CheckConstraint(
                condition=Q(min_lon__lte=F("lon"), max_lon__gte=F("lon"), min_lat__lte=F("lat"), max_lat__gte=F("lat")),
                name="place_point_in_its_box",
            ),
            models.CheckConstraint(
                condition=Q(min_lon__gte=-180, max_lon__lte=180, min_lat__gte=-90, max_lat__lte=90),
                name="place_on_the_globe",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Charge(models.TextChoices):
    """In what way somebody answers for a place."""

    LEAD = "lead", _("责任单位")
    ASSIST = "assist", _("配合单位")
    SPONSOR = "sponsor", _("包保领导")
    CONTACT = "contact", _("联系人")


class Responsibility(Imported):
    """Who answers for a place, how, and in which part of the year.

    A season runs from `season_from` to `season_to`, both as month × 100 + day and both included; 1101 to 331 goes over
    the turn of the year. Both empty is the whole year.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="responsibilities")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="responsibilities")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="responsibilities")
    charge = models.CharField(max_length=10, choices=Charge.choices, default=Charge.LEAD)
    season_from = models.PositiveSmallIntegerField(null=True, blank=True)
    season_to = models.PositiveSmallIntegerField(null=True, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("noun", "点位责任")
        ordering = ["charge", "since", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="charge_dates"),
            models.CheckConstraint(
                condition=Q(season_from__isnull=True, season_to__isnull=True)
                | Q(season_from__gte=101, season_from__lte=1231, season_to__gte=101, season_to__lte=1231),
                name="season_whole_or_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit.label} {self.get_charge_display()}"

    @property
    def season(self) -> str:
        """From when to when in a year, "" for the whole of it."""
        if self.season_from is None or self.season_to is None:
            return ""
        days = (f"{number // 100:02d}-{number % 100:02d}" for number in (self.season_from, self.season_to))
        return "—".join(days)
