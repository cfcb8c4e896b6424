"""Checked rows against the records that are there: which are new, which come back, what changes, what stays.

Called by `reading` for stretches of rows.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangwen.core.importing import Found, Importer, Present
from chuangwen.core.models import Event
from chuangwen.interop.work import Checked, Laid


@dataclass
class Compared:
    """`laid` is what will be saved; the rest is counted and stays as it is."""

    laid: Laid = field(default_factory=Laid)
    same: int = 0
    withdrawn: int = 0
    # Rows whose record a person changed in the page, or that is of a unit above: it is left alone.
    kept: list[tuple[int, str]] = field(default_factory=list)


def compare(importer: Importer, rows: Sequence[Checked], columns: Collection[str]) -> Compared:
    """`columns` are the keys of the columns that the sheet has: what it does not have it does not change."""
    there = importer.existing([UUID(hex=uid) for _number, uid, _plain in rows])
    if not there:
        return Compared(Laid(new=list(rows)))
    fields = {field for key, field in importer.changeable.items() if key in columns}
    fields |= {field for field, lead in importer.follows.items() if lead in fields}
    compared, differing = Compared(), []
    alone = importer.left_alone(there)
    for row in rows:
        present = there.get(UUID(hex=row[1]))
        if present is None:
            compared.laid.new.append(row)
        elif present.found == Found.UNDONE and UUID(hex=row[1]) in alone:
            compared.kept.append((row[0], row[1]))
        elif present.found == Found.UNDONE:
            compared.laid.back.append(row)
        elif present.found == Found.WITHDRAWN:
            compared.withdrawn += 1
        elif difference := _difference(importer, present, row[2], fields):
            differing.append((row[0], row[1], *difference))
        else:
            compared.same += 1
    alone |= touched_in_page([UUID(hex=uid) for _number, uid, _before, _after in differing])
    compared.laid.changed = [each for each in differing if UUID(hex=each[1]) not in alone]
    compared.kept += [(each[0], each[1]) for each in differing if UUID(hex=each[1]) in alone]
    return compared


def touched_in_page(uids: Collection[UUID]) -> set[UUID]:
    """Records about which a person did something: an import writes one event of its own and none of its records."""
    if not uids:
        return set()
    return {uid for uid in Event.objects.filter(subject_uid__in=uids).values_list("subject_uid", flat=True) if uid}


def _difference(
    importer: Importer, present: Present, plain: Any, fields: Collection[str]
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    before, after = {}, {}
    if not fields:
        return None
    for name, written in importer.changing(plain).items():
        if name in fields:
            value = importer.model._meta.get_field(name).to_python(written)
            if value != present.fields[name]:
                before[name], after[name] = as_json(present.fields[name]), as_json(value)
    return (before, after) if after else None


def as_json(value: Any) -> Any:
    """The value of a field in the form in which JSON holds it; the field's `to_python` reads it again."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value


def as_read(model: type[models.Model], name: str, written: Any) -> str:
    """The value of a field as a person reads it."""
    column: Any = model._meta.get_field(name)
    if written in (None, ""):
        return _("（空）")
    if column.choices:
        return str(dict(column.flatchoices).get(written, written))
    if column.is_relation:
        return str(column.related_model._base_manager.filter(pk=written).first() or written)
    value = column.to_python(written)
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    return value.strftime("%H:%M") if isinstance(value, time) else str(value)


def lines_of_change(importer: Importer, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, str]]:
    """Column by column: what it is called, what stands there, what will stand there."""
    labels = {column.key: column.label for column in importer.table().columns}
    called = {name: labels[key] for key, name in importer.changeable.items() if key in labels}
    called |= {name: labels.get(name, called[lead]) for name, lead in importer.follows.items() if lead in called}
    return [
        {
            "column": called.get(name, name),
            "before": as_read(importer.model, name, before[name]),
            "after": as_read(importer.model, name, after[name]),
        }
        for name in after
        if name not in importer.silent
    ]
