"""Proof: photos and files that never change, what others may see of them, what was covered, and who uses them."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.models import StandingManager, StoredFile
from chuangwen.evidence import rules
from chuangwen.people.models import Person, Unit
from chuangwen.places.models import Place


class Kind(models.TextChoices):
    PHOTO = "photo", pgettext_lazy("noun", "照片")
    DOCUMENT = "document", pgettext_lazy("noun", "文件")


class State(models.TextChoices):
    """From the receipt to the copies that others see."""

    RECEIVED = "received", _("处理中")
    READY = "ready", _("可用")
    REFUSED = "refused", _("打不开")


class Refusal(models.TextChoices):
    """Why no copy could be made of a photo whose receipt was given."""

    BROKEN = "broken", _("照片不完整")
    TOO_LARGE = "too_large", _("像素太多")
    TEXT = "text", _("夹带过多文字数据")
    LOST = "lost", _("处理时中断")


class Known(models.TextChoices):
    """How a time or a point is known."""

    CAMERA = "camera", _("照片自带")
    PERSON = "person", _("上传人填写")
    UPLOAD = "upload", _("上传时间")


class Doubt(models.TextChoices):
    """What is odd about a photo: a question for a person."""

    CLOCK_AHEAD = rules.CLOCK_AHEAD, _("相机时间在上传之后")
    CLOCK_RESET = rules.CLOCK_RESET, _("相机时间在 2000 年之前")
    CLOCK_OLD = rules.CLOCK_OLD, _("相机时间比上传早 30 天以上")
    CLOCK_DIFFERS = rules.CLOCK_DIFFERS, _("相机时间和填写的差一天以上")
    POINT_NONSENSE = rules.POINT_NONSENSE, _("照片里的坐标读不懂")
    POINT_OUTSIDE = rules.POINT_OUTSIDE, _("照片里的坐标在本市之外")
    NAME_DIFFERS = rules.NAME_DIFFERS, _("文件名和内容不是一种格式")
    MANY_FRAMES = rules.MANY_FRAMES, _("动图或多页，只显示第一张")


# A comparison with nothing is neither true nor false, and a database lets it pass: so that it is there is said too.
BAND_RANGE = (("isnull", False), ("gte", 0), ("lte", rules.BAND_MAX))


class Evidence(models.Model):
    """One photo or file as it was handed in. `file` is never changed; of a photo others see its copies.

    `taken_at` and the point say where they come from; `camera_time` is what the camera claims, believed or not. The
    four bands are a perceptual hash of 64 bits; a document and a picture of nothing have none. `edition` counts what
    was covered: copies of an earlier edition are served to nobody. `repeats` says that the same or nearly the same
    stood already when this one came.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="evidence")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="evidence")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    refusal = models.CharField(max_length=10, choices=Refusal.choices, blank=True)
    taken_at = models.DateTimeField()
    taken_known = models.CharField(max_length=10, choices=Known.choices)
    camera_time = models.DateTimeField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    point_known = models.CharField(max_length=10, choices=Known.choices, blank=True)
    doubts = models.JSONField(default=list, blank=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="evidence")
    received_at = models.DateTimeField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    band_1 = models.IntegerField(null=True, blank=True)
    band_2 = models.IntegerField(null=True, blank=True)
    band_3 = models.IntegerField(null=True, blank=True)
    band_4 = models.IntegerField(null=True, blank=True)
    repeats = models.BooleanField(default=False)
    edition = models.PositiveSmallIntegerField(default=0)
    said_when = models.CharField(max_length=60, blank=True)
    said_where = models.CharField(max_length=120, blank=True)
    said_who = models.CharField(max_length=200, blank=True)
    theme = models.CharField(max_length=120, blank=True)
    background = models.CharField(max_length=200, blank=True)
    cause = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[StandingManager[Self]] = StandingManager()
    everything: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        verbose_name = pgettext_lazy("noun", "佐证")
        ordering = ["-received_at", "-id"]
        indexes = [
            models.Index(fields=["unit", "-received_at"], name="evidence_by_unit"),
            models.Index(fields=["-received_at", "-id"], name="evidence_by_receipt"),
            models.Index(fields=["taken_at"], name="evidence_by_time"),
            *(models.Index(fields=[f"band_{number}"], name=f"evidence_band_{number}") for number in (1, 2, 3, 4)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="refused", refusal__in=["broken", "too_large", "text", "lost"])
                | (~Q(state="refused") & Q(refusal="")),
                name="evidence_refused_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True, point_known="")
                | (
                    Q(lon__isnull=False, lon__gte=-180, lon__lte=180, lat__isnull=False, lat__gte=-90, lat__lte=90)
                    & ~Q(point_known="")
                ),
                name="evidence_point_whole_or_none",
            ),
            models.CheckConstraint(
                condition=Q(band_1__isnull=True, band_2__isnull=True, band_3__isnull=True, band_4__isnull=True)
                | Q(**{f"band_{n}__{test}": value for n in (1, 2, 3, 4) for test, value in BAND_RANGE}),
                name="evidence_hash_whole_or_none",
            ),
            models.CheckConstraint(
                condition=Q(kind="photo") | Q(band_1__isnull=True, edition=0), name="evidence_document_is_no_picture"
            ),
            models.CheckConstraint(
                condition=~Q(kind="photo", state="ready")
                | Q(width__isnull=False, width__gt=0, height__isnull=False, height__gt=0),
                name="evidence_ready_has_a_size",
            ),
        ]

    def __str__(self) -> str:
        return self.theme or self.file.name

    @property
    def is_photo(self) -> bool:
        return self.kind == Kind.PHOTO

    @property
    def is_ready(self) -> bool:
        return self.state == State.READY

    @property
    def is_lost(self) -> bool:
        """Its making was cut off, which says nothing of the photo: another try may do."""
        return self.refusal == Refusal.LOST

    @property
    def phash(self) -> int | None:
        if self.band_1 is None or self.band_2 is None or self.band_3 is None or self.band_4 is None:
            return None
        return rules.whole([self.band_1, self.band_2, self.band_3, self.band_4])

    @property
    def point(self) -> rules.Point | None:
        return (self.lon, self.lat) if self.lon is not None and self.lat is not None else None

    @property
    def doubt_labels(self) -> list[str]:
        return [str(Doubt(code).label) for code in self.doubts]


