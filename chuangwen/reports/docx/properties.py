"""Writes the properties of a Word file: title, unit and one moment, nothing of the machine that made it.

Called by `rendering` and `standard_template`. Always holds: what a clerk's Word wrote there (author,
company, minutes spent, preview picture, custom properties) does not reach an issued document.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from chuangwen.reports.docx.grammar import clean
from chuangwen.reports.docx.package import DOCUMENT, RELS, TYPES, parse_xml, read_parts, to_bytes

_CORE, _APP = "docProps/core.xml", "docProps/app.xml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TERMS = "http://purl.org/dc/terms/"
_MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z")
_CORE_XML = (
    _HEAD + '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator><dc:language>zh-CN</dc:language>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified></cp:coreProperties>'
)
_APP_XML = (
    _HEAD + '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>Chuangwen</Application></Properties>"
)


def set_properties(parts: dict[str, bytes], *, title: str, author: str, moment: datetime) -> None:
    """Rewrite the property parts in place. `moment` must be aware; it is written in UTC to the second."""
    written = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    words = {"title": _line(title), "author": _line(author), "moment": written}
    if _CORE in parts:
        parts[_CORE] = _CORE_XML.format(**words).encode()
    if _APP in parts:
        parts[_APP] = _APP_XML.encode()
    for name in [name for name in parts if name.startswith("docProps/") and name not in (_CORE, _APP)]:
        _drop(parts, name)


def written_moment(document: bytes) -> str:
    """The moment that the properties of a document give, as a PDF writes it; empty where there is none."""
    core = read_parts(document, DOCUMENT).get(_CORE)
    node = None if core is None else parse_xml(core, _CORE).find(f"{{{_TERMS}}}created")
    found = _MOMENT.fullmatch(node.text or "") if node is not None else None
    return f"D:{''.join(found.groups())}Z" if found else ""


def _line(text: str) -> str:
    return escape(" ".join(clean(text).split()))


def _drop(parts: dict[str, bytes], name: str) -> None:
    del parts[name]
    for holder, tag, key in (
        ("_rels/.rels", f"{RELS}Relationship", "Target"),
        ("[Content_Types].xml", f"{TYPES}Override", "PartName"),
    ):
        root = parse_xml(parts[holder], holder)
        for node in root.findall(tag):
            if node.get(key, "").lstrip("/") == name:
                root.remove(node)
        parts[holder] = to_bytes(root)
