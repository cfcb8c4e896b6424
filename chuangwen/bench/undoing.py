"""bench undo: 50,000 outcomes taken back, against bringing them in, while an issued report stands on others.

Both are measured in the same child process on the same rows, the best of three of each.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from chuangwen.bench import school
from chuangwen.bench.runner import Result, child

WORKER = "chuangwen.bench.undoing_worker"
ROWS, OTHERS = 50_000, 5_000
TURNS = 3
LIMITS = {"undo_vs_import": 1.5}


def bench(rows: int = ROWS, others: int = OTHERS, turns: int = TURNS) -> Result:
    measured: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="chuangwen-bench-") as folder:
        base = Path(folder)
        fresh = base / "fresh"
        child(WORKER, "prepare", data=fresh)
        school.write(base / "rows.xlsx", rows)
        for _turn in range(turns):
            data = base / "run"
            shutil.copytree(fresh, data)
            measured.append(child(WORKER, str(base / "rows.xlsx"), str(rows), str(others), data=data))
            shutil.rmtree(data)
    brought, undone = (min(each[key] for each in measured) for key in ("import_seconds", "undo_seconds"))
    details = {
        "rows": measured[0]["rows"],
        "figures_standing": measured[0]["figures"],
        "rows_standing": measured[0]["frozen"],
        "import_seconds": [each["import_seconds"] for each in measured],
        "undo_seconds": [each["undo_seconds"] for each in measured],
    }
    return Result("undo", {"undo_vs_import": undone / brought}, LIMITS, details)
