"""Says which font faces the printed text of a document asks for.

Called by `chuangwen.reports.pdf`. Always holds: a face counts only where some paragraph or run is set in it; a style
that nobody uses asks for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from chuangwen.reports.docx.package import DOCUMENT, W, parse_xml, read_parts, text_parts
from chuangwen.reports.docx.reading import STYLES_PART

_SCRIPTS = ("eastAsia", "ascii", "hAnsi")


def faces(document: bytes) -> list[str]:
    """The faces in order of their first use. Raises BadTemplate for what is not a safe Word document."""
    parts = read_parts(document, DOCUMENT)
    styles = _styles(parts.get(STYLES_PART))
    found: dict[str, None] = {}
    for name in text_parts(parts):
        for paragraph in parse_xml(parts[name], name).iter(f"{W}p"):
            if next(paragraph.iter(f"{W}t"), None) is not None:
                found |= dict.fromkeys(_of_paragraph(paragraph, styles))
    return list(found)


def _of_paragraph(paragraph: etree._Element, styles: dict[str, etree._Element]) -> Iterator[str]:
    own = paragraph.find(f"{W}pPr/{W}pStyle")
    of_style = _of_style(own.get(f"{W}val", "") if own is not None else "", styles)
    for run in paragraph.iter(f"{W}r"):
        if next(run.iter(f"{W}t"), None) is None:
            continue
        properties = run.find(f"{W}rPr")
        look = properties.find(f"{W}rStyle") if properties is not None else None
        given = {**of_style, **(_of_style(look.get(f"{W}val", ""), styles) if look is not None else {})}
        yield from {**given, **_of_properties(properties)}.values()


def _of_style(style: str, styles: dict[str, etree._Element]) -> dict[str, str]:
    """The face of each script that a style and those it stands on give; the default style is empty."""
    node = styles.get(style)
    if node is None:
        return {}
    base = node.find(f"{W}basedOn")
    # A file whose styles stand on each other in a ring ends here too: each is left out below itself.
    rest = {name: each for name, each in styles.items() if name != style}
    below = _of_style(base.get(f"{W}val", ""), rest) if base is not None else {}
    return {**below, **_of_properties(node.find(f"{W}rPr"))}


def _of_properties(properties: etree._Element | None) -> dict[str, str]:
    fonts = None if properties is None else properties.find(f"{W}rFonts")
    if fonts is None:
        return {}
    given = {script: fonts.get(f"{W}{script}", "") for script in _SCRIPTS}
    return {script: face for script, face in given.items() if face}


def _styles(blob: bytes | None) -> dict[str, etree._Element]:
    if blob is None:
        return {}
    found: dict[str, etree._Element] = {}
    for node in parse_xml(blob, STYLES_PART).iter(f"{W}style"):
        found[node.get(f"{W}styleId", "")] = node
        if node.get(f"{W}type") == "paragraph" and node.get(f"{W}default") in ("1", "true"):
            found[""] = node
    return found
