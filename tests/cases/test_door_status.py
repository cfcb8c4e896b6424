"""The public status of the city: off until the city wants it, and then without a person, a word or a house number."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache

from chuangwen.cases.models import Case, CasePolicy
from tests.cases.door_parts import reported, visitor
from tests.factories import cases
from tests.factories.city import City


@pytest.fixture
def public(city: City) -> City:
    CasePolicy.objects.update(public_status=True)
    return city


def test_it_is_off_until_the_city_wants_it(city: City) -> None:
    answer = visitor().get("/status/")
    assert answer.status_code == 404
    assert "没有公开" in answer.content.decode()


def test_it_counts_and_lists_public_cases_alone(public: City, django_assert_max_num_queries: Any) -> None:
    reported(public, text="王五家门口", address="18 号", name="赵六")
    hidden, _code = reported(public, category="manhole")
    Case.objects.filter(pk=hidden.pk).update(confidential=True)
    cases.opened(public, title="巡查所见")
    with django_assert_max_num_queries(8):
        text = visitor().get("/status/").content.decode()
    assert "非机动车乱停" in text
    for private in ("王五", "18 号", "赵六", "井盖缺损", "巡查所见"):
        assert private not in text
    assert "<dd>1</dd>" in text


def test_it_is_reckoned_once_a_minute(public: City, django_assert_max_num_queries: Any) -> None:
    visitor().get("/status/")
    reported(public)
    with django_assert_max_num_queries(1):
        text = visitor().get("/status/").content.decode()
    assert "近 90 天没有公开的事项" in text
    cache.clear()
    assert "非机动车乱停" in visitor().get("/status/").content.decode()


def test_it_has_pages_and_none_beyond_them(public: City) -> None:
    case, _code = reported(public)
    fields = {field.attname: getattr(case, field.attname) for field in Case._meta.concrete_fields}
    for number in range(24):
        Case.objects.create(**fields | {"id": None, "uid": uuid4(), "number": f"X-{number}"})
    cache.clear()
    first, second = (visitor().get("/status/", {"page": page}).content.decode() for page in ("1", "2"))
    assert (first.count("非机动车乱停"), second.count("非机动车乱停")) == (20, 5)
    for odd in ("9", "0", "-1", "x", "9" * 30, "²"):
        assert visitor().get("/status/", {"page": odd}).status_code == 200
