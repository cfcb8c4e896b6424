"""What every bench and soak shares: names, limits, child processes with a database of their own, the table of docs.

Called by the commands `bench` and `soak`.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from chuangwen.core import clock

Entry = TypeVar("Entry")
ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "testing.md"
# Whatever the user runs the product with is not for a measurement.
OWN = ("DATABASE_URL", "CHUANGWEN_DATA", "CHUANGWEN_PUBLIC_URL", "CHUANGWEN_DEBUG", "DJANGO_SETTINGS_MODULE")


class UnknownName(Exception):
    """No bench or soak goes by that name; the text lists those that there are."""


@dataclass(frozen=True)
class Result:
    """What was measured against what it may be at most."""

    name: str
    ratios: Mapping[str, float]
    limits: Mapping[str, float]
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """A limit for which nothing was measured is missed."""
        return all(self.ratios.get(key, float("inf")) <= limit for key, limit in self.limits.items())

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "ok": self.ok,
            "ratios": {key: round(value, 3) for key, value in self.ratios.items()},
            "limits": dict(self.limits),
            "details": dict(self.details),
        }


@dataclass(frozen=True)
class Soaked:
    """What a soak tried and what failed; `figure` is the line of docs/testing.md."""

    name: str
    rounds: int
    failures: list[str]
    figure: str


Bench = Callable[[], Result]
Soak = Callable[[int, int], Soaked]


def pick(kind: str, entries: Mapping[str, Entry], name: str) -> Entry:
    """The entry of that name; raises UnknownName with the names that there are."""
    if name not in entries:
        raise UnknownName(f"no {kind} is called {name!r}; there are: {', '.join(sorted(entries))}")
    return entries[name]


def child(module: str, *arguments: str, data: Path) -> dict[str, Any]:
    """Run a module of this package in a process of its own, with its own data folder; its last line is JSON."""
    kept = {key: value for key, value in os.environ.items() if key not in OWN}
    environment = kept | {"CHUANGWEN_DATA": str(data), "DJANGO_SETTINGS_MODULE": "chuangwen.settings"}
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError(f"{module} {' '.join(arguments)} failed:\n{done.stderr[-4000:]}")
    said: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return said


def note(table: str, name: str, figure: str, *, document: Path = DOCUMENT) -> None:
    """Put figure and date into the row `name` of the table that stands under `<!-- table -->` in docs/testing.md."""
    text = document.read_text(encoding="utf-8")
    head, mark, rest = text.partition(f"<!-- {table} -->")
    row = re.compile(rf"^\| `{re.escape(name)}` \|.*$", re.MULTILINE)
    new = f"| `{name}` | {figure} | {clock.today().isoformat()} |"
    if not mark or not row.search(rest):
        raise ValueError(f"{document}: no row `{name}` under <!-- {table} -->")
    document.write_text(head + mark + row.sub(lambda _found: new, rest, count=1), encoding="utf-8")
