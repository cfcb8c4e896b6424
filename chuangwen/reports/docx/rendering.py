"""Puts figures and words into a Word template; every figure becomes a link to its rows.

Called by the services that draft and issue documents. Always holds: the same template, figures, values and
moment give the same bytes; a template with any problem gives none.
"""

from __future__ import annotations

import io
import re
import traceback
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import cast
from urllib.parse import urlsplit

from docx.document import Document as WordDocument
from docxtpl.template import DocxTemplate
from jinja2 import UndefinedError
from jinja2.exceptions import TemplateError
from lxml import etree

from chuangwen.reports.docx.anchors import number_anchors, with_anchors
from chuangwen.reports.docx.checking import check, problem_at
from chuangwen.reports.docx.closing import keep_closing
from chuangwen.reports.docx.editing import Editor
from chuangwen.reports.docx.grammar import MARK_CLOSE, MARK_OPEN, Figure, Language, LanguageError, Printed, clean
from chuangwen.reports.docx.linking import link_markers
from chuangwen.reports.docx.marks import BadTemplate, Drafted, Edit, FigureMark, Qr, Sentence, TemplateProblem
from chuangwen.reports.docx.numbering import HELPERS, Numbering, set_numbers
from chuangwen.reports.docx.package import (
    DOCUMENT,
    DOCUMENT_PART,
    TEMPLATE,
    W,
    parse_xml,
    read_parts,
    to_bytes,
    write_parts,
)
from chuangwen.reports.docx.properties import set_properties
from chuangwen.reports.docx.reading import STYLES_PART, own_styles
from chuangwen.reports.docx.source import read_text

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

# docxtpl renders footnotes once a section: words that look like a tag must not become one the second time.
_TAGLIKE = re.compile(r"\{(?=[{%#_])")


class _Template(DocxTemplate):
    """docxtpl without its rendering of document properties, which this package writes itself."""

    def render_properties(self, context: dict[str, object], jinja_env: object = None) -> None:
        return

    def fix_tables(self, xml: str) -> etree._Element:
        # docxtpl parses with recovery and would silently drop what does not nest.
        try:
            etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
        except etree.XMLSyntaxError as error:
            raise BadTemplate([TemplateProblem("", "", "broken-structure")]) from error
        fixed: etree._Element = super().fix_tables(xml)  # type: ignore[no-untyped-call]
        # A condition may have taken the only paragraph of a cell, and Word refuses a cell without one.
        for cell in fixed.iter(f"{W}tc"):
            if cell.find(f"{W}p") is None:
                etree.SubElement(cell, f"{W}p")
        return fixed

    def saved(self) -> bytes:
        """The filled document as docxtpl leaves it, markers still in it."""
        out = io.BytesIO()
        cast(WordDocument, self.docx).save(out)
        return out.getvalue()


class _Context:
    """The names of one rendering, and the figures in the order in which they were printed."""

    def __init__(self, figures: Mapping[str, FigureMark], values: Mapping[str, object]) -> None:
        self.printed: list[FigureMark | Qr] = []
        self.figures, self._values = figures, values

    def names(self) -> dict[str, object]:
        given = {name: self._inside(value) for name, value in self._values.items()}
        return given | {name: self._inside(mark) for name, mark in self.figures.items()} | Numbering().helpers()

    def _inside(self, value: object) -> object:
        if isinstance(value, FigureMark):
            _check_address(value.name, value.url)
            return Figure(value, self.marker)
        if isinstance(value, Sentence):
            pieces = [self._inside(piece) for piece in value.pieces]
            return Printed(lambda: "".join(str(piece) for piece in pieces), truth=bool(pieces))
        if isinstance(value, Qr):
            _check_address("Qr", value.url)
            return Printed(lambda: self.marker(value))
        if isinstance(value, str):
            return _TAGLIKE.sub("｛", clean(value))
        if isinstance(value, Mapping):
            return {key: self._inside(part) for key, part in value.items()}
        if isinstance(value, list | tuple):
            return [self._inside(part) for part in value]
        return value

    def marker(self, mark: FigureMark | Qr) -> str:
        """What stands for a printed figure or picture until it becomes one."""
        self.printed.append(mark)
        return f"{MARK_OPEN}{len(self.printed) - 1}{MARK_CLOSE}"


