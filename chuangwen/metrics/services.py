"""Loading the catalogue, freezing figures, and keeping the day sums."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from chuangwen.core import clock
from chuangwen.core.errors import Refused
from chuangwen.metrics import queries
from chuangwen.metrics.models import Metric, MetricDay, RowSet, Shape, Snapshot, Style
from chuangwen.metrics.rules import compressed, packed
from chuangwen.metrics.sources import SOURCES, Scope
from chuangwen.people.access import Viewer
from chuangwen.people.models import Unit


@transaction.atomic
def load_reference(tables: Mapping[str, Any]) -> dict[str, int]:
    """Bring the catalogue to what the reference file says. A version on which figures stand never changes.

    A new figure or version gets its day sums, so that dashboards of a city that is there do not miss it.
    """
    new = False
    for sort, row in enumerate(tables["metrics"]):
        if row["source"] not in SOURCES:
            raise Refused(f"metric {row['key']}: unknown source {row['source']}")
        values = {key: value for key, value in row.items() if key not in {"key", "version"}}
        values = {"valid_from": date(2026, 1, 1), **values, "sort": sort}
        _refuse_new_meaning(row)
        if Metric.objects.filter(name=row["name"]).exclude(key=row["key"]).exists():
            raise Refused(f"metric {row['key']}: the name {row['name']} belongs to another figure")
        _metric, made = Metric.objects.update_or_create(key=row["key"], version=row.get("version", 1), defaults=values)
        new = new or made
    root = Unit.objects.filter(parent__isnull=True).first()
    if new and root:
        refresh_days(root.uid)
    return {"metrics": len(tables["metrics"])}


def _refuse_new_meaning(row: Mapping[str, Any]) -> None:
    standing = Metric.objects.filter(key=row["key"], version=row.get("version", 1)).first()
    if standing is None or not Snapshot.objects.filter(metric=standing).exists():
        return
    said = (row["source"], row.get("params", {}), row.get("shape", Shape.SUM), row.get("style", Style.EXACT))
    if (*said, row["definition"]) != (*_meaning(standing), standing.definition):
        raise Refused(
            f"metric {standing.urn}: documents stand on it, so its meaning cannot change",
            mend="give the new meaning the next version",
        )


def _meaning(metric: Metric) -> tuple[object, ...]:
    return metric.source, metric.params, metric.shape, metric.style


@transaction.atomic
def freeze(viewer: Viewer, metric: Metric, scope: Scope) -> Snapshot:
    """What the metric says now and which rows it counts. Equal row sets are stored once."""
    queries.require_figures(viewer, scope.unit)
    noun_key = queries.source_of(metric).noun
    data = packed(queries.frozen_state(metric, scope))
    digest = queries.content_digest(noun_key, data)
    defaults = {"noun": noun_key, "count": data.count(b"],[") + (len(data) > 2), "data": compressed(data)}
    row_set, _created = RowSet.objects.get_or_create(digest=digest, defaults=defaults)
    value = queries.value(metric, scope)
    return Snapshot.objects.create(
        metric=metric,
        unit=scope.unit,
        start=scope.start,
        end=scope.end,
        subject_uid=scope.record,
        as_of=clock.now(),
        numerator=value.numerator,
        denominator=value.denominator,
        text=value.text,
        rows=row_set,
    )


@transaction.atomic
def refresh_days(unit_uid: UUID, day: date | None = None) -> int:
    """Make the day sums of a unit and everything below it anew, of one day or of all; returns how many rows.

    Safe to repeat.
    """
    unit = Unit.objects.get(uid=unit_uid)
    # One refresh at a time, also of units above and below: two would both delete, and then both insert.
    list(Unit.objects.select_for_update(no_key=True).filter(parent__isnull=True).values_list("pk"))
    scope = Scope(unit, day or date.min, day or date.max)
    # By the units and not by a join: PostgreSQL, which has no statistics of rows that have just come, takes minutes.
    MetricDay.objects.filter(scope.days(), unit__in=Unit.everything.filter(path__startswith=unit.path)).delete()
    now = clock.now()
    made: list[MetricDay] = []
    for metric in queries.catalogue():
        if queries.adds_up_over_days(metric):
            made += _days_of(metric, scope, now)
    MetricDay.objects.bulk_create(made, batch_size=1000)
    return len(made)


def _days_of(metric: Metric, scope: Scope, now: Any) -> list[MetricDay]:
    rows = queries.rows(metric, scope).order_by().values("unit", "day")
    sums = {"top": Sum("numerator")}
    if metric.shape == Shape.RATE:
        sums["bottom"] = Sum("denominator")
    return [
        MetricDay(
            metric=metric,
            unit_id=row["unit"],
            day=row["day"],
            numerator=row["top"],
            denominator=row.get("bottom"),
            as_of=now,
        )
        for row in rows.annotate(**sums)
    ]
