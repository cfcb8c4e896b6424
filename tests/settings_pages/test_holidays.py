"""The holidays of a year: a day, a stretch, a pasted list; the past; back to the notice."""

from datetime import date
from typing import Any

import pytest

from chuangwen.core import calendar
from chuangwen.core.errors import Missing, Refused
from chuangwen.core.models import DayKind, Holiday
from chuangwen.web import holiday_queries, holiday_services
from chuangwen.web.marked_days import Marked, read_list
from tests.factories.city import City
from tests.factories.state import nothing_changes, one_event

NEW_YEAR = date(2027, 1, 1)
LIST = """2027-01-01—2027-01-03 放假 元旦
2027年2月6日（周六）至2月12日 放假 春节
2月20日 上班 春节

5月1日至5日 放假 劳动节
"""


def test_a_day_is_marked_and_counts_from_then_on(city: City) -> None:
    assert calendar.is_working_day(NEW_YEAR)
    with one_event("holidays.set") as written:
        holiday_services.set_days(city.viewer("office"), days=[Marked(NEW_YEAR, "off", "元旦")])
    assert written.event.data["days"] == {"2027-01-01": {"before": None, "after": {"kind": "off", "name": "元旦"}}}
    assert not calendar.is_working_day(NEW_YEAR)
    assert Holiday.objects.get(day=NEW_YEAR).name_en == "New Year's Day"


def test_a_list_of_a_year_is_read_as_it_is_written() -> None:
    days, problems = read_list(LIST, year=2027)
    assert problems == []
    assert len(days) == 3 + 7 + 1 + 5
    assert days[0] == Marked(date(2027, 1, 1), "off", "元旦")
    assert Marked(date(2027, 2, 20), "work", "春节") in days
    assert days[-1] == Marked(date(2027, 5, 5), "off", "劳动节")


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("元旦放假三天", "shape"),
        ("2027-02-30 放假 春节", "day"),
        ("2027-02-12—2027-02-06 放假 春节", "range"),
        ("2027-01-01—2027-12-31 放假 长假", "range"),
        ("1999-01-01 放假 元旦", "bounds"),
        ("2101-01-01 放假 元旦", "bounds"),
        ("2027-01-01 睡觉 元旦", "kind"),
        ("2027-01-01 放假 " + "元" * 41, "long"),
    ],
)
def test_a_bad_line_says_what_is_wrong_with_it(line: str, what: str) -> None:
    days, problems = read_list(f"2027-05-01 放假 劳动节\n{line}", year=2027)
    assert [(problem.line, problem.what) for problem in problems] == [(2, what)]
    assert len(days) == 1


def test_a_day_cannot_be_free_and_worked(city: City) -> None:
    _days, problems = read_list("2027-01-01 放假 元旦\n2027-01-01 上班 元旦", year=2027)
    assert [(problem.line, problem.what) for problem in problems] == [(2, "twice")]
    both = [Marked(NEW_YEAR, "off", "元旦"), Marked(NEW_YEAR, "work", "元旦")]
    with nothing_changes(), pytest.raises(Refused, match="同一天写了两次"):
        holiday_services.set_days(city.viewer("office"), days=both)


@pytest.mark.parametrize("marked", [Marked(date(1999, 12, 31), "off", "元旦"), Marked(date(2101, 1, 1), "off", "元旦"),
                                    Marked(NEW_YEAR, "off", ""), Marked(NEW_YEAR, "feast", "元旦")])  # fmt: skip
def test_a_day_that_cannot_be_is_refused(city: City, marked: Marked) -> None:
    with nothing_changes(), pytest.raises(Refused):
        holiday_services.set_days(city.viewer("office"), days=[marked])


def test_a_pasted_list_with_three_bad_lines_names_them_and_changes_nothing(city: City) -> None:
    text = "2027-01-01 放假 元旦\n春节放假\n2027-02-31 放假 春节\n2027-05-01 放假 劳动节\n2027-10-01 歇 国庆节"
    client = city.client("office")
    with nothing_changes():
        page = client.post("/settings/holidays/list/?year=2027", {"text": text})
    said = page.content.decode()
    assert [line for line in range(1, 6) if f"第 {line} 行" in said] == [2, 3, 5]


def test_a_pasted_list_comes_in_whole_with_one_event(city: City) -> None:
    with one_event("holidays.set"):
        answer = city.client("office").post("/settings/holidays/list/?year=2027", {"text": LIST})
    assert answer.status_code == 302
    assert calendar.known_years()[-1] == 2027
    assert Holiday.objects.filter(day__year=2027).count() == 16


