"""bench import: a workbook of 50,000 outcomes brought in, against the plain bulk_create of the same rows.

Time is the best of three, the two in turn; memory is the peak of the child process, for 50,000 and 200,000 rows.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from chuangwen.bench import school
from chuangwen.bench.runner import Result, child

WORKER = "chuangwen.bench.importing_worker"
ROWS, MANY = 50_000, 200_000
TURNS = 3
LIMITS = {"import_vs_bulk_create": 4, "rss_growth_mb_50k": 200, "rss_200k_vs_50k": 1.3}


def bench(rows: int = ROWS, many: int = MANY, turns: int = TURNS) -> Result:
    with tempfile.TemporaryDirectory(prefix="chuangwen-bench-") as folder:
        base = Path(folder)
        fresh = base / "fresh"
        child(WORKER, "prepare", data=fresh)
        for name, count in (("rows", rows), ("many", many)):
            school.write(base / f"{name}.xlsx", count)
        brought, created = [], []
        for _turn in range(turns):
            brought.append(_run(base, fresh, "import", str(base / "rows.xlsx"), str(rows)))
            created.append(_run(base, fresh, "bulk", "-", str(rows)))
        large = _run(base, fresh, "import", str(base / "many.xlsx"), str(many))
    return _result(brought, created, large)


def _run(base: Path, fresh: Path, *arguments: str) -> dict[str, Any]:
    data = base / "run"
    shutil.copytree(fresh, data)
    try:
        return child(WORKER, *arguments, data=data)
    finally:
        shutil.rmtree(data)


def _result(brought: list[dict[str, Any]], created: list[dict[str, Any]], large: dict[str, Any]) -> Result:
    quickest, plain = (min(each["seconds"] for each in runs) for runs in (brought, created))
    peak = min(each["peak_mb"] for each in brought)
    ratios = {
        "import_vs_bulk_create": quickest / plain,
        "rss_growth_mb_50k": min(each["growth_mb"] for each in brought),
        "rss_200k_vs_50k": large["peak_mb"] / peak,
    }
    details = {
        "rows": brought[0]["rows"],
        "import_seconds": [each["seconds"] for each in brought],
        "bulk_create_seconds": [each["seconds"] for each in created],
        "rows_large": large["rows"],
        "import_seconds_large": large["seconds"],
        "peak_mb": peak,
        "peak_mb_large": large["peak_mb"],
    }
    return Result("import", ratios, LIMITS, details)
