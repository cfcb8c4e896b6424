"""The migrations build the database that the models describe, from nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.files import ROOT


@pytest.mark.slow
def test_all_migrations_apply_from_empty_and_leave_nothing_to_make(tmp_path: Path) -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "chuangwen.settings",
        "CHUANGWEN_DATA": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}",
    }
    for arguments in (
        ["migrate", "--no-input", "--verbosity", "0"],
        ["migrate", "--check"],
        ["makemigrations", "--check", "--dry-run"],
    ):
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"manage.py {' '.join(arguments)}:\n{done.stdout}{done.stderr}"
