"""A slice of `soak import`, and the tools around it: a soak that cannot fail proves nothing."""

import pytest

from chuangwen.bench import soak_import
from chuangwen.duties import services as duties
from chuangwen.duties.models import Outcome
from chuangwen.interop import reading, saving
from chuangwen.interop.work import Work


@pytest.mark.django_db
def test_random_workbooks_with_random_faults_come_in_whole_or_not_at_all() -> None:
    assert soak_import.rounds(25, seed=7) == []
    assert Outcome.objects.exists()


@pytest.mark.django_db
def test_the_soak_finds_an_import_that_saves_the_good_rows_of_a_bad_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    read = reading.read

    def careless(work: Work) -> None:
        read(work)
        if work.problem_count:
            work.problems, work.problem_count = [], 0

    monkeypatch.setattr(reading, "read", careless)
    assert any("bad rows, and the import is done" in each for each in soak_import.rounds(12, seed=7))


@pytest.mark.django_db
def test_the_soak_finds_rows_that_stay_when_a_worker_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "save", saving.save.__wrapped__)  # type: ignore[attr-defined]
    assert any("after its worker was killed" in each for each in soak_import.rounds(12, seed=7))
    assert duties.add_outcomes.__module__ == "chuangwen.duties.services"
