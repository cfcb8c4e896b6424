"""Which documents count records: what an issued report prints must not lose the records behind it.

Told to the kernel by `wiring`; asked before an import is undone.
"""

import json
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangwen.core.importing import Support, Undoing
from chuangwen.core.models import Import
from chuangwen.metrics import queries as metrics
from chuangwen.metrics.models import Metric, RowSet
from chuangwen.metrics.rules import decompressed
from chuangwen.people.access import Viewer
from chuangwen.people.models import Unit
from chuangwen.reports import queries, workflow
from chuangwen.reports.models import Report, ReportFigure, ReportState


def standing_on(undoing: Undoing) -> QuerySet[Report]:
    """Reports, issued or not, of which a figure that was frozen since the import counts one of its records, or is
    made of them. Only those of its unit, of the units above it and of those below it can.
    """
    path = Unit.everything.get(uid=undoing.source.unit_uid).path
    above = [path[: end + 1] for end, sign in enumerate(path) if sign == "/"]
    branch = Q(report__unit__path__in=above) | Q(report__unit__path__startswith=path)
    figures = ReportFigure.objects.filter(branch, retired_at__isnull=True)
    figures = figures.exclude(report__state=ReportState.DISCARDED).order_by()
    if undoing.source.finished_at:
        figures = figures.filter(snapshot__as_of__gte=undoing.source.finished_at)
    found = _reading(figures, undoing.source)
    return Report.objects.filter(pk__in=_counting(figures, undoing.uids, found)).order_by("-issued_at", "-pk")


def _reading(figures: QuerySet[ReportFigure], source: Import) -> set[int]:
    """Reports with a figure that is made of records which are not the rows frozen behind it, as a count of persons is
    of places in a group: where such records of the import lie in its unit and its period.
    """
    found: set[int] = set()
    asked: dict[tuple[type[Model], int, date, date], bool] = {}
    fields = ["report_id", "snapshot__metric", "snapshot__unit", "snapshot__start", "snapshot__end"]
    made = figures.values_list(*fields).distinct()
    reads = {
        metric.pk: metrics.source_of(metric).reads for metric in Metric.objects.filter(pk__in={row[1] for row in made})
    }
    paths = dict(Unit.everything.filter(pk__in={row[2] for row in made}).values_list("pk", "path"))
    for report, metric, unit, start, end in made:
        for model in reads[metric]:
            key = (model, unit, start, end)
            if key not in asked:
                asked[key] = _has_rows(model, source, paths[unit], start, end)
            if asked[key]:
                found.add(report)
    return found


def _has_rows(model: Any, source: Import, path: str, start: date, end: date) -> bool:
    """Whether the import brought or changed such a record below that unit, of these days where it has one."""
    fields = {field.name for field in model._meta.get_fields()}
    below = {f"{'unit' if 'unit' in fields else 'group'}__path__startswith": path}
    days = {"day__gte": start, "day__lte": end} if "day" in fields else {}
    mine = Q(source=source) | Q(uid__in=source.changes.values("subject_uid"))
    rows: QuerySet[Any] = model.objects.filter(mine, **below, **days)
    return rows.exists()


def _counting(figures: QuerySet[ReportFigure], uids: Collection[UUID], known: set[int]) -> set[int]:
    """With those that are known, the reports of which a figure was frozen with one of these records."""
    reports_of: dict[int, set[int]] = {}
    for report, rows in figures.values_list("report", "snapshot__rows").distinct():
        reports_of.setdefault(rows, set()).add(report)
    wanted = {uid.hex for uid in uids}
    found = set(known)
    for row_set in RowSet.objects.filter(pk__in=reports_of).iterator(chunk_size=20):
        # Once a report is known to stand on them, its other figures need not be unpacked.
        if not reports_of[row_set.pk] <= found and _counts(row_set, wanted):
            found |= reports_of[row_set.pk]
    return found


def _counts(row_set: RowSet, wanted: set[str]) -> bool:
    lines = json.loads(decompressed(bytes(row_set.data)))
    return not wanted.isdisjoint([line[0] for line in lines])


def supports(undoing: Undoing) -> Iterator[Support]:
    """Issued reports keep an import from being undone; of drafts it is said that their figures will move."""
    found = standing_on(undoing)
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
