"""The log as a person reads it: one line per event of the units whose log they may read."""

import ast
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import chuangwen
from chuangwen.core import events
from chuangwen.people import services as people
from chuangwen.people.models import Role
from chuangwen.web.lists import VERBS
from tests.factories.city import City

pytestmark = pytest.mark.django_db
LOG = "/events/"


@pytest.fixture(autouse=True)
def _happened(city: City) -> None:
    """Two things at the school and one at the second school; the first two are sealed."""
    head, office = city.viewer("head"), city.viewer("office")
    people.add_person(head, unit=city["school"], code="t7", name="某老师")
    people.give_grant(head, person=city.persons["recorder"], role=Role.objects.get(code="reader"), unit=city["school"])
    events.seal()
    people.add_person(office, unit=city["second"], code="t8", name="另一位")


def lines(page: Any) -> list[tuple[str, str, str, str]]:
    return [tuple(str(cell.text) for cell in row[1:]) for row in page.context["list"].rows]  # type: ignore[misc]


def test_the_head_reads_who_did_what_in_the_school_newest_first(city: City) -> None:
    assert lines(city.client("head").get(LOG)) == [
        ("head 的姓名", "授权", "安澜市实验小学", "2"),
        ("head 的姓名", "增加人员", "安澜市实验小学", "1"),
    ]


def test_the_office_reads_all_and_what_is_not_sealed_yet_says_so(city: City) -> None:
    assert lines(city.client("office").get(LOG))[0] == ("office 的姓名", "增加人员", "安澜市第二小学", "待封")


def test_what_one_did_without_a_unit_is_on_ones_own_log_only(city: City) -> None:
    people.issue_token(city.viewer("head"), name="程序")
    assert lines(city.client("head").get(LOG))[0][1] == "发接口令牌"
    assert "发接口令牌" not in {line[1] for line in lines(city.client("office").get(LOG))}


@pytest.mark.parametrize("part", ["clerk", "other_clerk", "recorder", "reader", "stranger"])
def test_who_may_not_read_the_log_does_not_learn_that_there_is_one(city: City, part: str) -> None:
    client = city.client(part)
    assert client.get(LOG).status_code == 404
    assert client.get(LOG + "?export=xlsx").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=grant", ["授权"]), ("sort=at", ["增加人员", "授权"]), ("from=2099-01-01", []), ("q=nothing", [])],
)
def test_it_is_narrowed_and_sorted_like_every_list(city: City, query: str, found: list[str]) -> None:
    assert [line[1] for line in lines(city.client("head").get(f"{LOG}?{query}"))] == found


def test_a_bad_date_gets_a_sentence(city: City) -> None:
    page = city.client("head").get(LOG + "?from=gestern")
    assert page.status_code == 422
    assert "“gestern”不是日期" in page.content.decode()


def test_its_export_has_the_same_rows(city: City) -> None:
    client = city.client("head")
    answer = client.get(LOG + "?export=xlsx")
    sheet = openpyxl.load_workbook(BytesIO(answer.getvalue())).worksheets[0]
    written = [tuple(str(cell) for cell in row[1:]) for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert written == lines(client.get(LOG))


def test_names_are_looked_up_for_the_lines_of_the_page_only(city: City) -> None:
    people.issue_token(city.viewer("office"), name="程序")
    with CaptureQueriesContext(connection) as queries:
        city.client("head").get(LOG)
    assert not [query for query in queries if "DISTINCT" in query["sql"]]


RECORDING = re.compile(r"_?record(_\w+)?|_save|Transition")
VERB = re.compile(r"[a-z_]+\.[a-z_]+")


def verbs_of(path: Path) -> set[str]:
    """What a module records: the verbs written out in calls of `record`, of the helpers around it, and in workflows."""
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    recording = [call for call in calls if RECORDING.fullmatch(ast.unparse(call.func).rpartition(".")[2])]
    # The first one: a right that is required follows the verb in a workflow, and is written as verbs are.
    return {verb for call in recording for verb in [verb for verb in map(text_of, call.args) if verb][:1]}


def text_of(argument: ast.expr) -> str:
    value = argument.value if isinstance(argument, ast.Constant) else None
    return value if isinstance(value, str) and VERB.fullmatch(value) else ""


def test_every_verb_of_the_product_reads_as_words_and_no_word_is_for_nothing() -> None:
    """A verb that the page does not know would stand there in English; one that is found nowhere is recorded in a way
    that this test does not see."""
    package = Path(chuangwen.__file__).parent
    recorded = set().union(*(verbs_of(path) for path in package.rglob("*.py")))
    assert recorded == VERBS.keys()


def test_a_page_of_the_log_costs_few_queries(city: City, django_assert_max_num_queries: Any) -> None:
    for number in range(60):
        people.add_person(city.viewer("office"), unit=city["school"], code=f"n{number}", name="某")
    client = city.client("office")
    with django_assert_max_num_queries(9):
        assert len(client.get(reverse("events")).context["list"].rows) == 50
