"""Division codes and credit codes: what is one and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.people.rules import CREDIT_SIGNS, credit_check_sign, is_credit_code, is_division_code


@pytest.mark.parametrize("code", ["430700", "430702", "110000", "430702001", "430702001001", "810000"])
def test_a_division_code_has_six_nine_or_twelve_digits_and_a_province(code: str) -> None:
    assert is_division_code(code)


@pytest.mark.parametrize("code", ["", "43", "4307021", "990000", "43070a", "４３０７００", "000000", "43070200100100"])
def test_anything_else_is_no_division_code(code: str) -> None:
    assert not is_division_code(code)


@pytest.mark.parametrize("code", ["91350100M000100Y43", "911100007109250324"])
def test_published_credit_codes_hold(code: str) -> None:
    assert is_credit_code(code)


@pytest.mark.parametrize(
    "code", ["", "91350100M000100Y4", "91350100M000100Y44", "91350100m000100y43", "9135010OM000100Y43"]
)
def test_a_credit_code_with_a_slip_does_not_hold(code: str) -> None:
    assert not is_credit_code(code)


@given(st.text(alphabet=CREDIT_SIGNS, min_size=17, max_size=17), st.integers(0, 17), st.sampled_from(CREDIT_SIGNS))
def test_any_single_wrong_sign_is_found(first: str, place: int, wrong: str) -> None:
    whole = first + credit_check_sign(first)
    assert is_credit_code(whole)
    slipped = whole[:place] + wrong + whole[place + 1 :]
    assert is_credit_code(slipped) == (slipped == whole)
