"""Background jobs over the Tasks API: a lease with a heartbeat, a reaper, progress.

`@job` makes a function enqueueable; enqueue commits with the data. Leases and progress live in the cache, so that a
heartbeat never waits for a long write. Every job must be idempotent: a killed worker's job is run again.
"""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.core.cache import cache
from django_tasks.base import Task, TaskContext, TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from chuangwen.core import clock

LEASE_SECONDS = 60
HEARTBEAT_SECONDS = 10
MAX_ATTEMPTS = 3


def job(function: Callable[..., Any]) -> Task[Any, Any]:
    """Declare a background job. Its arguments must be JSON; it must be safe to run twice."""

    @wraps(function)
    def run(context: TaskContext, *args: Any, **kwargs: Any) -> Any:
        with Lease(str(context.task_result.id)):
            return function(*args, **kwargs)

    # The Tasks API looks for `context` in the signature, and would find the wrapped function's.
    del run.__wrapped__
    return task(takes_context=True)(run)


class Lease:
    """Held while a job runs: a thread says every few seconds that the worker is alive."""

    def __init__(self, result_id: str) -> None:
        self.key = f"job-lease:{result_id}"
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._beat, daemon=True)

    def _beat(self) -> None:
        while True:
            cache.set(self.key, 1, LEASE_SECONDS)
            if self.done.wait(HEARTBEAT_SECONDS):
                return

    def __enter__(self) -> None:
        cache.set(self.key, 1, LEASE_SECONDS)
        self.thread.start()

    def __exit__(self, *_exc: object) -> None:
        self.done.set()
        self.thread.join(timeout=5)
        cache.delete(self.key)


def reap() -> int:
    """Give back the jobs of workers that are gone; after three attempts a job counts as failed. Returns how many."""
    lost_before = clock.now() - timedelta(seconds=LEASE_SECONDS)
    reaped = 0
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=lost_before)
    for result in running:
        if cache.get(f"job-lease:{result.id}"):
            continue
        again = len(result.worker_ids) < MAX_ATTEMPTS
        status = TaskResultStatus.READY if again else TaskResultStatus.FAILED
        finished = None if again else clock.now()
        reaped += DBTaskResult.objects.filter(pk=result.pk, status=TaskResultStatus.RUNNING).update(
            status=status, finished_at=finished, started_at=None
        )
    return reaped


def arguments_under_way() -> set[str]:
    """The arguments, as text, of every job that waits or runs."""
    waiting = DBTaskResult.objects.filter(status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING])
    return {str(argument) for called in waiting.values_list("args_kwargs", flat=True) for argument in called["args"]}


def set_progress(key: str, done: int, total: int) -> None:
    """Say how far a long action is; `key` names the thing worked on, e.g. an import's uid."""
    cache.set(f"progress:{key}", (done, total), 3600)


def progress(key: str) -> tuple[int, int] | None:
    """(done, total), or None before the first word or an hour after the last."""
    found: tuple[int, int] | None = cache.get(f"progress:{key}")
    return found
