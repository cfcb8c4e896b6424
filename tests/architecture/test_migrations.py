"""The migrations build the database that the models describe, from nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.files import ROOT

# In one process: starting three takes longer than two of them work.
COMMANDS = """
import django
from django.core.management import call_command
django.setup()
call_command("migrate", interactive=False, verbosity=0)
call_command("migrate", check_unapplied=True)
call_command("makemigrations", check_changes=True, dry_run=True)
"""


@pytest.mark.slow
def test_all_migrations_apply_from_empty_and_leave_nothing_to_make(tmp_path: Path) -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "chuangwen.settings",
        "CHUANGWEN_DATA": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}",
    }
    done = subprocess.run(
        [sys.executable, "-c", COMMANDS], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
