"""The small parts of an .xlsx package: which sheets there are, which styles are dates, the shared strings.

Called by `xlsx.XlsxBook`. Everything here has passed `safety.inspect_file`. Namespaces are ignored on
purpose: the strict and the transitional flavour differ in nothing else that is read here.
"""

import datetime as dt
import posixpath
import re
import zipfile
from array import array
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from lxml import etree

DateKind = Literal["", "date", "time", "duration"]

# A tree takes many times the room of its text; real ones are far below.
_LARGEST_PART = 32 << 20
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# What may stand in a number format besides the letters that make it a date: literals, colours, conditions.
_LITERALS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_BUILT_IN_TIMES = {18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56}
_BUILT_IN_DATES = {14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58}


@dataclass(frozen=True, slots=True)
class SheetPart:
    name: str
    hidden: bool
    member: str


@dataclass(frozen=True, slots=True)
class Package:
    """`styles` gives for each cell style what its numbers mean; `epoch` is day 0 of the date serials."""

    sheets: list[SheetPart]
    styles: list[DateKind]
    strings_member: str
    epoch: dt.date


def read_package(archive: zipfile.ZipFile) -> Package:
    """The package's directory. Raises KeyError, ValueError or etree.XMLSyntaxError when it is not a whole
    one.
    """
    main = next(iter(_targets(archive, "", "/officeDocument").values()), "xl/workbook.xml")
    links = _targets(archive, main, "/worksheet")
    root = _parse(archive, main)
    sheets = []
    for element in root.iterfind(".//{*}sheets/{*}sheet"):
        link = next((value for key, value in element.attrib.items() if str(key).endswith("}id")), "")
        # What is no worksheet is a sheet of a chart or a dialog.
        if str(link) in links:
            hidden = element.get("state", "visible") != "visible"
            sheets.append(SheetPart(element.get("name") or "", hidden, links[str(link)]))
    properties = root.find("{*}workbookPr")
    starts_1904 = properties is not None and properties.get("date1904") in ("1", "true", "on")
    styles = next(iter(_targets(archive, main, "/styles").values()), "")
    strings = next(iter(_targets(archive, main, "/sharedStrings").values()), "")
    return Package(
        sheets=sheets,
        styles=_date_kinds(_parse(archive, styles)) if styles in archive.namelist() else [],
        strings_member=strings if strings in archive.namelist() else "",
        epoch=dt.date(1904, 1, 1) if starts_1904 else dt.date(1899, 12, 30),
    )


def _parse(archive: zipfile.ZipFile, member: str) -> etree._Element:
    if archive.getinfo(member).file_size > _LARGEST_PART:
        raise ValueError(member)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(archive.read(member), parser)


def _targets(archive: zipfile.ZipFile, source: str, ending: str) -> dict[str, str]:
    """Relationship id -> member name, for relationships of `source` whose type ends so."""
    folder, file = posixpath.split(source)
    rels = posixpath.join(folder, "_rels", f"{file}.rels")
    if rels not in archive.namelist():
        return {}
    found = {}
    for link in _parse(archive, rels):
        if (link.get("Type") or "").endswith(ending) and link.get("TargetMode") != "External":
            target = link.get("Target") or ""
            # join() drops the folder when the target is absolute, which is what the format means by it.
            found[link.get("Id") or ""] = posixpath.normpath(posixpath.join("/", folder, target))[1:]
    return found


def _date_kinds(styles: etree._Element) -> list[DateKind]:
    custom = styles.iterfind(".//{*}numFmts/{*}numFmt")
    formats = {int(item.get("numFmtId") or 0): item.get("formatCode") or "" for item in custom}
    kinds: list[DateKind] = []
    for style in styles.iterfind("{*}cellXfs/{*}xf"):
        number = int(style.get("numFmtId") or 0)
        kinds.append(date_kind(formats[number]) if number in formats else _built_in(number))
    return kinds


def _built_in(number: int) -> DateKind:
    if number == 46:
        return "duration"
    if number in _BUILT_IN_DATES:
        return "date"
    return "time" if number in _BUILT_IN_TIMES else ""


def date_kind(code: str) -> DateKind:
    """What a custom number format says its numbers are; "" for a plain number."""
    plain = _LITERALS.sub("", code.split(";")[0]).lower()
    if re.search(r"\[(h+|m+|s+)\]", plain):
        return "duration"
    if "general" in plain:
        return ""
    if re.search(r"[yd]", plain) or (re.search(r"m", plain) and not re.search(r"[hs]", plain)):
        return "date"
    return "time" if re.search(r"[hs]", plain) else ""


def unescape(text: str) -> str:
    """Undo Excel's _xHHHH_ writing of characters that XML cannot hold."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class SharedStrings:
    """The workbook's string table, packed into one buffer: a list of 200,000 strings would cost five times
    that.
    """

    def __init__(self, archive: zipfile.ZipFile, member: str) -> None:
        self._ends = array("Q")
        packed = bytearray()
        if member:
            with archive.open(member) as stream:
                for _, item in etree.iterparse(stream, events=("end",), tag="{*}si", resolve_entities=False):
                    packed += unescape(string_of(item)).encode("utf-8", "surrogatepass")
                    self._ends.append(len(packed))
                    item.clear()
                    while item.getprevious() is not None:
                        del item.getparent()[0]
        self._packed = bytes(packed)
        self.get = lru_cache(maxsize=4096)(self._get)

    def _get(self, index: str) -> str:
        number = int(index)
        start = self._ends[number - 1] if number else 0
        return self._packed[start : self._ends[number]].decode("utf-8", "surrogatepass")


def string_of(item: etree._Element) -> str:
    """The text of a shared or inline string, its runs joined, without the reading aids of Japanese input."""
    texts = []
    for child in item:
        tag = etree.QName(child).localname
        if tag == "t":
            texts.append(child.text or "")
        elif tag == "r":
            texts.extend(part.text or "" for part in child if etree.QName(part).localname == "t")
    return "".join(texts)
