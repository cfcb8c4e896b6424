"""People at a place in a time window, and what came of it: Duty, Shift, Attendance, Outcome."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.models import Imported
from chuangwen.people.models import Person, Unit, in_language


class DutyKind(models.TextChoices):
    VOLUNTEERING = "volunteering", _("志愿活动")
    ENTRY = "entry", _("征集评选")


class Duty(models.Model):
    """The standing arrangement of a unit, e.g. a school's outings on the street from March to June."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="duties")
    kind = models.CharField(max_length=20, choices=DutyKind.choices)
    name = models.CharField(max_length=120)

    class Meta:
        verbose_name = pgettext_lazy("noun", "勤务")
        constraints = [models.UniqueConstraint(fields=["unit", "kind", "name"], name="duty_name_once_per_unit")]

    def __str__(self) -> str:
        return self.name


class Shift(Imported):
    """One dated window of a duty. `unit` organises it; `day` is the local day of its start."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="shifts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="shifts")
    number = models.CharField(max_length=20)
    day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=120, blank=True)
    leader = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("noun", "班次")
        ordering = ["-day", "-number"]
        indexes = [models.Index(fields=["unit", "day"], name="shift_unit_day")]
        constraints = [
            models.UniqueConstraint(fields=["duty", "number", "day"], name="shift_number_once_per_duty_and_day"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.day} {self.place}"


class Presence(models.TextChoices):
    PRESENT = "present", _("到")
    LATE = "late", _("迟到")
    EXCUSED = "excused", _("请假")
    ABSENT = "absent", _("缺席")


class Attendance(Imported):
    """One person on one shift, as the leader confirmed it. `unit` is the person's class or team on that day."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attendances")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="attendances")
    day = models.DateField()
    presence = models.CharField(max_length=10, choices=Presence.choices)

    class Meta:
        verbose_name = pgettext_lazy("noun", "到场")
        ordering = ["-day", "unit__path", "person__code"]
        indexes = [models.Index(fields=["unit", "day"], name="attendance_unit_day")]
        constraints = [models.UniqueConstraint(fields=["shift", "person"], name="one_attendance_per_shift")]

    def __str__(self) -> str:
        return f"{self.person} {self.day} {self.get_presence_display()}"


class OutcomeKind(models.Model):
    """What can be counted, as data: litter picked, people persuaded (by three types), essays."""

    code = models.SlugField(max_length=40, primary_key=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80)
    measure = models.CharField(max_length=10)
    measure_en = models.CharField(max_length=20)
    confidential = models.BooleanField(default=False)
    sort = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("成效类别")
        ordering = ["sort", "code"]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def unit_of_count(self) -> str:
        return in_language(self.measure, self.measure_en)


class Handling(models.TextChoices):
    SEEN = "seen", _("发现")
    HANDLED = "handled", _("已处置")
    SELF_INITIATED = "self_initiated", _("主动处置")


class Outcome(Imported):
    """A counted fact: kind × amount × who is credited. A withdrawn one stays, and counts nowhere."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.ForeignKey(OutcomeKind, on_delete=models.PROTECT, related_name="outcomes")
    amount = models.PositiveIntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="outcomes")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="outcomes")
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, null=True, blank=True, related_name="outcomes")
    day = models.DateField()
    at = models.TimeField(null=True, blank=True)
    handling = models.CharField(max_length=16, choices=Handling.choices, default=Handling.HANDLED)
    note = models.CharField(max_length=200, blank=True)
    recorded_by = models.UUIDField()

    class Meta:
        verbose_name = pgettext_lazy("noun", "成效")
        ordering = ["-day", "-id"]
        indexes = [
            models.Index(fields=["unit", "day"], name="outcome_unit_day"),
            models.Index(fields=["kind", "day"], name="outcome_kind_day"),
            models.Index(
                fields=["-day", "-id"], condition=Q(withdrawn_at__isnull=True), name="outcome_standing_by_day"
            ),
        ]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="outcome_counts_something")]

    def __str__(self) -> str:
        return f"{self.day} {self.unit.label} {self.kind} {self.amount}"