def test_saying_again_what_stands_changes_nothing(city: City) -> None:
    with nothing_changes():
        holiday_services.set_days(city.viewer("office"), days=[Marked(date(2026, 10, 1), "off", "国庆节")])
        holiday_services.set_days(city.viewer("office"), days=[Marked(date(2027, 3, 3), "plain", "")])


def test_a_year_goes_back_to_its_notice(city: City) -> None:
    office = city.viewer("office")
    days = [Marked(date(2026, 10, 10), "plain", ""), Marked(date(2026, 11, 24), "off", "市里放假")]
    holiday_services.set_days(office, days=days)
    assert len(holiday_queries.year_view(office, 2026).edited) == 2
    with one_event("holidays.returned"):
        assert holiday_services.return_year(office, year=2026) == 2
    assert calendar.is_working_day(date(2026, 10, 10))
    assert calendar.is_working_day(date(2026, 11, 24))
    assert holiday_queries.year_view(office, 2026).edited == []
    with nothing_changes(), pytest.raises(Refused, match="本来就和通知一样"):
        holiday_services.return_year(office, year=2026)


def test_a_year_without_a_notice_has_nothing_to_go_back_to(city: City) -> None:
    with nothing_changes(), pytest.raises(Refused, match="还没有"):
        holiday_services.return_year(city.viewer("office"), year=2027)


def test_the_page_shows_the_year_its_past_and_what_is_missing(city: City, django_assert_max_num_queries: Any) -> None:
    client = city.client("office")
    holiday_services.set_days(city.viewer("office"), days=[Marked(date(2026, 11, 24), "off", "市里放假")])
    with django_assert_max_num_queries(10):
        page = client.get("/settings/holidays/?year=2026")
    year = page.context["year"]
    assert (len(year.months), year.worked, year.known) == (12, 247, True)
    said = page.content.decode()
    assert "照常" in said
    assert "放假 市里放假" in said
    missing = client.get("/settings/holidays/?year=2027").content.decode()
    assert "2027 年的放假安排还没有" in missing


@pytest.mark.parametrize("asked", ["", "x", "1999", "2101", "12027", "²⁰²⁷"])
def test_an_odd_year_in_the_address_is_this_year(city: City, asked: str) -> None:
    page = city.client("office").get("/settings/holidays/", {"year": asked})
    assert page.context["year"].year == date.today().year  # noqa: DTZ011


@pytest.mark.parametrize("asked", ["", "x", "2026-02-30", "99999-01-01"])
def test_an_odd_day_in_the_address_is_no_day(city: City, asked: str) -> None:
    page = city.client("office").get("/settings/holidays/", {"year": "2026", "day": asked})
    assert page.status_code == 200
    assert page.context["asked"] is None


def test_a_clicked_day_fills_the_form_with_what_it_is(city: City) -> None:
    page = city.client("office").get("/settings/holidays/?year=2026&day=2026-10-10")
    assert page.context["form"].initial == {"start": date(2026, 10, 10), "kind": DayKind.WORK, "name": "国庆节"}


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"start": "2027-01-05", "end": "2027-01-01", "kind": "off", "name": "元旦"}, "结束的一天在开始之前"),
        ({"start": "2027-01-05", "end": "2027-04-01", "kind": "off", "name": "元旦"}, "一次最多 31 天"),
        ({"start": "1927-01-05", "kind": "off", "name": "元旦"}, "2000 年到 2100 年之间"),
        ({"start": "2027-01-05", "kind": "off", "name": ""}, "没有写名称"),
    ],
)
def test_a_bad_stretch_is_refused_on_the_form(city: City, sent: dict[str, str], sentence: str) -> None:
    client = city.client("office")
    with nothing_changes():
        page = client.post("/settings/holidays/?year=2027", sent)
    assert sentence in page.content.decode()


@pytest.mark.parametrize("part", ["clerk", "head", "reader"])
def test_nobody_else_marks_days(city: City, part: str) -> None:
    with nothing_changes(), pytest.raises(Missing):
        holiday_services.set_days(city.viewer(part), days=[Marked(NEW_YEAR, "off", "元旦")])
    with nothing_changes(), pytest.raises(Missing):
        holiday_services.return_year(city.viewer(part), year=2026)
