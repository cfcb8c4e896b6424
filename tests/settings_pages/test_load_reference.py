"""Loading the reference files says what is missing, and leaves alone what was edited here."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from chuangwen.core.models import Holiday
from chuangwen.people.models import Role

pytestmark = pytest.mark.django_db


def told() -> str:
    errors = StringIO()
    call_command("load_reference", stderr=errors)
    return errors.getvalue()


def test_from_november_on_the_missing_holidays_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chuangwen.core.clock.today", lambda: date(2026, 11, 5))
    assert "no holidays of 2027 are known" in told()
    Holiday.objects.create(day=date(2027, 1, 1), kind="off", name="元旦")
    assert told() == ""


def test_what_the_city_edited_stays() -> None:
    Role.objects.filter(code="reader").update(permissions=["unit.view"], edited_at=timezone.now())
    Role.objects.filter(code="recorder").update(permissions=["unit.view"])
    told()
    assert Role.objects.get(code="reader").permissions == ["unit.view"]
    assert len(Role.objects.get(code="recorder").permissions) > 1
