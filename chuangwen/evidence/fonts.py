"""Finds a font that has Chinese characters, for the words that are drawn into a picture.

Called by the services of evidence. Always holds: what is returned has Chinese characters, as far as fontconfig knows.
"""

import shutil
import subprocess
from functools import cache

from django.conf import settings

LIST = ("--format", "%{file}|%{index}|%{family}|%{style}\n", ":lang=zh-cn")
# Sans and regular are read best over a picture.
GOOD = ("Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "SimHei", "WenQuanYi")


@cache
def chinese_font() -> tuple[str, int] | None:
    """(file, number of the face in it); None where this machine has none."""
    if settings.FONT:
        return settings.FONT, 0
    program = shutil.which("fc-list")
    if program is None:
        return None
    listed = subprocess.run([program, *LIST], capture_output=True, text=True, timeout=20, check=False)  # noqa: S603
    faces = [line.split("|") for line in listed.stdout.splitlines() if line.count("|") == 3]
    # A number above 65535 names an instance of a variable font, which the drawing library does not take.
    usable = [each for each in faces if each[1].isdecimal() and int(each[1]) <= 65535]
    best = min(usable, key=lambda each: _rank(each[2], each[3]), default=None)
    return (best[0], int(best[1])) if best else None


def _rank(family: str, style: str) -> tuple[int, bool, str]:
    known = [place for place, name in enumerate(GOOD) if name in family]
    return min(known, default=len(GOOD)), "Regular" not in style, family
