"""Two decide at the same moment: one is first, the other is told, and the case has gone one way."""

from pathlib import Path

import pytest

from chuangwen.cases import services
from chuangwen.cases.models import Case, CaseDeadline, CasePart, CaseStep
from chuangwen.cases.services import Given
from chuangwen.core.errors import Conflict, Refused
from chuangwen.core.models import RunningNumber
from tests.factories import cases
from tests.factories.cases import filed, fixed, opened
from tests.factories.city import City, build
from tests.factories.threads import at_once, reached_by_threads

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def city(transactional_db: None) -> City:
    return cases.populate(build())


def test_two_hand_it_over_and_one_of_them_wins(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = filed(city)
    reached_by_threads(tmp_path, monkeypatch)

    def to(unit: str) -> None:
        given = Given(lead=city[unit])
        services.move(city.viewer("dispatcher"), uid=case.uid, verb="dispatch", given=given, seen=case.revision)

    refused = at_once(lambda: to("bureau"), lambda: to("street"))
    assert [type(problem) for problem in refused] == [Conflict]
    now = Case.objects.get(pk=case.pk)
    assert now.state == "sent"
    assert CasePart.objects.get(case=case, ended_at__isnull=True).unit == now.lead
    assert CaseStep.objects.filter(case=case, verb="dispatch").count() == 1


def test_one_verifies_while_another_sends_back(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = fixed(city)
    reached_by_threads(tmp_path, monkeypatch)
    refused = at_once(
        lambda: services.move(city.viewer("dispatcher"), uid=case.uid, verb="verify"),
        lambda: services.move(city.viewer("supervisor"), uid=case.uid, verb="send_back", given=Given(reason="还在")),
    )
    assert [type(problem) for problem in refused] in ([Conflict], [Refused])
    now = Case.objects.get(pk=case.pk)
    running = CaseDeadline.objects.filter(case=case, met_at__isnull=True).count()
    assert (now.state, running) in {("closed", 0), ("working", 1)}


def test_two_cases_at_once_have_two_numbers(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(city)
    reached_by_threads(tmp_path, monkeypatch)
    assert at_once(lambda: opened(city), lambda: opened(city, by="dispatcher")) == []
    numbers = list(Case.objects.values_list("number", flat=True))
    assert len(set(numbers)) == 3
    assert RunningNumber.objects.get().last == 3
