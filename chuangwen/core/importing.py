"""What a noun declares so that its rows can come from a workbook; the engine is in `interop.services`.

An importer lives for one workbook. The engine calls, in this order: `table()` to recognise sheets; `check()` for every
row of every sheet; then, only if no row was bad, `build()` and `save()` inside one transaction. Importers of one
workbook run by `order` and share `context`, so that an attendance may name a shift of the same file.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
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


class Found(Enum):
    """How a record that a row names is there already."""

    STANDS = "stands"
    # It went with an import that was undone: the same row brings it back.
    UNDONE = "undone"
    # A person withdrew it in the page: no workbook brings it back.
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Present:
    """A record that is there already, with the fields that a later workbook may change."""

    found: Found
    fields: dict[str, Any]


class Importer:
    """Base of every importer: see the module text for when what is called."""

    noun: ClassVar[str]
    model: ClassVar[Any]
    # column key → field, for what a later workbook may change in a record that is there; the rest is identity.
    changeable: ClassVar[dict[str, str]] = {}
    # field → the field of `changeable` with which it changes: it has no column of its own.
    follows: ClassVar[dict[str, str]] = {}
    order: ClassVar[int]
    label: ClassVar[str | Promise]
    # Fields that change along with others and that nobody reads.
    silent: ClassVar[frozenset[str]] = frozenset()
    # column key → the column that is mended with it: swapped coordinates are both wrong.
    together: ClassVar[dict[str, str]] = {}
    messages: ClassVar[dict[str, Message]] = {}

    def __init__(self, context: ImportContext) -> None:
        self.context = context

    def table(self) -> Table:
        """The columns of the sheet, with choices as they stand for the unit today."""
        raise NotImplementedError

    def check(self, values: dict[str, Any]) -> tuple[UUID, Sequence[Plain]]:
        """The row's uid and its plain values; raises BadRow. The uid is made from what identifies the row."""
        raise NotImplementedError

    def doubts(self, uid: UUID, plain: Sequence[Plain]) -> Iterable[tuple[str, dict[str, str]]]:
        """(code, params) of what a person should look at in a good row; it comes in all the same."""
        return ()

    def spoilt(self, values: dict[str, Any]) -> None:
        """Told of a row that was refused, with those of its values that could be read."""

    def existing(self, uids: Collection[UUID]) -> dict[UUID, Present]:
        """Which of these rows are there already, and how."""
        names = sorted({*self.changeable.values(), *self.follows})
        asked = self.model.everything.filter(uid__in=uids)
        rows = asked.values_list("uid", "withdrawn_at", "source__undone_at", *names)
        return {
            uid: Present(_found(withdrawn_at, undone_at), dict(zip(names, fields, strict=True)))
            for uid, withdrawn_at, undone_at, *fields in rows
        }

    def left_alone(self, uids: Collection[UUID]) -> set[UUID]:
        """Which of these records, though this workbook names them, are not for it to change or to bring back."""
        return set()

    def changing(self, plain: Sequence[Plain]) -> dict[str, Plain]:
        """field → value, in the form in which JSON holds it, of every field that `changeable` or `follows` names."""
        return {}

    def allowed(self) -> bool:
        """Whether the actor may bring in rows of this noun for the unit, beyond the right to import."""
        return True

    def build(self, uid: UUID, plain: Sequence[Plain], source: dict[str, Any]) -> models.Model:
        """The row to be saved; `source` is what Imported carries."""
        raise NotImplementedError

    def save(self, rows: list[Any]) -> int:
        raise NotImplementedError

    def revive(self, rows: list[Any]) -> int:
        """Records that went with an undone import come back under their old key, with all that the new rows say.

        What `build` cannot know, such as a unit's path, is no editable field and stays as it was.
        """
        kept = {"uid", self.model._meta.pk.attname}
        fields = [each.name for each in self.model._meta.concrete_fields if each.editable and each.attname not in kept]
        options = {"update_conflicts": True, "unique_fields": ["uid"], "update_fields": fields, "batch_size": 500}
        return len(self.model.everything.bulk_create(rows, **options))

    @classmethod
    def settle(cls, uids: Collection[UUID]) -> None:
        """Told of records whose fields were changed, or given back by an undo, to make anew what hangs on them."""

    @classmethod
    def along(cls, source: Import) -> models.QuerySet[Any] | None:
        """Rows of another table that were made for the records of this import alone, and go with them."""
        return None

    def uid(self, unit: UUID, *identity: object) -> UUID:
        """The same content of the same unit always has the same uid, so that nothing comes in twice.

        `unit` is the row's own: a workbook may come from the school today and from the bureau above it tomorrow.
        """
        return uuid5(unit, "|".join([self.noun, *map(str, identity)]))


def _found(withdrawn_at: Any, undone_at: Any) -> Found:
    """An undo withdraws all its records at one moment, its own; any other moment is a person's."""
    if withdrawn_at is None:
        return Found.STANDS
    return Found.UNDONE if withdrawn_at == undone_at else Found.WITHDRAWN


_importers: dict[str, type[Importer]] = {}


def add_importer(importer: type[Importer]) -> None:
    _importers[importer.noun] = importer


def importers() -> list[type[Importer]]:
    return sorted(_importers.values(), key=lambda importer: importer.order)


@dataclass(frozen=True)
class Undoing:
    """The undo of an import, asked for or under way: whose records, and who asks."""

    viewer: Any
    source: Import
    # Of every record that goes, and of every one that gets its old fields back.
    uids: frozenset[UUID]


@dataclass(frozen=True)
class Support:
    """What stands on the records of an import: it keeps the import from being undone, or is said as a warning.

    `lines` are (text, address or ""), as many as a person reads; `count` is of all.
    """

    reason: str
    mend: str
    lines: list[tuple[str, str]]
    count: int
    refuses: bool = True


SupportFinder = Callable[[Undoing], Iterable[Support]]

_finders: list[SupportFinder] = []
_dependents: set[str] = set()


def add_support(finder: SupportFinder) -> None:
    """An upper app says what of its own stands on imported records; adding twice counts once."""
    if finder not in _finders:
        _finders.append(finder)


def supports(undoing: Undoing) -> list[Support]:
    return [support for finder in _finders for support in finder(undoing)]


def add_dependents(*labels: str) -> None:
    """Tables ("people.Charter") whose rows are part of an imported record or reckoned from it, and never hold it."""
    _dependents.update(labels)


def is_dependent(model: type[models.Model]) -> bool:
    return model._meta.label in _dependents
