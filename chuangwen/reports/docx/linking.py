"""Turns the markers of a rendering into hyperlinks, lists the links of a document, moves them to a new host.

Called by `rendering`, by the check of issued documents and by the command that rewrites a host. Always
holds: every step is one pass over the part, with its own counter of relationships, so that twice the links
cost twice the work.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from urllib.parse import SplitResult, urlsplit, urlunsplit
from xml.sax.saxutils import escape, unescape

from lxml import etree

from chuangwen.reports.docx.grammar import MARK_CLOSE, MARK_OPEN, clean
from chuangwen.reports.docx.marks import FigureMark, Link, Qr
from chuangwen.reports.docx.package import (
    DOCUMENT,
    IMAGE_TYPE,
    LINK_TYPE,
    MAY_BREAK,
    RELS,
    R,
    W,
    parse_xml,
    read_parts,
    rels_name,
    text_parts,
    to_bytes,
    write_parts,
)
from chuangwen.reports.docx.pictures import Pictures, make_room, qr_addresses, redraw

LINK_COLOUR = "B5362B"
_MARK = re.compile(f"{MARK_OPEN}(\\d+){MARK_CLOSE}")
_LISTED = re.compile("、(?=[!-~])")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# What the schema lets follow w:u in a run's properties: w:u must stand before the first of these.
_AFTER_U = frozenset(
    f"{W}{tag}"
    for tag in ("effect", "bdr", "shd", "fitText", "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout")
)
_NO_RELATIONSHIPS = f'<Relationships xmlns="{RELS[1:-1]}"/>'.encode()
_RELATION = re.compile(rb"<Relationship\b[^>]*>")
_TARGET = re.compile(rb"(\bTarget=)(\"[^\"]*\"|'[^']*')")


class Relationships:
    """The relationships of one part, counted here: one look-up a link, equal addresses share one."""

    def __init__(self, blob: bytes | None) -> None:
        self._root = parse_xml(blob or _NO_RELATIONSHIPS)
        self._taken = {relation.get("Id", "") for relation in self._root}
        self._by_target: dict[str, str] = {}
        self._last = 0

    def link(self, url: str) -> str:
        """The relationship id of a hyperlink to the address."""
        return self._relation(url, {"Type": LINK_TYPE, "Target": url, "TargetMode": "External"})

    def image(self, target: str) -> str:
        """The relationship id of a picture of this file."""
        return self._relation(target, {"Type": IMAGE_TYPE, "Target": target})

    def to_bytes(self) -> bytes:
        return to_bytes(self._root)

    def _relation(self, target: str, attributes: dict[str, str]) -> str:
        if target not in self._by_target:
            self._by_target[target] = self._next_id()
            etree.SubElement(self._root, f"{RELS}Relationship", {"Id": self._by_target[target], **attributes})
        return self._by_target[target]

    def _next_id(self) -> str:
        self._last += 1
        while f"rIdF{self._last}" in self._taken:
            self._last += 1
        return f"rIdF{self._last}"


def link_markers(parts: dict[str, bytes], marks: Sequence[FigureMark | Qr]) -> None:
    """Replace, in place, every marker of the printed parts by a link or a QR code; marker n stands for `marks[n]`."""
    pictures = Pictures(parts)
    sign = MARK_OPEN.encode()
    for name in text_parts(parts):
        if sign not in parts[name]:
            continue
        relations = Relationships(parts.get(rels_name(name)))
        root = parse_xml(parts[name], name)
        for run in _marked_runs(root):
            _replace_run(run, marks, relations, pictures)
        parts[name] = to_bytes(root)
        parts[rels_name(name)] = relations.to_bytes()


def links(document: bytes) -> list[Link]:
    """Every outside hyperlink with its text, body first, in document order."""
    parts = read_parts(document, DOCUMENT)
    return [link for name in text_parts(parts) for link in _part_links(parts, name)]


def link_targets(parts: dict[str, bytes], name: str) -> dict[str, str]:
    """Address by relationship id, of the outside hyperlinks of one part."""
    blob = parts.get(rels_name(name))
    if blob is None:
        return {}
    relations = [node for node in parse_xml(blob) if node.get("Type") == LINK_TYPE]
    return {node.get("Id", ""): node.get("Target", "") for node in relations}


def retarget(document: bytes, new_base: str) -> bytes:
    """The document with scheme, host and port of every link to /f/… replaced, also where it is printed or a QR code.

    Other parts keep their bytes. `new_base` is like "https://cw.example.gov.cn"; raises ValueError for anything
    with a path or another scheme.
    """
    base = urlsplit(new_base)
    if base.scheme not in ("http", "https") or not base.netloc or base.path.strip("/") or base.query:
        raise ValueError(new_base)
    parts = read_parts(document, DOCUMENT)
    old_bases = {f"{url.scheme}://{url.netloc}" for url in _own_addresses(parts)}
    for name in parts:
        if name.startswith("word/") and name.endswith(".xml"):
            for old in old_bases:
                parts[name] = parts[name].replace(f"{old}/f/".encode(), f"{base.scheme}://{base.netloc}/f/".encode())
        if name.endswith(".rels"):
            parts[name] = _RELATION.sub(lambda found: _moved(found, base.scheme, base.netloc), parts[name])
    redraw(parts)
    return write_parts(parts)


def _own_addresses(parts: dict[str, bytes]) -> Iterator[SplitResult]:
    for name in parts:
        if name.endswith(".rels"):
            for target in _TARGET.finditer(parts[name]):
                yield from _own(unescape(target.group(2)[1:-1].decode()))
    for address in qr_addresses(parts):
        yield from _own(address)


def _own(address: str) -> Iterator[SplitResult]:
    url = urlsplit(address)
    if url.scheme in ("http", "https") and url.path.startswith("/f/"):
        yield url


def _moved(found: re.Match[bytes], scheme: str, netloc: str) -> bytes:
    relation = found.group(0)
    if LINK_TYPE.encode() not in relation or b"External" not in relation:
        return relation
    return _TARGET.sub(lambda target: target.group(1) + _moved_target(target.group(2), scheme, netloc), relation)


def _moved_target(quoted: bytes, scheme: str, netloc: str) -> bytes:
    url = urlsplit(unescape(quoted[1:-1].decode(), {"&quot;": '"', "&apos;": "'"}))
    if url.scheme not in ("http", "https") or not url.path.startswith("/f/"):
        return quoted
    moved = urlunsplit((scheme, netloc, url.path, url.query, url.fragment))
    return b'"' + escape(moved, {'"': "&quot;"}).encode() + b'"'


def link_nodes(parts: dict[str, bytes], name: str, root: etree._Element) -> Iterator[tuple[etree._Element, Link]]:
    """Every outside hyperlink of one part, `root`, with its node."""
    targets = link_targets(parts, name)
    for node in root.iter(f"{W}hyperlink"):
        url = targets.get(node.get(f"{R}id", ""))
        # A text box is stored twice, once for old readers: its fallback is not a second link.
        if url and next(node.iterancestors(_FALLBACK), None) is None:
            text = "".join(piece.text or "" for piece in node.iter(f"{W}t"))
            yield node, Link(text.replace(MAY_BREAK, ""), url)


def _part_links(parts: dict[str, bytes], name: str) -> Iterator[Link]:
    yield from (link for _, link in link_nodes(parts, name, parse_xml(parts[name], name)))


def _marked_runs(root: etree._Element) -> list[etree._Element]:
    runs: dict[etree._Element, None] = {}
    for text in root.iter(f"{W}t"):
        if text.text and MARK_OPEN in text.text:
            runs[next(text.iterancestors(f"{W}r"))] = None
    for run in runs:
        _unwrap_hyperlink(run)
    return list(runs)


def _unwrap_hyperlink(run: etree._Element) -> None:
    # A figure typed into the text of an old link: links cannot nest, and the figure's own address wins.
    outer = run.getparent()
    if outer is not None and outer.tag == f"{W}hyperlink":
        for child in list(outer):
            outer.addprevious(child)
        holder = outer.getparent()
        if holder is not None:
            holder.remove(outer)


def _replace_run(
    run: etree._Element, marks: Sequence[FigureMark | Qr], relations: Relationships, pictures: Pictures
) -> None:
    properties = run.find(f"{W}rPr")
    current = _like(run, properties)
    for child in list(run):
        if child.tag == f"{W}rPr":
            continue
        if child.tag != f"{W}t" or MARK_OPEN not in (child.text or ""):
            current.append(child)
            continue
        for position, piece in enumerate(_MARK.split(child.text or "")):
            if position % 2 == 0:
                _add_text(current, piece)
            else:
                _flush(run, current)
                run.addprevious(_printed(marks[int(piece)], run, relations, pictures))
                current = _like(run, properties)
    _flush(run, current)
    holder = run.getparent()
    if holder is not None:
        holder.remove(run)


def _like(run: etree._Element, properties: etree._Element | None) -> etree._Element:
    new = etree.Element(f"{W}r", nsmap={"w": W[1:-1]})
    if properties is not None:
        new.append(copy.deepcopy(properties))
    return new


def _flush(run: etree._Element, piece: etree._Element) -> None:
    if any(child.tag != f"{W}rPr" for child in piece):
        run.addprevious(piece)


def _add_text(run: etree._Element, text: str) -> None:
    if text:
        node = etree.SubElement(run, f"{W}t", {_SPACE: "preserve"})
        node.text = text


def _printed(
    mark: FigureMark | Qr, run: etree._Element, relations: Relationships, pictures: Pictures
) -> etree._Element:
    if isinstance(mark, FigureMark):
        return _hyperlink(mark, run.find(f"{W}rPr"), relations)
    make_room(next(run.iterancestors(f"{W}p")))
    return pictures.run(mark, relations.image)


def _hyperlink(mark: FigureMark, properties: etree._Element | None, relations: Relationships) -> etree._Element:
    attributes = {f"{R}id": relations.link(mark.url), f"{W}history": "1"}
    link = etree.Element(f"{W}hyperlink", attributes, nsmap={"w": W[1:-1], "r": R[1:-1]})
    run = etree.SubElement(link, f"{W}r")
    run.append(_link_properties(properties))
    _add_text(run, _LISTED.sub(f"、{MAY_BREAK}", " ".join(clean(mark.text).split())) or "—")
    return link


def _link_properties(properties: etree._Element | None) -> etree._Element:
    # Black text and a thin dotted line: on paper the page stays an official document.
    own = etree.Element(f"{W}rPr") if properties is None else copy.deepcopy(properties)
    for old in [*own.findall(f"{W}u"), *own.findall(f"{W}rStyle")]:
        if old.tag == f"{W}u" or "link" in old.get(f"{W}val", "").lower():
            own.remove(old)
    line = etree.Element(f"{W}u", {f"{W}val": "dotted", f"{W}color": LINK_COLOUR})
    following = next((child for child in own if child.tag in _AFTER_U), None)
    if following is None:
        own.append(line)
    else:
        following.addprevious(line)
    return own
