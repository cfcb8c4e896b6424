"""The work bench: what waits for one's hand, this period's figures, each a link to its rows."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from chuangwen.cases.models import Case
from chuangwen.core import clock, written
from chuangwen.core.models import Import, ImportState
from chuangwen.metrics import services as metrics
from chuangwen.metrics.models import Shape
from chuangwen.reports import services as reports
from tests.factories import cases, records
from tests.factories.city import City
from tests.factories.duties import AttendanceFactory, DutyFactory, OutcomeFactory, ShiftFactory
from tests.factories.people import PersonFactory
from tests.factories.records import Records

DESK = "/desk/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def own(city: City) -> Records:
    return records.build(city)


def figures(page: Any) -> dict[str, str]:
    return {each.metric.key: each.number for each in page.context["figures"]}


@pytest.mark.practice("A1")
def test_the_office_dispatches_from_one_page_what_all_units_wait_for(city: City, own: Records) -> None:
    """The dispatch desk: what waits over the whole city, and units to switch between."""
    page = city.client("office").get(DESK)
    waiting = page.context["waiting"]
    assert [row.uid for row in waiting.to_confirm] == [own.import_row.uid]
    assert [report.uid for report in waiting.drafts] == [own.report.uid]
    assert waiting.count == 2
    for address in (
        reverse("import", args=[own.import_row.uid]),
        reverse("report", args=[own.report.uid]),
        reverse("imports"),
        reverse("new-report"),
    ):
        assert address in page.content.decode(), address
    assert {"anlan", "demo-primary", "demo-second-primary", "demo-hospital"} <= {
        unit.code for unit in page.context["units"]
    }


def test_figures_add_up_what_was_recorded_and_each_leads_to_the_same_number(city: City) -> None:
    day = clock.today().replace(month=1, day=1)
    shift = ShiftFactory.create(duty=DutyFactory.create(unit=city["school"]), day=day)
    for unit, amount in (("c98", 1200), ("c99", 34), ("d11", 7)):
        OutcomeFactory.create(unit=city[unit], amount=amount, day=day)
    for presence in ("present", "late", "absent"):
        person = PersonFactory.create(pupil=True, unit=city["c98"])
        AttendanceFactory.create(shift=shift, person=person, presence=presence)
    metrics.refresh_days(city["city"].uid)
    client = city.client("clerk")
    page = client.get(DESK)
    seen = figures(page)
    assert (seen["outcome.litter"], seen["shift.count"], seen["attendance.times"]) == ("1,234", "1", "2")
    assert figures(city.client("office").get(DESK + "?unit=anlan"))["outcome.litter"] == "1,241"
    links = set(re.findall(r'href="(/metrics/[^"]+)"', page.content.decode()))
    assert len(links) == len(seen)
    for link in links:
        opened = client.get(link.replace("&amp;", "&"))
        assert opened.status_code == 200
        metric, value = opened.context["metric"], opened.context["value"]
        shown = written.grouped(value.numerator) if metric.shape == Shape.SUM else value.text.removesuffix("%")
        assert shown == seen[metric.key], link


def test_a_period_shows_its_own_figures_beside_those_before_it(city: City) -> None:
    for day, amount in (("2026-03-02", 5), ("2026-02-27", 9), ("2026-04-01", 100)):
        OutcomeFactory.create(unit=city["c98"], amount=amount, day=day)
    metrics.refresh_days(city["city"].uid)
    page = city.client("clerk").get(DESK + "?from=2026-03-01&to=2026-03-31&unit=demo-primary")
    litter = next(each for each in page.context["figures"] if each.metric.key == "outcome.litter")
    assert (litter.number, litter.before) == ("5", "9")


@pytest.mark.parametrize(("query", "sentence"), [
    ("from=2026-03-31&to=2026-03-01", "截止日期早于起始日期"),
    ("from=gestern&to=2026-03-01", "这不是日期"),
    ("from=0001-01-01&to=0001-01-02", "日期不在 2000 年到 2100 年之间"),
    ("from=9999-12-30&to=9999-12-31", "日期不在 2000 年到 2100 年之间"),
    ("from=2001-01-01&to=2100-12-31", "这一段超过十年"),
])  # fmt: skip
def test_a_period_that_is_none_gets_a_sentence(city: City, query: str, sentence: str) -> None:
    page = city.client("clerk").get(f"{DESK}?{query}")
    assert page.status_code == 200
    assert sentence in page.content.decode()


@pytest.mark.parametrize("query", ["from=2000-01-01&to=2009-12-31", "from=2100-12-01&to=2100-12-31"])
def test_a_period_at_the_ends_of_the_calendar_is_one(city: City, query: str) -> None:
    for day in ("2000-01-01", "2100-12-31"):
        OutcomeFactory.create(unit=city["c98"], kind_id="persuaded_parking", amount=1, day=day)
    metrics.refresh_days(city["city"].uid)
    assert sum(bar.total for bar in city.client("clerk").get(f"{DESK}?{query}").context["chart"].bars) == 1


def test_a_clerk_sees_nothing_that_waits_at_another_school(city: City, own: Records) -> None:
    page = city.client("other_clerk").get(DESK)
    assert page.context["waiting"].count == 0
    assert "没有等您办的事" in page.content.decode()
    assert list(page.context["units"]) == [city["second"]]


def test_what_has_errors_is_called_for_mending(city: City, own: Records) -> None:
    Import.objects.filter(pk=own.import_row.pk).update(state=ImportState.REFUSED)
    page = city.client("clerk").get(DESK)
    assert [row.uid for row in page.context["waiting"].to_mend] == [own.import_row.uid]
    assert "个表有错要改" in page.content.decode()


def test_what_was_refused_long_ago_no_longer_waits(city: City, own: Records) -> None:
    Import.objects.filter(pk=own.import_row.pk).update(created_at=clock.now() - timedelta(days=40))
    assert list(city.client("clerk").get(DESK).context["waiting"].to_confirm) == []


def test_an_issued_report_moves_from_the_drafts_to_the_latest(city: City, own: Records) -> None:
    reports.carry_through(city.viewer("head"), uid=own.report.uid)
    page = city.client("clerk").get(DESK)
    assert list(page.context["waiting"].drafts) == []
    assert [report.uid for report in page.context["latest"]] == [own.report.uid]


def test_a_person_without_a_grant_is_told_whom_to_ask(city: City, own: Records) -> None:
    page = city.client("stranger").get(DESK)
    assert page.status_code == 200
    assert "您还没有授权" in page.content.decode()
    assert "figures" not in page.context


SEEN = {"/metrics/", "/places/", "/map/", "/units/"}
RECORDED = {"/cases/", "/outcomes/", "/evidence/", "/forms/"}


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        ("stranger", {"/desk/", "/waiting/"}),
        ("reader", {"/desk/", "/waiting/", "/reports/", *SEEN}),
        ("recorder", {"/desk/", "/waiting/", *RECORDED, *SEEN}),
        ("clerk", {"/desk/", "/waiting/", *RECORDED, "/imports/", "/reports/", *SEEN}),
        ("head", {"/desk/", "/waiting/", *RECORDED, "/imports/", "/reports/", *SEEN, "/events/"}),
    ],
)
def test_the_navigation_has_what_one_may_open_and_nothing_else(city: City, part: str, shown: set[str]) -> None:
    client = city.client(part)
    assert {url for _label, url, _current in client.get(DESK).context["nav"]} == shown
    assert {client.get(url).status_code for url in shown} == {200}


def test_the_sentence_of_the_day_counts_cases_and_each_number_opens_to_as_many(city: City) -> None:
    cases.populate(city)
    cases.opened(city)
    cases.filed(city)
    cases.fixed(city)
    late = cases.sent(city)
    Case.objects.filter(pk=late.pk).update(due_at=clock.now() - timedelta(days=1))
    client = city.client("dispatcher")
    page = client.get(DESK)
    day = page.context["day"]
    assert {key: number.count for key, number in day.items()} == {
        "open": 4, "office": 2, "fixed": 1, "over": 1, "supervised": 0,
    }  # fmt: skip
    for number in day.values():
        assert client.get(number.url).context["list"].total == number.text
        assert (number.url in page.content.decode()) == bool(number.count)
    assert (page.context["on_hand"].total, len(page.context["on_hand"].cases)) == (3, 3)
    assert "等您办的事项" in page.content.decode()


def test_who_hands_nothing_over_reads_what_waits_for_them_alone(city: City) -> None:
    cases.populate(city)
    page = city.client("recorder").get(DESK)
    assert page.context["day"] is None
    assert page.context["on_hand"].total == 0


def test_the_bench_of_the_office_costs_few_queries(
    city: City, own: Records, django_assert_max_num_queries: Any
) -> None:
    client = city.client("office")
    with django_assert_max_num_queries(36):
        assert client.get(DESK).status_code == 200
