"""Pages of a list that is never counted to its end: the count stops at a thousand, and deep pages stop too.

Where there are no more rows than the cap, everything is exact, as with Django's own paginator.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

COUNTED = 1000
# The database walks over all rows before a page: whoever is that deep should narrow down instead.
DEEPEST = 200


def capped_count(rows: QuerySet[Any]) -> int:
    """How many rows there are, or one more than COUNTED where there are more; at most that many are walked over."""
    return rows.order_by()[: COUNTED + 1].count()


def as_count(found: int) -> str:
    """What a capped count says: 219, or 1000+."""
    return str(found) if found <= COUNTED else f"{COUNTED}+"


class CappedPage(Page[Any]):
    """A page that knows by one row too many whether another one follows."""

    def __init__(self, rows: Sequence[Any], number: int, paginator: "CappedPaginator", *, follows: bool) -> None:
        super().__init__(rows, number, paginator)
        self.follows = follows

    def has_next(self) -> bool:
        return self.follows and self.number < DEEPEST

    def next_page_number(self) -> int:
        return self.number + 1

    def start_index(self) -> int:
        return (self.number - 1) * self.paginator.per_page + 1 if self.object_list else 0

    def end_index(self) -> int:
        return (self.number - 1) * self.paginator.per_page + len(self.object_list)

    @property
    def deepest(self) -> bool:
        """Whether there are rows that no page shows."""
        return self.follows and self.number >= DEEPEST


class CappedPaginator(Paginator[Any]):
    """`count` is at most COUNTED; `more` says that there are more than that."""

    object_list: QuerySet[Any]

    @cached_property
    def _found(self) -> int:
        return capped_count(self.object_list)

    @cached_property
    def count(self) -> int:
        return min(self._found, COUNTED)

    @property
    def more(self) -> bool:
        return self._found > COUNTED

    @property
    def num_pages(self) -> int:
        return DEEPEST if self.more else super().num_pages

    def page(self, number: Any) -> CappedPage:
        asked = self.validate_number(number)
        rows = self._rows(asked)
        if self.more and not rows:
            # Past the end of a long list: only now is it worth knowing where that is.
            there = self.object_list.order_by()[: DEEPEST * self.per_page].count()
            asked = max(1, -(-there // self.per_page))
            rows = self._rows(asked)
        return CappedPage(rows[: self.per_page], asked, self, follows=len(rows) > self.per_page)

    def _rows(self, number: int) -> list[Any]:
        """The rows of a page and the first one after it. Their keys are found first: sorting thousands of rows whole
        for fifty of them would read all that they hold.
        """
        first = (number - 1) * self.per_page
        keys = self.object_list.select_related(None).values("pk")[first : first + self.per_page + 1]
        return list(self.object_list.filter(pk__in=keys))
