"""bench places: what the map asks at 100,000 places against the same at 1,000, one database, in turn.

A view of a street, the view of the whole city, and the ten nearest places to a point. Median of 21 interleaved turns.
"""

import tempfile
from pathlib import Path
from typing import Any

from chuangwen.bench.runner import Result, child

WORKER = "chuangwen.bench.places_worker"
FEW, MANY = 1_000, 100_000
TURNS = 21
LIMITS = {"viewport_street": 3, "viewport_city": 3, "nearest_10": 3}


def bench(few: int = FEW, many: int = MANY, turns: int = TURNS) -> Result:
    measured: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="chuangwen-bench-") as folder:
        measured = child(WORKER, str(few), str(many), str(turns), data=Path(folder))
    medians = measured["milliseconds"]
    ratios = {key: medians[key][1] / medians[key][0] for key in LIMITS}
    return Result("places", ratios, LIMITS, measured)
