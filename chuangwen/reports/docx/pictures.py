"""Draws QR codes into a document and draws them again when its addresses move.

Called by `linking`. Always holds: the address of a code stands in its alternative text, so that whoever cannot see it
reads it; the same address gives the same bytes.
"""

from __future__ import annotations

import io
import posixpath
from collections.abc import Callable, Iterator, Mapping

import segno
from lxml import etree

from chuangwen.reports.docx.marks import Qr
from chuangwen.reports.docx.package import RELS, TYPES, R, W, parse_xml, rels_name, text_parts, to_bytes

# How a code of ours is known again, here and by `reading`.
NAME = "cwQr"
_ALT = "扫码查验真伪："
_TYPES_PART = "[Content_Types].xml"
_MILLIMETRES = 22
_EMU = _MILLIMETRES * 36_000
# Far above the ids that other pictures of a file have.
_FIRST_ID = 43_000_001
_PIXELS_A_MODULE, _QUIET_ZONE = 10, 2
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
# What the schema lets follow w:snapToGrid, and w:spacing, in the properties of a paragraph.
_AFTER_SPACING = frozenset(
    f"{W}{tag}"
    for tag in (
        "ind", "contextualSpacing", "mirrorIndents", "suppressOverlap", "jc", "textDirection", "textAlignment",
        "textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr", "pPrChange",
    )
)  # fmt: skip


def png(url: str) -> bytes:
    """The code of an address, error level M, with a quiet zone of two modules."""
    out = io.BytesIO()
    code = segno.make(url, error="m", micro=False, boost_error=False)
    code.save(out, kind="png", scale=_PIXELS_A_MODULE, border=_QUIET_ZONE)
    return out.getvalue()


class Pictures:
    """The QR codes of one document: each address one picture, each place one drawing."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self._parts = parts
        self._targets: dict[str, str] = {}
        self._drawn = 0

    def run(self, code: Qr, relation: Callable[[str], str]) -> etree._Element:
        """A run with the code; `relation` gives the id of a relationship to a picture, by its target."""
        if code.url not in self._targets:
            target = f"media/{NAME}{len(self._targets) + 1}.png"
            self._targets[code.url] = target
            self._parts[f"word/{target}"] = png(code.url)
            _declare_png(self._parts)
        self._drawn += 1
        return _run(code.url, relation(self._targets[code.url]), _FIRST_ID + self._drawn)


def make_room(paragraph: etree._Element) -> None:
    """Let the lines of a paragraph grow with their picture: lines of exact height would cut it."""
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        properties = etree.Element(f"{W}pPr")
        paragraph.insert(0, properties)
    spacing = properties.find(f"{W}spacing")
    if spacing is None:
        spacing = etree.Element(f"{W}spacing")
        following = next((child for child in properties if child.tag in _AFTER_SPACING), None)
        if following is None:
            properties.append(spacing)
        else:
            following.addprevious(spacing)
    for old in properties.findall(f"{W}snapToGrid"):
        properties.remove(old)
    spacing.addprevious(etree.Element(f"{W}snapToGrid", {f"{W}val": "0"}))
    spacing.set(f"{W}line", "240")
    spacing.set(f"{W}lineRule", "auto")


def has_code(paragraph: etree._Element) -> bool:
    """Whether a code of ours stands in the paragraph."""
    return any(node.get("name") == NAME for node in paragraph.iter(f"{_WP}docPr"))


def qr_addresses(parts: Mapping[str, bytes]) -> Iterator[str]:
    """Where the codes of a document lead."""
    for name in text_parts(parts):
        yield from (url for url, _ in _codes(parts[name]))


def redraw(parts: dict[str, bytes]) -> None:
    """Draw every code anew, in `parts` itself, from the address that its alternative text has now."""
    for name in text_parts(parts):
        codes = list(_codes(parts[name]))
        if not codes:
            continue
        relations = parse_xml(parts[rels_name(name)]).iter(f"{RELS}Relationship")
        targets = {node.get("Id", ""): node.get("Target", "") for node in relations}
        for url, relation in codes:
            picture = posixpath.normpath(posixpath.join(posixpath.dirname(name), targets.get(relation, "")))
            if picture in parts:
                parts[picture] = png(url)


def _codes(blob: bytes) -> Iterator[tuple[str, str]]:
    """Address and relationship of every code of one part."""
    if NAME.encode() not in blob:
        return
    for inline in parse_xml(blob).iter(f"{_WP}inline"):
        own, picture = inline.find(f"{_WP}docPr"), next(inline.iter(f"{{{_A}}}blip"), None)
        if own is not None and picture is not None and own.get("name") == NAME:
            yield own.get("descr", "").removeprefix(_ALT), picture.get(f"{R}embed", "")


def _declare_png(parts: dict[str, bytes]) -> None:
    root = parse_xml(parts[_TYPES_PART])
    if not any(node.get("Extension", "").lower() == "png" for node in root.iter(f"{TYPES}Default")):
        root.insert(0, etree.Element(f"{TYPES}Default", {"Extension": "png", "ContentType": "image/png"}))
        parts[_TYPES_PART] = to_bytes(root)


def _run(url: str, relation: str, number: int) -> etree._Element:
    size = f'cx="{_EMU}" cy="{_EMU}"'
    run = etree.fromstring(
        f'<w:r xmlns:w="{W[1:-1]}" xmlns:r="{R[1:-1]}" xmlns:wp="{_WP[1:-1]}"><w:drawing>'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:docPr id="{number}" name="{NAME}"/><a:graphic xmlns:a="{_A}"><a:graphicData uri="{_PIC}">'
        f'<pic:pic xmlns:pic="{_PIC}"><pic:nvPicPr><pic:cNvPr id="0" name="{NAME}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
    next(run.iter(f"{_WP}docPr")).set("descr", f"{_ALT}{url}")
    return run
