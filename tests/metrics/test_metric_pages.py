"""The pages of the catalogue and of one figure: definition, value, and the rows as far as one may see them."""

import html
from collections.abc import Callable, Collection
from datetime import date
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.core.registry import Ref
from chuangwen.metrics import queries
from chuangwen.metrics.sources import Scope
from chuangwen.people.access import Viewer
from tests.factories import records
from tests.factories.city import City
from tests.factories.duties import OutcomeFactory
from tests.factories.people import GrantFactory

APRIL = {"from": "2026-04-01", "to": "2026-04-30"}


def page(client: Client, urn: str, **query: str) -> str:
    answer = client.get(reverse("metric", args=[urn]), query)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


@pytest.fixture
def litter(city: City) -> None:
    for unit, amount in (("c98", 700), ("c99", 34)):
        OutcomeFactory.create(unit=city[unit], amount=amount, day=date(2026, 4, 2), note=f"{unit} 的")


def test_the_catalogue_lists_every_figure_with_its_definition_and_a_way_in(client_of: Callable[[str], Client]) -> None:
    text = html.unescape(client_of("reader").get(reverse("metrics")).content.decode())
    for metric in queries.catalogue():
        assert reverse("metric", args=[metric.urn]) in text
        assert metric.meaning in text


def test_the_catalogue_is_in_order_of_what_figures_are_about(client_of: Callable[[str], Client]) -> None:
    topics = client_of("reader").get(reverse("metrics")).context["topics"]
    keys = {topic.key: [metric.key for metric in topic.metrics] for topic in topics}
    assert {"shift.count", "unit.classes"} <= {*keys["volunteering"]}
    assert keys["posts"][0] == "post.count"
    assert keys["other"] == ["event.on_site"]
    listed = [key for found in keys.values() for key in found]
    assert sorted(listed) == sorted(queries.catalogue().values_list("key", flat=True))


@pytest.mark.usefixtures("litter")
def test_a_figure_says_its_definition_its_printed_and_exact_value_and_its_rows(
    client_of: Callable[[str], Client],
) -> None:
    text = page(client_of("clerk"), "outcome.litter@1", **APRIL)
    for part in (
        "期内捡拾垃圾的数量之和",
        "700余",
        "准数 734",
        "共 2 条",
        "outcome.litter@1",
        "2026-04-02 c98 捡拾垃圾 700 次",
    ):
        assert part in text


@pytest.mark.usefixtures("litter")
def test_who_may_see_the_figure_but_not_the_rows_is_told_how_many_there_are(
    client_of: Callable[[str], Client],
) -> None:
    text = page(client_of("reader"), "outcome.litter@1", unit="demo-primary", **APRIL)
    assert "准数 734" in text
    assert "其中 2 条不归您看，仍计在数里" in text
    assert "2026-04-02 c98" not in text


@pytest.mark.usefixtures("litter")
def test_a_class_teacher_sees_the_figure_of_the_class_and_of_no_other_unit(
    client_of: Callable[[str], Client],
) -> None:
    assert "700" in page(client_of("recorder"), "outcome.litter@1", **APRIL)
    answer = client_of("recorder").get(reverse("metric", args=["outcome.litter@1"]), {"unit": "demo-primary", **APRIL})
    assert answer.status_code == 404


@pytest.mark.usefixtures("litter")
def test_a_period_without_records_says_so(client_of: Callable[[str], Client]) -> None:
    text = page(client_of("clerk"), "outcome.litter@1", **{"from": "2025-01-01", "to": "2025-01-31"})
    assert "这一段没有记录" in text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"from": "2026-04-30", "to": "2026-04-01"}, "截止日期早于起始日期。把它改到起始日期之后"),
        ({"from": "2026-02-30", "to": "2026-04-01"}, "这不是日期。写成 2026-04-02 这样"),
        ({"from": "1999-12-31", "to": "2000-01-31"}, "日期不在 2000 年到 2100 年之间。看看年份有没有写错"),
        ({"from": "0001-01-01", "to": "9999-12-31"}, "日期不在 2000 年到 2100 年之间。看看年份有没有写错"),
        ({"from": "2015-01-01", "to": "2026-01-01"}, "这一段超过十年。把起止日期改近一些"),
    ],
)
def test_a_period_that_is_none_gets_a_sentence(
    client_of: Callable[[str], Client], query: dict[str, str], sentence: str
) -> None:
    assert sentence in page(client_of("clerk"), "outcome.litter@1", **query)


@pytest.mark.parametrize("to", ["2026-12-31", "2100-12-31"])
def test_ten_whole_years_are_a_period(client_of: Callable[[str], Client], to: str) -> None:
    start = f"{int(to[:4]) - 9}-01-01"
    assert "超过十年" not in page(client_of("clerk"), "outcome.litter@1", **{"from": start, "to": to})


@pytest.mark.usefixtures("litter")
def test_only_the_rows_that_are_shown_become_lines(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    for amount in (9, 5000, 60):
        OutcomeFactory.create(unit=city["c98"], amount=amount, day=date(2026, 4, 3))
    GrantFactory.create(person=city.persons["recorder"], role_id="reader", unit=city["school"])
    asked: list[int] = []
    refs = queries.refs

    def asking(viewer: Viewer, noun: str, uids: Collection[UUID]) -> dict[UUID, Ref]:
        asked.append(len(uids))
        return refs(viewer, noun, uids)

    monkeypatch.setattr(queries, "refs", asking)
    scope = Scope(city["school"], date(2026, 4, 1), date(2026, 4, 30))
    found = queries.current_rows(city.viewer("recorder"), queries.metric("outcome.litter@1"), scope, many=2)
    assert asked == [2]
    assert [amount for _ref, amount in found.refs] == [5000, 700]
    assert (found.total, found.hidden) == (5, 1)


@pytest.mark.parametrize("part", ["office", "clerk", "reader"])
def test_what_counts_as_hidden_is_what_the_noun_would_not_show(city: City, part: str) -> None:
    """The right that the count asks for in SQL and the right by which each noun resolves its rows are one."""
    records.build(city)
    viewer, scope = city.viewer(part), Scope(city["school"], clock.today().replace(month=1, day=1), clock.today())
    seen = 0
    for metric in queries.catalogue():
        uids = [row.uid for row in queries.rows(metric, scope)]
        shown = queries.refs(viewer, queries.source_of(metric).noun, uids)
        found = queries.current_rows(viewer, metric, scope, many=1000)
        assert (found.total, found.hidden) == (len(uids), len(uids) - len(shown)), metric.key
        assert {ref.uid for ref, _amount in found.refs} == shown.keys()
        seen += len(uids)
    assert seen


def test_every_figure_has_its_page(client_of: Callable[[str], Client]) -> None:
    clerk = client_of("clerk")
    for metric in queries.catalogue():
        assert metric.meaning in page(clerk, metric.urn, **APRIL)


def test_a_figure_that_is_not_there_is_not_found(client_of: Callable[[str], Client]) -> None:
    for urn in ("outcome.litter@9", "outcome.litter@²", "nothing@1"):
        assert client_of("clerk").get(reverse("metric", args=[urn])).status_code == 404


def test_who_may_see_no_figures_finds_no_catalogue(client_of: Callable[[str], Client]) -> None:
    assert client_of("stranger").get(reverse("metrics")).status_code == 404
    assert client_of("stranger").get(reverse("metric", args=["outcome.litter@1"])).status_code == 404
