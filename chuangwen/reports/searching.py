"""Documents as a noun: how they are shown to whoever may read them, and what is searched of them."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from chuangwen.core.digests import digest
from chuangwen.core.registry import Ref
from chuangwen.people.access import Viewer
from chuangwen.reports.models import Report, ReportState
from chuangwen.reports.queries import readable

LABEL = pgettext_lazy("noun", "文书")


def report_refs(viewer: Viewer, uids: Collection[UUID]) -> Mapping[UUID, Ref]:
    rows = Report.objects.filter(readable(viewer), uid__in=uids).exclude(state=ReportState.DISCARDED)
    return {
        row.uid: Ref(
            row.uid,
            f"{row.title} {row.unit.label} {row.start}—{row.end}",
            reverse("report", args=[row.uid]),
        )
        for row in rows.select_related("unit")
    }


def report_digests(uids: Collection[UUID]) -> Mapping[UUID, str]:
    rows = Report.objects.filter(uid__in=uids).exclude(state=ReportState.DISCARDED)
    values = rows.values_list("uid", "code", "unit_id", "start", "end", "document__sha256")
    return {uid: digest(row) for uid, *row in values}


def report_texts(uids: Collection[UUID]) -> Mapping[UUID, str | None]:
    rows = Report.objects.filter(uid__in=uids).exclude(state=ReportState.DISCARDED).select_related("unit", "form")
    return {
        row.uid: f"{row.title} {row.code}\n{row.unit.name} {row.unit.short_name} {row.form.name}"
        f" {row.start:%Y-%m-%d} {row.end:%Y-%m-%d}"
        for row in rows
    }


def every_report() -> Iterable[UUID]:
    return Report.objects.exclude(state=ReportState.DISCARDED).order_by("pk").values_list("uid", flat=True)


def reports_leaning(noun: str, uids: Collection[UUID]) -> Iterable[UUID]:
    return Report.objects.filter(unit__uid__in=uids).values_list("uid", flat=True) if noun == "unit" else ()


# Documents do not come with workbooks.
REPORTS = (report_texts, every_report, None, reports_leaning)