def _check_address(name: str, url: str) -> None:
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError(f"{name}: {url!r} is not a web address")


def render(
    template: bytes,
    *,
    figures: Mapping[str, FigureMark],
    values: Mapping[str, object],
    moment: datetime = EPOCH,
) -> bytes:
    """The finished document. `moment` is what its properties give as created and modified.

    `values` are plain strings, numbers, booleans, Sentences, QR codes, lists of mappings whose items may be figures
    or Sentences; a newline in a string is a line break, as a long title needs. Raises BadTemplate with every problem
    found; ValueError for a figure whose url is not http or https.
    """
    return render_draft(template, figures=figures, values=values, edits=(), moment=moment).data


def render_draft(
    template: bytes,
    *,
    figures: Mapping[str, FigureMark],
    values: Mapping[str, object],
    edits: Sequence[Edit],
    moment: datetime = EPOCH,
) -> Drafted:
    """The document with a writer's edits in it, and the edits that found no place.

    As `render`; also raises BadTemplate for an edit that names no figure of `figures` or has a broken mark, and
    ValueError for two additions with one key.
    """
    problems = check(template, {*figures, *values, *HELPERS})
    if problems:
        raise BadTemplate(problems)
    context = _Context(figures, values)
    parts = read_parts(_filled(template, context), DOCUMENT)
    unplaced = _edit(parts, context, edits)
    set_numbers(parts)
    keep_closing(parts)
    link_markers(parts, context.printed)
    title, author = str(values.get("标题", "")), str(values.get("单位名称", ""))
    set_properties(parts, title=title, author=author, moment=moment)
    return Drafted(write_parts(parts), unplaced)


def _edit(parts: dict[str, bytes], context: _Context, edits: Sequence[Edit]) -> tuple[Edit, ...]:
    root = parse_xml(parts[DOCUMENT_PART])
    number_anchors(root)
    unplaced = tuple(edits)
    body = root.find(f"{W}body")
    if edits and body is not None:
        unplaced = Editor(body, own_styles(parts.get(STYLES_PART)), context.figures, context.marker).apply(edits)
    parts[DOCUMENT_PART] = to_bytes(root)
    return unplaced


def _filled(template: bytes, context: _Context) -> bytes:
    document = _Template(io.BytesIO(with_anchors(template)))
    try:
        document.render(context.names(), Language())
    except (TemplateError, TypeError) as error:
        raise BadTemplate([_failure(template, context, error)]) from error
    return document.saved()


def _failure(template: bytes, context: _Context, error: Exception) -> TemplateProblem:
    """The same failure met again in the plain text of the template, where a line is a paragraph."""
    for part in read_text(read_parts(template, TEMPLATE)):
        try:
            Language().from_string(part.source).render(context.names())
        except type(error) as again:
            code, params = _reason(again)
            return problem_at(part.line(_line_number(again)), code, params.get("name", ""), **params)
    code, params = _reason(error)
    return TemplateProblem("", "", code, params)


def _reason(error: Exception) -> tuple[str, dict[str, str]]:
    if isinstance(error, LanguageError):
        return error.code, error.params
    code = "unknown-name" if isinstance(error, UndefinedError) else "wrong-kind"
    return code, {"name": "", "detail": str(error)}


def _line_number(error: Exception) -> int | None:
    # Jinja rewrites the frames of a template so that they carry the template's own lines.
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename in ("<template>", "<unknown>")]
    return lines[-1] if lines else getattr(error, "lineno", None)
