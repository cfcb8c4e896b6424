"""Views, capped counts, deep pages, marks and two-line rows of the one kind of list."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Q
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from chuangwen.core import lists, marks, paging
from chuangwen.core.lists import Action, Bulk, Col, Kept, ListPage, ListSpec, View
from chuangwen.core.marks import Due, State
from chuangwen.duties.models import Outcome
from tests.factories.city import City
from tests.factories.duties import OutcomeFactory

pytestmark = pytest.mark.django_db

SPEC = ListSpec(
    key="amounts",
    columns=(
        Col("amount", "数量", lambda row: row.amount, "amount", stamp=lambda row: "督" if row.amount == 1 else ""),
        Col("due", "期限", lambda row: Due(f"逾 {row.amount} 天", "over"), second=lambda _row: "南门街"),
        Col("state", "状态", lambda _row: "整改中", state=lambda _row: State.DOING),
        Col("note", "备注", lambda row: row.note),
    ),
    default_order="amount",
    views=(
        View("small", "少的", lambda: Q(amount__lte=2)),
        View("large", "多的", lambda: Q(amount__gt=2)),
        View("every", "全部", counted=False),
    ),
    actions=(Action("close", "停用"), Action("move", "移动")),
    mark=lambda row: str(row.amount),
    search=("note",),
    day="day",
    phone=(("amount", "state"), ("note", "due")),
)


@pytest.fixture(autouse=True)
def _five(city: City) -> None:
    for number in range(1, 6):
        OutcomeFactory.create(unit=city["c98"], amount=number, note=f"第{number}次")


def page(query: str = "", **more: Any) -> ListPage:
    return lists.list_page(SPEC, Outcome.objects.all(), RequestFactory().get(f"/?{query}"), **more)


def amounts(query: str) -> list[int]:
    return [row[0].text for row in page(query).rows]


class TestViews:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", [1, 2]),
            ("view=large", [3, 4, 5]),
            ("view=every", [1, 2, 3, 4, 5]),
            ("view=none", [1, 2]),
            ("view=large&q=第4", [4]),
        ],
    )
    def test_a_view_narrows_and_an_unknown_one_is_the_first(self, query: str, found: list[int]) -> None:
        assert amounts(query) == found

    def test_each_tab_says_its_count_whatever_the_filters_say(self) -> None:
        tabs = page("view=large&q=第4&unit=x").tabs
        assert [(tab.label, tab.count, tab.current) for tab in tabs] == [
            ("少的", "2", False), ("多的", "3", True), ("全部", "", False),
        ]  # fmt: skip
        assert tabs[0].url == "?view=small&unit=x"

    def test_a_saved_view_is_a_tab_and_the_current_one_when_the_address_is_its_own(self) -> None:
        kept = [Kept(uuid4(), "第四次的", "q=%E7%AC%AC4&view=large")]
        there, elsewhere = page("view=large&q=第4&page=1&saved=x", kept=kept), page("view=large", kept=kept)
        assert [tab.current for tab in there.tabs] == [False, False, False, True]
        assert there.current_kept is not None
        assert there.current_kept.uid == kept[0].uid
        assert elsewhere.current_kept is None
        assert amounts(there.tabs[-1].url.removeprefix("?")) == [4]

    def test_what_is_kept_of_an_address_has_no_page_and_no_day_that_is_none(self) -> None:
        query = QueryDict("view=large&page=3&export=xlsx&from=heute&to=2026-04-02&q=")
        assert lists.kept_query(query) == "to=2026-04-02&view=large"


class TestCounting:
    @pytest.fixture(autouse=True)
    def _capped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(paging, "COUNTED", 3)
        monkeypatch.setattr(lists, "COUNTED", 3)
        monkeypatch.setattr(lists, "PER_PAGE", 2)

    def test_up_to_the_cap_the_count_is_exact(self) -> None:
        assert (page("view=large").total, page("view=large").page.paginator.more) == ("3", False)
        assert page("view=large&page=2").page.end_index() == 3

    def test_beyond_it_the_count_says_that_there_are_more(self) -> None:
        listed = page("view=every")
        assert (listed.total, listed.page.paginator.count, listed.page.paginator.more) == ("3+", 3, True)
        assert (listed.page.start_index(), listed.page.end_index()) == (1, 2)

    def test_the_next_page_works_beyond_the_cap_and_the_last_one_has_none(self) -> None:
        middle, last = page("view=every&page=2"), page("view=every&page=3")
        assert middle.older_url == "?view=every&page=3"
        assert [row[0].text for row in last.rows] == [5]
        assert (last.older_url, last.page.start_index(), last.page.end_index()) == ("", 5, 5)

    def test_a_page_past_the_end_is_the_last_one(self) -> None:
        listed = page("view=every&page=99")
        assert ([row[0].text for row in listed.rows], listed.page.number) == ([5], 3)

    def test_pages_end_where_the_database_would_walk_too_far(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(paging, "DEEPEST", 2)
        listed = page("view=every&page=9")
        assert (listed.page.number, listed.older_url, listed.page.deepest) == (2, "", True)

    def test_no_more_rows_are_counted_than_the_cap(self, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
        with django_assert_max_num_queries(1) as asked:
            assert paging.capped_count(Outcome.objects.order_by("note")) == 4
        assert "LIMIT 4" in asked[0]["sql"]
        assert "ORDER BY" not in asked[0]["sql"]


class TestRows:
    def test_a_row_has_its_marks_and_its_place_on_a_phone(self) -> None:
        amount, due, state, note = page().rows[0]
        assert (amount.stamp, due.due, due.text.text, due.second, state.state) == (
            "督",
            "over",
            "逾 1 天",
            "南门街",
            "doing",
        )
        assert [cell.spot for cell in (amount, due, state, note)] == ["1a", "2b", "1b", "2a"]

    def test_boxes_are_there_for_whoever_may_act_and_carry_the_mark(self) -> None:
        may, may_not = page(bulk=Bulk("/act/", ["close"])), page()
        first = Outcome.objects.get(amount=1)
        assert (may.rows[0].pick, may_not.rows[0].pick) == (f"{first.uid}~1", "")
        assert ([action.key for action in may.actions], may_not.actions) == (["close"], [])

    def test_all_that_was_found_is_offered_up_to_a_bound(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lists, "PER_PAGE", 2)
        assert (page("view=every").all_at_once, page("view=every").too_many) == (True, False)
        monkeypatch.setattr(lists, "BULK_LIMIT", 4)
        assert (page("view=every").all_at_once, page("view=every").too_many) == (False, True)
        assert not page("view=small").all_at_once


NOON = timezone.make_aware(datetime.combine(date(2026, 11, 20), time(12)))


class TestDue:
    @pytest.mark.parametrize(
        ("at", "text", "kind"),
        [
            (NOON - timedelta(days=6), "逾 6 天", "over"),
            (NOON - timedelta(hours=13), "逾 1 天", "over"),
            (NOON - timedelta(hours=2), "逾 2 小时", "over"),
            (NOON - timedelta(seconds=20), "逾 1 分钟", "over"),
            (NOON, "今日 12:00", "soon"),
            (NOON + timedelta(hours=5, minutes=30), "今日 17:30", "soon"),
            (NOON + timedelta(hours=13), "余 1 天", "soon"),
            (NOON + timedelta(days=2), "余 2 天", "ok"),
        ],
    )
    def test_a_deadline_says_how_far_it_is(self, at: datetime, text: str, kind: str) -> None:
        assert marks.due(at, now=NOON) == Due(text, kind)

    def test_held_and_without_a_deadline_and_with_a_word_of_its_own(self) -> None:
        assert marks.due(NOON, held_to=date(2026, 12, 5), now=NOON) == Due("缓至 12-05", "stop")
        assert marks.due(None) is None
        assert marks.due(NOON, before="前派", now=NOON) == Due("12:00 前派", "soon")

    def test_english_counts_days_properly(self) -> None:
        with translation.override("en"):
            assert str(marks.due(NOON - timedelta(days=1), now=NOON)) == "1 day late"
            assert str(marks.due(NOON + timedelta(days=2), now=NOON)) == "2 days left"
