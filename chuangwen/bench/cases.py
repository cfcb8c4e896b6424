"""bench cases: the pages of cases at 100,000 cases against the same at 1,000, asked in turn by one process.

Server time of the list, the map, the board, the inbox and the search, for the city's office and for a clerk of a unit:
the worst of each page counts. Median of 21 interleaved turns. Units, places and persons are the same in both worlds.
"""

import tempfile
from pathlib import Path
from typing import Any

from chuangwen.bench.runner import Result, child

WORKER = "chuangwen.bench.cases_worker"
FEW, MANY = 1_000, 100_000
TURNS = 21
LIMITS = {"list": 2, "map": 2, "board": 2, "inbox": 2, "search": 2}
MOST_QUERIES = 12


def bench(few: int = FEW, many: int = MANY, turns: int = TURNS) -> Result:
    measured: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="chuangwen-bench-") as folder:
        measured = child(WORKER, str(few), str(many), str(turns), data=Path(folder))
    return Result("cases", measured.pop("ratios"), LIMITS, measured)
