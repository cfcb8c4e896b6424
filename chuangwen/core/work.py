"""What waits for a person and what hangs on them, over all nouns: each app declares its part, `wiring` brings them
together. `web` shows what waits; `people` hands over what hangs on a person.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise

from chuangwen.core.paging import as_count

Text = str | Promise
# An app gives at most so many rows; it counts them all.
MOST = 200


@dataclass(frozen=True)
class Item:
    """One piece of work: what it is, where it opens, its state (`state` is the sign of the look: new, doing, check,
    over …; `word` says it), by when, and whose it is.
    """

    text: str
    url: str
    state: str = ""
    word: Text = ""
    due: date | None = None
    unit: str = ""


@dataclass(frozen=True)
class Waiting:
    """How many pieces there are, and the first of them, at most MOST, the most urgent first."""

    count: int = 0
    items: Sequence[Item] = ()

    @property
    def said(self) -> str:
        """The count as a page says it: 219, or 1000+ where it was not counted to the end."""
        return as_count(self.count)


def nothing(*_asked: Any) -> Waiting:
    return Waiting()


@dataclass(frozen=True)
class Work:
    """A kind of work.

    `waiting(viewer)` is what waits for the viewer's hand. `held_by(viewer, person)` is what hangs on a person, whoever
    looks: all is counted, and the items are those that the viewer may see. `hand_over(actor, from, to)` moves it, in
    the caller's transaction and under its right and event, and returns how many; it raises Refused where the successor
    cannot take it. None says that it is not moved; `stays` then says what becomes of it.
    """

    key: str
    label: Text
    waiting: Callable[[Any], Waiting] = nothing
    held_by: Callable[[Any, Any], Waiting] = nothing
    hand_over: Callable[[Any, Any, Any], int] | None = None
    stays: Text = ""


@dataclass(frozen=True)
class Found:
    """A kind of work with what there is of it."""

    work: Work
    waiting: Waiting


_works: dict[str, Work] = {}


def add_work(work: Work) -> None:
    _works[work.key] = work


def works() -> list[Work]:
    """All that were declared, in the order in which `wiring` names them."""
    return list(_works.values())


def _found(asked: Callable[[Work], Waiting]) -> list[Found]:
    found = [Found(work, asked(work)) for work in works()]
    return [each for each in found if each.waiting.count]


def waiting_for(viewer: Any, *, only: str = "") -> list[Found]:
    """What waits for the viewer, kinds without anything left out; `only` asks for one kind."""
    if only:
        asked = _works.get(only)
        return [Found(asked, asked.waiting(viewer))] if asked else []
    return _found(lambda work: work.waiting(viewer))


def held(viewer: Any, person: Any) -> list[Found]:
    """What hangs on the person, kinds without anything left out."""
    return _found(lambda work: work.held_by(viewer, person))


def to_hand_over(viewer: Any, person: Any) -> int:
    """How many pieces would be orphaned if the person went."""
    return sum(work.held_by(viewer, person).count for work in works() if work.hand_over)
