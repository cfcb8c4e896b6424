"""The files the architecture tests look at: what git tracks or would; no build folder counts."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {".git", ".venv", "node_modules", "var", "build", "static_vendor", "__pycache__"}


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project. Without git (an unpacked archive) the folders are walked instead."""
    names: list[str] = []
    if shutil.which("git") and (ROOT / ".git").exists():
        listing = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
        names = [name for name in listing.stdout.decode().split("\0") if name]
    if names:
        found = [ROOT / name for name in names]
    else:
        found = [path for path in ROOT.rglob("*") if not NOT_OURS & set(path.relative_to(ROOT).parts)]
    return tuple(sorted({path for path in found if path.is_file()}))


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
