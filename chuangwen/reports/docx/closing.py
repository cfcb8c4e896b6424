"""Keeps the end of a document together: neither signature and date nor a QR code ever stand alone on a page.

Called by `rendering`, because a condition decides which paragraph is the last one before the closing words. Always
holds: nothing but the flag `keepNext` of such paragraphs changes.
"""

from __future__ import annotations

from lxml import etree

from chuangwen.reports.docx.package import DOCUMENT_PART, W, parse_xml
from chuangwen.reports.docx.reading import STYLES_PART, own_styles

_KEPT_WITH_WHAT_IS_BEFORE = frozenset({"cwSign", "cwQr"})
# The closing words, and the last paragraph of the text before them; the number and the address above a code.
_KEPT_BEFORE = 2


def keep_closing(parts: dict[str, bytes]) -> None:
    """Bind the two paragraphs before every signature and every QR code to what follows them, in `parts` itself."""
    root = parse_xml(parts[DOCUMENT_PART])
    styles = own_styles(parts.get(STYLES_PART))
    changed = False
    for node in list(root.iter(f"{W}p")):
        if _style(node, styles) not in _KEPT_WITH_WHAT_IS_BEFORE:
            continue
        before = node.itersiblings(f"{W}p", preceding=True)
        for _each, paragraph in zip(range(_KEPT_BEFORE), before, strict=False):
            _keep_next(paragraph)
            changed = True
    if changed:
        parts[DOCUMENT_PART] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _style(node: etree._Element, styles: dict[str, str]) -> str:
    found = node.find(f"{W}pPr/{W}pStyle")
    value = "" if found is None else found.get(f"{W}val", "")
    return styles.get(value, value)


def _keep_next(paragraph: etree._Element) -> None:
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        properties = etree.Element(f"{W}pPr")
        paragraph.insert(0, properties)
    for old in properties.findall(f"{W}keepNext"):
        properties.remove(old)
    # The schema wants it right after the style.
    properties.insert(int(properties.find(f"{W}pStyle") is not None), etree.Element(f"{W}keepNext"))
