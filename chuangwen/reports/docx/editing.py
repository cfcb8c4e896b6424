"""Puts what a writer changed into a filled document, before its figures become links.

Called by `rendering`. Always holds: an edit changes the paragraph of its anchor and no other; one that finds no such
paragraph is given back, never dropped in silence.
"""

from __future__ import annotations

import copy
import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from lxml import etree

from chuangwen.reports.docx.anchors import added_anchor, anchor_of, body_nodes, set_anchor
from chuangwen.reports.docx.grammar import clean
from chuangwen.reports.docx.marks import BadTemplate, Edit, FigureMark, TemplateProblem
from chuangwen.reports.docx.markup import MarkupError, Piece, parse_markup
from chuangwen.reports.docx.numbering import Place
from chuangwen.reports.docx.package import W
from chuangwen.reports.docx.reading import is_lead
from chuangwen.reports.docx.styles import KAI, LEAD

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_HEADINGS = frozenset({"cwH1", "cwH2", "cwH3"})
# Other parts of the file may point at a bookmark, so it outlives the words around it.
_KEPT = frozenset({f"{W}pPr", f"{W}bookmarkStart", f"{W}bookmarkEnd"})

# Of plain words, and of a lead.
_Looks = tuple[etree._Element | None, etree._Element | None]


