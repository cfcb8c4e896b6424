"""How material for a report is ranked, and which numbers of a text are typed by hand. Pure.

Called by `material`, `desk` and services. Always holds: the rank of a piece depends on its facts and on the weights of
the form, on nothing else; two pieces that exchange their facts exchange their ranks.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FULL = 1000
FEATURES = ("size", "change", "rarity", "spread", "photo", "story", "fresh")
DEFAULT_WEIGHTS = {"size": 2, "change": 1, "rarity": 2, "spread": 1, "photo": 2, "story": 4, "fresh": 3}


@dataclass(frozen=True)
class Facts:
    """What is known of one event that a report could tell.

    `size`: `heads` on site or, where there are none, what came of it. `target`: what was `planned`, else the mean of
    its kind in the period, 0 where there is neither. `previous`: the size of the event before it of the same
    arrangement, None for the first. `siblings`: events of the same arrangement in the period, itself included.
    `reached` of `units`: parts of the unit that took part in the arrangement. `used`: told in the unit's last document
    of the form.
    """

    size: int
    heads: int
    target: int
    planned: bool
    previous: int | None
    siblings: int
    reached: int
    units: int
    photos: int
    story: bool
    used: bool


def features(facts: Facts) -> dict[str, int]:
    """Every feature from 0 to 1000.

    size: size ÷ target, 1000 at twice the target and above. change: from −100 % (0) over none (500) to +100 % (1000).
    rarity: 1000 ÷ siblings. spread: reached ÷ units. photo, story, fresh: all or nothing.
    """
    size = min(facts.size * FULL // (2 * facts.target), FULL) if facts.target else FULL // 2
    change = FULL // 2
    if facts.previous:
        moved = (facts.size - facts.previous) * FULL // facts.previous
        change = (min(max(moved, -FULL), FULL) + FULL) // 2
    return {
        "size": size,
        "change": change,
        "rarity": FULL // facts.siblings,
        "spread": facts.reached * FULL // facts.units if facts.units else 0,
        "photo": FULL * (facts.photos > 0),
        "story": FULL * facts.story,
        "fresh": FULL * (not facts.used),
    }


def score(facts: Facts, weights: Mapping[str, int]) -> int:
    """The weighted mean of the features, 0 to 1000."""
    known = features(facts)
    total = sum(weights.get(name, 0) for name in FEATURES)
    return sum(known[name] * weights.get(name, 0) for name in FEATURES) // total if total else 0


def ranked(known: Mapping[str, Facts], weights: Mapping[str, int]) -> list[str]:
    """The keys, best first; equal ones in the order in which they were given."""
    return sorted(known, key=lambda key: -score(known[key], weights))


def fitting(lengths: Sequence[int], *, room: int, limit: int) -> int:
    """How many pieces from the first on may be told: at most `limit`, and no more characters than `room`."""
    count, used = 0, 0
    for length in lengths[:limit]:
        used += length
        if used > room:
            break
        count += 1
    return count


_MARK = re.compile("⟦([^⟦⟧]*)⟧")
# A number of the text, but not a day, a time, an ordinal or the number of a document.
_NUMBER = re.compile(r"(?<![\d.,第〔])\d[\d,]*(?:\.\d+)?(?:余|%)?(?![\d年月日时点分号〕])")


_DAY = re.compile(r"\d{1,2}月\d{1,2}日")


def _typed(wording: str) -> list[str]:
    """The numbers and days of a wording that are no marks; full-width digits count as their plain ones."""
    text = unicodedata.normalize("NFKC", plain(wording))
    return _NUMBER.findall(text) + _DAY.findall(text)


def one_line(text: str) -> str:
    """The wording without the line ends and the outer space that a text field adds."""
    return " ".join(text.split("\n")).replace("\r", "").strip()


def plain(wording: str) -> str:
    """The wording without its marks: only what was typed."""
    return _MARK.sub("\0", wording)


def retyped(text: str, standing: str, printed: Mapping[str, str]) -> list[str]:
    """The figures whose mark stood in the paragraph, was taken out, and whose number is now typed by hand."""
    typed = set(_typed(text))
    gone = [name for name in marks(standing) if name not in marks(text)]
    return [name for name in gone if printed.get(name, "") in typed]


def typed_numbers(text: str, was: str) -> list[str]:
    """The numbers in a writer's wording that neither a mark nor the paragraph before bears out."""
    before = set(_typed(was))
    return [number for number in dict.fromkeys(_typed(text)) if number not in before]


def taken_out(text: str, was: str) -> list[str]:
    """The figures that the paragraph named before and names no more."""
    return [name for name in dict.fromkeys(marks(was)) if name not in marks(text)]


def marks(wording: str) -> list[str]:
    """The names of the figures whose marks stand in a wording."""
    return _MARK.findall(wording)


def spoken(wording: str, printed: Mapping[str, str]) -> str:
    """The wording as it is read: marks as their values, or their names where the draft has them no more."""
    return _MARK.sub(lambda mark: printed.get(mark.group(1), mark.group(1)), wording).replace("**", "")
