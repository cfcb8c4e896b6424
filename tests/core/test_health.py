"""/health for the machine that watches: 200 when database and data folder answer, 503 with what does not."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, connection
from django.test import Client

pytestmark = pytest.mark.django_db


def test_all_is_well(client: Client) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"ok": True, "faults": []})


def test_a_data_folder_that_is_gone_is_named(client: Client, settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "gone"
    answer = client.get("/health")
    assert (answer.status_code, answer.json()) == (503, {"ok": False, "faults": ["data folder"]})


def test_a_database_that_does_not_answer_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = client.get("/health")
    assert (answer.status_code, answer.json()) == (503, {"ok": False, "faults": ["database"]})


def test_it_says_nothing_of_the_records_and_needs_nobody(client: Client) -> None:
    assert client.get("/health").json().keys() == {"ok", "faults"}