class Editor:
    """One filled document that is being edited; `styles` gives our style id by the id in the file."""

    def __init__(
        self,
        body: etree._Element,
        styles: Mapping[str, str],
        figures: Mapping[str, FigureMark],
        marker: Callable[[FigureMark], str],
    ) -> None:
        self._styles, self._figures, self._marker = styles, figures, marker
        self._nodes: dict[str, etree._Element] = {}
        self._places: dict[str, Place | None] = {}
        for node in body_nodes(body):
            anchor = anchor_of(node, self._style(node)) if node.tag == f"{W}p" else ""
            if anchor:
                self._nodes[anchor], self._places[anchor] = node, Place.of(_text(node))

    def apply(self, edits: Sequence[Edit]) -> tuple[Edit, ...]:
        """Apply what can be applied; what cannot is returned in its order. Raises BadTemplate for a wrong text."""
        behind: dict[str, list[Edit]] = {}
        for edit in edits:
            if edit.added:
                behind.setdefault(edit.anchor, []).append(edit)
        placed = {id(edit) for anchor in list(self._nodes) for edit in self._add(anchor, behind)}
        # Last, so that what stands behind a paragraph that goes still finds its place.
        changes = {edit.anchor: edit for edit in edits if not edit.added}
        for anchor, edit in changes.items():
            if anchor in self._nodes:
                self._change(self._nodes[anchor], edit)
        placed |= {id(edit) for edit in edits if not edit.added and edit.anchor in self._nodes}
        return tuple(edit for edit in edits if id(edit) not in placed)

    def _add(self, anchor: str, behind: Mapping[str, list[Edit]]) -> Iterator[Edit]:
        """Put all additions behind the paragraph, and those behind these, in their order."""
        node, place = self._nodes[anchor], self._places[anchor]
        looks, cursor = self._looks(node, behind_heading=self._style(node) in _HEADINGS), node
        waiting = list(reversed(behind.get(anchor, [])))
        while waiting:
            edit = waiting.pop()
            own = added_anchor(edit.key)
            if own in self._nodes:
                raise ValueError(f"two additions have the key {edit.key!r}")
            yield edit
            waiting += reversed(behind.get(own, []))
            if edit.text is None or not edit.text.strip():
                continue
            new = self._like(node)
            set_anchor(new, own)
            self._write(new, edit, looks, place)
            cursor.addnext(new)
            self._nodes[own], self._places[own] = new, place
            cursor = new

    def _change(self, node: etree._Element, edit: Edit) -> None:
        if edit.text is None or not edit.text.strip():
            holder = node.getparent()
            if holder is not None:
                holder.remove(node)
            return
        self._write(node, edit, self._looks(node), self._places[edit.anchor])

    def _write(self, node: etree._Element, edit: Edit, looks: _Looks, place: Place | None) -> None:
        """Give the paragraph the words of the edit."""
        pieces = self._pieces(edit)
        for child in [child for child in node if child.tag not in _KEPT]:
            node.remove(child)
        for position, piece in enumerate(pieces):
            text = self._marker(self._figures[piece.text]) if piece.figure else clean(piece.text)
            if place and position == 0 and not piece.figure:
                text = place.put(text)
            node.append(_run(text, looks[piece.lead]))

    def _pieces(self, edit: Edit) -> list[Piece]:
        try:
            pieces = parse_markup(edit.text or "")
        except MarkupError as error:
            problem = TemplateProblem("", error.params["name"], error.code, {**error.params, "anchor": edit.anchor})
            raise BadTemplate([problem]) from error
        unknown = [piece.text for piece in pieces if piece.figure and piece.text not in self._figures]
        if unknown:
            raise BadTemplate([self._unknown(name, edit) for name in unknown])
        return pieces

    def _unknown(self, name: str, edit: Edit) -> TemplateProblem:
        nearest = difflib.get_close_matches(name, sorted(self._figures), n=1, cutoff=0.4)
        params = {"name": name, "nearest": nearest[0] if nearest else "", "anchor": edit.anchor}
        return TemplateProblem("", f"⟦{name}⟧", "unknown-name", params)

    def _style(self, node: etree._Element) -> str:
        found = node.find(f"{W}pPr/{W}pStyle")
        value = "" if found is None else found.get(f"{W}val", "")
        return self._styles.get(value, value)

    def _like(self, node: etree._Element) -> etree._Element:
        """An empty paragraph that looks like this one; behind a heading, like body text."""
        new = etree.Element(f"{W}p", nsmap={"w": W[1:-1]})
        properties = node.find(f"{W}pPr")
        if self._style(node) in _HEADINGS:
            body = next((given for given, own in self._styles.items() if own == "cwBody"), "")
            properties = etree.Element(f"{W}pPr")
            if body:
                etree.SubElement(properties, f"{W}pStyle", {f"{W}val": body})
        if properties is not None:
            new.append(copy.deepcopy(properties))
        return new

    def _looks(self, node: etree._Element, *, behind_heading: bool = False) -> _Looks:
        """The run properties in which most plain words of the paragraph are set, and most of its lead."""
        runs: tuple[list[etree._Element], list[etree._Element]] = ([], [])
        for run in node.iter(f"{W}r"):
            runs[is_lead(run.find(f"{W}rPr"), self._styles)].append(run)
        plain, lead = (max(each, key=lambda run: len(_text(run)), default=None) for each in runs)
        body = None if plain is None or behind_heading else plain.find(f"{W}rPr")
        return body, self._lead() if lead is None or behind_heading else lead.find(f"{W}rPr")

    def _lead(self) -> etree._Element:
        own = etree.Element(f"{W}rPr")
        style = next((given for given, known in self._styles.items() if known == LEAD), "")
        if style:
            etree.SubElement(own, f"{W}rStyle", {f"{W}val": style})
        else:
            etree.SubElement(own, f"{W}rFonts", {f"{W}eastAsia": KAI})
        return own


def _text(node: etree._Element) -> str:
    return "".join(text.text or "" for text in node.iter(f"{W}t"))


def _run(text: str, look: etree._Element | None) -> etree._Element:
    run = etree.Element(f"{W}r")
    if look is not None:
        run.append(copy.deepcopy(look))
    for piece in re.split("([\n\t])", text.replace("\r\n", "\n").replace("\r", "\n")):
        if piece in ("\n", "\t"):
            etree.SubElement(run, f"{W}br" if piece == "\n" else f"{W}tab")
        elif piece:
            etree.SubElement(run, f"{W}t", {_SPACE: "preserve"}).text = piece
    return run
