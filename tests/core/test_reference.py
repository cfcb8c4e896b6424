"""Rows of reference data follow their file until somebody edits them here."""

from typing import Any

import pytest
from django.utils import timezone

from chuangwen.core.reference import bring, offered
from chuangwen.people.models import UnitKind

pytestmark = pytest.mark.django_db
SCHOOL = {"code": "school", "name": "中小学", "name_en": "School", "is_group": False}


def test_a_row_that_nobody_edited_follows_its_file() -> None:
    assert bring(UnitKind, [SCHOOL]) == 1
    assert UnitKind.objects.get(code="school").name == "中小学"


def test_a_row_that_was_edited_here_stays() -> None:
    UnitKind.objects.filter(code="school").update(name="学堂", edited_at=timezone.now())
    bring(UnitKind, [SCHOOL])
    assert UnitKind.objects.get(code="school").name == "学堂"


def test_a_new_row_of_the_file_comes_and_no_row_goes() -> None:
    before = UnitKind.objects.count()
    bring(UnitKind, [{"code": "library", "name": "图书馆", "name_en": "Library", "is_group": False}])
    assert UnitKind.objects.count() == before + 1


def test_bringing_the_same_again_writes_nothing(django_assert_num_queries: Any) -> None:
    bring(UnitKind, [SCHOOL])
    with django_assert_num_queries(1):
        bring(UnitKind, [SCHOOL])


def test_a_retired_row_is_offered_only_to_the_record_that_has_it() -> None:
    UnitKind.objects.filter(code="ward").update(retired_on=timezone.localdate())
    assert "ward" not in {kind.code for kind in offered(UnitKind.objects.all())}
    assert "ward" in {kind.code for kind in offered(UnitKind.objects.all(), keep="ward")}
