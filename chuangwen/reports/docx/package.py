"""Opens, refuses and writes Word files as a set of zip parts.

Called by every other module of this package. Always holds: what passes `read_parts` has no macro, no
embedded object, no DTD and no outside content but web links; what `write_parts` writes depends on the parts
alone, never on the clock.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree

from chuangwen.reports.docx.marks import BadTemplate, TemplateProblem

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
LINK_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
IMAGE_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
DOCUMENT_PART = "word/document.xml"

_MIB = 1024 * 1024
_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_MACRO_PART = re.compile(r"vba|macro", re.IGNORECASE)
_OBJECT_PART = re.compile(r"/(embeddings|activeX|ctrlProps|afchunk)", re.IGNORECASE)
_OBJECT_TYPES = frozenset({"oleObject", "package", "control", "aFChunk", "subDocument", "frame"})
# A field can make Word fetch or start something on opening, and nested ones can spell its name: only these
# pass.
_FIELDS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "HYPERLINK", "REF", "PAGEREF", "TOC", "SEQ", "STYLEREF"})
_NOT_A_ZIP = (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError)
_TRACKED = frozenset(f"{W}{tag}" for tag in ("ins", "del", "moveFrom", "moveTo"))
_TEXT_PART = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
# Lets c98、c99 break after 、 in LibreOffice, which otherwise splits a class in two; never shown.
MAY_BREAK = "\u200b"
_EARLIEST = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Limits:
    """Bytes as received, bytes of one part and of all parts unpacked, and the number of parts."""

    packed: int
    part: int
    unpacked: int
    parts: int


TEMPLATE = Limits(packed=5 * _MIB, part=8 * _MIB, unpacked=32 * _MIB, parts=400)
DOCUMENT = Limits(packed=64 * _MIB, part=256 * _MIB, unpacked=512 * _MIB, parts=2000)


def read_parts(data: bytes, limits: Limits) -> dict[str, bytes]:
    """The zip parts by name, in their order, after every safety check. Raises BadTemplate."""
    if len(data) > limits.packed:
        raise _bad("too-large", limit=str(limits.packed // _MIB))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _unpack(archive, limits)
    except _NOT_A_ZIP as error:
        raise _bad("not-docx") from error
    _refuse_dangers(parts)
    return parts


def write_parts(parts: Mapping[str, bytes]) -> bytes:
    """A zip of the parts with fixed times, so that the same parts give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, blob in parts.items():
            info = zipfile.ZipInfo(name, _EARLIEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            archive.writestr(info, blob)
    return out.getvalue()


def parse_xml(blob: bytes, where: str = "") -> etree._Element:
    """The root of one XML part; raises BadTemplate for broken XML and for any DTD."""
    # huge_tree: an annex of thousands of rows is ours; what comes in is bounded by Limits before this.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(blob, parser)
    except etree.XMLSyntaxError as error:
        raise _bad("broken-xml", where) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _bad("dtd", where)
    return root


def to_bytes(root: etree._Element) -> bytes:
    """One XML part as Word writes it: UTF-8, standalone."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def rels_name(part: str) -> str:
    """The name of the relationship part that belongs to a part."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def text_parts(parts: Mapping[str, bytes]) -> list[str]:
    """Names of the parts that carry printed text, the body first, the rest by name."""
    names = sorted(name for name in parts if _TEXT_PART.fullmatch(name) and name != DOCUMENT_PART)
    return [DOCUMENT_PART, *names]


def _bad(code: str, where: str = "", fragment: str = "", **params: str) -> BadTemplate:
    return BadTemplate([TemplateProblem(where, fragment, code, params)])


def _unpack(archive: zipfile.ZipFile, limits: Limits) -> dict[str, bytes]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    names = [info.filename for info in infos]
    if len(infos) > limits.parts or len(set(names)) != len(names):
        raise _bad("unpacked-too-large")
    if sum(info.file_size for info in infos) > limits.unpacked:
        raise _bad("unpacked-too-large")
    for info in infos:
        if info.file_size > limits.part:
            raise _bad("unpacked-too-large", info.filename)
        if info.filename.startswith("/") or "\\" in info.filename or ".." in info.filename.split("/"):
            raise _bad("not-docx", info.filename)
    return {info.filename: archive.read(info) for info in infos}


def _refuse_dangers(parts: Mapping[str, bytes]) -> None:
    if "[Content_Types].xml" not in parts or DOCUMENT_PART not in parts:
        raise _bad("not-docx")
    for name, blob in parts.items():
        if _MACRO_PART.search(posixpath.basename(name)):
            raise _bad("macro", name)
        if _OBJECT_PART.search(f"/{name}"):
            raise _bad("embedded-object", name)
        if name.endswith((".xml", ".rels")):
            _refuse_in_xml(name, parse_xml(blob, name))


def _refuse_in_xml(name: str, root: etree._Element) -> None:
    if name == "[Content_Types].xml":
        _refuse_types(root)
    elif name.endswith(".rels"):
        for relation in root.iter(f"{RELS}Relationship"):
            _refuse_relation(name, relation)
    elif _TEXT_PART.fullmatch(name):
        _refuse_fields(name, root)


def _refuse_types(root: etree._Element) -> None:
    kinds = {part.get("PartName", ""): part.get("ContentType", "") for part in root.iter(f"{TYPES}Override")}
    kinds |= {part.get("Extension", ""): part.get("ContentType", "") for part in root.iter(f"{TYPES}Default")}
    if any("macroEnabled" in kind or "vbaProject" in kind for kind in kinds.values()):
        raise _bad("macro")
    if kinds.get(f"/{DOCUMENT_PART}") != _MAIN_TYPE:
        raise _bad("not-docx")


def _refuse_relation(name: str, relation: etree._Element) -> None:
    kind = posixpath.basename(relation.get("Type", ""))
    target = relation.get("Target", "")
    if kind == "vbaProject":
        raise _bad("macro", name, target)
    if kind in _OBJECT_TYPES:
        raise _bad("embedded-object", name, target)
    if relation.get("TargetMode") != "External":
        return
    if kind != "hyperlink" or urlsplit(target).scheme not in ("http", "https", "mailto"):
        raise _bad("outside-content", name, target)


def _refuse_fields(name: str, root: etree._Element) -> None:
    for code in _field_codes(root):
        words = code.split()
        if not words or words[0].upper() not in _FIELDS:
            raise _bad("forbidden-field", name, code.strip()[:60], name=words[0] if words else "")
    if name == DOCUMENT_PART and any(True for _ in root.iter(*_TRACKED)):
        raise _bad("tracked-changes", name)


def _field_codes(root: etree._Element) -> list[str]:
    codes: list[str] = []
    for node in root.iter(f"{W}fldChar", f"{W}instrText", f"{W}fldSimple"):
        if node.tag == f"{W}fldSimple":
            codes.append(node.get(f"{W}instr", ""))
        elif node.tag == f"{W}instrText":
            codes = codes or [""]
            codes[-1] += node.text or ""
        elif node.get(f"{W}fldCharType") == "begin":
            codes.append("")
    return codes
