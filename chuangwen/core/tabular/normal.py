"""Brings text that people type to one form: widths, spaces, dashes, Chinese numerals. Used by cells and
columns.

Pure functions of text; none raises.
"""

import re
import unicodedata
from functools import lru_cache

_DASHES = re.compile(r"[‐‑‒–—―−－ー_~～]+")
_SPACES = re.compile(r"\s+")
_BRACKETS = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]")
_NOISE = re.compile(r"[\s*★:,.、。]+")
_NUMERAL = re.compile(r"[〇零一二两三四五六七八九十百千万]+")
_DIGITS = {char: str(value) for value, char in enumerate("零一二三四五六七八九")} | {"〇": "0", "两": "2"}
_PLACES = {"十": 10, "百": 100, "千": 1000}


def tight(text: str) -> str:
    """Half-width and without any space: "２０２６ 年" gives "2026年"."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text))


def plain_code(text: str) -> str:
    """A code in lower case with one kind of dash: "Ｃ９８—１" gives "c98-1"."""
    return _DASHES.sub("-", tight(text)).lower()


@lru_cache(maxsize=2048)
def heading(text: str) -> str:
    """What is left of a heading for comparing: no units in brackets, spaces, line breaks, asterisks or
    colons.
    """
    return _NOISE.sub("", _BRACKETS.sub("", tight(text))).lower()


def with_arabic(text: str) -> str:
    """Every run of Chinese numerals as digits: "二〇二六年十二月" gives "2026年12月"."""
    return _NUMERAL.sub(lambda match: _arabic(match[0]), text)


def _arabic(numeral: str) -> str:
    if not any(char in numeral for char in "十百千万"):
        return "".join(_DIGITS[char] for char in numeral)
    total = section = digit = 0
    for char in numeral:
        if char == "万":
            total, section, digit = (section + digit or 1) * 10000, 0, 0
        elif char in _PLACES:
            section, digit = section + (digit or 1) * _PLACES[char], 0
        else:
            digit = int(_DIGITS[char])
    return str(total + section + digit)
