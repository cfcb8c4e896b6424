"""Gives every link of a document a colour of its own, so that its place is found again where it is printed.

Called by `chuangwen.reports.pdf`. Always holds: nobody sees the difference. The line under a link changes its colour
by a few parts in 255; a link without a line gets a ground that is white but for as few.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from chuangwen.reports.docx.linking import link_nodes
from chuangwen.reports.docx.marks import Link
from chuangwen.reports.docx.package import DOCUMENT, W, parse_xml, read_parts, text_parts, to_bytes, write_parts

Colour = tuple[int, int, int]

_HEX = re.compile("[0-9A-Fa-f]{6}")
_BLACK, _WHITE = (0, 0, 0), (255, 255, 255)
# What the schema lets follow w:shd in a run's properties.
_AFTER_SHD = frozenset(
    f"{W}{tag}" for tag in ("fitText", "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout", "specVanish", "oMath")
)


@dataclass(frozen=True)
class Coloured:
    """The document with its colours, its links in order, and the place in that order of each colour."""

    data: bytes
    links: tuple[Link, ...]
    places: dict[Colour, int]


def coloured(document: bytes) -> Coloured:
    """Colour every link of a document. Raises BadTemplate for what is not a safe Word document."""
    parts = read_parts(document, DOCUMENT)
    roots = {name: parse_xml(parts[name], name) for name in text_parts(parts)}
    found = [pair for name, root in roots.items() for pair in link_nodes(parts, name, root)]
    side = next(side for side in range(2, 257) if side**3 > len(found))
    places: dict[Colour, int] = {}
    for place, (node, _) in enumerate(found):
        for run in node.iter(f"{W}r"):
            places[_colour(run, _step(place + 1, side), side)] = place
    parts |= {name: to_bytes(root) for name, root in roots.items()}
    return Coloured(write_parts(parts), tuple(link for _, link in found), places)


def _step(number: int, side: int) -> Colour:
    rest, blue = divmod(number, side)
    red, green = divmod(rest, side)
    return red, green, blue


def _colour(run: etree._Element, step: Colour, side: int) -> Colour:
    """Set the colour so many steps from the one that the run's line has, or white; returns it."""
    properties = run.find(f"{W}rPr")
    if properties is None:
        properties = etree.Element(f"{W}rPr")
        run.insert(0, properties)
    line = properties.find(f"{W}u")
    if line is not None and line.get(f"{W}val") != "none":
        written = line.get(f"{W}color", "")
        base = _BLACK if not _HEX.fullmatch(written) else (*bytes.fromhex(written),)
        colour = _moved(base, step, side)
        line.set(f"{W}color", bytes(colour).hex().upper())
    else:
        colour = _moved(_WHITE, step, side)
        _ground(properties).set(f"{W}fill", bytes(colour).hex().upper())
    return colour


def _moved(base: tuple[int, ...], step: Colour, side: int) -> Colour:
    # Downwards where there is no room above.
    red, green, blue = (each + by if each + side <= 255 else each - by for each, by in zip(base, step, strict=True))
    return red, green, blue


def _ground(properties: etree._Element) -> etree._Element:
    for old in properties.findall(f"{W}shd"):
        properties.remove(old)
    ground = etree.Element(f"{W}shd", {f"{W}val": "clear", f"{W}color": "auto"})
    following = next((child for child in properties if child.tag in _AFTER_SHD), None)
    if following is None:
        properties.append(ground)
    else:
        following.addprevious(ground)
    return ground
