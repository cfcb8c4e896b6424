"""Words as the search index holds them: what a text is cut into, and what is asked of it. Pure: knows no Django.

Every token is plain ASCII letters and digits, so that neither database cuts it again. The first letter says its kind:

- `h` two Chinese characters that stand side by side, five hexadecimal digits each; the last of a run stands alone
- `w` a word of letters and digits
- `i` three initials of pinyin that stand side by side, fewer at the end of a run
- `e` a whole name, number or code, without what stands between its parts

A word of Chinese is found as a phrase of pairs, so it is found in the middle of a text too; a word of letters or digits
is found from its beginning on, a single one only where it stands alone.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import prod

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3007\U00020000-\U0003ffff"
RUN = re.compile(rf"(?P<han>[{HAN}]+)|(?P<word>(?:(?![{HAN}])[^\W_])+)")
LATIN = re.compile(r"[a-z]{2,}")
LONGEST_QUERY = 200
LONGEST_TEXT = 2000
LONGEST_TOKEN = 60
# As many ways to read a run as are worth keeping; beyond, only the common one.
MOST_READINGS = 4
INITIALS = 3


@dataclass(frozen=True)
class Phrase:
    """Tokens that stand side by side; of the last one the beginning is enough where `open_end`."""

    tokens: tuple[str, ...]
    open_end: bool = False


@dataclass(frozen=True)
class Asked:
    """What is looked for: of every word one of its phrases. `exact` is the token of a whole name or number, or ""."""

    words: tuple[tuple[Phrase, ...], ...]
    exact: str = ""


def grams(text: str) -> str:
    """The tokens of an entry. The first line of a text is what the record is called and its numbers; what is below
    only stands around it, and nothing there counts as its own name.
    """
    text = _plain(text[:LONGEST_TEXT])
    names = [token for piece in text.partition("\n")[0].split() if (token := _whole(piece))]
    found = [token for run in RUN.finditer(text) for token in _tokens(run)]
    return " ".join([*dict.fromkeys(names), *found])


def initials(text: str) -> str:
    """The tokens of pinyin initials of every Chinese run, in each of its readings, a gap between any two."""
    runs = (run["han"] for run in RUN.finditer(_plain(text[:LONGEST_TEXT])))
    read = (letters for run in runs if run for letters in _readings(run))
    return " i ".join(" ".join(_triples(letters)) for letters in dict.fromkeys(read))


def asked(words: str) -> Asked:
    """What somebody typed. Signs alone ask for nothing."""
    plain = _plain(words[:LONGEST_QUERY]).strip()
    found = [phrases for word in plain.split() if (phrases := tuple(_phrases(word)))]
    return Asked(tuple(found), _whole(plain) if len(plain.split()) == 1 else "")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _tokens(run: "re.Match[str]") -> list[str]:
    """Of a whole run, as an entry has it."""
    if run["word"]:
        return [_word(run["word"])]
    codes = _codes(run["han"])
    return [f"h{one}{other}" for one, other in zip(codes, [*codes[1:], ""], strict=True)]


def _phrases(word: str) -> Iterator[Phrase]:
    """Of one word: as it is written, and, where it is letters alone, as initials."""
    runs = list(RUN.finditer(word))
    if not runs:
        return
    tokens = [token for run in runs for token in _tokens(run)]
    # Who types 文庙 may mean 文庙路: the last character need not stand alone in the text.
    last = runs[-1]["han"]
    if last and len(last) > 1:
        yield Phrase(tuple(tokens[:-1]))
    else:
        # Single letters and digits begin too much to be looked for.
        yield Phrase(tuple(tokens), open_end=bool(last) or len(tokens[-1]) > 2)
    if LATIN.fullmatch(word):
        short = len(word) < INITIALS
        yield Phrase(tuple([f"i{word}"] if short else _triples(word)[: 1 - INITIALS]), open_end=short)


def _word(word: str) -> str:
    return ("w" + _ascii(word))[:LONGEST_TOKEN]


def _whole(piece: str) -> str:
    """A whole name, number or code (11-0512, demo-primary) as one token, "" for a single sign."""
    letters = "".join(sign for sign in piece if sign.isalnum())
    return ("e" + _ascii(letters))[:LONGEST_TOKEN] if len(letters) > 1 else ""


def _ascii(word: str) -> str:
    return "".join(sign if sign.isascii() else f"z{ord(sign):05x}" for sign in word)


def _codes(run: str) -> list[str]:
    return [f"{ord(sign):05x}" for sign in run]


def _triples(letters: str) -> list[str]:
    return [f"i{letters[start : start + INITIALS]}" for start in range(len(letters))]


@lru_cache(maxsize=20_000)
def _readings(run: str) -> tuple[str, ...]:
    """The initials of a Chinese run: as it is commonly read, then the other ways where they are few."""
    # Reading its dictionaries takes a quarter of a second, which only who writes the index has to wait.
    from pypinyin import Style, lazy_pinyin, pinyin  # noqa: PLC0415

    common = "".join(_letter(each) for each in lazy_pinyin(run, style=Style.NORMAL, errors=_unread))
    read = pinyin(run, style=Style.NORMAL, heteronym=True, errors=_unread)
    others = [dict.fromkeys(map(_letter, each)) for each in read]
    if prod(map(len, others)) > MOST_READINGS:
        return (common,)
    return tuple(dict.fromkeys([common, *map("".join, product(*others))]))


def _unread(_signs: str) -> str:
    return "0"


def _letter(read: str) -> str:
    """What no dictionary reads stands as a sign that matches no letter."""
    first = read[:1]
    return first if first.isascii() and first.isalpha() else "0"


def marked(label: str, words: str) -> list[tuple[str, bool]]:
    """The label in pieces, and of each whether it is one of the words; what pinyin found has none."""
    wanted = sorted({re.escape(word) for word in words[:LONGEST_QUERY].split()}, key=len, reverse=True)
    if not wanted:
        return [(label, False)]
    pieces = re.split(f"({'|'.join(wanted)})", label, flags=re.IGNORECASE)
    return [(piece, bool(place % 2)) for place, piece in enumerate(pieces) if piece]
