"""Numbers as people write them: thousands, shares, the lower bound of official prose."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.core import written


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (999, "999"), (1400, "1,400"), (Decimal("1234.5"), "1,234.5")])
def test_thousands_are_grouped(value: int | Decimal, text: str) -> None:
    assert written.grouped(value) == text


@pytest.mark.parametrize(
    ("top", "bottom", "text"),
    [(1, 3, "33.3"), (2, 3, "66.7"), (1, 8, "12.5"), (1, 2000, "0.1"), (0, 5, "0.0"), (5, 5, "100.0"), (3, 0, "—")],
)
def test_a_share_is_rounded_half_up_and_an_empty_denominator_has_none(top: int, bottom: int, text: str) -> None:
    assert written.percent(top, bottom) == text


def test_a_half_is_rounded_up_not_to_even() -> None:
    assert (written.percent(25, 1000, 0), written.percent(125, 1000, 0)) == ("3", "13")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (7, "7"),
        (19, "19"),
        (20, "20"),
        (25, "25"),
        (373, "370余"),
        (405, "400余"),
        (700, "700"),
        (734, "700余"),
        (1999, "1900余"),
        (10_400, "10000余"),
    ],
)
def test_prose_says_the_lower_bound(value: int, text: str) -> None:
    assert written.lower_bound(value) == text


@given(st.integers(0, 10**9))
def test_prose_never_says_more_than_there_is_and_leaves_at_most_a_twentieth_unsaid(value: int) -> None:
    said = written.lower_bound(value)
    number = int(said.removesuffix("余"))
    assert 0 <= (value - number) * 20 <= value
    assert (number == value) is not said.endswith("余")


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_share_is_within_half_a_tenth_of_the_truth(top: int, bottom: int) -> None:
    assert abs(Decimal(written.percent(top, bottom)) - Decimal(top) * 100 / Decimal(bottom)) <= Decimal("0.0500001")
