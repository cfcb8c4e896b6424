"""The catalogue of figures as data, their day sums for dashboards, and what was frozen when a document was written."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.people.models import Unit, in_language


class Shape(models.TextChoices):
    """How the rows of a metric become its value."""

    SUM = "sum", _("合计")
    RATE = "rate", _("比率")
    LIST_TOP = "list_top", _("突出名单")
    LIST_ZERO = "list_zero", _("空缺名单")
    COUNT_ZERO = "count_zero", _("空缺个数")
    MONTH_MIN = "month_min", _("最少的月份")
    MONTH_MAX = "month_max", _("最多的月份")
    COUNT_DISTINCT = "count_distinct", _("不同的个数")
    FIRST_DAY = "first_day", _("最早的一天")
    LAST_DAY = "last_day", _("最后的一天")
    SPAN_DAYS = "span_days", _("前后天数")
    MAX = "max", _("最大的数")


class Style(models.TextChoices):
    """How the value is printed in a document; the exact value is always behind it."""

    EXACT = "exact", _("照数")
    LOWER_BOUND = "lower_bound", _("余数")
    TEXT = "text", _("文字")


class Metric(models.Model):
    """A named figure: one definition in words, one code path (`source`, `params`, `shape`). A new meaning is a version.

    `name` is also what a template writes between its braces.
    """

    key = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    definition = models.TextField()
    definition_en = models.TextField()
    measure = models.CharField(max_length=10, blank=True)
    measure_en = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=30)
    params = models.JSONField(default=dict)
    shape = models.CharField(max_length=16, choices=Shape.choices, default=Shape.SUM)
    style = models.CharField(max_length=12, choices=Style.choices, default=Style.EXACT)
    confidential = models.BooleanField(default=False)
    sort = models.PositiveSmallIntegerField(default=0)
    valid_from = models.DateField()

    class Meta:
        verbose_name = pgettext_lazy("noun", "口径")
        ordering = ["sort", "key", "-version"]
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="metric_version_once")]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def urn(self) -> str:
        return f"{self.key}@{self.version}"

    @property
    def meaning(self) -> str:
        return in_language(self.definition, self.definition_en).format_map(self.params)

    @property
    def official_meaning(self) -> str:
        """The definition as an official document prints it."""
        return self.definition.format_map(self.params)

    @property
    def unit_of_count(self) -> str:
        return in_language(self.measure, self.measure_en)


class MetricDay(models.Model):
    """A metric's sum for one unit and day: what dashboards add up. Only metrics that add up over days have any."""

    metric = models.ForeignKey(Metric, on_delete=models.CASCADE, related_name="days")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="metric_days")
    day = models.DateField()
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField(null=True)
    as_of = models.DateTimeField()

    class Meta:
        verbose_name = _("逐日数")
        constraints = [models.UniqueConstraint(fields=["metric", "unit", "day"], name="metric_day_once")]
        indexes = [models.Index(fields=["unit", "day"], name="metric_day_unit_day")]

    def __str__(self) -> str:
        return f"{self.metric} {self.day}"


class RowSet(models.Model):
    """The frozen rows of a figure, compressed, addressed by the digest of their content: equal sets are kept once."""

    digest = models.CharField(max_length=64, unique=True)
    noun = models.CharField(max_length=40)
    count = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        verbose_name = _("冻结的行")

    def __str__(self) -> str:
        return self.digest[:12]


class Snapshot(models.Model):
    """What a metric said for a unit and a period at a moment, and which rows it counted.

    `subject_uid` is the one shift that the figure is about; null where it is about the whole unit.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="snapshots")
    start = models.DateField()
    end = models.DateField()
    subject_uid = models.UUIDField(null=True, blank=True)
    as_of = models.DateTimeField()
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField(null=True)
    text = models.CharField(max_length=500)
    rows = models.ForeignKey(RowSet, on_delete=models.PROTECT, related_name="snapshots")

    class Meta:
        verbose_name = _("快照")

    def __str__(self) -> str:
        return f"{self.metric} {self.text}"
