"""People at a place in a time window, and what came of it: Duty, Shift, Attendance, Outcome."""

import uuid
from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.models import Imported, Reference
from chuangwen.people.models import Person, Unit, in_language

# Of a shift of which only the day is known.
WHOLE_DAY = (time(0), time(23, 59))


class DutyKind(models.TextChoices):
    VOLUNTEERING = "volunteering", _("志愿活动")
    ENTRY = "entry", _("征集评选")
    POST = "post", _("执勤岗点")
    MOBILE_TEAM = "mobile_team", _("机动应急队")
    SUPERVISION = "supervision", _("督导检查")
    TRAINING = "training", _("培训")
    MEETING = "meeting", _("会议")
    PUBLICITY = "publicity", _("宣传活动")
    CAMPAIGN = "campaign", _("整治行动")
    ROUND = "round", _("巡查")
    INTERVAL = "interval", _("定时保洁")
    PROJECT = "project", _("改造工程")
    SERVICE = "service", _("便民服务")


class Band(models.TextChoices):
    """The part of the day for which a post is manned."""

    PEAK = "peak", _("高峰")
    ORDINARY = "ordinary", _("平峰")
    NIGHT = "night", _("夜间")


class Rank(models.TextChoices):
    """Whose rounds a duty asks for."""

    LEADER = "leader", _("领导班子")
    MANAGER = "manager", _("中层干部")


class Duty(Imported):
    """The standing arrangement of a unit: a school's outings from March to June, a post at a crossing, a supervision
    group, the rounds of a hospital's leaders, the cleaning of a toilet every half hour.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="duties")
    kind = models.CharField(max_length=20, choices=DutyKind.choices)
    name = models.CharField(max_length=120)
    place = models.CharField(max_length=120, blank=True)
    times_per_day = models.PositiveSmallIntegerField(null=True, blank=True)
    every_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    rank = models.CharField(max_length=10, choices=Rank.choices, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("noun", "勤务")
        ordering = ["unit__path", "kind", "id"]
        constraints = [models.UniqueConstraint(fields=["unit", "kind", "name"], name="duty_name_once_per_unit")]

    def __str__(self) -> str:
        return self.name


class Shift(Imported):
    """One dated window of a duty. `unit` organises it; `day` is the local day of its start.

    `required` and `met` are what was due and what was done: heads at a post, cleanings of a toilet; of an event,
    `required` is how many were to come. `target` is the post that a supervision group looked at. A shift that stands
    in a log has no number.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="shifts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="shifts")
    number = models.CharField(max_length=20, blank=True)
    day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=120, blank=True)
    leader = models.CharField(max_length=60, blank=True)
    band = models.CharField(max_length=10, choices=Band.choices, blank=True)
    required = models.PositiveIntegerField(null=True, blank=True)
    met = models.PositiveIntegerField(null=True, blank=True)
    story = models.TextField(blank=True)
    photos = models.PositiveSmallIntegerField(default=0)
    target = models.ForeignKey(Duty, on_delete=models.PROTECT, null=True, blank=True, related_name="visits")

    class Meta:
        verbose_name = pgettext_lazy("noun", "班次")
        ordering = ["-day", "-number"]
        indexes = [models.Index(fields=["unit", "day"], name="shift_unit_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["duty", "number", "day"], condition=~Q(number=""), name="shift_number_once_per_duty_and_day"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_start"),
        ]

    def __str__(self) -> str:
        if self.number:
            return f"{self.number} {self.day} {self.place}"
        return " ".join(str(part) for part in (self.day, self.hours, self.duty, self.target) if part)

    @property
    def lasts_all_day(self) -> bool:
        """Nobody wrote down from when to when."""
        return self._local(self.starts_at).time() == WHOLE_DAY[0] and self._local(self.ends_at).time() == WHOLE_DAY[1]

    @property
    def last_day(self) -> date:
        return self._local(self.ends_at).date()

    @property
    def hours(self) -> str:
        """From when to when, empty where it lasts all day or is one of those that go on for days."""
        if self.lasts_all_day or self.last_day > self.day + timedelta(days=1):
            return ""
        return f"{self._local(self.starts_at):%H:%M}—{self._local(self.ends_at):%H:%M}"

    @staticmethod
    def _local(moment: datetime) -> datetime:
        return timezone.localtime(moment)


class Presence(models.TextChoices):
    PRESENT = "present", _("到")
    LATE = "late", _("迟到")
    EXCUSED = "excused", _("请假")
    ABSENT = "absent", _("缺席")


class Attendance(Imported):
    """One person on one shift, as the leader confirmed it. `unit` is the person's class or team on that day.

    `times` is how often they went, where the duty asks for several rounds a day.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attendances")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="attendances")
    day = models.DateField()
    presence = models.CharField(max_length=10, choices=Presence.choices)
    times = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("noun", "到场")
        ordering = ["-day", "unit__path", "person__code"]
        indexes = [models.Index(fields=["unit", "day"], name="attendance_unit_day")]
        constraints = [models.UniqueConstraint(fields=["shift", "person"], name="one_attendance_per_shift")]

    def __str__(self) -> str:
        return f"{self.person} {self.day} {self.get_presence_display()}"


class OutcomeKind(Reference):
    """What can be counted, as data: litter picked, people persuaded (by three types), essays."""

    code = models.SlugField(max_length=40, primary_key=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80, blank=True)
    measure = models.CharField(max_length=10)
    measure_en = models.CharField(max_length=20, blank=True)
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
