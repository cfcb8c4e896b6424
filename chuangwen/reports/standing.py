"""Which documents count records: what an issued report prints must not lose the records behind it.

Told to the kernel by `wiring`; asked before an import is undone.
"""

import json
from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangwen.core.importing import Support, Undoing
from chuangwen.metrics.models import RowSet
from chuangwen.metrics.rules import decompressed
from chuangwen.people.access import Viewer
from chuangwen.reports import queries, workflow
from chuangwen.reports.models import Report, ReportFigure, ReportState


def standing_on(uids: Collection[UUID], since: datetime | None) -> QuerySet[Report]:
    """Reports, issued or not, of which a figure that was frozen since counts one of these records."""
    figures = ReportFigure.objects.filter(retired_at__isnull=True).exclude(report__state=ReportState.DISCARDED)
    if since:
        figures = figures.filter(snapshot__as_of__gte=since)
    reports_of: dict[int, set[int]] = {}
    for report, rows in figures.order_by().values_list("report", "snapshot__rows").distinct():
        reports_of.setdefault(rows, set()).add(report)
    wanted = {uid.hex for uid in uids}
    found: set[int] = set()
    for row_set in RowSet.objects.filter(pk__in=reports_of).iterator(chunk_size=20):
        # Once a report is known to stand on them, its other figures need not be unpacked.
        if not reports_of[row_set.pk] <= found and _counts(row_set, wanted):
            found |= reports_of[row_set.pk]
    return Report.objects.filter(pk__in=found).order_by("-issued_at", "-pk")


def _counts(row_set: RowSet, wanted: set[str]) -> bool:
    lines = json.loads(decompressed(bytes(row_set.data)))
    return not wanted.isdisjoint([line[0] for line in lines])


def supports(undoing: Undoing) -> Iterator[Support]:
    """Issued reports keep an import from being undone; of drafts it is said that their figures will move."""
    found = standing_on(undoing.uids, undoing.source.finished_at)
    issued = list(found.filter(state__in=workflow.OUT))
    if issued:
        reason = _("%(count)s 份已印发的文书，里面的数用着这里的行") % {"count": len(issued)}
        mend = _("印发过的数不能没有来处：请在页面上逐条更正，或者请负责人先商定这份文书怎么办")
        yield Support(reason, mend, _lines(undoing.viewer, issued), len(issued))
    drafts = list(found.exclude(state__in=workflow.OUT))
    if drafts:
        reason = _("%(count)s 份没有印发的文书，里面的数会变") % {"count": len(drafts)}
        lines = _lines(undoing.viewer, drafts)
        yield Support(reason, _("撤回以后请打开文书，重新取数"), lines, len(drafts), refuses=False)


def _lines(viewer: Viewer, reports: list[Report]) -> list[tuple[str, str]]:
    readable = Report.objects.filter(queries.readable(viewer), pk__in=[each.pk for each in reports])
    seen = set(readable.values_list("pk", flat=True))
    return [(_line(each), reverse("report", args=[each.uid])) for each in reports if each.pk in seen]


def _line(report: Report) -> str:
    said = f"{report.title}（{report.start:%Y-%m-%d}—{report.end:%Y-%m-%d}）"
    if report.issued_at:
        said += _("，%(day)s 印发") % {"day": f"{timezone.localtime(report.issued_at):%Y-%m-%d}"}
    return said + _("，编号 %(code)s") % {"code": report.code}
