"""Seasons."""

from datetime import date

import pytest

from chuangwen.places import rules


@pytest.mark.parametrize(
    ("day", "start", "end", "inside"),
    [
        (date(2026, 7, 1), None, None, True),
        (date(2026, 11, 1), 1101, 331, True),
        (date(2026, 3, 31), 1101, 331, True),
        (date(2026, 4, 1), 1101, 331, False),
        (date(2026, 10, 31), 1101, 331, False),
        (date(2026, 6, 1), 601, 930, True),
        (date(2026, 10, 1), 601, 930, False),
        (date(2028, 2, 29), 229, 229, True),
    ],
)
def test_a_season_holds_both_its_ends_and_goes_over_the_turn_of_the_year(
    day: date, start: int | None, end: int | None, *, inside: bool
) -> None:
    assert rules.in_season(day, start, end) is inside


def test_a_day_that_no_year_has_is_none() -> None:
    with pytest.raises(ValueError, match="day"):
        rules.season_number(2, 30)
    assert rules.season_number(2, 29) == 229
