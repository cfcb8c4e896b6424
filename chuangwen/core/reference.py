"""Reference data: rows that come from the files in `reference/` until somebody edits them in the interface.

Called by the `load_reference` service of each app. A file never overwrites what was edited here, so that an update of
the product does not undo a city's own settings.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from chuangwen.core.models import Reference


def bring(model: type[Reference], rows: Iterable[Mapping[str, Any]], *, identity: str = "code") -> int:
    """Make each row's table row say what the file says, but for rows that were edited here; returns how many rows.

    `identity` names the column by which a row is known. Rows that the file no longer names stay, because other rows
    may stand on them.
    """
    table: Any = model
    edited = set(table.objects.filter(edited_at__isnull=False).values_list(identity, flat=True))
    count = 0
    for row in rows:
        count += 1
        if row[identity] not in edited:
            values = {key: value for key, value in row.items() if key != identity}
            table.objects.update_or_create(**{identity: row[identity]}, defaults=values)
    return count
