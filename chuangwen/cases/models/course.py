"""The course of a case: who has a part in it, its deadlines, what happened, what photos show."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chuangwen.cases.models.case import Case
from chuangwen.cases.models.choices import (
    CaseState,
    Part,
    Phase,
    Shows,
)
from chuangwen.evidence.models import Evidence
from chuangwen.people.models import Person, Unit


class CasePart(models.Model):
    """What one unit has to do with a case. An assisting unit has a part of its own, with its own progress; `blocking`
    says that the fix waits for it. One that ended was let go.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="case_parts")
    part = models.CharField(max_length=6, choices=Part.choices)
    task = models.CharField(max_length=200, blank=True)
    blocking = models.BooleanField(default=False)
    since = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("事项分工")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["unit", "case"], condition=Q(ended_at__isnull=True), name="case_part_by_unit"),
            # What a unit still has to do, for what waits for its people.
            models.Index(
                fields=["part", "unit", "case"],
                condition=Q(ended_at__isnull=True, done_at__isnull=True),
                name="case_part_to_do",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "unit"], condition=Q(ended_at__isnull=True), name="one_part_of_a_unit"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(part="lead", ended_at__isnull=True), name="one_lead_of_a_case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit.label} {self.get_part_display()}"


class CaseDeadline(models.Model):
    """One phase of a case with its end. `met_at` is when the phase was left; what was told of it is told once.

    `extended` counts the extensions. A phase that was cut short (`cancelled`) was neither met nor missed.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deadlines")
    phase = models.CharField(max_length=8, choices=Phase.choices)
    since = models.DateTimeField()
    due_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True)
    cancelled = models.BooleanField(default=False)
    extended = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("事项时限")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(met_at__isnull=True), name="case_deadline_running"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(met_at__isnull=True), name="one_running_deadline_of_a_case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.phase} {self.due_at:%Y-%m-%d %H:%M}"


class CaseStep(models.Model):
    """What happened to a case, with the words that were said. Never changed; `data` holds uids, codes and moments.

    `capacity` is in which role somebody acted, `unit` for whom. The reporter of the case sees a step that is `open`.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    verb = models.CharField(max_length=20)
    capacity = models.CharField(max_length=12)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="case_steps")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="case_steps")
    from_state = models.CharField(max_length=12, choices=CaseState.choices, blank=True)
    to_state = models.CharField(max_length=12, choices=CaseState.choices)
    text = models.CharField(max_length=2000, blank=True)
    data = models.JSONField(default=dict, blank=True)
    open = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("事项经过")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["case", "verb"], name="case_step_by_verb"),
            models.Index(fields=["by", "-at"], name="case_step_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.verb}"


class CasePhoto(models.Model):
    """A photo or file of a case, and what it shows: how it was, how it is, or what the one who checked saw."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="photos")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    shows = models.CharField(max_length=6, choices=Shows.choices)
    step = models.ForeignKey(CaseStep, on_delete=models.PROTECT, related_name="photos")

    class Meta:
        verbose_name = _("事项照片")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["case", "evidence"], name="case_photo_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.shows}"
