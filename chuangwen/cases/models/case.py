"""Somebody owes somebody a result by a date, with proof, and somebody else accepts it."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from chuangwen.cases import workflow
from chuangwen.cases.models.choices import (
    Asked,
    CaseKind,
    CaseState,
    Channel,
)
from chuangwen.cases.models.reference import CaseCategory
from chuangwen.core.models import Imported
from chuangwen.people.models import Person, Unit
from chuangwen.places.models import Place

# What is open has a deadline and what has ended has none, which the database holds. Asked for in this way, the indexes
# of open cases serve: that a list of states sent along with a query is the one of the index, SQLite cannot know.
OPEN = Q(due_at__isnull=False, withdrawn_at__isnull=True)
# What rights and filters ask of a case.
TOLD = ("kind", "supervised", "confidential", "lead", "unit", "opened_for", "handler", "leader", "opened_by",
        "category", "withdrawn_at", "id")  # fmt: skip


class Case(Imported):
    """`unit` keeps it: its office files it, hands it over and decides. `lead` is who must put it right now.

    `due_at` is the end of the running phase, None once it is closed; `fix_due_at` that of the fix, from which on time
    is reckoned: `on_time` says it of a closed one. `filed_at` and the other moments are of the last time. `revision`
    counts every change, so that two who decide at once are told apart.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=20, unique=True)
    external = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=12, choices=CaseKind.choices)
    category = models.ForeignKey(CaseCategory, on_delete=models.PROTECT, null=True, related_name="cases")
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True, max_length=4000)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.STAFF)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="kept_cases")
    lead = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="lead_cases")
    leader = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="cases_owned")
    handler = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="cases_handled")
    # Whoever of the staff entered it, and the unit that they spoke for; a citizen is a Reporter.
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cases_opened")
    opened_for = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="cases_opened")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="cases")
    address = models.CharField(max_length=200, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    relapse_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="relapses")
    # What gave rise to it, by noun and uid: an answer of a checklist, a figure, a shift.
    origin_noun = models.CharField(max_length=40, blank=True)
    origin_uid = models.UUIDField(null=True)
    state = models.CharField(max_length=12, choices=CaseState.choices, default=CaseState.RECEIVED)
    revision = models.PositiveIntegerField(default=0)
    supervised = models.BooleanField(default=False)
    confidential = models.BooleanField(default=False)
    asked = models.CharField(max_length=12, choices=Asked.choices, blank=True)
    asked_until = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    bounces = models.PositiveSmallIntegerField(default=0)
    # The office has decided between units that passed it on: whom it named keeps it.
    decided = models.BooleanField(default=False)
    reworked = models.PositiveSmallIntegerField(default=0)
    reopened = models.PositiveSmallIntegerField(default=0)
    pressed = models.PositiveSmallIntegerField(default=0)
    received_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    fixed_at = models.DateTimeField(null=True)
    fixed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(null=True)
    fix_due_at = models.DateTimeField(null=True)
    on_time = models.BooleanField(null=True)

    class Meta:
        verbose_name = pgettext_lazy("noun", "事项")
        ordering = ["-received_at", "-id"]
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="case_by_receipt"),
            # Whatever is counted of open cases, within whosever rights, in order or on the map, these two answer
            # without the rows: a row is a page to read, and there are thousands.
            models.Index(fields=["state", "due_at", *TOLD, "lat", "lon"], condition=OPEN, name="case_open_by_due"),
            models.Index(fields=["lat", "lon", "state", "due_at", *TOLD], condition=OPEN, name="case_open_by_point"),
            models.Index(fields=["due_at"], condition=OPEN, name="case_due"),
            # The board counts by lead what ended this month.
            models.Index(
                fields=["lead", "state", "closed_at", "kind", "on_time", "confidential", "withdrawn_at", "id"],
                name="case_by_lead",
            ),
            models.Index(fields=["unit", "-received_at"], name="case_by_keeper"),
            models.Index(fields=["category", "-received_at"], name="case_by_category"),
            models.Index(fields=["lat", "lon", "category"], name="case_by_point"),
            # So does this one of those that ended, for the board.
            models.Index(
                fields=[
                    "closed_at",
                    "state",
                    "kind",
                    "on_time",
                    "confidential",
                    "lead",
                    "unit",
                    "opened_for",
                    "handler",
                    "leader",
                    "opened_by",
                    "withdrawn_at",
                    "id",
                ],
                name="case_by_end",
            ),
            models.Index(fields=["external"], condition=~Q(external=""), name="case_by_external"),
            models.Index(fields=["origin_uid"], condition=Q(origin_uid__isnull=False), name="case_by_origin"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state__in=workflow.OPEN, due_at__isnull=False) | Q(state__in=workflow.ENDED, due_at=None)),
                name="case_open_has_a_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(state=workflow.CLOSED) | Q(closed_at__isnull=False), name="case_closed_has_a_moment"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(*workflow.AT_UNIT, workflow.FIXED)) | Q(lead__isnull=False),
                name="case_under_way_has_a_lead",
            ),
            models.CheckConstraint(
                condition=(Q(state=workflow.MERGED, into__isnull=False) | (~Q(state=workflow.MERGED) & Q(into=None))),
                name="case_merged_into_another",
            ),
            models.CheckConstraint(condition=Q(into=None) | ~Q(into=F("pk")), name="case_not_into_itself"),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True)
                | Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90, lon__isnull=False, lat__isnull=False),
                name="case_point_whole_or_none",
            ),
            models.CheckConstraint(
                condition=Q(asked="", asked_until__isnull=True) | (~Q(asked="") & Q(asked_until__isnull=False)),
                name="case_asked_for_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        return self.state in workflow.OPEN

    @property
    def rules_of_kind(self) -> workflow.Kind:
        return workflow.KINDS[self.kind]

    @property
    def where(self) -> str:
        """The place or the address, as a line."""
        return " ".join(part for part in (self.place.name if self.place else "", self.address) if part)
