"""The one kind of list: what its address asks for is what the page shows and the export writes."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.http import QueryDict
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuangwen.core import clock, lists
from chuangwen.core.errors import Refused
from chuangwen.core.lists import Col, ListPage, ListSpec
from chuangwen.core.models import StoredFile
from chuangwen.duties.lists import OUTCOMES
from chuangwen.duties.models import Outcome
from tests.factories.city import City
from tests.factories.duties import OutcomeFactory

pytestmark = pytest.mark.django_db

TODAY = clock.today()


@pytest.fixture
def outcomes(city: City) -> list[Outcome]:
    """Six of two classes and three kinds, the amounts 1 to 6, each a day older than the one before."""
    kinds = ("litter_picked", "persuaded_parking", "sticker_scrubbed")
    return [
        OutcomeFactory.create(
            unit=city["c98" if number % 2 else "c99"],
            kind_id=kinds[number % 3],
            amount=number,
            day=TODAY - timedelta(days=number),
            note=f"第{number}次 文庙路口",
        )
        for number in range(1, 7)
    ]


def page(query: str = "") -> ListPage:
    return lists.list_page(OUTCOMES, Outcome.objects.all(), RequestFactory().get(f"/outcomes/?{query}"))


def amounts(query: str = "") -> list[int]:
    column = [col.key for col in OUTCOMES.columns].index("amount")
    return [row[column].text for row in page(query).rows]


def exported(query: str) -> list[tuple[Any, ...]]:
    answer = lists.export(OUTCOMES, Outcome.objects.all(), RequestFactory().get(f"/outcomes/?{query}"), name="成效")
    sheet = openpyxl.load_workbook(BytesIO(answer.getvalue())).worksheets[0]
    return [tuple("" if cell is None else str(cell) for cell in row) for row in sheet.iter_rows(values_only=True)]


@pytest.mark.usefixtures("outcomes")
class TestNarrowing:
    def test_without_a_word_it_is_everything_in_its_own_order(self) -> None:
        assert amounts() == [1, 2, 3, 4, 5, 6]
        assert not page().filtered

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("kind=litter_picked", [3, 6]),
            ("kind=persuaded", [1, 4]),
            ("kind=no-such-kind", [1, 2, 3, 4, 5, 6]),
            ("from_file=page", [1, 2, 3, 4, 5, 6]),
            ("from_file=file", []),
            ("q=c98", [1, 3, 5]),
            ("q=C98", [1, 3, 5]),
            ("q=c98+第3次", [3]),
            ("q=没有这个", []),
            ("q=%25", []),
            (f"from={TODAY - timedelta(days=2)}", [1, 2]),
            (f"to={TODAY - timedelta(days=5)}", [5, 6]),
            (f"from={TODAY - timedelta(days=4)}&to={TODAY - timedelta(days=3)}&kind=litter_picked", [3]),
        ],
    )
    def test_each_condition_narrows_it(self, query: str, found: list[int]) -> None:
        assert amounts(query) == found

    @pytest.mark.parametrize(
        "written",
        [
            "2026-02-30",
            "heute",
            "2026-13-01",
            "2.4.2026",
            "0000-00-00",
            "0001-01-01",
            "1999-12-31",
            "2101-01-01",
            "9999-12-31",
        ],
    )
    def test_what_is_no_date_of_these_times_is_refused_with_a_sentence(self, written: str) -> None:
        with pytest.raises(Refused, match=f"“{written}”不是日期") as refused:
            page(f"from={written}")
        assert (refused.value.where, str(refused.value.mend)) == ("from", "写成 2026-04-02 这样")

    def test_the_choice_that_is_made_is_said_and_the_others_are_a_click_away(self) -> None:
        (kind, *_others) = page("kind=litter_picked&q=c98").choices
        assert str(kind.current) == "捡拾垃圾"
        chosen = {str(label): address for label, address, is_chosen in kind.options if is_chosen}
        assert list(chosen) == ["捡拾垃圾"]
        everything = next(address for label, address, _chosen in kind.options if str(label) == "全部")
        assert everything == "?q=c98"

    def test_clearing_keeps_the_order_and_nothing_else(self) -> None:
        listed = page("kind=litter_picked&q=c98&from=2026-01-01&sort=-amount&page=2")
        assert listed.filtered
        assert listed.clear_url == "?sort=-amount"


@pytest.mark.usefixtures("outcomes")
class TestSorting:
    @pytest.mark.parametrize(
        ("sort", "found"),
        [
            ("amount", [1, 2, 3, 4, 5, 6]),
            ("-amount", [6, 5, 4, 3, 2, 1]),
            ("day", [6, 5, 4, 3, 2, 1]),
            ("unit", [1, 3, 5, 2, 4, 6]),
            ("no-such-column", [1, 2, 3, 4, 5, 6]),
            ("recorded_by", [1, 2, 3, 4, 5, 6]),
            ("unit__parent__name", [1, 2, 3, 4, 5, 6]),
            ("--amount", [1, 2, 3, 4, 5, 6]),
            ("measure", [1, 2, 3, 4, 5, 6]),
        ],
    )
    def test_only_a_column_of_the_list_sorts_it(self, sort: str, found: list[int]) -> None:
        assert amounts(f"sort={sort}") == found

    def test_the_heading_says_the_direction_and_turns_it(self) -> None:
        headings = {heading.col.key: heading for heading in page("sort=-amount&q=c98").headings}
        assert headings["amount"].direction == "descending"
        assert headings["amount"].url == "?sort=amount&q=c98"
        assert (headings["day"].direction, headings["measure"].url) == ("none", "")
        assert {heading.col.key: heading.direction for heading in page().headings}["day"] == "descending"


class TestPages:
    @pytest.fixture(autouse=True)
    def _many(self, city: City) -> None:
        OutcomeFactory.create_batch(lists.PER_PAGE + 3, unit=city["c98"])

    def test_every_row_is_on_one_page_and_on_one_only(self) -> None:
        rows = [row.pk for number in (1, 2) for row in page(f"sort=amount&page={number}").page]
        assert len(rows) == len(set(rows)) == lists.PER_PAGE + 3

    def test_the_pages_lead_to_each_other_and_keep_the_conditions(self) -> None:
        first, second = page("q=c98"), page("q=c98&page=2")
        assert (first.newer_url, first.older_url) == ("", "?q=c98&page=2")
        assert (second.newer_url, second.older_url) == ("?q=c98&page=1", "")
        assert len(second.rows) == 3

    @pytest.mark.parametrize("number", ["0", "-1", "99", "abc", "", "²", "1e9"])
    def test_a_page_that_is_not_there_is_the_nearest_one(self, number: str) -> None:
        assert len(page(f"page={number}").rows) in {lists.PER_PAGE, 3}

    @pytest.mark.parametrize(
        ("written", "number"),
        [("", 1), ("0", 1), ("-1", 1), ("²", 1), ("abc", 1), ("1", 1), ("37", 37), ("9" * 30, 1), ("9" * 5000, 1)],
    )
    def test_a_page_is_a_number_that_can_be_reckoned_with(self, written: str, number: int) -> None:
        assert lists.page_number(QueryDict(f"page={written}")) == number

    def test_the_export_has_the_rows_of_all_pages(self) -> None:
        assert len(exported("")) == lists.PER_PAGE + 4


@pytest.mark.usefixtures("outcomes")
class TestExport:
    @pytest.mark.parametrize("query", ["", "kind=persuaded", "q=c98&sort=-amount", "sort=unit", "q=没有这个"])
    def test_its_rows_are_those_of_the_page(self, query: str) -> None:
        shown = [tuple(str(cell.text) for cell in row) for row in page(query).rows]
        written = [tuple(text.removesuffix(" 00:00:00") for text in row) for row in exported(query)]
        assert written[1:] == shown
        assert written[0] == tuple(str(col.label) for col in OUTCOMES.columns)

    @pytest.mark.parametrize("text", ["=1+1", "+86", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x","y")', "\t=1"])
    def test_text_that_looks_like_a_formula_stays_text(self, city: City, text: str) -> None:
        OutcomeFactory.create(unit=city["c98"], note=text, amount=77)
        answer = lists.export(OUTCOMES, Outcome.objects.filter(amount=77), RequestFactory().get("/"), name="成效")
        sheet = openpyxl.load_workbook(BytesIO(answer.getvalue())).worksheets[0]
        column = [col.key for col in OUTCOMES.columns].index("note") + 1
        cell = sheet.cell(2, column)
        assert (cell.value, cell.data_type) == (text, "s")

    def test_too_many_rows_are_refused_with_what_to_do(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lists, "EXPORT_LIMIT", 5)
        with pytest.raises(Refused, match="一次最多导出") as refused:
            exported("")
        assert "筛小一点" in str(refused.value.mend)
        assert len(exported("kind=persuaded")) == 3

    def test_the_file_is_named_after_the_list(self) -> None:
        answer = lists.export(OUTCOMES, Outcome.objects.none(), RequestFactory().get("/"), name="成效")
        assert "attachment" in answer.headers["Content-Disposition"]
        assert "%E6%88%90%E6%95%88.xlsx" in answer.headers["Content-Disposition"]


class TestMoments:
    """A list whose day is a moment: the files that were kept, by the local day on which that was."""

    FILES = ListSpec(
        key="files",
        columns=(Col("name", "文件", lambda row: row.name, "name"),),
        default_order="created_at",
        day="created_at",
        day_is_moment=True,
    )

    @pytest.fixture(autouse=True)
    def _kept(self) -> None:
        for day, at in ((1, time.max), (2, time.min), (2, time.max), (3, time.min)):
            moment = timezone.make_aware(datetime.combine(date(2026, 4, day), at))
            StoredFile.objects.create(name=f"{day} {at:%H:%M}", size=1, created_at=moment, media_type="x")

    def names(self, query: str) -> list[str]:
        listed = lists.list_page(
            self.FILES, StoredFile.objects.filter(media_type="x"), RequestFactory().get(f"/?{query}")
        )
        return [row[0].text for row in listed.rows]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("from=2026-04-02", ["2 00:00", "2 23:59", "3 00:00"]),
            ("to=2026-04-02", ["1 23:59", "2 00:00", "2 23:59"]),
            ("from=2026-04-02&to=2026-04-02", ["2 00:00", "2 23:59"]),
            ("from=2000-01-01&to=2100-12-31", ["1 23:59", "2 00:00", "2 23:59", "3 00:00"]),
        ],
    )
    def test_a_day_goes_from_one_local_midnight_to_the_next(self, query: str, found: list[str]) -> None:
        assert self.names(query) == found

    def test_the_database_compares_the_column_itself_so_that_its_index_serves(self) -> None:
        with CaptureQueriesContext(connection) as queries:
            self.names("from=2026-04-02&to=2026-04-02")
        conditions = [query["sql"].partition("WHERE")[2].partition("ORDER BY")[0] for query in queries]
        assert conditions
        assert all('"core_storedfile"."created_at" >= ' in condition for condition in conditions)


class TestPreparing:
    @pytest.mark.parametrize(("asked", "sizes"), [("page", [4]), ("export", [4, 2])])
    def test_what_columns_need_is_made_for_the_rows_that_are_shown_and_no_others(
        self, monkeypatch: pytest.MonkeyPatch, outcomes: list[Outcome], asked: str, sizes: list[int]
    ) -> None:
        monkeypatch.setattr(lists, "PER_PAGE", 4)
        monkeypatch.setattr(lists, "CHUNK", 4)
        seen: list[int] = []

        def prepare(rows: Sequence[Any]) -> None:
            seen.append(len(rows))
            for row in rows:
                row.twice = row.amount * 2

        spec = ListSpec("doubled", (Col("twice", "两倍", lambda row: row.twice),), "amount", prepare=prepare)
        request, rows = RequestFactory().get("/"), Outcome.objects.all()
        if asked == "page":
            assert [row[0].text for row in lists.list_page(spec, rows, request).rows] == [2, 4, 6, 8]
        else:
            sheet = openpyxl.load_workbook(BytesIO(lists.export(spec, rows, request, name="表").getvalue())).active
            assert [row[0] for row in sheet.values] == ["两倍", 2, 4, 6, 8, 10, 12]
        assert seen == sizes


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    kind=st.text(max_size=5),
    sort=st.text(max_size=8),
    number=st.text(max_size=4),
)
def test_no_address_makes_a_list_fall(city: City, words: str, kind: str, sort: str, number: str) -> None:
    request = RequestFactory().get("/outcomes/", {"q": words, "kind": kind, "sort": sort, "page": number})
    listed = lists.list_page(OUTCOMES, Outcome.objects.all(), request)
    assert listed.page.paginator.count == 0