class CopyRole(models.TextChoices):
    PUBLIC = "public", _("公开版")
    THUMBNAIL = "thumbnail", _("缩略图")


class EvidenceCopy(models.Model):
    """A picture that was made from a photo: upright, without the camera's data, without what is covered."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="copies")
    role = models.CharField(max_length=10, choices=CopyRole.choices)
    edition = models.PositiveSmallIntegerField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("佐证副本")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["evidence", "role", "edition"], name="one_copy_per_role_and_edition")
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.role} {self.edition}"


class Redaction(models.Model):
    """A rectangle that is in no public picture any more, in ten-thousandths of the upright photo. Never taken back."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="redactions")
    edition = models.PositiveSmallIntegerField()
    left = models.PositiveSmallIntegerField()
    top = models.PositiveSmallIntegerField()
    right = models.PositiveSmallIntegerField()
    bottom = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=200)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="redactions")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("遮挡")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(left__gte=0, left__lt=F("right"), right__lte=rules.WHOLE)
                & Q(top__gte=0, top__lt=F("bottom"), bottom__lte=rules.WHOLE),
                name="redaction_in_the_picture",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="redaction_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.left},{self.top},{self.right},{self.bottom}"

    @property
    def cover(self) -> rules.Cover:
        return rules.Cover(self.left, self.top, self.right, self.bottom)


class EvidenceUse(models.Model):
    """Whose proof it is: declared by the app that uses it, by noun and uid, so that nothing points up."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="uses")
    noun = models.CharField(max_length=40)
    subject_uid = models.UUIDField()
    used_at = models.DateTimeField()
    used_by = models.UUIDField()

    class Meta:
        verbose_name = _("佐证用处")
        ordering = ["id"]
        indexes = [models.Index(fields=["subject_uid", "noun"], name="evidence_use_by_subject")]
        constraints = [models.UniqueConstraint(fields=["evidence", "noun", "subject_uid"], name="evidence_used_once")]

    def __str__(self) -> str:
        return f"{self.noun} {self.subject_uid}"
