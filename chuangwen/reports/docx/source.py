"""The text of a template as one line a paragraph, so that a line number of Jinja names a paragraph of Word.

Called by `checking` and, to locate what fails while rendering, by `rendering`. Always holds: line n of
`TextPart.source` is `TextPart.lines[n - 1]`, with the tags as Jinja reads them after docxtpl.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from chuangwen.reports.docx.package import DOCUMENT_PART, W, parse_xml, text_parts

TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
SCOPED = re.compile(r"\{[%#](p|tr) ")
_SCOPE = re.compile(r"(\{[%#])(?:p|tr)( [^}%#]*[%#]\})")
# Word turns straight quotes into curly ones while one types; docxtpl turns them back, so does this.
_QUOTES = str.maketrans("“”‘’", "\"\"''")
_NAMES = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注"}


@dataclass(frozen=True)
class Line:
    """One paragraph: where it stands and its text with line ends as spaces.

    `row` is the row of a table it belongs to; `holder` and `table` number what it and its row lie in.
    """

    where: str
    text: str
    row: int | None = None
    holder: int = 0
    table: int = 0


@dataclass(frozen=True)
class TextPart:
    """One printed part of the template."""

    name: str
    lines: tuple[Line, ...]

    @property
    def source(self) -> str:
        """The whole part as Jinja reads it, one line a paragraph."""
        return "\n".join(TAG.sub(_as_jinja, line.text) for line in self.lines)

    def line(self, number: int | None) -> Line:
        """The paragraph at a 1-based line number; the nearest one if the number is outside."""
        if not self.lines:
            return Line(self.name, "")
        return self.lines[min(max((number or 1) - 1, 0), len(self.lines) - 1)]


def read_text(parts: Mapping[str, bytes]) -> list[TextPart]:
    """The printed parts, body first. `parts` as from `read_parts`."""
    return [TextPart(name, tuple(_lines(name, parse_xml(parts[name], name)))) for name in text_parts(parts)]


def own_text(paragraph: etree._Element) -> str:
    """The text of a paragraph without that of text boxes anchored in it."""
    nodes = paragraph.iter(f"{W}t", f"{W}br", f"{W}tab")
    own = (node for node in nodes if next(node.iterancestors(f"{W}p")) is paragraph)
    return "".join(node.text or "" if node.tag == f"{W}t" else " " for node in own)


def _lines(name: str, root: etree._Element) -> Iterator[Line]:
    prefix = "" if name == DOCUMENT_PART else _part_label(name)
    places = _table_places(root)
    numbers: dict[etree._Element | None, int] = {}
    number = 0
    for paragraph in root.iter(f"{W}p"):
        text = " ".join(own_text(paragraph).split("\n"))
        row = next(paragraph.iterancestors(f"{W}tr"), None)
        holder = numbers.setdefault(paragraph.getparent(), len(numbers))
        if row is None:
            number += 1
            yield Line(f"{prefix}第 {number} 段", text, None, holder)
        else:
            row_number = numbers.setdefault(row, len(numbers))
            table = numbers.setdefault(row.getparent(), len(numbers))
            yield Line(prefix + places[row], text, row_number, holder, table)


def _table_places(root: etree._Element) -> dict[etree._Element, str]:
    return {
        row: f"第 {table_no} 张表第 {row_no} 行"
        for table_no, table in enumerate(root.iter(f"{W}tbl"), 1)
        for row_no, row in enumerate(table.findall(f"{W}tr"), 1)
    }


def _part_label(name: str) -> str:
    stem = re.sub(r"\d*\.xml$", "", name.rsplit("/", 1)[-1])
    return _NAMES.get(stem, stem)


def _as_jinja(found: re.Match[str]) -> str:
    return _SCOPE.sub(r"\1\2", found.group(0).translate(_QUOTES))
