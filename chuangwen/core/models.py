"""Tables of the kernel: the event log, stored files, imports and idempotency keys.

The kernel knows no domain. People, units and records are referred to by noun and uid, never by a foreign key.
"""

import uuid
from typing import ClassVar, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One thing that happened; written once, never changed, sealed into the chain a few seconds later.

    `data` holds ids, codes and amounts, never a name, a telephone number or free text: these belong in EventDetail.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField(db_index=True)
    actor_uid = models.UUIDField(null=True)
    unit_uid = models.UUIDField(null=True, db_index=True)
    verb = models.CharField(max_length=60)
    noun = models.CharField(max_length=40)
    subject_uid = models.UUIDField(null=True)
    data = models.JSONField(default=dict)
    detail_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    sequence = models.BigIntegerField(null=True, unique=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("noun", "动态")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_uid", "noun"], name="event_by_subject"),
            models.Index(fields=["id"], condition=Q(sequence__isnull=True), name="event_unsealed"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.noun} {self.subject_uid}"


class EventDetail(models.Model):
    """A personal old value of an event. It can be deleted; its salted digest stays in the chain."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="detail")
    salt = models.CharField(max_length=32)
    text = models.TextField()

    class Meta:
        verbose_name = _("动态附注")

    def __str__(self) -> str:
        return f"detail of {self.event_id}"


class ChainHead(models.Model):
    """Where the chain of sealed events ends; one row, locked by the sealer."""

    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("链头")

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash[:12]}"


class StoredFile(models.Model):
    """An uploaded or generated file. The bytes lie in the data folder under their SHA-256 and are never changed."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=120)
    name = models.CharField(max_length=255)
    unit_uid = models.UUIDField(null=True)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("文件")

    def __str__(self) -> str:
        return self.name


class ImportState(models.TextChoices):
    WAITING = "waiting", _("等待检查")
    CHECKING = "checking", _("检查中")
    REFUSED = "refused", _("有错，未导入")
    READY = "ready", _("可以导入")
    IMPORTING = "importing", _("导入中")
    DONE = "done", _("已导入")
    FAILED = "failed", _("出错，未导入")
    UNDOING = "undoing", _("撤回中")
    UNDONE = "undone", _("已撤回")
    DISMISSED = "dismissed", _("不再办")


class Import(models.Model):
    """One workbook brought in by one person for one unit: all of its rows or none."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="imports")
    unit_uid = models.UUIDField(db_index=True)
    created_by = models.UUIDField()
    created_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=ImportState.choices, default=ImportState.WAITING)
    sheets = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    problem_count = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    # The coordinate system that the sender stated for the whole file; "" where a column says it, or nothing needs one.
    coordinates = models.CharField(max_length=10, blank=True)
    # sheet → {"noun", "header_row", "columns": {column key: position}}, as set by hand; {} where recognised.
    mapping = models.JSONField(default=dict)
    # sheet → {row: {column key: cell} or None for a row that is left out}
    mends = models.JSONField(default=dict)
    # sheet → what the check shows of it: first rows, sums, what changes; "mended": what was mended
    preview = models.JSONField(default=dict)
    # Rows with a bad cell, as they are written, to be mended: {"sheet", "row", "cells", "problems"}
    bad_rows = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)

    class Meta:
        verbose_name = pgettext_lazy("noun", "导入")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.file} ({self.get_state_display()})"

    @property
    def rows(self) -> int:
        """How many rows the workbook holds over all recognised sheets."""
        return sum(sheet["rows"] for sheet in self.sheets)

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING_STATES


RUNNING_STATES = frozenset({ImportState.WAITING, ImportState.CHECKING, ImportState.IMPORTING, ImportState.UNDOING})


class ImportChange(models.Model):
    """A record that stood already and that an import changed: its fields before and after, so that undo restores it."""

    source = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="changes")
    noun = models.CharField(max_length=40)
    subject_uid = models.UUIDField(db_index=True)
    sheet = models.CharField(max_length=40)
    row = models.IntegerField()
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        verbose_name = _("导入改动")
        constraints = [
            models.UniqueConstraint(fields=["source", "noun", "subject_uid"], name="one_change_per_import_and_record")
        ]

    def __str__(self) -> str:
        return f"{self.noun} {self.subject_uid}"


class RunningNumber(models.Model):
    """How far a numbering has come: the number last given under a key, such as the cases of one month."""

    key = models.CharField(max_length=40, unique=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("编号进度")

    def __str__(self) -> str:
        return f"{self.key} {self.last}"


class ColumnName(models.Model):
    """What a unit calls a column of a table: learned from a mapping by hand, recognised from then on."""

    unit_uid = models.UUIDField()
    noun = models.CharField(max_length=40)
    heading = models.CharField(max_length=80)
    column = models.CharField(max_length=40)
    created_by = models.UUIDField()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("列名")
        constraints = [models.UniqueConstraint(fields=["unit_uid", "noun", "heading"], name="one_meaning_per_heading")]

    def __str__(self) -> str:
        return f"{self.heading} = {self.noun}.{self.column}"


class Reference(models.Model):
    """What a row of reference data carries: when it was edited here, from when on a file no longer changes it, and the
    day from which nobody chooses it any more; records that have it keep it.
    """

    edited_at = models.DateTimeField(null=True, editable=False)
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True


class DayKind(models.TextChoices):
    """What a marked day is. PLAIN says that the day goes by its weekday after all."""

    OFF = "off", _("放假")
    WORK = "work", _("调休上班")
    PLAIN = "plain", _("照常")


class Holiday(Reference):
    """A day that does not go by its weekday: a public holiday, or a weekend day that is worked instead of another."""

    day = models.DateField(unique=True)
    kind = models.CharField(max_length=5, choices=DayKind.choices)
    name = models.CharField(max_length=40, blank=True)
    name_en = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("节假日")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"


class OfficeHours(Reference):
    """When an office is open on a working day. One row is for the whole year; one with a season goes before it.

    A season runs from `season_from` to `season_to`, both as month × 100 + day and both included; it may go over the
    turn of the year.
    """

    code = models.SlugField(max_length=30, primary_key=True)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)
    season_from = models.PositiveSmallIntegerField(null=True, blank=True)
    season_to = models.PositiveSmallIntegerField(null=True, blank=True)
    morning_from = models.TimeField()
    morning_to = models.TimeField()
    afternoon_from = models.TimeField()
    afternoon_to = models.TimeField()

    class Meta:
        verbose_name = _("办公时间")
        ordering = ["season_from", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(season_from__isnull=True, season_to__isnull=True)
                | Q(season_from__gte=101, season_from__lte=1231, season_to__gte=101, season_to__lte=1231),
                name="office_season_whole_or_none",
            ),
            models.CheckConstraint(
                condition=Q(morning_from__lt=F("morning_to"))
                & Q(morning_to__lte=F("afternoon_from"))
                & Q(afternoon_from__lt=F("afternoon_to")),
                name="office_hours_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name


M = TypeVar("M", bound=models.Model, covariant=True)


class StandingManager(models.Manager[M]):
    """The records that were not withdrawn: what every page, figure and document starts from."""

    def get_queryset(self) -> models.QuerySet[M]:
        return super().get_queryset().filter(withdrawn_at__isnull=True)


class Imported(models.Model):
    """What every record carries that may have come from a workbook: which import, which sheet, which row.

    `objects` are the records that stand; a withdrawn one stays, counts nowhere and is found in `everything`.
    """

    source = models.ForeignKey(Import, on_delete=models.PROTECT, null=True, related_name="+")
    source_sheet = models.CharField(max_length=40, blank=True)
    source_row = models.IntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[StandingManager[Self]] = StandingManager()
    everything: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        abstract = True

    @property
    def source_label(self) -> str:
        """Where the record comes from, as a person says it; empty when it was typed in."""
        if self.source is None:
            return ""
        place = gettext("%(sheet)s第%(row)s行") % {"sheet": self.source_sheet, "row": self.source_row}
        return f"{self.source.file.name} · {place}"


class IdempotencyKey(models.Model):
    """The answer given to a client's request, so that the same request again gets the same answer."""

    actor_uid = models.UUIDField()
    key = models.CharField(max_length=80)
    request_digest = models.CharField(max_length=64)
    status = models.IntegerField()
    body = models.JSONField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("幂等键")
        constraints = [models.UniqueConstraint(fields=["actor_uid", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return self.key


class SearchEntry(models.Model):
    """One record as it is searched: the tokens of its text (`core.search_words`) and of its pinyin initials.

    The database keeps its own index beside it (migration `search`); only `core.search` reads and writes. The key says
    the noun and the order within it (`core.search_index`).
    """

    id = models.BigIntegerField(primary_key=True)
    noun = models.CharField(max_length=40)
    subject_uid = models.UUIDField()
    grams = models.TextField()
    initials = models.TextField(blank=True)

    class Meta:
        verbose_name = _("检索条目")
        constraints = [models.UniqueConstraint(fields=["noun", "subject_uid"], name="one_search_entry_per_record")]

    def __str__(self) -> str:
        return f"{self.noun} {self.subject_uid}"


class SearchCursor(models.Model):
    """Up to where in the sealed log the search index has followed; one row, locked by whoever writes the index."""

    sequence = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("检索进度")

    def __str__(self) -> str:
        return str(self.sequence)
