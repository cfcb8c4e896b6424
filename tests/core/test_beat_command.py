"""`script/manage beat`: what libraries keep is forgotten in time, and nothing before."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from axes.models import AccessLog
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from chuangwen.core import clock
from chuangwen.management.commands.beat import forget_old_traces

pytestmark = pytest.mark.django_db


def ended_job(status: TaskResultStatus, days: int) -> DBTaskResult[Any, Any]:
    return DBTaskResult.objects.create(
        status=status,
        args_kwargs={"args": [], "kwargs": {}},
        task_path="chuangwen.metrics.jobs.refresh_days",
        backend_name="default",
        run_after=clock.now(),
        finished_at=clock.now() - timedelta(days=days) if status != TaskResultStatus.READY else None,
        exception_class_path="",
        traceback="",
    )


def test_ended_jobs_sessions_and_sign_ins_are_forgotten_in_time_and_not_before(settings: LazySettings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
    ended = (TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED)
    kept = {ended_job(status, 6).pk for status in ended} | {ended_job(TaskResultStatus.READY, 0).pk}
    for status in ended:
        ended_job(status, 8)
    for name, hours in (("over", -1), ("on", 1)):
        Session.objects.create(session_key=name, session_data="", expire_date=clock.now() + timedelta(hours=hours))
    for days in (29, 31):
        row = AccessLog.objects.create(username=f"{days}", session_hash=uuid4().hex)
        AccessLog.objects.filter(pk=row.pk).update(attempt_time=clock.now() - timedelta(days=days))
    forget_old_traces()
    assert set(DBTaskResult.objects.values_list("pk", flat=True)) == kept
    assert [row.session_key for row in Session.objects.all()] == ["on"]
    assert [row.username for row in AccessLog.objects.all()] == ["29"]
