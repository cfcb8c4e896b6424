"""The child process of `bench import`: one measurement in a database of its own, printed as one line of JSON.

prepare             an empty database with the school
import FILE COUNT   bring the workbook in
bulk - COUNT        bulk_create of the same rows
"""

import json
import resource
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import django
from django.core.management import call_command

BATCH = 500
CHUNK = 1024 * 1024
KB_PER_MB = 1024


def main(arguments: list[str]) -> None:
    django.setup()
    verb, *rest = arguments
    measured = _prepare() if verb == "prepare" else {"import": _import, "bulk": _bulk}[verb](rest[0], int(rest[1]))
    sys.stdout.write(json.dumps(measured) + "\n")


def _prepare() -> dict[str, Any]:
    from chuangwen.bench import school  # noqa: PLC0415 - models can only be imported after setup

    call_command("migrate", verbosity=0)
    school.found()
    return {}


def _import(file: str, count: int) -> dict[str, Any]:
    from chuangwen.bench import school  # noqa: PLC0415 - as above
    from chuangwen.core.models import ImportState  # noqa: PLC0415
    from chuangwen.interop import services  # noqa: PLC0415

    actor, unit = school.found()
    before = _resident_kb()
    started = perf_counter()
    with Path(file).open("rb") as source:
        chunks = iter(lambda: source.read(CHUNK), b"")
        taken = services.take_workbook(actor, unit=unit, name=Path(file).name, chunks=chunks)
    done = services.bring_in(taken)
    seconds = perf_counter() - started
    if done.state != ImportState.DONE or done.rows != count:
        raise RuntimeError(f"{done.state}, {done.rows} rows: {done.problems[:3]}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "seconds": round(seconds, 3),
        "rows": done.rows,
        "peak_mb": round(peak / KB_PER_MB, 1),
        "growth_mb": round((peak - before) / KB_PER_MB, 1),
    }


def _bulk(_file: str, count: int) -> dict[str, Any]:
    from chuangwen.bench import school  # noqa: PLC0415 - as above
    from chuangwen.duties.models import Outcome  # noqa: PLC0415
    from chuangwen.interop import services  # noqa: PLC0415

    actor, unit = school.found()
    classes = {child.short_name: child.pk for child in unit.children.all()}
    source = services.take_workbook(actor, unit=unit, name="bulk.xlsx", chunks=[b"-"])
    rows = [
        Outcome(
            kind_id=line.kind,
            amount=line.amount,
            unit_id=classes[line.unit],
            day=line.day,
            at=line.at,
            note=line.note,
            recorded_by=actor.uid,
            source=source,
            source_sheet="成效登记",
            source_row=number,
        )
        for number, line in enumerate(school.lines(count), start=4)
    ]
    started = perf_counter()
    Outcome.objects.bulk_create(rows, batch_size=BATCH)
    return {"seconds": round(perf_counter() - started, 3), "rows": len(rows)}


def _resident_kb() -> int:
    """What the process holds now; getrusage knows only the peak."""
    status = Path("/proc/self/status")
    if not status.exists():
        return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1])


if __name__ == "__main__":
    main(sys.argv[1:])
