"""Tables of cases that a city edits: categories, how a case finds its unit, frequent words, how the loop is run."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chuangwen.cases import rules
from chuangwen.cases.models.choices import CaseKind, Group, TimeUnit
from chuangwen.core.models import Reference
from chuangwen.people.models import Unit, in_language
from chuangwen.places.models import Place, PlaceType


class CaseCategory(Reference):
    """What is wrong, when such a thing is filed and closed, and how long whoever answers for it has."""

    code = models.SlugField(max_length=40, primary_key=True)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80, blank=True)
    group = models.CharField(max_length=20, choices=Group.choices)
    fix_amount = models.PositiveSmallIntegerField()
    fix_unit = models.CharField(max_length=5, choices=TimeUnit.choices)
    filing_condition = models.CharField(max_length=200, blank=True)
    closing_condition = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)
    for_citizens = models.BooleanField(default=False)
    sort = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("事项类别")
        ordering = ["sort", "code"]
        constraints = [models.CheckConstraint(condition=Q(fix_amount__gte=1), name="category_has_time")]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class RoutingRule(Reference):
    """To whom a case goes by itself: the first row, in the order of `sort`, whose every condition it meets.

    Empty conditions hold of all. Without a unit it goes to who answers for the place.
    """

    code = models.SlugField(max_length=40, primary_key=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100, blank=True)
    sort = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=12, choices=CaseKind.choices, blank=True)
    category = models.ForeignKey(CaseCategory, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    group = models.CharField(max_length=20, choices=Group.choices, blank=True)
    place_type = models.ForeignKey(PlaceType, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    area = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    time_from = models.TimeField(null=True, blank=True)
    time_to = models.TimeField(null=True, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("派遣规则")
        ordering = ["sort", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(time_from__isnull=True, time_to__isnull=True)
                | Q(time_from__isnull=False, time_to__isnull=False),
                name="routing_hours_whole_or_none",
            )
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class ResponseTemplate(Reference):
    """Words that are written often: a reply, a reason. `verb` says for which act they are offered."""

    code = models.SlugField(max_length=40, primary_key=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100, blank=True)
    verb = models.CharField(max_length=20)
    text = models.CharField(max_length=500)
    sort = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("常用答复")
        ordering = ["verb", "sort", "code"]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class CasePolicy(Reference):
    """How the city runs the loop: one row, `standard`. Hours are working hours."""

    code = models.SlugField(max_length=40, primary_key=True)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)
    file_hours = models.PositiveSmallIntegerField(default=2)
    dispatch_hours = models.PositiveSmallIntegerField(default=2)
    verify_hours = models.PositiveSmallIntegerField(default=8)
    bounce_limit = models.PositiveSmallIntegerField(default=rules.BOUNCE_LIMIT)
    remind_hours = models.PositiveSmallIntegerField(default=4)
    escalate_hours = models.PositiveSmallIntegerField(default=8)
    revisit_share = models.PositiveSmallIntegerField(default=10)
    relapse_metres = models.PositiveSmallIntegerField(default=50)
    relapse_days = models.PositiveSmallIntegerField(default=30)
    citizen_door = models.BooleanField(default=True)
    public_status = models.BooleanField(default=False)
    reports_per_hour = models.PositiveSmallIntegerField(default=6)

    class Meta:
        verbose_name = _("事项规矩")
        constraints = [
            models.CheckConstraint(
                condition=Q(revisit_share__gte=1, revisit_share__lte=100), name="policy_share_is_percent"
            ),
            models.CheckConstraint(condition=Q(bounce_limit__gte=1), name="policy_has_a_limit"),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)
