"""The sentence of the day about cases: how they stand for who hands them over, each number opening to its list."""

from dataclasses import dataclass

from django.urls import reverse

from chuangwen.cases import queries
from chuangwen.cases.lists import CASES
from chuangwen.core.paging import as_count, capped_count
from chuangwen.people.access import Viewer
from chuangwen.people.rules import Perm


@dataclass(frozen=True)
class Number:
    """How many cases a tab of the list has, as the list counts them, and where it opens."""

    count: int
    url: str

    @property
    def text(self) -> str:
        return as_count(self.count)


# The tabs of the list that the sentence names.
NAMED = ("open", "office", "fixed", "over", "supervised")


def today_of_cases(viewer: Viewer) -> dict[str, Number] | None:
    """Tab → number; None for who hands nothing over, whose work the other sentence says."""
    if not viewer.can(Perm.CASE_DISPATCH):
        return None
    conditions = {view.key: view.where for view in CASES.views}
    rows, url = queries.cases(viewer), reverse("cases")
    return {key: Number(capped_count(rows.filter(conditions[key]())), f"{url}?view={key}") for key in NAMED}
