"""The plain values that go into and come out of the Word machinery.

Called by the services and pages of reports and by every module of this package. Always holds: nothing here
knows Word, Jinja or Django, and every value is frozen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Kind = Literal["title", "org", "number", "h1", "h2", "p", "to", "sign", "date", "table", "pagebreak", "qr"]


@dataclass(frozen=True)
class FigureMark:
    """One figure as it goes into a document.

    `text` is what is printed ("108", "700余", "c98、c99"), `url` where the link leads (http or https),
    `number` the value behind it for conditions and sums, None where the figure is a list or a word.
    """

    name: str
    text: str
    url: str
    number: Decimal | None


@dataclass(frozen=True)
class Sentence:
    """Words with figures in them, as a value or as a field of a row of a list; its figures become links."""

    pieces: tuple[str | FigureMark, ...]


@dataclass(frozen=True)
class Qr:
    """A value that prints as a QR code leading to `url` (http or https)."""

    url: str


@dataclass(frozen=True)
class Edit:
    """What a writer did to one paragraph of a draft.

    `text` (as `markup` writes it) stands in place of the words of the paragraph at `anchor`; None takes it out. With
    `added` it is a new paragraph behind the one at `anchor`, with the anchor `added_anchor(key)`.
    """

    anchor: str
    text: str | None
    key: str = ""
    added: bool = False


@dataclass(frozen=True)
class Drafted:
    """A document with its edits; `unplaced` are those whose paragraph the document does not have any more."""

    data: bytes
    unplaced: tuple[Edit, ...]


@dataclass(frozen=True)
class TemplateProblem:
    """One thing wrong with a template.

    `where` in words of the page, `fragment` the text there, `code` and `params` for
    `template_messages.explain`.
    """

    where: str
    fragment: str
    code: str
    params: dict[str, str] = field(default_factory=dict)


class BadTemplate(ValueError):
    """The template cannot be used; `problems` says why, in the order of the document."""

    def __init__(self, problems: Sequence[TemplateProblem]) -> None:
        super().__init__("; ".join(f"{p.where}: {p.code} {p.fragment}".strip() for p in problems))
        self.problems = list(problems)


@dataclass(frozen=True)
class Link:
    """One hyperlink of a document, in the order of its text."""

    text: str
    url: str


@dataclass(frozen=True)
class Run:
    """A piece of text of one look; `href` is the address it leads to, or None."""

    text: str
    href: str | None = None
    kai: bool = False
    bold: bool = False


Cell = tuple[Run, ...]


@dataclass(frozen=True)
class Block:
    """One paragraph, table or page break; `runs` for text, `rows` (of cells of runs) for a table, head first.

    "number" is any centred line beside the title: the document's number, or the period it covers. "qr" is a QR code.
    `anchor` names a paragraph whose words may be edited; it is empty for all else.
    """

    kind: Kind
    runs: tuple[Run, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    anchor: str = ""
