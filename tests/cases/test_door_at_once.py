"""What comes through the door at the same moment: one door, one case of one draft, and no more than the limit."""

from pathlib import Path

import pytest

from chuangwen.cases.door import door
from chuangwen.cases.models import Case, CasePolicy
from chuangwen.people.models import Grant, Person
from tests.cases.door_parts import JSON, report, sent, upload, visitor
from tests.factories.city import City, build
from tests.factories.threads import at_once, reached_by_threads

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def city(transactional_db: None) -> City:
    return build()


def test_first_visitors_at_once_make_one_door(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reached_by_threads(tmp_path, monkeypatch)
    assert at_once(door, door, door) == []
    assert Person.objects.filter(code="door").count() == 1
    assert Grant.objects.filter(role="door").count() == 1


def test_two_tabs_that_send_one_draft_make_one_case(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = sent(photos=upload(visitor()).json()["uid"])
    reached_by_threads(tmp_path, monkeypatch)
    answers: list[dict[str, str]] = []

    def send() -> None:
        answers.append(visitor().post("/report/", values, **JSON).json())

    assert at_once(send, send) == []
    assert answers[0]["code"] == answers[1]["code"]
    assert Case.objects.count() == 1


def test_a_flood_at_the_same_moment_is_counted_one_by_one(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    CasePolicy.objects.update(reports_per_hour=2)
    door()
    reached_by_threads(tmp_path, monkeypatch)
    codes: list[int] = []
    assert at_once(*[lambda: codes.append(report(visitor()).status_code)] * 5) == []
    assert sorted(codes) == [201, 201, 429, 429, 429]
    assert Case.objects.count() == 2
