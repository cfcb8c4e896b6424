"""The list of persons of a unit and everything below it."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from chuangwen.core.lists import PER_PAGE
from tests.factories.city import City
from tests.factories.people import AccountFactory, PersonFactory

LIST = "/units/demo-primary/persons/"


def codes(page: Any) -> list[str]:
    return [row[0].text for row in page.context["list"].rows]


def test_it_has_the_persons_of_the_school_and_of_its_classes(city: City) -> None:
    PersonFactory.create(pupil=True, unit=city["c99"], code="c99-01")
    PersonFactory.create(pupil=True, unit=city["d11"], code="d11-01")
    assert set(codes(city.client("clerk").get(LIST))) == {"clerk", "head", "recorder", "c99-01"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=pupil", {"c99-01"}),
        ("kind=staff", {"clerk", "head", "recorder"}),
        ("q=c99", {"c99-01"}),
        ("q=clerk", {"clerk"}),
        ("q=%E7%9A%84%E5%A7%93%E5%90%8D+head", {"head"}),
        ("q=nobody", set()),
    ],
)
def test_it_is_narrowed_by_kind_and_words(city: City, query: str, found: set[str]) -> None:
    PersonFactory.create(pupil=True, unit=city["c99"], code="c99-01")
    assert set(codes(city.client("clerk").get(f"{LIST}?{query}"))) == found


def test_who_has_left_is_not_on_it(city: City) -> None:
    PersonFactory.create(unit=city["school"], code="gone", left_on="2026-01-31")
    assert "gone" not in codes(city.client("clerk").get(LIST))


def test_its_export_has_the_same_rows(city: City) -> None:
    client = city.client("clerk")
    answer = client.get(f"{LIST}?export=xlsx&kind=staff&sort=-code")
    sheet = openpyxl.load_workbook(BytesIO(answer.getvalue())).worksheets[0]
    exported = [str(row[0]) for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert exported == codes(client.get(f"{LIST}?kind=staff&sort=-code")) == ["recorder", "head", "clerk"]


def test_a_page_of_fifty_costs_few_queries(city: City, django_assert_max_num_queries: Any) -> None:
    for person in PersonFactory.create_batch(PER_PAGE + 10, unit=city["school"]):
        AccountFactory.create(person=person)
    client = city.client("office")
    with django_assert_max_num_queries(9):
        page = client.get(LIST)
    assert len(codes(page)) == PER_PAGE


def test_a_persons_page_shows_code_login_grants_and_places_in_groups(city: City) -> None:
    page = city.client("office").get(reverse("person", args=[city.persons["clerk"].uid]))
    for said in ("clerk 的姓名", "单位经办人", "安澜市实验小学"):
        assert said in page.content.decode()
