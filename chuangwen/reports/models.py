"""Report forms, their templates, reports, and the figures that a report froze under permanent codes."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.models import StoredFile
from chuangwen.metrics.models import Snapshot
from chuangwen.people.models import Unit, in_language
from chuangwen.reports import workflow


class ReportState(models.TextChoices):
    DRAFT = workflow.DRAFT, _("草稿")
    SUBMITTED = workflow.SUBMITTED, _("待核稿")
    CHECKED = workflow.CHECKED, _("待签发")
    SIGNED = workflow.SIGNED, _("待印发")
    ISSUED = workflow.ISSUED, _("已印发")
    ARCHIVED = workflow.ARCHIVED, _("已归档")
    DISCARDED = workflow.DISCARDED, _("已弃用")


class ReportForm(models.Model):
    """A kind of report: a manifest and, through ReportTemplate, a Word template."""

    code = models.SlugField(max_length=40, primary_key=True)
    edition = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    unit_kinds = models.JSONField(default=list)
    title = models.CharField(max_length=120)
    addressee = models.CharField(max_length=120, blank=True)
    has_records = models.JSONField(default=list)
    rule_values = models.JSONField(default=dict)
    # How many characters of text the form allows, and how many pieces of material of which kinds of duty.
    length = models.PositiveIntegerField(default=3000)
    material_limit = models.PositiveSmallIntegerField(default=0)
    material_kinds = models.JSONField(default=list)
    material_weights = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("文书种类")
        ordering = ["code"]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class ReportTemplate(models.Model):
    """A version of a form's Word template: the standard one (no unit), or a unit's own. The newest is in force."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    form = models.ForeignKey(ReportForm, on_delete=models.PROTECT, related_name="templates")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="report_templates")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("文书模板")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.form} {self.created_at:%Y-%m-%d}"


class Report(models.Model):
    """A document of a unit over a period. From its signature on neither text nor figures change.

    `revision` counts the changes of the text; `edits` are what writers changed in it, by the anchor of the paragraph.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=16, unique=True)
    form = models.ForeignKey(ReportForm, on_delete=models.PROTECT)
    template = models.ForeignKey(ReportTemplate, on_delete=models.PROTECT)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reports")
    start = models.DateField()
    end = models.DateField()
    title = models.CharField(max_length=160)
    state = models.CharField(max_length=12, choices=ReportState.choices, default=ReportState.DRAFT)
    as_of = models.DateTimeField()
    document = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True)
    pdf = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    # The document that the PDF was made of, and (wanted, used) of every face that this machine lacks.
    pdf_of = models.CharField(max_length=64, blank=True)
    pdf_faces = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1)
    edits = models.JSONField(default=list)
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="successors")
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    signed_at = models.DateTimeField(null=True)
    signed_by = models.UUIDField(null=True)
    issued_at = models.DateTimeField(null=True)
    issued_by = models.UUIDField(null=True)

    class Meta:
        verbose_name = pgettext_lazy("noun", "文书")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="report_period"),
            models.CheckConstraint(
                condition=~Q(state__in=["issued", "archived"]) | Q(issued_at__isnull=False),
                name="issued_report_has_its_day",
            ),
            models.UniqueConstraint(
                fields=["supersedes"],
                condition=~Q(state="discarded"),
                name="one_successor_of_a_report",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def file_name(self) -> str:
        return f"{self.unit.label}-{self.start:%Y%m%d}-{self.end:%Y%m%d}.docx"

    @property
    def is_out(self) -> bool:
        """Made known: genuine, and never changed again."""
        return self.state in workflow.OUT


class ReportFigure(models.Model):
    """A figure in a report: its name in the template, what is printed, and the rows frozen behind it.

    `code` is the address in the document, permanent and never used again; a figure of an older draft is retired.
    """

    code = models.CharField(max_length=16, unique=True)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="figures")
    name = models.CharField(max_length=60)
    text = models.CharField(max_length=500)
    order = models.PositiveSmallIntegerField()
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("文中数字")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "name"],
                condition=Q(retired_at__isnull=True),
                name="figure_name_once_per_draft",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.text}"


class ReportMaterial(models.Model):
    """An event that a draft could tell, with the facts that rank it, and whether it is told.

    `facts` are what `rules.Facts` names, so that the rank can be computed again; `by_hand` says that a writer decided.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="material")
    subject_uid = models.UUIDField()
    title = models.CharField(max_length=160)
    # What a document prints of it, as of the draft: a record that changes later changes no checked text.
    heading = models.CharField(max_length=120)
    words = models.TextField()
    facts = models.JSONField()
    score = models.PositiveSmallIntegerField()
    rank = models.PositiveSmallIntegerField()
    order = models.PositiveSmallIntegerField(null=True)
    by_hand = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("素材")
        ordering = ["order", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["report", "subject_uid"], name="material_once_per_report"),
            models.UniqueConstraint(fields=["report", "order"], name="material_order_once_per_report"),
        ]

    def __str__(self) -> str:
        return self.title


class ReportComment(models.Model):
    """A remark on a paragraph of a draft, or on the whole of it (no anchor)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="comments")
    anchor = models.CharField(max_length=16, blank=True)
    quote = models.CharField(max_length=80, blank=True)
    text = models.CharField(max_length=500)
    by = models.UUIDField()
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("批注")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text
