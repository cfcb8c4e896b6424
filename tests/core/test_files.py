"""Stored files: bytes once under their SHA-256, a row for every time they were given."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuangwen.core import files
from chuangwen.core.models import StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


def keep(*chunks: bytes, name: str = "a.pdf") -> StoredFile:
    return files.keep(chunks, name=name, media_type="application/pdf", unit_uid=None, created_by=None)


def on_disk(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_the_bytes_lie_under_their_own_digest(folder: Path) -> None:
    file = keep(b"one ", b"two")
    assert file.sha256 == hashlib.sha256(b"one two").hexdigest()
    assert file.size == 7
    assert files.read(file) == b"one two"
    assert (folder / file.sha256[:2] / file.sha256[2:4] / file.sha256).is_file()


def test_the_same_bytes_twice_are_two_rows_and_one_file(folder: Path) -> None:
    first, second = keep(b"same"), keep(b"same", name="b.pdf")
    assert first.uid != second.uid
    assert on_disk(folder) == [first.sha256]


def test_an_empty_file_is_a_file_too() -> None:
    assert (keep().size, files.read(keep())) == (0, b"")


def test_a_sender_who_breaks_off_leaves_neither_row_nor_bytes(folder: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        files.keep(broken(), name="a", media_type="x", unit_uid=None, created_by=None)
    assert on_disk(folder) == []
    assert not StoredFile.objects.filter(name="a").exists()


def test_a_name_too_long_for_the_table_keeps_its_ending() -> None:
    assert keep(b"x", name="长" * 300 + ".pdf").name.endswith("长.pdf")
    assert len(keep(b"x", name="长" * 300 + ".pdf").name) == 255


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..\\x", "a\nb"])
def test_a_name_never_becomes_a_path(folder: Path, name: str) -> None:
    file = keep(b"x", name=name)
    assert on_disk(folder) == [file.sha256]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(max_size=200), max_size=5))
def test_what_was_given_is_what_is_read(chunks: list[bytes]) -> None:
    assert files.read(keep(*chunks)) == b"".join(chunks)
