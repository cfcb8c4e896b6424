"""Holds every signed and issued report to the event that signed it. Called by `script/manage verify`."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from chuangwen.core import events
from chuangwen.core.models import Event
from chuangwen.reports import workflow
from chuangwen.reports.models import Report, ReportState
from chuangwen.reports.queries import figures_digest

SIGNED, ISSUED = "report.signed", "report.issued"
Said = Mapping[UUID | None, dict[str, Any]]


def verify_reports() -> Iterator[events.Fault]:
    """Every report whose document or figures are not those that were signed, and every issued one that is gone."""
    signed, issued = _said(SIGNED), _said(ISSUED)
    held = Report.objects.filter(state__in=[ReportState.SIGNED, *workflow.OUT]).select_related("document")
    for report in held.order_by("id").iterator():
        for what in _faults(report, signed, issued):
            yield events.Fault(f"report {report.code}", what)
    out = set(Report.objects.filter(state__in=workflow.OUT).values_list("uid", flat=True))
    for uid in issued:
        if uid not in out:
            yield events.Fault(f"report {uid}", "it was issued, and no longer is")


def _said(verb: str) -> Said:
    return {event.subject_uid: event.data for event in Event.objects.filter(verb=verb).order_by("id")}


def _faults(report: Report, signed: Said, issued: Said) -> Iterator[str]:
    if report.is_out and report.uid not in issued:
        yield "no event says that it was issued"
        return
    # A report of an earlier version of the program was issued without a signature, and before that without figures.
    said = signed.get(report.uid) or issued.get(report.uid)
    if said is None:
        yield "no event says that it was signed"
        return
    if report.document is None or report.document.sha256 != said["sha256"]:
        yield "its document is not the one that was issued"
    if said.get("figures") not in {None, figures_digest(report)}:
        yield "its figures are not those that were issued"
