"""Words as the search index holds them: what a text is cut into, and what is asked of it. Pure: knows no Django.

Every token is plain ASCII letters and digits, so that neither database cuts it again. The first letter says its kind:

- `h` two Chinese characters that stand side by side, five hexadecimal digits each; the last of a run stands alone
- `w` a word of letters and digits
- `i` three initials of pinyin that stand side by side, fewer at the end of a run
- `e` a whole number or code, without what stands between its parts
- `n` the noun of the entry

A word of Chinese is found as a phrase of pairs, so it is found in the middle of a text too; a word of letters or digits
is found from its beginning on.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

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
    """What is looked for: of every word one of its phrases. `exact` is the token of a whole number, or ""."""

    words: tuple[tuple[Phrase, ...], ...]
    exact: str = ""


def noun_token(noun: str) -> str:
    return "n" + re.sub(r"[^a-z0-9]", "", noun)


def grams(noun: str, text: str) -> str:
    """The tokens of an entry. The first line of a text is what the record is called and its numbers; what is below
    only stands around it, and no number there counts as its own.
    """
    text = _plain(text[:LONGEST_TEXT])
    numbers = [token for piece in text.partition("\n")[0].split() if (token := _number(piece))]
    found = [token for run in RUN.finditer(text) for token in _tokens(run)]
    return " ".join([noun_token(noun), *numbers, *found])


def initials(text: str) -> str:
    """The tokens of pinyin initials of every Chinese run, in each of its readings, a gap between any two."""
    runs = (run["han"] for run in RUN.finditer(_plain(text[:LONGEST_TEXT])))
    read = (letters for run in runs if run for letters in _readings(run))
    return " i ".join(" ".join(_triples(letters)) for letters in dict.fromkeys(read))


def asked(words: str) -> Asked:
    """What somebody typed. Signs alone ask for nothing."""
    plain = _plain(words[:LONGEST_QUERY]).strip()
    found = [phrases for word in plain.split() if (phrases := tuple(_phrases(word)))]
    return Asked(tuple(found), _number(plain) if len(plain.split()) == 1 else "")


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
    ends_in_pair = bool(runs[-1]["han"]) and len(runs[-1]["han"]) > 1
    yield Phrase(tuple(tokens[:-1] if ends_in_pair else tokens), open_end=not ends_in_pair)
    if LATIN.fullmatch(word):
        short = len(word) < INITIALS
        yield Phrase(tuple([f"i{word}"] if short else _triples(word)[: 1 - INITIALS]), open_end=short)


def _word(word: str) -> str:
    return ("w" + _ascii(word))[:LONGEST_TOKEN]


def _number(piece: str) -> str:
    """A whole number or code (11-0512, demo-primary) as one token, "" for any other word."""
    letters = "".join(sign for sign in piece if sign.isalnum())
    if len(letters) < 2 or not (re.search(r"[0-9]", letters) or re.fullmatch(r"[a-z]+(-[a-z]+)+", piece)):
        return ""
    return ("e" + _ascii(letters))[:LONGEST_TOKEN]


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

    common = "".join(_letter(each) for each in lazy_pinyin(run, style=Style.FIRST_LETTER, errors=_unread))
    others = pinyin(run, style=Style.FIRST_LETTER, heteronym=True, errors=_unread)
    ways = 1
    for each in others:
        ways *= len(each)
    if ways > MOST_READINGS:
        return (common,)
    return tuple(dict.fromkeys([common, *("".join(map(_letter, each)) for each in product(*others))]))


def _unread(signs: str) -> list[str]:
    return ["0"] * len(signs)


def _letter(read: str) -> str:
    """A character that no dictionary reads keeps its place and matches no letter."""
    return read if len(read) == 1 and "a" <= read <= "z" else "0"
