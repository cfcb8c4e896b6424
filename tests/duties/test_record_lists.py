"""The lists of outcomes, shifts and attendances: filter, sort, export, within what the viewer may see."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.city import City
from tests.factories.duties import AttendanceFactory, DutyFactory, OutcomeFactory, ShiftFactory
from tests.factories.people import PersonFactory

BUDGET = 12
DAY = date(2026, 4, 2)
KINDS = {
    "litter_picked": 1, "facility_kept": 2, "persuaded_crossing": 3, "persuaded_red_light": 4, "persuaded_parking": 5,
}  # fmt: skip


@pytest.fixture
def outcomes(city: City) -> None:
    for kind, amount in KINDS.items():
        OutcomeFactory.create(unit=city["c98"], kind_id=kind, amount=amount, day=DAY + timedelta(days=amount))
    OutcomeFactory.create(unit=city["c99"], amount=60, day=DAY, note="绿化带")
    OutcomeFactory.create(unit=city["d11"], amount=700, day=DAY)
    OutcomeFactory.create(unit=city["c98"], amount=8000, withdrawn=True)


def amounts(client: Client, **query: Any) -> list[int]:
    """The column 数量 of the list, down."""
    page = client.get(reverse("outcomes"), query).context["list"]
    place = [heading.col.key for heading in page.headings].index("amount")
    return [int(row[place].text) for row in page.rows]


@pytest.mark.usefixtures("outcomes")
class TestOutcomes:
    def test_one_sees_ones_own_units_and_nothing_withdrawn(self, client_of: Callable[[str], Client]) -> None:
        assert sorted(amounts(client_of("clerk"))) == [1, 2, 3, 4, 5, 60]
        assert sorted(amounts(client_of("recorder"))) == [1, 2, 3, 4, 5]
        assert sorted(amounts(client_of("other_clerk"))) == [700]
        assert sorted(amounts(client_of("office"))) == [1, 2, 3, 4, 5, 60, 700]

    @pytest.mark.parametrize("part", ["reader", "stranger"])
    def test_who_may_see_no_records_finds_no_list_and_no_export(
        self, client_of: Callable[[str], Client], part: str
    ) -> None:
        for route in ("outcomes", "shifts", "attendances"):
            assert client_of(part).get(reverse(route)).status_code == 404
            assert client_of(part).get(reverse(route), {"export": "xlsx"}).status_code == 404

    @pytest.mark.parametrize(
        ("kind", "expected"),
        [("persuaded", [3, 4, 5]), ("persuaded_parking", [5]), ("litter_picked", [1, 60]), ("essay", [])],
    )
    def test_a_kind_brings_its_types_with_it(
        self, client_of: Callable[[str], Client], kind: str, expected: list[int]
    ) -> None:
        assert sorted(amounts(client_of("clerk"), kind=kind)) == expected

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"q": "c99"}, [60]),
            ({"q": "绿化带"}, [60]),
            ({"q": "绿化带 c98"}, []),
            ({"from": "2026-04-06"}, [4, 5]),
            ({"to": "2026-04-03"}, [1, 60]),
            ({"from": "2026-04-04", "to": "2026-04-05"}, [2, 3]),
            ({"from_file": "file"}, []),
            ({"from_file": "page", "q": "c99"}, [60]),
        ],
    )
    def test_it_can_be_narrowed_by_words_days_and_source(
        self, client_of: Callable[[str], Client], query: dict[str, str], expected: list[int]
    ) -> None:
        assert sorted(amounts(client_of("clerk"), **query)) == expected

    def test_it_is_sorted_by_any_column_both_ways_and_newest_first_by_itself(
        self, client_of: Callable[[str], Client]
    ) -> None:
        clerk = client_of("clerk")
        assert amounts(clerk) == [5, 4, 3, 2, 1, 60]
        assert amounts(clerk, sort="amount") == [1, 2, 3, 4, 5, 60]
        assert amounts(clerk, sort="-amount") == [60, 5, 4, 3, 2, 1]
        assert amounts(clerk, sort="-unit")[0] == 60

    def test_a_day_that_is_none_gets_a_sentence(self, client_of: Callable[[str], Client]) -> None:
        answer = client_of("clerk").get(reverse("outcomes"), {"from": "2026-02-30"})
        assert answer.status_code == 422
        assert "“2026-02-30”不是日期" in answer.content.decode()

    def test_the_export_holds_what_the_filter_leaves_as_numbers_and_days(
        self, client_of: Callable[[str], Client]
    ) -> None:
        answer = client_of("clerk").get(reverse("outcomes"), {"export": "xlsx", "kind": "persuaded", "sort": "amount"})
        sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
        headings, *rows = sheet.iter_rows(values_only=True)
        place = headings.index("数量")
        assert [row[place] for row in rows] == [3, 4, 5]
        assert [row[0].date() for row in rows] == [DAY + timedelta(days=number) for number in (3, 4, 5)]
        assert {row[headings.index("类别")] for row in rows} == {"乱穿马路", "闯红灯", "乱停靠"}

    def test_the_kind_leads_to_the_record(self, client_of: Callable[[str], Client]) -> None:
        page = client_of("clerk").get(reverse("outcomes"), {"q": "c99"}).context["list"]
        (link,) = [cell.url for cell in page.rows[0] if cell.url]
        assert "绿化带" in client_of("clerk").get(link).content.decode()


def test_an_empty_list_says_what_to_do_next(client_of: Callable[[str], Client]) -> None:
    assert "到“导入”里传成效登记表" in client_of("clerk").get(reverse("outcomes")).content.decode()


@pytest.fixture
def sixty(city: City) -> None:
    duty = DutyFactory.create(unit=city["school"])
    for number in range(60):
        shift = ShiftFactory.create(duty=duty)
        pupil = PersonFactory.create(pupil=True, unit=city["c98"], code=f"c98-{number}")
        AttendanceFactory.create(shift=shift, person=pupil, presence="absent" if number % 3 == 0 else "present")
        OutcomeFactory.create(unit=city["c98"], person=pupil, shift=shift, kind_id=[*KINDS][number % 5])


@pytest.mark.usefixtures("sixty")
@pytest.mark.parametrize("route", ["outcomes", "shifts", "attendances"])
def test_a_list_of_fifty_rows_takes_few_queries(client_of: Callable[[str], Client], route: str) -> None:
    clerk = client_of("clerk")
    with CaptureQueriesContext(connection) as queries:
        answer = clerk.get(reverse(route))
    assert len(answer.context["list"].rows) == 50
    assert len(queries) <= BUDGET


@pytest.mark.usefixtures("sixty")
def test_attendances_are_filtered_by_presence(client_of: Callable[[str], Client]) -> None:
    page = client_of("clerk").get(reverse("attendances"), {"presence": "absent"}).context["list"]
    assert {cell.text for row in page.rows for cell in row if cell.col.key == "presence"} == {"缺席"}
    assert len(page.rows) == 20
