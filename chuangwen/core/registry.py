"""What upper apps tell the kernel about themselves, filled by `wiring` at start.

Nouns: how a (noun, uid) pair becomes a line that a person can read and follow. Panels: what an upper app adds to a
lower app's page. Neither is ever a foreign key, so nothing points up.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.utils.functional import Promise


@dataclass(frozen=True)
class Ref:
    """One row as a person sees it: what it says, where it opens, and from which workbook row it came."""

    uid: UUID
    label: str
    url: str
    source: str = ""


@dataclass(frozen=True)
class Noun:
    """A noun of the product.

    `resolve(viewer, uids)` gives the rows that the viewer may see; `digests(uids)` gives the digest of the present
    state of each row that still stands, whoever asks.

    A noun that can be searched says more, again whoever asks. `texts(uids)` is what is searched of each record; one
    with None or without text is not found. The first line of a text is what the record is called and its numbers, the
    others what stands around it. `every()` gives all uids, `of_import(imports)` those that came with these imports,
    `leaning(noun, uids)` those whose text says something of these records of another noun.
    """

    key: str
    label: str | Promise
    resolve: Callable[[Any, Collection[UUID]], Mapping[UUID, Ref]]
    digests: Callable[[Collection[UUID]], Mapping[UUID, str]]
    texts: Callable[[Collection[UUID]], Mapping[UUID, str | None]] | None = None
    every: Callable[[], Iterable[UUID]] | None = None
    of_import: Callable[[Collection[UUID]], Iterable[UUID]] | None = None
    leaning: Callable[[str, Collection[UUID]], Iterable[UUID]] | None = None
    # Who sees such a row sees the photos that it uses as its proof, whoever keeps these.
    shows_proof: bool = False


@dataclass(frozen=True)
class Panel:
    """A part of a page: `build(viewer, subject)` gives the template's context, or None when there is nothing to say."""

    template: str
    build: Callable[[Any, Any], dict[str, object] | None]


BATCH = 5000

_nouns: dict[str, Noun] = {}
_panels: dict[str, dict[str, Panel]] = defaultdict(dict)


def add_noun(noun: Noun) -> None:
    _nouns[noun.key] = noun


def noun(key: str) -> Noun:
    """Raises KeyError for a noun that no app declared."""
    return _nouns[key]


def nouns() -> list[Noun]:
    """In the order in which they were declared."""
    return list(_nouns.values())


def resolve(key: str, viewer: object, uids: Collection[UUID]) -> dict[UUID, Ref]:
    """The rows of a noun that the viewer may see, however many are asked for."""
    found: dict[UUID, Ref] = {}
    for chunk in batched(uids):
        found.update(noun(key).resolve(viewer, chunk))
    return found


def digests(key: str, uids: Collection[UUID]) -> dict[UUID, str]:
    """The digest of the present state of every row that still stands, however many are asked for."""
    found: dict[UUID, str] = {}
    for chunk in batched(uids):
        found.update(noun(key).digests(chunk))
    return found


def batched(uids: Iterable[UUID], size: int = BATCH) -> Iterator[list[UUID]]:
    """Stretches that fit into one statement of either database."""
    remaining = iter(uids)
    while chunk := list(islice(remaining, size)):
        yield chunk


def add_panel(page: str, panel: Panel) -> None:
    _panels[page][panel.template] = panel


def panels(page: str, viewer: object, subject: object) -> list[tuple[str, dict[str, object]]]:
    """(template, context) of every panel that has something to say on this page."""
    built = ((panel.template, panel.build(viewer, subject)) for panel in _panels[page].values())
    return [(template, context) for template, context in built if context is not None]
