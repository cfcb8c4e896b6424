"""How a page declares its list: columns, filters, views, what can be done with many rows. `core.lists` draws it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Col:
    """A column. `order` is what the database sorts by; `link` makes the cell open something.

    `state` gives a mark of core.marks.State; a value that is a core.marks.Due is drawn as a deadline. `stamp` gives a
    character such as 督 that stands before the text, `second` what stands after it in a paler ink.
    """

    key: str
    label: Text
    value: Callable[[Any], Any]
    order: str = ""
    link: Callable[[Any], str] | None = None
    numeric: bool = False
    state: Callable[[Any], str] | None = None
    width: int = 0
    wide_only: bool = False
    stamp: Callable[[Any], Text] | None = None
    second: Callable[[Any], Text] | None = None


@dataclass(frozen=True)
class Choice:
    """A filter by choice: `choices()` gives (value, label); `where(value)` the condition."""

    key: str
    label: Text
    choices: Callable[[], Iterable[tuple[Any, Any]]]
    where: Callable[[str], Q]


@dataclass(frozen=True)
class View:
    """A tab before the list, with its count. The first one is what the page shows when its address names none."""

    key: str
    label: Text
    where: Callable[[], Q] = Q
    counted: bool = True


@dataclass(frozen=True)
class Action:
    """What can be done with many rows at once; `core.bulk` does it. A `warning` is asked: what cannot be undone."""

    key: str
    label: Text
    warning: Text = ""


@dataclass(frozen=True)
class ListSpec:
    """What a list is. `search` are the columns in which the words of the search field are looked up.

    `day` is the column that 从 and 到 narrow; `day_is_moment` says that it holds moments. `prepare` gets the rows that
    are about to be shown, and may hang on them what their columns need: once for a page, not once for each row.
    `mark` gives a short text that changes when the row changes in a way that matters to `actions`. `phone` names the
    columns of the two lines that a row is on a narrow screen: ((left, right), (left, right)); others are hidden there.
    """

    key: str
    columns: Sequence[Col]
    default_order: str
    choices: Sequence[Choice] = ()
    search: Sequence[str] = ()
    day: str = ""
    day_is_moment: bool = False
    prepare: Callable[[Sequence[Any]], None] | None = None
    empty_title: Text = ""
    empty_text: Text = ""
    total: str = ""
    views: Sequence[View] = ()
    actions: Sequence[Action] = ()
    mark: Callable[[Any], str] | None = None
    phone: tuple[tuple[str, str], tuple[str, str]] | None = None


@dataclass(frozen=True)
class Bulk:
    """Which of the spec's actions this viewer may take, and the address that takes them."""

    url: str
    keys: Sequence[str]


@dataclass(frozen=True)
class Kept:
    """A view that somebody saved: its name and its address, written as `kept_query` writes it."""

    uid: UUID
    name: str
    query: str
