"""Settings of the test run: a throw-away data folder, quick hashing, jobs done at once, no LibreOffice."""

import os
import tempfile

os.environ.setdefault("CHUANGWEN_DATA", tempfile.mkdtemp(prefix="chuangwen-test-"))
os.environ.setdefault("CHUANGWEN_SECRET_KEY", "test")
os.environ["CHUANGWEN_PUBLIC_URL"] = "http://localhost:8000"

from chuangwen.settings import *  # noqa: F403
from chuangwen.settings import DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["default"]}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
AXES_ENABLED = False
ALLOWED_HOSTS = ["*"]
DATABASES["default"].pop("CONN_MAX_AGE", None)
# Every issued document asks for its PDF, and LibreOffice takes seconds to start: the tests of PDFs say so themselves.
OFFICE = "no-office-in-tests"
