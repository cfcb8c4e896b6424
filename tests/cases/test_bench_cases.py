"""The bench and the soak of cases, in small."""

import pytest

from chuangwen.bench import cases, soak_cases
from chuangwen.cases.models import Case, CaseDeadline
from chuangwen.core import clock


@pytest.mark.slow
def test_bench_cases_measures_every_page_that_it_limits() -> None:
    measured = cases.bench(few=60, many=200, turns=1)
    assert set(measured.ratios) == set(measured.limits) == set(cases.LIMITS)
    assert all(value > 0 for value in measured.ratios.values())
    assert measured.details["cases"] == [60, 200]
    assert max(measured.details["queries"].values()) <= cases.MOST_QUERIES


@pytest.mark.slow
@pytest.mark.django_db
def test_random_walks_hold_and_a_case_without_a_deadline_would_be_found() -> None:
    town = soak_cases.found()
    failures, done = soak_cases.rounds(town, 6, 3)
    assert failures == []
    assert sum(done.values()) > 6
    open_one = Case.objects.filter(due_at__isnull=False).first()
    assert open_one is not None
    CaseDeadline.objects.filter(case=open_one).update(met_at=clock.now())
    assert "running deadlines []" in soak_cases.broken(open_one)
