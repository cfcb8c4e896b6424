"""What a hospital's and a brigade's workbooks bring is taken back whole, and comes back whole: every noun's records."""

from pathlib import Path
from typing import Any

import pytest

from chuangwen.core.importing import importers
from chuangwen.core.models import Import, ImportState
from chuangwen.interop import services
from chuangwen.people.access import Viewer
from chuangwen.people.models import Unit
from chuangwen.people.services import found_city
from tests.factories.city import City
from tests.factories.people import UnitFactory

EXAMPLES = Path(__file__).resolve().parents[2] / "chuangwen" / "reference" / "examples"
BOOKS = {
    "hospital": ("basics", "rounds", "cleaning", "activities", "outcomes"),
    "traffic-brigade": ("basics", "activities", "duty", "outcomes"),
}


def records() -> dict[str, dict[Any, Any]]:
    """table → (key, uid) → every field that says something, of all records that came from a workbook and stand."""
    found: dict[str, dict[Any, Any]] = {}
    for model in {importer.model for importer in importers()}:
        names = [each.attname for each in model._meta.concrete_fields if each.attname != "source_id"]
        rows = model.objects.filter(source__isnull=False).values(*names)
        found[model.__name__] = {(row["id"], row["uid"]): row for row in rows}
    return found


def brought(actor: Viewer, unit: Unit, stem: str) -> list[Import]:
    done = []
    for name in BOOKS[stem]:
        path = EXAMPLES / f"{stem}-{name}.xlsx"
        taken = services.take_workbook(actor, unit=unit, name=path.name, chunks=[path.read_bytes()])
        done.append(services.bring_in(taken))
        assert done[-1].state == ImportState.DONE, [
            (name, each["value"], each["code"], each["params"]) for each in done[-1].problems[:3]
        ]
    return done


@pytest.mark.slow
@pytest.mark.parametrize("stem", BOOKS)
def test_taken_back_from_the_last_to_the_first_and_brought_in_again_everything_is_as_it_was(
    city: City, stem: str
) -> None:
    actor = found_city(code="anlan", name="安澜市", name_en="Anlan City", division_code="430700")
    unit = (
        city["hospital"]
        if stem == "hospital"
        else UnitFactory.create(parent=city["city"], code="demo-brigade", name="交警市区一大队")
    )
    done = brought(actor, unit, stem)
    before = records()
    assert sum(map(len, before.values())) > 100
    for import_row in reversed(done):
        services.undo(actor, import_row, reason="演练")
        services.withdraw(import_row, undone_by=actor.uid, reason="演练")
        assert import_row.state == ImportState.UNDONE, import_row.problems
    assert not any(records().values())
    brought(actor, unit, stem)
    assert records() == before
