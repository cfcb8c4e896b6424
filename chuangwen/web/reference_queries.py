"""What the pages of settings ask: the tables, their rows, what changed, what the file says, who has what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from chuangwen.core import clock
from chuangwen.core.errors import Missing
from chuangwen.core.models import Event
from chuangwen.core.setting import NOUN, Setting, Use, find_setting, settings, subject
from chuangwen.people.access import Viewer, label_of_persons, require_over_city
from chuangwen.people.rules import Perm
from chuangwen.web.lists import VERBS

HISTORY = 50
Text = str | Promise


def setting_for(viewer: Viewer, key: str) -> Setting:
    require_over_city(viewer, Perm.REFERENCE_MANAGE)
    found = find_setting(key)
    if found is None:
        raise Missing
    return found


@dataclass(frozen=True)
class Table:
    """A table on the first page of settings."""

    setting: Setting
    offered: int
    retired: int
    edited: int


def tables(viewer: Viewer) -> list[Table]:
    require_over_city(viewer, Perm.REFERENCE_MANAGE)
    return [_table(setting) for setting in settings()]


def _table(setting: Setting) -> Table:
    rows = list(setting.model._default_manager.values_list("edited_at", "retired_on"))
    retired = sum(is_retired(day) for _edited, day in rows)
    return Table(setting, len(rows) - retired, retired, sum(edited is not None for edited, _day in rows))


def is_retired(day: Any) -> bool:
    return day is not None and day <= clock.today()


def rows(viewer: Viewer, setting: Setting) -> QuerySet[Any]:
    require_over_city(viewer, Perm.REFERENCE_MANAGE)
    related = [each.name for each in setting.model._meta.concrete_fields if each.is_relation]
    found = setting.model._default_manager.all()
    return found.select_related(*related) if related else found


def row(viewer: Viewer, setting: Setting, code: str) -> Any:
    found = rows(viewer, setting).filter(pk=code).first()
    if found is None:
        raise Missing
    return found


def uses(setting: Setting, found: Any) -> Sequence[Use]:
    return [use for use in setting.uses(found.pk) if use.count]


@dataclass(frozen=True)
class Difference:
    """A column, and what two say of it."""

    label: Text
    before: str
    after: str


def differences(setting: Setting, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """In the order of the columns. Of a list only what went and what came is said."""
    found = []
    for column in setting.columns:
        if column.name not in after or before.get(column.name) == after[column.name]:
            continue
        old, new = before.get(column.name), after[column.name]
        if isinstance(new, list):
            old, new = (
                [each for each in old or [] if each not in new],
                [each for each in new if each not in (old or [])],
            )
        found.append(Difference(column.label, setting.shown(column.name, old), setting.shown(column.name, new)))
    return found


@dataclass(frozen=True)
class Past:
    """One thing that was done to a row."""

    at: datetime
    actor: str
    verb: Text
    differences: list[Difference]


def history(setting: Setting, code: str) -> list[Past]:
    """Who did what to the row, the latest first."""
    found = Event.objects.filter(noun=NOUN, subject_uid=subject(setting.key, code)).order_by("-id")[:HISTORY]
    done = list(found)
    names = label_of_persons(event.actor_uid for event in done)
    return [
        Past(
            event.at,
            names.get(event.actor_uid, ""),
            VERBS[event.verb],
            differences(setting, event.data.get("before", {}), event.data.get("after", {})),
        )
        for event in done
    ]


@dataclass(frozen=True)
class FileSays:
    """How a row stands to its file: `known` is whether the file has it, `differences` from the file to here."""

    known: bool
    edited: bool
    differences: list[Difference]


def file_says(setting: Setting, found: Any) -> FileSays:
    said = setting.file_values(found.pk)
    if said is None:
        return FileSays(known=False, edited=True, differences=[])
    return FileSays(
        known=True, edited=found.edited_at is not None, differences=differences(setting, said, setting.values(found))
    )
