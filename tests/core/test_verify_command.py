"""`script/manage verify`: exit 0 when all holds, exit 1 and the name of what does not."""

from datetime import date
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection

from chuangwen.core import events, files
from chuangwen.core.models import Event, StoredFile
from chuangwen.metrics import queries as metrics
from chuangwen.metrics.models import RowSet
from chuangwen.metrics.rules import compressed
from chuangwen.metrics.services import freeze
from chuangwen.metrics.sources import Scope
from tests.factories.city import City

pytestmark = pytest.mark.django_db


def verify() -> tuple[int, str, str]:
    """(exit code, stdout, stderr)"""
    out, err = StringIO(), StringIO()
    try:
        call_command("verify", stdout=out, stderr=err)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def write() -> Event:
    return events.record("unit.added", actor_uid=None, noun="unit", subject_uid=uuid4(), data={"n": 1})


def stored() -> StoredFile:
    # Its own bytes: the folder of stored files is shared by the test processes.
    return files.keep([uuid4().bytes], name="扫描件.pdf", media_type="application/pdf", unit_uid=None, created_by=None)


def test_a_clean_installation_holds_and_says_how_long_its_chain_is() -> None:
    write()
    events.seal()
    write()
    code, said, faults = verify()
    assert (code, faults) == (0, "")
    head = Event.objects.get(sequence=1).hash
    assert said.splitlines() == [f"1 events sealed, last hash {head}", "1 events not yet sealed", "all holds"]


def test_an_empty_one_holds_too() -> None:
    assert verify()[0] == 0


def test_an_event_altered_in_the_database_is_named_and_the_exit_is_1() -> None:
    event = write()
    write()
    events.seal()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_event SET verb = 'unit.deleted' WHERE id = %s", [event.pk])
    code, said, faults = verify()
    assert code == 1
    assert faults.count("FAULT") == 1
    assert str(event.uid) in faults
    assert "its content was altered" in faults
    assert said.endswith("1 faults\n")


def test_altered_bytes_of_a_stored_file_are_named() -> None:
    file = stored()
    assert verify()[0] == 0
    files.path_of(file.sha256).write_bytes(b"other bytes")
    code, _said, faults = verify()
    assert code == 1
    assert faults == f"FAULT file {file.sha256[:12]} (扫描件.pdf): its bytes were altered\n"


def test_bytes_that_are_gone_are_named() -> None:
    file = stored()
    files.path_of(file.sha256).unlink()
    code, _said, faults = verify()
    assert code == 1
    assert faults == f"FAULT file {file.sha256[:12]} (扫描件.pdf): its bytes are gone from the data folder\n"


def test_altered_frozen_rows_are_named(city: City) -> None:
    scope = Scope(city["school"], date(2026, 3, 1), date(2026, 6, 30))
    snapshot = freeze(city.viewer("clerk"), metrics.metric("unit.classes@1"), scope)
    assert verify()[0] == 0
    row_set = snapshot.rows
    RowSet.objects.filter(pk=row_set.pk).update(data=compressed(b"[]"))
    code, _said, faults = verify()
    assert code == 1
    assert faults == f"FAULT frozen rows {row_set.digest[:12]}: their content was altered\n"


def test_frozen_rows_that_are_no_longer_readable_are_named_and_the_rest_is_still_checked(city: City) -> None:
    scope = Scope(city["school"], date(2026, 3, 1), date(2026, 6, 30))
    snapshot = freeze(city.viewer("clerk"), metrics.metric("unit.classes@1"), scope)
    RowSet.objects.filter(pk=snapshot.rows.pk).update(data=b"no zlib at all")
    code, _said, faults = verify()
    assert code == 1
    assert snapshot.rows.digest[:12] in faults
