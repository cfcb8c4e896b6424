"""Finds the browser that the journeys drive: the system's Chromium or Chrome, else playwright's own.

Used by the fixtures here and, as ``python -m tests.e2e.chromium`` (exit 1: none), by ``script/test``.
"""

import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def candidates() -> list[str]:
    found = [path for name in NAMES if (path := shutil.which(name))]
    if MAC.exists():
        found.append(str(MAC))
    caches = (Path.home() / ".cache" / "ms-playwright", Path.home() / "Library" / "Caches" / "ms-playwright")
    for cache in caches:
        found += map(str, sorted(cache.glob("chromium-*/chrome-*/chrome"), reverse=True))
        found += map(str, sorted(cache.glob("chromium-*/chrome-*/*.app/Contents/MacOS/*"), reverse=True))
    return found


def runs(path: str) -> bool:
    """Some systems install a script of that name that only says how to get the browser."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def find() -> str | None:
    return next((path for path in candidates() if runs(path)), None)


if __name__ == "__main__":
    executable = find()
    sys.stdout.write(f"{executable or 'no Chromium'}\n")
    sys.exit(executable is None)
