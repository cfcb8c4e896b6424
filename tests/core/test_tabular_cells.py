"""What the cell parsers take from people's typing, and what they refuse by name."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.core.tabular import (
    BadCell,
    Cell,
    FormulaError,
    a_choice,
    a_code,
    a_date,
    a_decimal,
    a_text,
    a_time,
    a_yes_no,
    an_integer,
    optional,
)
from chuangwen.core.tabular.normal import with_arabic

DAY = dt.date(2026, 4, 2)


def refusal(parser: Callable[[Cell], object], cell: Cell) -> BadCell:
    with pytest.raises(BadCell) as caught:
        parser(cell)
    return caught.value


@pytest.mark.parametrize(
    "written",
    [
        DAY,
        dt.datetime(2026, 4, 2, 8, 30),  # noqa: DTZ001 - Excel knows no zones
        "2026-04-02",
        "2026-4-2",
        "2026/4/2",
        "2026.4.2",
        "20260402",
        20260402,
        20260402.0,
        "2026年4月2日",
        "2026年4月2号",
        " 2026 年 4 月 2 日 ",
        "２０２６年４月２日",
        "２０２６／４／２",
        "二〇二六年四月二日",
        "二零二六年四月二日",
        "2026-04-02 00:00:00",
        "2026年4月2日（星期四）",
        "2026.4.2 周四",
        46114,
        46114.0,
        46114.354,
        "46114",
    ],
)
def test_a_day_is_read_however_an_office_writes_it(written: Cell) -> None:
    assert a_date()(written) == DAY


@pytest.mark.parametrize("written", ["4月2日", "四月二日", "4月2号", "4/2", "4.2"])
def test_a_day_without_year_takes_the_given_year_and_is_refused_without_one(written: str) -> None:
    assert a_date(default_year=2026)(written) == DAY
    assert refusal(a_date(), written).code == "date_without_year"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2026-02-30", "no_such_date"),
        ("2026年13月1日", "no_such_date"),
        ("20260230", "no_such_date"),
        ("待定", "not_a_date"),
        (4.2, "not_a_date"),
        (3, "not_a_date"),
        (True, "not_a_date"),
        (dt.time(8, 30), "not_a_date"),
        ("", "blank"),
        (None, "blank"),
        ("   ", "blank"),
        (FormulaError("#REF!"), "formula_error"),
        ("#N/A", "formula_error"),
        (FormulaError("=TODAY()"), "formula_without_value"),
    ],
)
def test_what_is_no_day_is_refused_by_name(written: Cell, code: str) -> None:
    assert refusal(a_date(default_year=2026), written).code == code


def test_a_day_outside_the_period_is_refused_and_its_ends_are_inside() -> None:
    parse = a_date(earliest=DAY, latest=DAY)
    assert parse("2026-4-2") == DAY
    assert refusal(parse, "2026-4-1").params == {"value": "2026-4-1", "earliest": "2026-04-02"}
    assert refusal(parse, "2026-4-3").code == "date_too_late"


@given(st.dates(dt.date(1955, 1, 1), dt.date(2119, 1, 1)))
def test_every_day_survives_every_way_of_writing_it(day: dt.date) -> None:
    parse, digits = a_date(), "〇一二三四五六七八九"
    assert parse(day.isoformat()) == day
    assert parse(f"{day.year}年{day.month}月{day.day}日") == day
    assert parse(day.strftime("%Y%m%d")) == day
    assert parse((day - dt.date(1899, 12, 30)).days) == day
    assert parse("".join(digits[int(d)] for d in str(day.year)) + f"年{day.month}月{day.day}日") == day


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("8:30", (8, 30)),
        ("8：30", (8, 30)),
        ("08:30:15", (8, 30, 15)),
        ("8点半", (8, 30)),
        ("上午8点半", (8, 30)),
        ("上午八点半", (8, 30)),
        ("下午3时", (15,)),
        ("下午3时20分", (15, 20)),
        ("下午 3:20", (15, 20)),
        ("3:20 PM", (15, 20)),
        ("晚上7点一刻", (19, 15)),
        ("中午12点", (12,)),
        ("12:10 am", (0, 10)),
        ("17时整", (17,)),
        (dt.time(8, 30), (8, 30)),
        (dt.timedelta(hours=8, minutes=30), (8, 30)),
        (0.3541666666666667, (8, 30)),
        (46114.3541666667, (8, 30)),
        (0, (0,)),
    ],
)
def test_a_time_of_day_is_read_however_it_is_written(written: Cell, expected: tuple[int, ...]) -> None:
    hour, minute, second = (*expected, 0, 0)[:3]
    assert a_time()(written) == dt.time(hour, minute, second)


@pytest.mark.parametrize("written", ["25:00", "8:75", "上午", "8", 8, 1.5, dt.timedelta(hours=30), True, "晚上12点"])
def test_what_is_no_time_of_day_is_refused(written: Cell) -> None:
    assert refusal(a_time(), written).code == "not_a_time"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (3, 3),
        (3.0, 3),
        ("3", 3),
        ("３", 3),
        (" 3 次", 3),
        ("三", 3),
        ("三次", 3),
        ("十二", 12),
        ("一百零五", 105),
        ("两千零三十人", 2030),
        ("1,200", 1200),
        ("1,200人", 1200),
        ("3.0", 3),
        ("-4", -4),
        (0, 0),
    ],
)
def test_a_whole_number_is_read_however_it_is_written(written: Cell, expected: int) -> None:
    assert an_integer()(written) == expected


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (2.5, "not_whole"),
        ("2.5", "not_whole"),
        ("约30", "approximate"),
        ("30余人", "approximate"),
        ("12,00", "not_a_number"),
        ("若干", "not_a_number"),
        (True, "not_a_number"),
        (dt.date(1900, 1, 3), "number_is_date"),
        (-1, "negative"),
        ("-1", "negative"),
        (101, "above_maximum"),
        (FormulaError("#DIV/0!"), "formula_error"),
        (float("inf"), "not_a_number"),
    ],
)
def test_what_is_no_count_is_refused_by_name(written: Cell, code: str) -> None:
    assert refusal(an_integer(minimum=0, maximum=100), written).code == code


def test_a_count_below_a_minimum_above_zero_says_the_minimum() -> None:
    assert refusal(an_integer(minimum=1), 0).params == {"value": "0", "minimum": "1"}


@given(st.integers(-(10**12), 10**12))
def test_every_whole_number_survives_every_way_of_writing_it(number: int) -> None:
    parse = an_integer()
    assert parse(number) == parse(float(number)) == parse(str(number)) == parse(f"{number:,}") == number


@given(st.integers(1, 9999))
def test_every_small_number_survives_chinese_numerals(number: int) -> None:
    text, rest = "", number
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, rest = divmod(rest, place)
        if digit:
            text += "零一二三四五六七八九"[digit] + unit
        elif text and rest:
            text += "零"
    assert with_arabic(text) == str(number)


def test_a_decimal_keeps_its_places_and_ignores_binary_noise() -> None:
    parse = a_decimal(2, minimum=0)
    assert parse(0.1 + 0.2) == Decimal("0.30")
    assert str(parse("1,200.5")) == "1200.50"
    assert refusal(parse, "1.234").code == "too_many_places"
    assert refusal(parse, -0.5).code == "negative"
    assert refusal(a_decimal(1, minimum=2), 1).code == "below_minimum"


def test_text_comes_as_excel_shows_it_and_not_longer_than_allowed() -> None:
    parse = a_text(5)
    assert [parse(cell) for cell in (" 文庙 ", 12.0, 1.5, True, "a\r\nb")] == [
        "文庙",
        "12",
        "1.5",
        "是",
        "a\nb",
    ]
    assert parse(dt.time(8, 30)) == "08:30"
    assert refusal(parse, "六个字的文本").params["length"] == "6"
    assert refusal(parse, FormulaError("#NAME?")).code == "formula_error"


def test_a_choice_ignores_width_space_and_case_and_names_the_nearest_word() -> None:
    parse = a_choice({"公共设施维护": 1, "捡拾垃圾": 2, "LED屏": 3}, "类别")
    assert [parse(word) for word in ("公共 设施维护", "ＬＥＤ屏", "led屏", " 捡拾垃圾 ")] == [1, 3, 3, 2]
    near = refusal(parse, "捡垃圾")
    assert (near.code, near.params["nearest"], near.params["what"]) == (
        "unknown_choice_near",
        "捡拾垃圾",
        "类别",
    )
    far = refusal(parse, "唱歌")
    assert (far.code, far.params["known"]) == ("unknown_choice", "公共设施维护、捡拾垃圾、LED屏")


@pytest.mark.parametrize("written", ["c130", "六年级"])
def test_another_number_is_no_slip_and_many_words_are_counted(written: str) -> None:
    far = refusal(a_choice({f"c{number}": number for number in range(98, 118)} | {"学校": 0}, "班级"), written)
    assert far.code == "unknown_choice_of_many"
    assert (far.params["count"], far.params["known"][:8]) == ("21", "c98、c99、")


def test_only_words_that_are_offered_are_named() -> None:
    far = refusal(a_choice({"c98": 1, "安澜市实验小学": 2}, "班级", offered=["c98"]), "安澜市实验小")
    assert (far.code, far.params["known"]) == ("unknown_choice", "c98")


@pytest.mark.parametrize("written", ["c98", "C98", "Ｃ９８", "C98 班", "c98班", " c 98 "])
def test_a_class_code_is_read_whatever_its_width_case_and_ending(written: str) -> None:
    assert a_code(r"c\d+")(written) == "c98"


@pytest.mark.parametrize("written", ["c98-01", "C98—01", "Ｃ９８－０１", "c98–01", "c98——01", "c98_01"])
def test_a_pupil_code_is_read_whatever_its_dash(written: str) -> None:
    assert a_code(r"c\d+-\d+")(written) == "c98-01"


def test_what_does_not_match_the_pattern_is_no_code() -> None:
    assert refusal(a_code(r"c\d+"), "六年级一班").code == "not_a_code"
    assert refusal(a_code(r"c\d+"), 98).params == {"value": "98"}


def test_yes_and_no_are_read_as_words_and_marks() -> None:
    parse = a_yes_no()
    assert [parse(cell) for cell in ("是", "√", True, 1, "否", "×", False, 0)] == [True] * 4 + [False] * 4
    assert refusal(parse, "也许").code == "not_yes_no"


def test_an_optional_cell_may_be_blank_or_a_dash_but_never_a_failed_formula() -> None:
    parse = optional(an_integer())
    assert [parse(cell) for cell in (None, "", " ", "-", "—", "/")] == [None] * 6
    assert parse("3次") == 3
    assert refusal(parse, FormulaError("#REF!")).code == "formula_error"


def test_a_message_quotes_at_most_forty_characters_on_one_line() -> None:
    value = refusal(an_integer(), "很长\n" * 40).params["value"]
    assert len(value) == 40
    assert "\n" not in value
