"""Background jobs on the database backend: a lease while they run, lost ones given back, progress."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from chuangwen.core import clock, jobs

pytestmark = pytest.mark.django_db(transaction=True)

heard: list[str] = []


@jobs.job
def say(word: str) -> str:
    """Notes the word and whether a lease is held while it runs."""
    running = DBTaskResult.objects.get(status=TaskResultStatus.RUNNING)
    heard.append(f"{word} with lease" if cache.get(f"job-lease:{running.id}") else f"{word} without lease")
    return word


@jobs.job
def fail() -> None:
    raise ZeroDivisionError


@pytest.fixture(autouse=True)
def _database_backend(settings: LazySettings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
    heard.clear()


def work() -> None:
    """A worker that does all that is there and ends."""
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)


Result = DBTaskResult[Any, Any]


def die(result: Result, *, workers: int = 1, seconds_ago: float = jobs.LEASE_SECONDS + 5) -> None:
    """As a worker leaves a job that was killed in the middle of it."""
    DBTaskResult.objects.filter(pk=result.pk).update(
        status=TaskResultStatus.RUNNING,
        started_at=clock.now() - timedelta(seconds=seconds_ago),
        worker_ids=[f"dead-{number}" for number in range(workers)],
    )


def enqueued(task: Callable[..., object] | object, *args: object) -> Result:
    return DBTaskResult.objects.get(pk=task.enqueue(*args).id)  # type: ignore[union-attr]


def state(result: Result) -> str:
    result.refresh_from_db()
    return str(result.status)


def test_a_job_is_done_once_and_holds_a_lease_while_it_runs() -> None:
    result = enqueued(say, "好")
    assert state(result) == "READY"
    work()
    work()
    assert heard == ["好 with lease"]
    assert (state(result), result.return_value) == ("SUCCESSFUL", "好")
    assert cache.get(f"job-lease:{result.id}") is None


def test_a_job_is_enqueued_only_when_the_data_is_committed() -> None:
    with transaction.atomic():
        say.enqueue("从没发生")
        transaction.set_rollback(True)
    work()
    assert heard == []


def test_a_job_that_raises_has_failed_and_gives_its_lease_back() -> None:
    result = enqueued(fail)
    work()
    assert (state(result), result.exception_class_path) == ("FAILED", "builtins.ZeroDivisionError")
    assert cache.get(f"job-lease:{result.id}") is None


def test_the_job_of_a_dead_worker_is_given_back_and_runs_again() -> None:
    result = enqueued(say, "又来")
    die(result)
    work()
    assert heard == []
    assert jobs.reap() == 1
    assert state(result) == "READY"
    work()
    assert heard == ["又来 with lease"]
    assert state(result) == "SUCCESSFUL"
    assert len(result.worker_ids) == 2


def test_a_job_whose_worker_lives_is_left_alone_however_long_it_runs() -> None:
    result = enqueued(say, "慢")
    die(result, seconds_ago=10_000)
    with jobs.Lease(str(result.id)):
        assert jobs.reap() == 0
    assert state(result) == "RUNNING"
    assert jobs.reap() == 1


def test_a_job_that_began_just_now_is_left_alone_until_a_lease_could_be_there() -> None:
    result = enqueued(say, "刚开始")
    die(result, seconds_ago=5)
    assert jobs.reap() == 0
    assert state(result) == "RUNNING"


def test_after_three_attempts_it_has_failed() -> None:
    result = enqueued(say, "总是死")
    die(result, workers=jobs.MAX_ATTEMPTS - 1)
    assert jobs.reap() == 1
    assert state(result) == "READY"
    die(result, workers=jobs.MAX_ATTEMPTS)
    assert jobs.reap() == 1
    assert state(result) == "FAILED"
    assert result.finished_at is not None
    work()
    assert heard == []


def test_what_is_done_is_never_given_back() -> None:
    result = enqueued(say, "做完了")
    work()
    DBTaskResult.objects.filter(pk=result.pk).update(started_at=clock.now() - timedelta(days=1))
    assert jobs.reap() == 0
    assert state(result) == "SUCCESSFUL"


def test_the_heartbeat_renews_the_lease_and_ends_with_the_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "HEARTBEAT_SECONDS", 0.01)
    lease = jobs.Lease("beating")
    with lease:
        cache.delete(lease.key)
        give_up = time.monotonic() + 5
        while cache.get(lease.key) is None and time.monotonic() < give_up:
            time.sleep(0.01)
        assert cache.get(lease.key) == 1
    assert not lease.thread.is_alive()
    assert cache.get(lease.key) is None


def test_progress_is_what_was_said_last() -> None:
    assert jobs.progress("an-import") is None
    jobs.set_progress("an-import", 10, 0)
    jobs.set_progress("an-import", 250, 1000)
    assert jobs.progress("an-import") == (250, 1000)
    assert jobs.progress("another-import") is None
