"""Forms with their versions, filled copies, and the answers by which one looks them up."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.models import Imported, Reference
from chuangwen.people.models import Person, Unit, in_language
from chuangwen.places.models import Place, PlaceType


class Form(Reference):
    """What is asked, who asks it and on what basis. Without a unit it came with the product and is everybody's."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="forms")
    place_type = models.ForeignKey(PlaceType, on_delete=models.PROTECT, null=True, blank=True, related_name="forms")
    purpose = models.CharField(max_length=300)
    purpose_en = models.CharField(max_length=400, blank=True)
    basis = models.CharField(max_length=300)
    basis_en = models.CharField(max_length=400, blank=True)
    minutes = models.PositiveSmallIntegerField()
    sort = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = pgettext_lazy("noun", "表单")
        ordering = ["sort", "code"]
        constraints = [models.CheckConstraint(condition=Q(minutes__gt=0), name="form_takes_time")]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def why(self) -> str:
        return in_language(self.purpose, self.purpose_en)

    @property
    def grounds(self) -> str:
        return in_language(self.basis, self.basis_en)


class FormVersion(models.Model):
    """What a form asks, word for word. Written once; a filled copy stands on it for good.

    `digest` is that of `source`; `verify` holds the two together. `retired_at` is when a newer version took its place.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    source = models.JSONField()
    digest = models.CharField(max_length=64)
    questions = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("表单版本")
        ordering = ["form", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="form_version_number_once"),
            models.UniqueConstraint(
                fields=["form"], condition=Q(retired_at__isnull=True), name="one_current_version_of_a_form"
            ),
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True) | Q(retired_at__gte=F("published_at")),
                name="form_version_retired_after_published",
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="form_version_number_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.form} v{self.number}"


class Submission(Imported):
    """One filled copy. `unit` is the one for which it was filled; the counts are those of its checklist items.

    `version_digest` repeats what the version said when it was filled. `told_at` is what the device took for the time
    of sending; `clock_off` says that it was minutes from ours.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="submissions")
    version_digest = models.CharField(max_length=64)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="submissions")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="submissions")
    filled_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="submissions")
    day = models.DateField()
    started_at = models.DateTimeField()
    filled_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    clock_off = models.BooleanField(default=False)
    answers = models.JSONField()
    digest = models.CharField(max_length=64)
    met = models.PositiveSmallIntegerField(default=0)
    not_met = models.PositiveSmallIntegerField(default=0)
    not_applicable = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = pgettext_lazy("noun", "填报")
        ordering = ["-filled_at", "-id"]
        indexes = [
            models.Index(fields=["unit", "day"], name="submission_unit_day"),
            models.Index(fields=["place", "-filled_at"], name="submission_by_place"),
            models.Index(fields=["version", "day"], name="submission_by_version"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(started_at__lte=F("filled_at")), name="submission_starts_before_end")
        ]

    def __str__(self) -> str:
        where = f" {self.place}" if self.place else ""
        return f"{self.version.form}{where} {timezone.localtime(self.filled_at):%Y-%m-%d %H:%M}"

    @property
    def judged(self) -> int:
        return self.met + self.not_met

    @property
    def minutes(self) -> int:
        return round((self.filled_at - self.started_at).total_seconds() / 60)


class Answer(models.Model):
    """The answer to one indexed question in a column of its type; made from `Submission.answers` and makeable again.

    Of a question with several choices each chosen one has its row.
    """

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="typed")
    question = models.CharField(max_length=60)
    number = models.FloatField(null=True)
    text = models.CharField(max_length=200, blank=True)
    day = models.DateField(null=True)
    choice = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("答案")
        ordering = ["submission", "id"]
        indexes = [
            models.Index(fields=["question", "choice"], name="answer_by_choice"),
            models.Index(fields=["question", "number"], name="answer_by_number"),
            models.Index(fields=["question", "day"], name="answer_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["submission", "question", "choice"], name="one_answer_per_choice"),
            models.CheckConstraint(
                condition=Q(number__isnull=False) | Q(day__isnull=False) | ~Q(text="") | ~Q(choice=""),
                name="answer_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.choice or self.text or self.day or self.number}"
