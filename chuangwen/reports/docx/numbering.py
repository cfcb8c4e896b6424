"""The two numbering helpers of a template, and the numbers they print.

Called by `rendering` and `grammar`. Always holds: a number is decided last, when it is known which paragraphs the
document keeps, so that what a writer takes out or adds leaves no gap.
"""

from __future__ import annotations

import re
from collections import Counter

from chuangwen.reports.docx.package import W, parse_xml, text_parts, to_bytes

HELPERS = ("序", "已编")
SERIES_OPEN, SERIES_CLOSE = "\ue0f2", "\ue0f3"

_PLACE = re.compile(f"{SERIES_OPEN}(\\d+){SERIES_CLOSE}")
_DIGITS = "零一二三四五六七八九"
_ORDINAL = f"(?:[{_DIGITS}十]+|[0-9]+)"


class Numbering:
    """The helpers of one rendering: 序("问题") gives 一, 二, 三 …; 已编("问题") how many so far."""

    def __init__(self) -> None:
        self._given: Counter[str] = Counter()
        self._series: dict[str, int] = {}

    def following(self, series: str = "") -> str:
        """A place for the next number, which `set_numbers` fills."""
        self._given[str(series)] += 1
        return f"{SERIES_OPEN}{self._series.setdefault(str(series), len(self._series))}{SERIES_CLOSE}"

    def given(self, series: str = "") -> int:
        return self._given[str(series)]

    def helpers(self) -> dict[str, object]:
        return dict(zip(HELPERS, (self.following, self.given), strict=True))


def chinese_ordinal(number: int) -> str:
    """1 to 99 as in （一）, （十二）; beyond, Arabic digits."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return head + (_DIGITS[ones] if ones or not tens else "")


def set_numbers(parts: dict[str, bytes]) -> None:
    """Put the numbers into their places, in `parts` itself: body first, each series counted for itself."""
    counted: Counter[str] = Counter()

    def number(found: re.Match[str]) -> str:
        counted[found.group(1)] += 1
        return chinese_ordinal(counted[found.group(1)])

    sign = SERIES_OPEN.encode()
    for name in text_parts(parts):
        if sign not in parts[name]:
            continue
        root = parse_xml(parts[name], name)
        for node in root.iter(f"{W}t"):
            if node.text and SERIES_OPEN in node.text:
                node.text = _PLACE.sub(number, node.text)
        parts[name] = to_bytes(root)


class Place:
    """Where a paragraph printed its number: the words before it, its series, the character after it."""

    def __init__(self, found: re.Match[str]) -> None:
        text = found.string
        self._place = found.group(0)
        self._written = re.compile(
            f"({re.escape(text[: found.start()])}){_ORDINAL}({re.escape(text[found.end() : found.end() + 1])})"
        )

    @classmethod
    def of(cls, text: str) -> Place | None:
        """The place in the text of a filled paragraph; None where it has no number of a series."""
        found = _PLACE.search(text)
        return cls(found) if found else None

    def put(self, text: str) -> str:
        """The edited text, its number given back to the series if it stands where the template has it."""
        found = self._written.match(text)
        return text if found is None else f"{found[1]}{self._place}{found[2]}{text[found.end() :]}"
