"""Says from which paragraph of its template each paragraph of a document came.

Called by `rendering`, which writes the ids, and by `reading` and `editing`, which find a paragraph by them. Always
holds: the same template paragraph printed the same how-many-eth time has the same id whatever the figures are; an id
is what Word calls a paraId: eight hexadecimal digits below 80000000, once in a document.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import cast

from lxml import etree

from chuangwen.reports.docx.package import DOCUMENT, DOCUMENT_PART, W, parse_xml, read_parts, to_bytes, write_parts
from chuangwen.reports.docx.styles import STYLES

_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_PARA_ID, _TEXT_ID = f"{{{_W14}}}paraId", f"{{{_W14}}}textId"
_IGNORABLE = f"{{{_MC}}}Ignorable"
# 4, index of the paragraph in the template, how often it was printed before; 5 and a digest of the key: added.
_OURS = re.compile(r"4[0-9A-F]{7}|5[0-9A-F]{7}")
_PARAGRAPHS, _TIMES = 1 << 12, 1 << 16
_EDITABLE = frozenset({"cwBody", "cwH1", "cwH2", "cwH3"})
# What an edit of the words would lose without a word: pictures, fields, notes, the end of a section.
_NOT_WORDS = (
    *(f"{W}{tag}" for tag in ("drawing", "pict", "object", "fldChar", "fldSimple", "footnoteReference")),
    *(f"{W}{tag}" for tag in ("endnoteReference", "commentReference", "sectPr", "sdt")),
    f"{{{_MC}}}AlternateContent",
)


@lru_cache(maxsize=8)
def with_anchors(template: bytes) -> bytes:
    """The template with the id of its place on every paragraph of its body. Kept: one template serves many drafts."""
    parts = read_parts(template, DOCUMENT)
    root = _declared(parse_xml(parts[DOCUMENT_PART]))
    for index, node in enumerate(root.iter(f"{W}p")):
        # Word writes both ids; without the second one a paragraph is known to be ours.
        for old in (_TEXT_ID, _PARA_ID):
            node.attrib.pop(old, "")
        if index < _PARAGRAPHS:
            node.set(_PARA_ID, _printed(index, 0))
    return write_parts(parts | {DOCUMENT_PART: to_bytes(root)})


def number_anchors(root: etree._Element) -> None:
    """Tell repetitions apart in a filled document: the n-th printing of a paragraph gets the n-th id."""
    seen: Counter[int] = Counter()
    for node in root.iter(f"{W}p"):
        own = node.attrib.pop(_PARA_ID, "")
        if not own:
            continue
        index = int(own[1:4], 16)
        if seen[index] < _TIMES:
            node.set(_PARA_ID, _printed(index, seen[index]))
        seen[index] += 1


def added_anchor(key: str) -> str:
    """The anchor of a paragraph that an edit with this key adds."""
    return f"5{hashlib.sha256(key.encode()).hexdigest()[:7].upper()}"


def set_anchor(node: etree._Element, anchor: str) -> None:
    """Give a paragraph of ours this anchor."""
    node.set(_PARA_ID, anchor)


def anchor_of(node: etree._Element, style: str) -> str:
    """The anchor of a paragraph whose words may be edited; empty for any other. `style` is our id of its style."""
    own = node.get(_PARA_ID, "")
    if not _OURS.fullmatch(own) or node.get(_TEXT_ID) is not None:
        return ""
    if style in STYLES and style not in _EDITABLE:
        return ""
    breaks = any(mark.get(f"{W}type") is not None for mark in node.iter(f"{W}br"))
    return "" if breaks or next(node.iter(*_NOT_WORDS), None) is not None else own


def body_nodes(holder: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables of the body in order, also those in content controls."""
    for node in holder:
        if node.tag in (f"{W}p", f"{W}tbl"):
            yield node
        elif node.tag == f"{W}sdt":
            content = node.find(f"{W}sdtContent")
            yield from body_nodes(node if content is None else content)


def _printed(index: int, times: int) -> str:
    return f"4{index:03X}{times:04X}"


def _declared(root: etree._Element) -> etree._Element:
    # Word opens an id only where its namespace is declared at the root and named as one that others may ignore.
    taken = {prefix: address for prefix, address in root.nsmap.items() if prefix}
    prefix = next((prefix for prefix, address in taken.items() if address == _W14), "")
    names = cast("dict[str, str]", root.nsmap).copy()
    if not prefix:
        prefix = "w14" if "w14" not in taken else "cw14"
        names[prefix] = _W14
    if _MC not in root.nsmap.values():
        names["mc" if "mc" not in taken else "cwmc"] = _MC
    new = etree.Element(root.tag, nsmap=names)
    for key, value in root.attrib.items():
        new.set(key, value)
    new.extend(list(root))
    ignorable = root.get(_IGNORABLE, "").split()
    new.set(_IGNORABLE, " ".join(dict.fromkeys([*ignorable, prefix])))
    return new
