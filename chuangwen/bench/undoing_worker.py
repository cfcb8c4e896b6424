"""The child process of `bench undo`: one measurement in a database of its own, printed as one line of JSON.

prepare              an empty database with the school
FILE COUNT OTHERS    bring the workbook in, freeze a report over OTHERS further rows, take the workbook back
"""

import json
import sys
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import django
from django.core.management import call_command

CHUNK = 1024 * 1024


def main(arguments: list[str]) -> None:
    django.setup()
    measured = _prepare() if arguments == ["prepare"] else _measure(arguments[0], *map(int, arguments[1:]))
    sys.stdout.write(json.dumps(measured) + "\n")


def _prepare() -> dict[str, Any]:
    from chuangwen.bench import school  # noqa: PLC0415 - models can only be imported after setup

    call_command("migrate", verbosity=0)
    school.found()
    return {}


def _measure(file: str, count: int, others: int) -> dict[str, Any]:
    from chuangwen.bench import school  # noqa: PLC0415 - as above
    from chuangwen.core.models import ImportState  # noqa: PLC0415
    from chuangwen.duties.models import Outcome  # noqa: PLC0415
    from chuangwen.interop import services  # noqa: PLC0415

    actor, unit = school.found()
    started = perf_counter()
    with Path(file).open("rb") as source:
        chunks = iter(lambda: source.read(CHUNK), b"")
        taken = services.take_workbook(actor, unit=unit, name=Path(file).name, chunks=chunks)
    done = services.bring_in(taken)
    brought = perf_counter() - started
    figures, frozen = _report_on_others(actor, unit, others)
    started = perf_counter()
    services.undo(actor, done, reason="bench")
    undone = services.withdraw(done, undone_by=actor.uid, reason="bench")
    seconds = perf_counter() - started
    left = Outcome.objects.filter(source=done).count()
    if undone.state != ImportState.UNDONE or left or done.rows != count:
        raise RuntimeError(f"{undone.state}, {left} rows left of {done.rows}")
    return {
        "rows": done.rows,
        "figures": figures,
        "frozen": frozen,
        "import_seconds": round(brought, 3),
        "undo_seconds": round(seconds, 3),
    }


def _report_on_others(actor: Any, unit: Any, count: int) -> tuple[int, int]:
    """An issued report over days before those of the workbook; returns its figures and the rows frozen behind them."""
    from chuangwen.bench import school  # noqa: PLC0415 - as above
    from chuangwen.metrics import queries as metrics  # noqa: PLC0415
    from chuangwen.metrics.services import freeze  # noqa: PLC0415
    from chuangwen.metrics.sources import Scope  # noqa: PLC0415
    from chuangwen.reports.models import ReportFigure  # noqa: PLC0415

    first = school.FIRST_DAY - timedelta(days=60)
    _others(actor, unit, count, first)
    scope = Scope(unit, first, school.FIRST_DAY - timedelta(days=1))
    report = _issued(actor, scope)
    snapshots = [freeze(actor, metric, scope) for metric in metrics.catalogue() if not metric.confidential]
    for number, snapshot in enumerate(snapshots):
        said = {"name": snapshot.metric.name, "text": snapshot.text, "order": number, "snapshot": snapshot}
        ReportFigure.objects.create(code=f"bench{number}", report=report, **said)
    return len(snapshots), sum(snapshot.rows.count for snapshot in snapshots)


def _others(actor: Any, unit: Any, count: int, first: date) -> None:
    from chuangwen.bench import school  # noqa: PLC0415 - as above
    from chuangwen.duties.models import Outcome  # noqa: PLC0415

    classes = {child.short_name: child.pk for child in unit.children.all()}
    rows = [
        Outcome(
            kind_id=line.kind,
            amount=line.amount,
            unit_id=classes[line.unit],
            day=first + timedelta(days=number % 50),
            recorded_by=actor.uid,
        )
        for number, line in enumerate(school.lines(count))
    ]
    Outcome.objects.bulk_create(rows, batch_size=500)


def _issued(actor: Any, scope: Any) -> Any:
    """The row alone: no document is rendered for a measurement of the import."""
    from chuangwen.core import clock  # noqa: PLC0415 - as above
    from chuangwen.reports import queries as reports  # noqa: PLC0415
    from chuangwen.reports.models import Report, ReportState  # noqa: PLC0415

    form, now = reports.form("primary-school"), clock.now()
    return Report.objects.create(
        code="bench",
        form=form,
        template=reports.standard_template(form),
        unit=scope.unit,
        start=scope.start,
        end=scope.end,
        title="bench",
        state=ReportState.ISSUED,
        as_of=now,
        created_at=now,
        created_by=actor.uid,
        issued_at=now,
        issued_by=actor.uid,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
