"""Reference data: rows that come from the files in `reference/` until somebody edits them in the interface.

Called by the `load_reference` service of each app and by the pages of settings. A file never overwrites what was
edited here, so that an update of the product does not undo a city's own settings.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.conf import settings
from django.db.models import Model, Q, QuerySet

from chuangwen.core import clock
from chuangwen.core.models import Reference

R = TypeVar("R", bound=Reference)
Row = Mapping[str, Any]
NEW_AT_ONCE, CHANGED_AT_ONCE = 500, 100


def bring(model: type[Reference], rows: Iterable[Row], *, identity: str = "code") -> int:
    """Make each row's table row say what the file says, but for rows that were edited here; returns how many rows.

    `identity` names the column by which a row is known. Rows that the file no longer names stay, because other rows
    may stand on them.
    """
    table: Any = model
    standing = {getattr(row, identity): row for row in table.objects.all()}
    new: list[Model] = []
    changed: list[Model] = []
    columns: set[str] = set()
    count = 0
    for values in rows:
        count += 1
        row = standing.get(values[identity])
        if row is None:
            new.append(model(**values))
        elif row.edited_at is None:
            differing = {key: value for key, value in values.items() if getattr(row, key) != value}
            for key, value in differing.items():
                setattr(row, key, value)
            if differing:
                changed.append(row)
                columns |= {model._meta.get_field(key).name for key in differing}
    table.objects.bulk_create(new, batch_size=NEW_AT_ONCE)
    if changed:
        table.objects.bulk_update(changed, sorted(columns), batch_size=CHANGED_AT_ONCE)
    return count


def offered(rows: QuerySet[R], *, keep: object = None) -> QuerySet[R]:
    """The rows that one may still choose; `keep` is the key of the one that the record at hand already has."""
    return rows.filter(Q(retired_on__isnull=True) | Q(retired_on__gt=clock.today()) | Q(pk=keep))


def from_file(name: str, table: str) -> Callable[[], Sequence[Row]]:
    """The rows of a table of a reference file, read when they are asked for."""
    return lambda: read(name)[table]


def read(name: str) -> Mapping[str, Any]:
    """A reference file. Kept as long as the file is the same: a page of settings compares with it each time."""
    path = settings.REFERENCE_DIR / name
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _read(path: Path, _changed: int) -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found
