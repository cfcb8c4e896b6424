"""Looks at an uploaded file before anything in it is believed. Called by `workbook.open_workbook` only.

What always holds afterwards: the file is an .xlsx, .xls or .ods by content, without macros, without a
password, without a DTD, and it inflates to no more than `Limits` allows: measured by inflating it, since
headers lie. A .csv and a .geojson are known by their names alone: text has no mark of its own.
"""

import copy
import re
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Literal

from lxml import etree

from chuangwen.core.tabular.geojson import ENDINGS
from chuangwen.core.tabular.limits import Limits
from chuangwen.core.tabular.ods import exceeds
from chuangwen.core.tabular.problems import BadWorkbook

Kind = Literal["xlsx", "xls", "ods", "csv", "geojson"]

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The record that a password adds stands right behind the stream's first one, or behind a write protection.
_PASSWORD = re.compile(rb"\x09\x08\x10\x00\x00\x06\x05\x00[\s\S]{12}(?:\x86\x00\x00\x00)?\x2f\x00[\x04-\xff]\x00")
_CHUNK = 1 << 18
_PLAIN = (".tsv", ".txt")
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"

_DAMAGE = (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, zlib.error, etree.XMLSyntaxError)


def inspect_file(path: Path, name: str, limits: Limits) -> Kind:
    """The kind of the workbook by its content.

    Raises BadWorkbook: empty_file, too_large, not_a_workbook, word, pdf, csv, xlsb, damaged, macros,
    encrypted, bomb, doctype, too_wide.
    """
    size = path.stat().st_size
    if size == 0:
        raise _refused("empty_file", name)
    if size > limits.file:
        raise _refused("too_large", name, size=f"{size / 1048576:.1f}", limit=str(limits.file // 1048576))
    with path.open("rb") as stream:
        magic = stream.read(8)
    if magic == OLE_MAGIC:
        return _inspect_ole(path, name)
    if magic.startswith(b"%PDF"):
        raise _refused("pdf", name)
    if not magic.startswith(b"PK"):
        return _text_kind(name)
    try:
        with zipfile.ZipFile(path) as archive:
            return _inspect_zip(archive, name, limits)
    except _DAMAGE as error:
        raise _refused("damaged", name) from error


def _text_kind(name: str) -> Kind:
    lower = name.lower()
    if lower.endswith(".csv"):
        return "csv"
    if lower.endswith(ENDINGS):
        return "geojson"
    raise _refused("csv" if lower.endswith(_PLAIN) else "not_a_workbook", name)


def _refused(code: str, name: str, **params: str) -> BadWorkbook:
    return BadWorkbook(code, {"name": name, **params})


def _inspect_ole(path: Path, name: str) -> Kind:
    content = path.read_bytes()
    if _utf16("EncryptedPackage") in content or _PASSWORD.search(content):
        raise _refused("encrypted", name)
    if _utf16("_VBA_PROJECT") in content:
        raise _refused("macros", name)
    # Excel 97 and later name the stream Workbook, Excel 5 and 95 Book; a .doc or .ppt has neither.
    if _utf16("WordDocument") in content:
        raise _refused("word", name)
    if _utf16("Workbook") not in content and _utf16("Book\0") not in content:
        raise _refused("not_a_workbook", name)
    return "xls"


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def _inspect_zip(archive: zipfile.ZipFile, name: str, limits: Limits) -> Kind:
    entries = archive.infolist()
    _check_declared(entries, name, limits)
    kind = _zip_kind(archive, name)
    total = 0
    for entry in entries:
        total += _inflate(archive, entry, name, limits)
        if total > limits.total:
            raise _refused("bomb", name)
    if kind == "ods":
        with archive.open("content.xml") as stream:
            if exceeds(stream, limits.area):
                raise _refused("too_wide", name)
    return kind


def _check_declared(entries: list[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise _refused("encrypted", name)
    if len(entries) > limits.entries or sum(entry.file_size for entry in entries) > limits.total:
        raise _refused("bomb", name)
    # Overlapping members are how a small archive without nesting grows beyond any ratio.
    if sum(entry.compress_size for entry in entries) > limits.file:
        raise _refused("bomb", name)


def _zip_kind(archive: zipfile.ZipFile, name: str) -> Kind:
    names = {entry.lower() for entry in archive.namelist()}
    if any(entry.endswith(("vbaproject.bin", "vbadata.xml")) for entry in names):
        raise _refused("macros", name)
    if "[content_types].xml" in names:
        if any(entry.endswith("workbook.bin") for entry in names):
            raise _refused("xlsb", name)
        if any(entry.startswith("xl/macrosheets/") for entry in names):
            raise _refused("macros", name)
        if any(entry.startswith("xl/") for entry in names):
            return "xlsx"
        if any(entry.startswith("word/") for entry in names):
            raise _refused("word", name)
    if "content.xml" in names and "mimetype" in names:
        return _ods_kind(archive, names, name)
    raise _refused("not_a_workbook", name)


def _ods_kind(archive: zipfile.ZipFile, names: set[str], name: str) -> Kind:
    with archive.open("mimetype") as stream:
        if not stream.read(100).startswith(_ODS_TYPE):
            raise _refused("not_a_workbook", name)
    if "meta-inf/manifest.xml" in names:
        with archive.open("META-INF/manifest.xml") as stream:
            if b"encryption-data" in stream.read(1 << 20):
                raise _refused("encrypted", name)
    if any(entry.startswith(("basic/", "scripts/")) and not entry.endswith("/") for entry in names):
        raise _refused("macros", name)
    return "ods"


def _inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, limits: Limits) -> int:
    """Inflate one member into nothing and return its true size.

    The member is opened with a size beyond every limit instead of the one its header claims, because zipfile
    stops at the claimed size while other readers do not.
    """
    honest = copy.copy(entry)
    honest.file_size = sys.maxsize
    is_xml = entry.filename.lower().endswith((".xml", ".rels")) and not entry.filename.startswith("META-INF/")
    size, tail = 0, b""
    with archive.open(honest) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > limits.part or _too_dense(size, entry, limits):
                raise _refused("bomb", name)
            if is_xml:
                window = tail + chunk
                if any(doctype in window for doctype in _DOCTYPES):
                    raise _refused("doctype", name)
                tail = chunk[-20:]
    if size != entry.file_size:
        raise _refused("damaged", name)
    return size


def _too_dense(size: int, entry: zipfile.ZipInfo, limits: Limits) -> bool:
    return size > limits.ratio_from and size > limits.ratio * max(entry.compress_size, 1)
