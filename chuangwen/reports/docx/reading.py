"""Reads a document back as blocks, so that the web page shows the very document that was issued.

Called by the page of a document. Always holds: nothing is invented; a paragraph of an unknown style is
plain text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from lxml import etree

from chuangwen.reports.docx.anchors import anchor_of, body_nodes
from chuangwen.reports.docx.linking import link_targets
from chuangwen.reports.docx.marks import Block, Cell, Kind, Run
from chuangwen.reports.docx.package import DOCUMENT, DOCUMENT_PART, MAY_BREAK, R, W, parse_xml, read_parts
from chuangwen.reports.docx.pictures import has_code
from chuangwen.reports.docx.styles import LEAD, LEAD_NAME, STYLES

STYLES_PART = "word/styles.xml"
_SKIPPED = frozenset({f"{W}pPr", f"{W}rPr", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"})
_OFF = ("0", "false", "off")


class _Reader:
    """One document: its links and the meaning of its style ids."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self._targets = link_targets(parts, DOCUMENT_PART)
        self._styles = own_styles(parts.get(STYLES_PART))

    def blocks(self, holder: etree._Element) -> Iterator[Block]:
        for node in body_nodes(holder):
            if node.tag == f"{W}p":
                yield from self._paragraph(node)
            else:
                yield Block("table", rows=tuple(self._rows(node)))

    def _paragraph(self, node: etree._Element) -> Iterator[Block]:
        style = self._style(node.find(f"{W}pPr/{W}pStyle"))
        own = STYLES.get(style)
        breaks = any(mark.get(f"{W}type") == "page" for mark in node.iter(f"{W}br"))
        if breaks or (own is not None and own.page_break):
            yield Block("pagebreak")
        if has_code(node):
            yield Block("qr")
        runs = self._runs(node)
        if runs:
            kind: Kind = own.kind if own is not None else "p"
            yield Block(kind, runs, anchor=anchor_of(node, style))

    def _rows(self, table: etree._Element) -> Iterator[tuple[Cell, ...]]:
        for row in table.findall(f"{W}tr"):
            yield tuple(self._cell(cell) for cell in row.findall(f"{W}tc"))

    def _cell(self, cell: etree._Element) -> Cell:
        pieces: list[Run] = []
        for paragraph in cell.iter(f"{W}p"):
            runs = self._runs(paragraph)
            pieces += [Run("\n"), *runs] if pieces and runs else runs
        return tuple(pieces)

    def _runs(self, holder: etree._Element) -> tuple[Run, ...]:
        found = self._loose_runs(holder, None)
        looks = groupby(found, key=lambda run: (run.href, run.kai, run.bold))
        return tuple(Run("".join(run.text for run in same), *look) for look, same in looks)

    def _loose_runs(self, holder: etree._Element, href: str | None) -> Iterator[Run]:
        for node in holder:
            if node.tag == f"{W}r":
                text = "".join(_text(child) for child in node)
                if text:
                    yield Run(text, href, *self._look(node.find(f"{W}rPr")))
            elif node.tag == f"{W}hyperlink":
                yield from self._loose_runs(node, self._targets.get(node.get(f"{R}id", ""), href))
            elif node.tag not in _SKIPPED:
                yield from self._loose_runs(node, href)

    def _look(self, properties: etree._Element | None) -> tuple[bool, bool]:
        bold = None if properties is None else properties.find(f"{W}b")
        return is_lead(properties, self._styles), bold is not None and bold.get(f"{W}val", "1") not in _OFF

    def _style(self, node: etree._Element | None) -> str:
        value = "" if node is None else node.get(f"{W}val", "")
        return self._styles.get(value, value)


def blocks(document: bytes) -> list[Block]:
    """The body of the document in order. Raises BadTemplate for what is not a safe Word document."""
    parts = read_parts(document, DOCUMENT)
    body = parse_xml(parts[DOCUMENT_PART]).find(f"{W}body")
    return [] if body is None else list(_Reader(parts).blocks(body))


def own_styles(blob: bytes | None) -> dict[str, str]:
    """Our style id by the id in the file: Word renumbers styles with Chinese names when it saves."""
    if blob is None:
        return {}
    by_name = {style.name: own for own, style in STYLES.items()} | {LEAD_NAME: LEAD}
    found: dict[str, str] = {}
    for node in parse_xml(blob, STYLES_PART).iter(f"{W}style"):
        name = node.find(f"{W}name")
        label = "" if name is None else name.get(f"{W}val", "")
        if label in by_name:
            found[node.get(f"{W}styleId", "")] = by_name[label]
    return found


def is_lead(properties: etree._Element | None, styles: Mapping[str, str]) -> bool:
    """Whether run properties set their words in 楷体, by their face or by the style of a lead."""
    if properties is None:
        return False
    fonts, style = properties.find(f"{W}rFonts"), properties.find(f"{W}rStyle")
    face = "" if fonts is None else fonts.get(f"{W}eastAsia", "")
    own = "" if style is None else style.get(f"{W}val", "")
    return face.startswith("楷体") or styles.get(own, own) == LEAD


def _text(node: etree._Element) -> str:
    if node.tag == f"{W}t":
        return (node.text or "").replace(MAY_BREAK, "")
    if node.tag == f"{W}tab":
        return "\t"
    return "\n" if node.tag in (f"{W}br", f"{W}cr") and node.get(f"{W}type") is None else ""
