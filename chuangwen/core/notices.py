"""How a notice becomes a sentence: each kind has a function that makes it when it is shown, for whoever reads it.

So a notice holds no words, and what its reader may no longer see is not told. Filled by `wiring` at start.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chuangwen.core.registry import resolve


@dataclass(frozen=True)
class Told:
    """A notice as its reader sees it: a sentence, and the address that it leads to (may be empty)."""

    text: str
    url: str = ""


# (viewer, notices of one kind) → notice's uid → what it says; a notice left out is not for these eyes any more.
Teller = Callable[[Any, list[Any]], Mapping[UUID, Told]]

_tellers: dict[str, Teller] = {}


def add_notice(kind: str, teller: Teller) -> None:
    _tellers[kind] = teller


def about(sentence: Callable[[str, Any], str]) -> Teller:
    """The teller of a kind whose notices are each about one row of a noun: `sentence(label of the row, notice)`."""

    def tell(viewer: Any, notices: list[Any]) -> dict[UUID, Told]:
        by_noun: dict[str, list[Any]] = defaultdict(list)
        for notice in notices:
            by_noun[notice.noun].append(notice)
        found: dict[UUID, Told] = {}
        for key, rows in by_noun.items():
            refs = resolve(key, viewer, {row.subject_uid for row in rows})
            for row in rows:
                if ref := refs.get(row.subject_uid):
                    found[row.uid] = Told(sentence(ref.label, row), ref.url)
        return found

    return tell


def told(viewer: Any, notices: Iterable[Any]) -> dict[UUID, Told]:
    """Notice's uid → what it says to this viewer. What they may not see is left out."""
    by_kind: dict[str, list[Any]] = defaultdict(list)
    for notice in notices:
        by_kind[notice.kind].append(notice)
    found: dict[UUID, Told] = {}
    for kind, rows in by_kind.items():
        if teller := _tellers.get(kind):
            found.update(teller(viewer, rows))
    return found
