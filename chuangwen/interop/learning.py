"""What a unit calls a column is remembered when a person points it out, and recognised from then on.

Called by `services`; `recognising` asks for what was learned.
"""

from typing import Any

from chuangwen.core import clock
from chuangwen.core.importing import ImportContext, importers
from chuangwen.core.models import ColumnName, Import
from chuangwen.core.tabular import Table
from chuangwen.core.tabular.normal import heading
from chuangwen.people.access import Viewer
from chuangwen.people.models import Unit

LONGEST = 80


def learn(actor: Viewer, unit: Unit, by_hand: dict[str, Any], headings: list[str]) -> int:
    """Remember the headings of one sheet; returns how many are new. A heading means one column at a time."""
    table = _table(actor, unit, by_hand["noun"])
    if table is None:
        return 0
    known = {name: column.key for column in table.columns for name in column.names()}
    standing = ColumnName.objects.filter(unit_uid=unit.uid, noun=table.key)
    learned = 0
    for key, position in by_hand["columns"].items():
        written = headings[position].strip() if position < len(headings) else ""
        if not heading(written) or len(written) > LONGEST:
            continue
        same = [name for name in standing if heading(name.heading) == heading(written)]
        if any(name.column == key for name in same):
            continue
        ColumnName.objects.filter(pk__in=[name.pk for name in same]).delete()
        if known.get(heading(written)) != key:
            ColumnName.objects.create(
                unit_uid=unit.uid,
                noun=table.key,
                heading=written,
                column=key,
                created_by=actor.uid,
                created_at=clock.now(),
            )
            learned += 1
    return learned


def _table(actor: Viewer, unit: Unit, noun: str) -> Table | None:
    found = [importer for importer in importers() if importer.noun == noun]
    return found[0](ImportContext(actor, unit, Import())).table() if found else None
