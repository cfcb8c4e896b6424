"""Two beats at the same moment, and a beat beside a verb: everybody is told once, and nothing waits for ever."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections

from chuangwen.cases import services
from chuangwen.cases.models import Case, CaseStep
from chuangwen.cases.services import Given
from chuangwen.core import clock
from chuangwen.people.models import Notice
from tests.factories import cases
from tests.factories.city import City, build
from tests.factories.threads import at_once, reached_by_threads

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> tuple[City, list[Case]]:
    """Six cases that are past their day some weeks on."""
    city = cases.populate(build())
    found = [cases.sent(city) for _each in range(6)]
    Notice.objects.all().delete()
    reached_by_threads(tmp_path, monkeypatch)
    return city, found


def weeks_on(act: Callable[[], object]) -> Callable[[], object]:
    def run() -> object:
        with clock.held_at(clock.now() + timedelta(days=20)):
            return act()

    return run


def test_two_beats_tell_nothing_twice(late: tuple[City, list[Case]]) -> None:
    city, _cases = late
    assert at_once(weeks_on(services.watch_deadlines), weeks_on(services.watch_deadlines)) == []
    connections["default"].close()
    for verb in ("overdue", "escalate"):
        assert CaseStep.objects.filter(verb=verb).count() == 6
    assert Notice.objects.filter(person=city.persons["lead_clerk"], kind="case.overdue").count() == 6
    assert Notice.objects.filter(person=city.persons["dispatcher"], kind="case.escalate").count() == 6


def test_a_beat_and_the_units_own_act_do_not_wait_for_each_other(late: tuple[City, list[Case]]) -> None:
    city, found = late
    actor = city.viewer("lead_clerk")
    assert actor.grants

    def accept() -> None:
        for case in reversed(found):
            services.move(actor, uid=case.uid, verb="accept", given=Given())

    assert at_once(accept, weeks_on(services.watch_deadlines)) == []
    connections["default"].close()
    assert CaseStep.objects.filter(verb="overdue").count() == 6
    assert set(Case.objects.values_list("state", flat=True)) == {"working"}
