"""What lies beside a case: who brought it, a reception day, who supervises, what is looked at again."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chuangwen.cases.models.case import Case
from chuangwen.cases.models.choices import (
    Finding,
)
from chuangwen.people.models import Person, Unit
from chuangwen.places.models import Place


class Reporter(models.Model):
    """Who brought a case from outside, apart from it: what tells who they are is encrypted, and seen by few.

    The code with which they follow it is kept as its SHA-256 alone. `contact_index` finds the same telephone again
    without reading it. `forgotten_at`: name and telephone were deleted.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="reporter")
    name = models.TextField(blank=True)
    contact = models.TextField(blank=True)
    contact_index = models.CharField(max_length=64, blank=True, db_index=True)
    code_digest = models.CharField(max_length=64, blank=True)
    satisfied = models.BooleanField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("来件人")
        constraints = [
            models.UniqueConstraint(fields=["code_digest"], condition=~Q(code_digest=""), name="one_case_of_a_code")
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class Petition(models.Model):
    """What a matter brought to a leader's reception day has beside a case: who received it, when, how many came."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="petition")
    received_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    heads = models.PositiveSmallIntegerField(default=1)
    repeated = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("接访")
        ordering = ["-day", "id"]
        indexes = [models.Index(fields=["day", "received_by"], name="petition_by_day")]
        constraints = [models.CheckConstraint(condition=Q(heads__gte=1), name="petition_has_heads")]

    def __str__(self) -> str:
        return f"{self.day} {self.case_id}"


class Watch(models.Model):
    """Who supervises what: a group over the cases of a unit and all below it, or of an area, for some time."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="watches")
    over = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="watched_by")
    area = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="watched_by")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        verbose_name = _("督导分片")
        ordering = ["group__path", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(over__isnull=False, area__isnull=True) | Q(over__isnull=True, area__isnull=False),
                name="watch_over_one_thing",
            ),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="watch_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.group.label} {self.over or self.area}"


class RevisitDraw(models.Model):
    """A draw of closed cases to look at again: who doubts it repeats it with the same seed over the same cases."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="revisit_draws")
    closed_from = models.DateField()
    closed_to = models.DateField()
    share = models.PositiveSmallIntegerField()
    seed = models.BigIntegerField()
    population = models.PositiveIntegerField()
    population_digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("回头看抽取")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(closed_to__gte=F("closed_from")), name="draw_dates"),
            models.CheckConstraint(condition=Q(share__gte=1, share__lte=100), name="draw_share_is_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.closed_from}—{self.closed_to} {self.share}%"


class Revisit(models.Model):
    """One closed case that was drawn, and what was found there."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    draw = models.ForeignKey(RevisitDraw, on_delete=models.PROTECT, related_name="revisits")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="revisits")
    finding = models.CharField(max_length=10, choices=Finding.choices, blank=True)
    looked_at = models.DateTimeField(null=True)
    looked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("回头看")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "case"], name="case_drawn_once"),
            models.CheckConstraint(
                condition=Q(finding="", looked_at__isnull=True) | (~Q(finding="") & Q(looked_at__isnull=False)),
                name="revisit_found_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.finding}"
