"""The text of a paragraph as a writer edits it: figures as ⟦劝导人次⟧, a lead in 楷体 as **…**, all else as it is.

Called by the writing desk through `chuangwen.reports.docx`, and by `editing`. Always holds: what `markup` writes,
`parse_markup` reads back; a backslash before a mark makes it a plain character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from chuangwen.reports.docx.marks import Block

LEAD_MARK, OPEN, CLOSE = "**", "⟦", "⟧"
_MARK = re.compile(r"\\(?P<plain>[*⟦⟧\\])|(?P<lead>\*\*)|⟦(?P<name>[^⟦⟧]*)(?P<end>⟧?)|(?P<stray>⟧)")
# A single star between words is no mark; at the edge of a piece it could meet another one.
_PLAIN = re.compile(r"[⟦⟧]|\*(?=\*)|(?<=\*)\*|\A\*|\*\Z|\\(?=[*⟦⟧\\]|\Z)")
_FRAGMENT = 20


class MarkupError(ValueError):
    """A mark that is not whole; `code` and `params` as in TemplateProblem."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(f"{code} {params}")
        self.code, self.params = code, params


@dataclass(frozen=True)
class Piece:
    """A piece of an edited text: words, or the name of a figure; `lead` for both in 楷体."""

    text: str
    figure: bool = False
    lead: bool = False


def markup(block: Block, names: Mapping[str, str]) -> str:
    """The block's text for editing; `names` gives the name of a figure by the address of its link.

    Any other link, and bold, are plain text here.
    """
    figures = ((run, names.get(run.href or "", "")) for run in block.runs)
    return write_markup(Piece(name or run.text, figure=bool(name), lead=run.kai) for run, name in figures)


def write_markup(pieces: Iterable[Piece]) -> str:
    """The text that `parse_markup` reads as these pieces."""
    out: list[str] = []
    for lead, same in groupby((piece for piece in pieces if piece.text), key=lambda piece: piece.lead):
        words = "".join(f"{OPEN}{each.text}{CLOSE}" if each.figure else _escaped(each.text) for each in same)
        out.append(f"{LEAD_MARK}{words}{LEAD_MARK}" if lead else words)
    return "".join(out)


def parse_markup(text: str) -> list[Piece]:
    """The pieces of an edited text, neighbours of one look as one. Raises MarkupError for a mark that is not whole."""
    pieces: list[Piece] = []
    for piece in _pieces(text):
        if pieces and not piece.figure and replace(pieces[-1], text="") == replace(piece, text=""):
            pieces[-1] = replace(piece, text=pieces[-1].text + piece.text)
        elif piece.text:
            pieces.append(piece)
    return pieces


def names_in_markup(text: str) -> list[str]:
    """The figures that an edited text names, in order, each once. Raises MarkupError."""
    return list(dict.fromkeys(piece.text for piece in parse_markup(text) if piece.figure))


def _escaped(text: str) -> str:
    return _PLAIN.sub(lambda found: f"\\{found.group(0)}", text)


def _pieces(text: str) -> Iterator[Piece]:
    lead, last, opened = False, 0, 0
    for found in _MARK.finditer(text):
        yield Piece(text[last : found.start()], lead=lead)
        last = found.end()
        if found["plain"]:
            yield Piece(found["plain"], lead=lead)
        elif found["lead"]:
            lead, opened = not lead, found.start()
        else:
            yield Piece(_name(found), figure=True, lead=lead)
    if lead:
        raise MarkupError("unclosed-lead", name=text[opened : opened + _FRAGMENT])
    yield Piece(text[last:])


def _name(found: re.Match[str]) -> str:
    if found["stray"] or not found["end"]:
        raise MarkupError("unclosed-figure", name=found.group(0)[:_FRAGMENT])
    name: str = found["name"].strip()
    if not name:
        raise MarkupError("empty-figure", name=found.group(0))
    return name
