"""What a noun declares so that its rows can come from a workbook; the engine is in `interop.services`.

An importer lives for one workbook. The engine calls, in this order: `table()` to recognise sheets; `check()` for every
row of every sheet; then, only if no row was bad, `build()` and `save()` inside one transaction. Importers of one
workbook run by `order` and share `context`, so that an attendance may name a shift of the same file.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID, uuid5

from django.db import models
from django.utils.functional import Promise

from chuangwen.core.models import Import
from chuangwen.core.tabular import BadCell, Table

# Text, whole numbers or None, so that a checked row can be laid aside on disk as JSON: dates as ISO text.
Plain = Any
Message = tuple[str | Promise, str | Promise]


@dataclass
class ImportContext:
    """One import under way: who brings what in for which unit, and what its importers tell each other."""

    actor: Any
    unit: Any
    source: Import
    shared: dict[str, dict[Any, Any]] = field(default_factory=dict)

    def told(self, what: str) -> dict[Any, Any]:
        return self.shared.setdefault(what, {})


class BadRow(BadCell):
    """A row whose cells are each well written but do not fit together or are not known; `key` names the column."""

    def __init__(self, key: str, code: str, **params: str) -> None:
        super().__init__(code, params)
        self.key = key


class Unclear(Exception):
    """A row that cannot be judged before another bad row is mended; it is not a fault of its own."""


class Importer:
    """Base of every importer: see the module text for when what is called."""

    noun: ClassVar[str]
    model: ClassVar[Any]
    # column key → field, for what a later workbook may change in a record that is there; the rest is identity.
    changeable: ClassVar[dict[str, str]] = {}
    order: ClassVar[int]
    label: ClassVar[str | Promise]
    messages: ClassVar[dict[str, Message]] = {}

    def __init__(self, context: ImportContext) -> None:
        self.context = context

    def table(self) -> Table:
        """The columns of the sheet, with choices as they stand for the unit today."""
        raise NotImplementedError

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        """The row's uid and its plain values; raises BadRow. The uid is made from what identifies the row."""
        raise NotImplementedError

    def spoilt(self, values: dict[str, Any]) -> None:
        """Told of a row that was refused, with those of its values that could be read."""

    def existing(self, uids: Collection[UUID]) -> set[UUID]:
        """Which of these rows are there already: they are skipped."""
        return set(self.model.everything.filter(uid__in=uids).values_list("uid", flat=True))

    def changing(self, plain: Sequence[Plain]) -> dict[str, Plain]:
        """field → value, in the form in which JSON holds it, of every field that `changeable` names."""
        return {}

    def allowed(self) -> bool:
        """Whether the actor may bring in rows of this noun for the unit, beyond the right to import."""
        return True

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> models.Model:
        """The row to be saved; `source` is what Imported carries."""
        raise NotImplementedError

    def save(self, rows: list[Any]) -> int:
        raise NotImplementedError

    def uid(self, unit: UUID, *identity: object) -> UUID:
        """The same content of the same unit always has the same uid, so that nothing comes in twice.

        `unit` is the row's own: a workbook may come from the school today and from the bureau above it tomorrow.
        """
        return uuid5(unit, "|".join([self.noun, *map(str, identity)]))


_importers: dict[str, type[Importer]] = {}


def add_importer(importer: type[Importer]) -> None:
    _importers[importer.noun] = importer


def importers() -> list[type[Importer]]:
    return sorted(_importers.values(), key=lambda importer: importer.order)
